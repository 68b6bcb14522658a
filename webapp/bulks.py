"""One decision about many findings: asked for on the queue, followed on a page of its own, and taken back there."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.errors import Invalid
from models.operations import deciding_many, triage
from webapp.desk_acts import thought_of_form
from webapp.desk_filters import asked, filters_asked
from webapp.doors import acting, house, now, person, reading

pages = Blueprint("bulks", __name__, url_prefix="/decisions")


@pages.get("/new")
def form() -> str:
    """Say what is decided about everything that the filter leaves."""
    counts = triage.counts(reading(), by=person(), filters=filters_asked())
    return render_template(
        "bulk_new.html", counts=counts, total=sum(counts.values()), asked=asked(), most=deciding_many.MOST
    )


@pages.post("/new")
def begin() -> Response:
    thought = thought_of_form()
    seen = request.form.get("total", "")
    filters = filters_asked()
    with acting() as (writing, by):
        bulk = deciding_many.begin(writing, filters, thought, by=by, now=now(), rules=house().settings.rules)
        if seen != str(bulk.total):
            raise Invalid("Other passages wait here now than when you looked: look again before deciding.")
    return redirect(url_for(".show", bulk_id=bulk.id), 303)


@pages.get("/<uuid:bulk_id>")
def show(bulk_id: UUID) -> str:
    bulk = deciding_many.bulk_decision(reading(), bulk_id, by=person())
    return render_template(
        "bulk.html", bulk=bulk, progress=deciding_many.progress(reading(), bulk), own=bulk.by_id == person().id
    )


@pages.post("/<uuid:bulk_id>/undo")
def undo(bulk_id: UUID) -> Response:
    with acting() as (writing, by):
        deciding_many.undo(writing, bulk_id, by=by, now=now())
    flash(_("All of it is being taken back."))
    return redirect(url_for(".show", bulk_id=bulk_id), 303)
