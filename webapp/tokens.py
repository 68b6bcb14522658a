"""API tokens: made for a person, shown once, listed with their last use, and withdrawn."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.errors import Conflict, Invalid
from models.operations import granting
from models.operations.granting import Granted
from models.tokens import Reach
from webapp.doors import acting, now, optional_key, person, reading, written
from webapp.errors import translated
from webapp.supplier_choice import is_searching, words_for

pages = Blueprint("tokens", __name__, url_prefix="/api-tokens")


@pages.get("")
def index() -> str:
    return _page()


@pages.post("")
def make() -> str | tuple[str, int]:
    """Make a token. Its secret is shown once, on the answer to this form, and kept nowhere."""
    if is_searching():
        return _page()
    try:
        with acting() as (session, by):
            granted = granting.make(
                session, person_id=optional_key("person") or by.id, name=written("name", limit=80), reach=_reach(),
                days=_days(), by=by, now=now(),
            )  # fmt: skip
    except Invalid as fault:
        return _page(fault=fault.field or "name", sentence=translated(fault)), 422
    except Conflict as fault:
        return _page(fault="name", sentence=translated(fault)), 409
    return _page(granted=granted)


@pages.post("/<uuid:token_id>/withdraw")
def withdraw(token_id: UUID) -> Response:
    with acting() as (session, by):
        granting.withdraw(session, token_id, by=by, now=now())
    flash(_("The token is withdrawn. It opens nothing from this moment on."))
    return redirect(url_for("tokens.index"), 303)


def _page(*, fault: str = "", sentence: str = "", granted: Granted | None = None) -> str:
    by = person()
    chosen = optional_key("person")
    choices = granting.choices(reading(), words_for("person"), by=by, chosen=[chosen] if chosen else [])
    return render_template(
        "tokens.html", listed=granting.tokens(reading(), by=by, after=optional_key("after")), choices=choices,
        roles=granting.roles(reading(), [row.id for row in choices.rows]), reaches=list(Reach), fault=fault,
        sentence=sentence, granted=granted, now=now(), typed=request.form if fault or is_searching() else {},
    )  # fmt: skip


def _reach() -> Reach:
    word = written("reach", limit=20)
    if word not in set(Reach):
        raise Invalid("Choose what the token may do.", field="reach")
    return Reach(word)


def _days() -> int:
    text = written("days", limit=10)
    return int(text) if text.isascii() and text.isdigit() else 0
