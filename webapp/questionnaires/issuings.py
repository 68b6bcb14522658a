"""A questionnaire on its way to thousands of suppliers: how far it is, stopped, and told to go on."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from questionnaires import issuing_many
from webapp import campaign_views
from webapp.doors import acting, now, person, reading

pages = Blueprint("issuings", __name__, url_prefix="/questionnaires/issuing")


@pages.get("/<uuid:issuing_id>")
def show(issuing_id: UUID) -> str:
    return render_template("questionnaires/issuing.html", **_found(issuing_id))


@pages.get("/<uuid:issuing_id>/progress")
def progress(issuing_id: UUID) -> str:
    """How far it is, for a page that waits."""
    return render_template("questionnaires/issuing_progress.html", **_found(issuing_id))


@pages.post("/<uuid:issuing_id>/stop")
def stop(issuing_id: UUID) -> Response:
    """Issue it to nobody more for now."""
    with acting() as (session, by):
        issuing_many.stop(session, issuing_id, by=by, now=now())
    flash(_("Stopped. Who has the questionnaire keeps it; the others wait."))
    return redirect(url_for(".show", issuing_id=issuing_id), 303)


@pages.post("/<uuid:issuing_id>/go-on")
def go_on(issuing_id: UUID) -> Response:
    """Issue it to the others after all."""
    with acting() as (session, by):
        issuing_many.go_on(session, issuing_id, by=by, now=now())
    flash(_("It goes on where it stopped."))
    return redirect(url_for(".show", issuing_id=issuing_id), 303)


def _found(issuing_id: UUID) -> dict[str, object]:
    row = issuing_many.one(reading(), issuing_id, by=person())
    found = issuing_many.progress(reading(), row, now=now())
    return {"issuing": row, "progress": found, "minutes": campaign_views.minutes(found.left)}
