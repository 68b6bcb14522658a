"""The people of an organisation: who may log in, in which role. For its administrators."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.errors import Conflict, Invalid
from models.operations import accounts
from models.people import BUYER_ROLES, Role
from webapp import passwords
from webapp.doors import acting, now, optional_key, person, reading, written
from webapp.errors import translated
from webapp.language import LANGUAGES

pages = Blueprint("people", __name__, url_prefix="/people")


@pages.get("")
def index() -> str:
    return _page()


@pages.post("")
def invite() -> str | tuple[str, int]:
    """Give somebody a log-in. The first password is shown once, on the answer to this form, and kept nowhere."""
    password = passwords.made_up()
    password_hash = passwords.hashed(password)
    try:
        with acting() as (session, by):
            added = accounts.add_person(
                session, name=written("name", limit=200), email=written("email", limit=300), role=_role(),
                password_hash=password_hash, language=_language(), by=by, now=now(),
            )  # fmt: skip
    except Invalid as error:
        return _page(fault=error.field or "email", sentence=translated(error)), 422
    except Conflict as error:
        return _page(fault="email", sentence=translated(error)), 409
    return _page(shown=(added.name, added.email, password))


@pages.post("/<uuid:person_id>/role")
def change_role(person_id: UUID) -> Response:
    with acting() as (session, by):
        accounts.colleague(session, person_id, by=by)  # Whether the person exists is nobody else's business.
        accounts.change_role(session, person_id, _role(), by=by, now=now())
    return _back(_("The role is changed, and the person must log in again."))


@pages.post("/<uuid:person_id>/disable")
def disable(person_id: UUID) -> Response:
    with acting() as (session, by):
        accounts.disable(session, person_id, by=by, now=now())
    return _back(_("This person cannot log in any more, from this moment."))


@pages.post("/<uuid:person_id>/enable")
def enable(person_id: UUID) -> Response:
    with acting() as (session, by):
        accounts.enable(session, person_id, by=by, now=now())
    return _back(_("This person can log in again."))


@pages.post("/<uuid:person_id>/password")
def new_password(person_id: UUID) -> str:
    """Replace a forgotten password by a made-up one, shown once. Every log-in of the person ends."""
    if person_id == person().id:
        raise Conflict("Change your own password on your own page.")
    password = passwords.made_up()
    password_hash = passwords.hashed(password)
    with acting() as (session, by):
        found = accounts.colleague(session, person_id, by=by)
        accounts.change_password(session, found, password_hash, by=by, now=now())
    return _page(shown=(found.name, found.email, password))


def _page(*, fault: str = "", sentence: str = "", shown: tuple[str, str, str] | None = None) -> str:
    words = written("find", limit=100)
    return render_template(
        "people.html",
        people=accounts.people(reading(), by=person(), words=words, after=optional_key("after")),
        words=words,
        roles=[role for role in Role if role in BUYER_ROLES],
        fault=fault,
        sentence=sentence,
        shown=shown,
        typed=request.form if fault else {},
    )


def _back(said: str) -> Response:
    flash(said)
    return redirect(url_for("people.index"), 303)


def _language() -> str:
    chosen = written("language", limit=8)
    return chosen if chosen in LANGUAGES else "en"


def _role() -> Role:
    word = written("role", limit=40)
    if word not in set(Role):
        raise Invalid("Choose a role.", field="role")
    return Role(word)
