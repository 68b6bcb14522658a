"""Webhooks: which addresses are told of what, their secrets shown once, and every message with what became of it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models.errors import Conflict, Invalid
from models.hooks import Happening
from models.operations import hooking
from models.operations.hooking import Secret
from webapp.calling import secret_of
from webapp.doors import acting, house, now, optional_key, person, reading, written
from webapp.errors import translated

pages = Blueprint("hooks", __name__, url_prefix="/webhooks")


@pages.get("")
def index() -> str:
    return _page()


@pages.post("")
def make() -> str | tuple[str, int]:
    """Add an address. Its secret is shown once, on the answer to this form."""
    settings = house().settings
    try:
        with acting() as (session, by):
            made = hooking.make(
                session, url=written("url", limit=600), happenings=request.form.getlist("happenings"),
                secret_of=secret_of(settings), plain=settings.private_hooks, by=by, now=now(),
            )  # fmt: skip
    except Invalid as fault:
        return _page(fault=fault.field or "url", sentence=translated(fault)), 422
    except Conflict as fault:
        return _page(fault="url", sentence=translated(fault)), 409
    return _page(secret=made)


@pages.get("/<uuid:hook_id>")
def show(hook_id: UUID) -> str:
    """One address with its messages, the newest first."""
    found = hooking.hook(reading(), hook_id, by=person())
    listed = hooking.deliveries(reading(), hook_id, by=person(), after=optional_key("after"))
    return render_template("hook.html", hook=found, listed=listed, now=now())


@pages.post("/<uuid:hook_id>/secret")
def renew(hook_id: UUID) -> str:
    with acting() as (session, by):
        made = hooking.renew(session, hook_id, secret_of=secret_of(house().settings), by=by, now=now())
    return _page(secret=made)


@pages.post("/<uuid:hook_id>/remove")
def remove(hook_id: UUID) -> Response:
    with acting() as (session, by):
        hooking.remove(session, hook_id, by=by, now=now())
    flash(_("The address is removed, and is told nothing any more."))
    return redirect(url_for("hooks.index"), 303)


@pages.post("/<uuid:hook_id>/trial")
def try_out(hook_id: UUID) -> Response:
    with acting() as (session, by):
        hooking.try_out(session, hook_id, by=by, now=now())
    flash(_("A trial is on its way: reload the page to see whether it arrived."))
    return redirect(url_for("hooks.show", hook_id=hook_id), 303)


@pages.post("/messages/<uuid:delivery_id>/again")
def send_again(delivery_id: UUID) -> Response:
    with acting() as (session, by):
        hook_id = hooking.send_again(session, delivery_id, by=by, now=now()).hook_id
    flash(_("The message is on its way again."))
    return redirect(url_for("hooks.show", hook_id=hook_id), 303)


def _page(*, fault: str = "", sentence: str = "", secret: Secret | None = None) -> str:
    return render_template(
        "hooks.html", hooks=hooking.hooks(reading(), by=person()), counts=hooking.counts(reading(), by=person()),
        happenings=[word for word in Happening if word is not Happening.TRIAL], fault=fault, sentence=sentence,
        secret=secret, typed=request.form if fault else {},
    )  # fmt: skip
