"""A classifier of the team's own: have one learned from decisions, put it in use or set it aside, and go back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.errors import Invalid
from models.operations import teaching
from webapp import quality
from webapp.doors import acting, now, written
from webapp.errors import translated

pages = Blueprint("teaching", __name__, url_prefix="/compliance/classifiers")

Answer = Response | tuple[str, int]


@pages.post("")
def begin() -> Response:
    with acting() as (writing, by):
        teaching.begin(writing, by=by, now=now())
    return _back(_("A candidate is being learned. Look again in a few minutes."))


@pages.post("/<uuid:classifier_id>/promote")
def promote(classifier_id: UUID) -> Answer:
    even_if_worse = "even_if_worse" in request.form
    try:
        with acting() as (writing, by):
            teaching.promote(writing, classifier_id, reason=_reason(), even_if_worse=even_if_worse, by=by, now=now())
    except Invalid as fault:
        return _again(fault)
    return _back(_("It is in use: its second opinion stands beside findings."))


@pages.post("/<uuid:classifier_id>/set-aside")
def set_aside(classifier_id: UUID) -> Answer:
    try:
        with acting() as (writing, by):
            teaching.set_aside(writing, classifier_id, reason=_reason(), by=by, now=now())
    except Invalid as fault:
        return _again(fault)
    return _back(_("The candidate is set aside. Nothing else changed."))


@pages.post("/<uuid:classifier_id>/roll-back")
def roll_back(classifier_id: UUID) -> Answer:
    try:
        with acting() as (writing, by):
            back = teaching.roll_back(writing, classifier_id, reason=_reason(), by=by, now=now())
    except Invalid as fault:
        return _again(fault)
    if back is None:
        return _back(_("No classifier of your own is in use any more."))
    return _back(_("The one before is in use again."))


def _reason() -> str:
    return written("reason", limit=1000)


def _again(fault: Invalid) -> tuple[str, int]:
    """The page once more, with what is missing and with the words that were written."""
    return quality.page(fault=translated(fault), reason=_reason()), 422


def _back(said: str) -> Response:
    flash(said)
    options: dict[str, Any] = {"_anchor": "own"}
    return redirect(url_for("quality.show", **options), 303)
