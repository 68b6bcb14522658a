"""A classifier of the team's own: have one learned from decisions, put it in use or set it aside, and go back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.measured import Measured
from models.operations import teaching
from models.operations.teaching import Examples, Shelf
from webapp.doors import acting, now, person, reading, written

pages = Blueprint("teaching", __name__, url_prefix="/compliance/classifiers")

NOTHING = Examples((), ())


@dataclass(frozen=True, slots=True)
class Learning:
    """What the page about quality shows of classifiers of one's own."""

    shelf: Shelf
    measured: Measured | None
    """Of the candidate; without one, of what is in use."""
    examples: Examples


def learning() -> Learning:
    """What there is, for the person who asks."""
    shelf = teaching.shelf(reading(), by=person())
    candidate = shelf.open if shelf.open is not None and shelf.open.kept else None
    about = candidate or shelf.in_use
    measured = None if about is None else about.measured
    if candidate is None or measured is None:
        return Learning(shelf, measured, NOTHING)
    return Learning(shelf, measured, teaching.examples(reading(), measured.change, by=person()))


@pages.post("")
def begin() -> Response:
    with acting() as (writing, by):
        teaching.begin(writing, by=by, now=now())
    return _back(_("A candidate is being learned. Look again in a few minutes."))


@pages.post("/<uuid:classifier_id>/promote")
def promote(classifier_id: UUID) -> Response:
    with acting() as (writing, by):
        teaching.promote(
            writing, classifier_id, reason=_reason(), even_if_worse="even_if_worse" in request.form, by=by, now=now()
        )
    return _back(_("It is in use: its second opinion stands beside findings."))


@pages.post("/<uuid:classifier_id>/set-aside")
def set_aside(classifier_id: UUID) -> Response:
    with acting() as (writing, by):
        teaching.set_aside(writing, classifier_id, reason=_reason(), by=by, now=now())
    return _back(_("The candidate is set aside. Nothing else changed."))


@pages.post("/<uuid:classifier_id>/roll-back")
def roll_back(classifier_id: UUID) -> Response:
    with acting() as (writing, by):
        back = teaching.roll_back(writing, classifier_id, reason=_reason(), by=by, now=now())
    if back is None:
        return _back(_("No classifier of your own is in use any more."))
    return _back(_("The one before is in use again."))


def _reason() -> str:
    return written("reason", limit=1000)


def _back(said: str) -> Response:
    flash(said)
    options: dict[str, Any] = {"_anchor": "own"}
    return redirect(url_for("quality.show", **options), 303)
