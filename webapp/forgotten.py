"""A forgotten password: ask for a letter, open its link, choose a new one. Nobody learns which addresses are known."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from models.errors import Conflict, DomainError, Invalid, NotFound
from models.operations import forgetting
from webapp import passwords
from webapp.auth import digest
from webapp.doors import close_reading, house, now, reading, written
from webapp.errors import translated
from webapp.limits import FORGOTTEN_BY_ONE, FORGOTTEN_FOR_ONE, LOG_IN, TooOften
from webapp.logging import trace
from webapp.password_links import opened
from webapp.runtime import Runtime

log = logging.getLogger(__name__)

pages = Blueprint("forgotten", __name__, url_prefix="/forgotten")

PRIVATE = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
"""The address of the link is the secret: it is told to nobody, and kept nowhere."""

Answer = tuple[str, int, dict[str, str]]


@pages.get("")
def form() -> Answer:
    return _page("form")


@pages.post("")
def ask() -> Response | Answer:
    """Ask for a letter. It is looked up after the answer has left, so that neither words nor time tell anything.

    The connection is not kept waiting for it either: how long the next answer takes on it would tell.
    """
    try:
        house().throttle.count(FORGOTTEN_BY_ONE, "forgotten", f"source:{request.remote_addr}")
    except TooOften as error:
        return _often(error)
    email = written("email", limit=254).lower()
    if "@" not in email:
        return _page("form", 422, fault=Invalid("Give a complete e-mail address.", field="email"))
    answer = redirect(url_for(".asked"), 303)
    try:
        house().throttle.count(FORGOTTEN_FOR_ONE, "forgotten", f"account:{digest(email)}")
    except TooOften:
        return answer  # Nobody's letter box is filled by somebody else; and who asks is told the same as ever.
    answer.call_on_close(partial(house().aside, partial(_look_up, house().runtime, email, now())))
    return answer


@pages.get("/asked")
def asked() -> Answer:
    return _page("asked")


@pages.get("/<token>")
def show(token: str) -> Answer:
    """Looking uses nothing up: programs that check letters for danger look at links too."""
    try:
        forgetting.link(reading(), opened(token, house().settings), now=now())
    except (Conflict, NotFound) as error:
        return _page("over" if isinstance(error, Conflict) else "strange", 410)
    return _page("open", token=token)


@pages.post("/<token>")
def change(token: str) -> Response | Answer:
    """Keep the new password. One that cannot be used leaves the link as it was."""
    key = f"link:{request.remote_addr}"
    try:
        house().throttle.check(LOG_IN, "log-in", key)
    except TooOften as error:
        return _often(error)
    secret = opened(token, house().settings)
    try:
        email = forgetting.link(reading(), secret, now=now()).person.email
        close_reading()
        password_hash = passwords.hashed(passwords.checked(request.form.get("new", ""), email=email))
        with house().runtime.database.transaction() as session:
            forgetting.change(session, secret, password_hash, now=now())
    except Invalid as fault:
        return _page("open", 422, token=token, fault=fault)
    except (Conflict, NotFound) as error:
        _count(key)
        return _page("over" if isinstance(error, Conflict) else "strange", 410)
    flash(_("Your password is changed, and every log-in of yours has ended. Log in with the new one."))
    return redirect(url_for("auth.log_in"), 303)


def _look_up(runtime: Runtime, email: str, at: datetime) -> None:
    try:
        with runtime.database.transaction() as session:
            forgetting.ask(session, email, now=at)
    except SQLAlchemyError as error:
        log.warning("password_letter_not_asked_for", extra=trace(error))


def _page(state: str, status: int = 200, *, token: str = "", fault: DomainError | None = None) -> Answer:
    sentence = "" if fault is None else translated(fault)
    minutes = int(forgetting.LASTS.total_seconds()) // 60
    text = render_template(
        "forgotten.html", state=state, token=token, fault=fault, sentence=sentence, minutes=minutes,
        email=written("email", limit=254), by_hand=not house().settings.smtp_url,
    )  # fmt: skip
    return text, status, PRIVATE


def _often(error: TooOften) -> Answer:
    return *_page("often", 429)[:2], {**PRIVATE, "Retry-After": str(error.wait)}


def _count(key: str) -> None:
    try:
        house().throttle.count(LOG_IN, "log-in", key)
    except TooOften:
        return  # The next try is refused; this one has its answer already.
