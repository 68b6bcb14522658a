"""Questions about passages, as the supplier sees them: the quote, the page, what is asked, and a place to answer."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.operations import asking
from webapp.doors import acting, now, person, reading, written

pages = Blueprint("askings", __name__, url_prefix="/questions")


@pages.get("")
def index() -> str:
    """The questions that wait for an answer, and those that have one."""
    looking, by = reading(), person()
    return render_template(
        "askings.html",
        waiting=asking.askings(looking, by=by, waiting=True),
        ended=asking.askings(looking, by=by, waiting=False, limit=50),
    )


@pages.get("/<uuid:asking_id>")
def show(asking_id: UUID) -> str:
    return render_template("asking.html", asking=asking.asking(reading(), asking_id, by=person()))


@pages.post("/<uuid:asking_id>")
def answer(asking_id: UUID) -> Response:
    with acting() as (writing, by):
        asking.answer(writing, asking_id, written("answer", limit=4000), by=by, now=now())
    flash(_("Your answer was sent."))
    return redirect(url_for(".index"), 303)
