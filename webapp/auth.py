"""Logging in and out, and choosing the language."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from models.operations import accounts
from models.people import LONGEST, Person
from webapp import passwords
from webapp.doors import close_reading, cookie_name, house, now, reading, token, written
from webapp.language import LANGUAGES
from webapp.limits import LOG_IN, TooOften

pages = Blueprint("auth", __name__)

YEAR = 365 * 24 * 3600


@pages.get("/log-in")
def log_in() -> str | Response:
    if g.person is not None:
        return redirect(url_for("home.show"), 303)
    return render_template("log_in.html", email="", fault=None)


@pages.post("/log-in")
def enter() -> str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Check the password; a failed try counts against the account and against where it came from."""
    email = written("email", limit=254).lower()
    keys = (_account_key(email), f"source:{request.remote_addr}")
    throttle = house().throttle
    try:
        for key in keys:
            throttle.check(LOG_IN, "log-in", key)
    except TooOften as error:
        minutes = -(-error.wait // 60)
        fault = _("Too many failed tries. Wait %(minutes)d minutes, then try again.", minutes=minutes)
        return render_template("log_in.html", email=email, fault=fault), 429, {"Retry-After": str(error.wait)}
    person = accounts.find_by_email(reading(), email)
    fits = passwords.fits(request.form.get("password", ""), None if person is None else person.password_hash)
    if person is None or not fits:
        for key in keys:
            _count(key)
        fault = _("This e-mail address and password do not belong together. Check both and try again.")
        return render_template("log_in.html", email=email, fault=fault), 401
    return let_in(person, email)


def let_in(person: Person, email: str) -> Response:
    """Begin a log-in with a new secret, whatever this browser held before."""
    onward, chosen = _local(session.get("next", "")), session.get("language")
    close_reading()
    with house().runtime.database.transaction() as writing:
        if token():
            accounts.close_log_in(writing, token())
        secret = accounts.open_log_in(writing, person, now=now())
    session.clear()
    if chosen:
        session["language"] = chosen
    answer = redirect(onward or url_for("home.show"), 303)
    set_token(answer, secret)
    secure = house().settings.is_production
    answer.set_cookie(
        _known_name(), _signer().dumps(digest(email)), max_age=YEAR, httponly=True, secure=secure, samesite="Lax"
    )
    return answer


@pages.post("/log-out")
def log_out() -> Response:
    close_reading()
    with house().runtime.database.transaction() as writing:
        accounts.close_log_in(writing, token())
    chosen = session.get("language")
    session.clear()
    if chosen:
        session["language"] = chosen
    answer = redirect(url_for("auth.log_in"), 303)
    answer.delete_cookie(cookie_name(house().settings), secure=house().settings.is_production, httponly=True)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@pages.post("/language")
def choose_language() -> Response:
    """Speak this language from now on: in this browser, and for the person wherever they log in."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
        if g.person is not None:
            person_id = g.person.id
            close_reading()
            with house().runtime.database.transaction() as writing:
                accounts.change_language(writing, person_id, chosen)
    return redirect(_local(request.form.get("next", "")) or url_for("home.show"), 303)


def set_token(answer: Response, secret: str) -> None:
    settings = house().settings
    answer.set_cookie(
        cookie_name(settings), secret, max_age=int(LONGEST.total_seconds()), httponly=True,
        secure=settings.is_production, samesite="Lax", path="/",
    )  # fmt: skip


def _local(target: str) -> str:
    """The address, if it leads to a page of ours; an empty string for everything else."""
    parts = urlsplit(target)
    plain = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if plain and not parts.scheme and not parts.netloc and "\\" not in target else ""


def _count(key: str) -> None:
    try:
        house().throttle.count(LOG_IN, "log-in", key)
    except TooOften:
        return  # The next try is refused; this one has its answer already.


def _account_key(email: str) -> str:
    """Whose tries are counted together: all strangers' for this account, apart from those of its own browsers.

    So nobody can lock somebody else out by failing on purpose (OWASP: slow down guessing with device cookies).
    """
    known = request.cookies.get(_known_name(), "")
    try:
        is_own = hmac.compare_digest(str(_signer().loads(known)), digest(email))
    except BadSignature:
        is_own = False
    return f"own:{hashlib.sha256(known.encode()).hexdigest()}" if is_own else f"account:{digest(email)}"


def _known_name() -> str:
    """The cookie of a browser that this account has logged in from before (see `_account_key`)."""
    return "__Host-salient-known" if house().settings.is_production else "salient-known"


def digest(email: str) -> str:
    """What stands for an address where tries are counted: nobody reads the address from it."""
    return hmac.new(str(current_app.secret_key).encode(), email.encode(), hashlib.sha256).hexdigest()


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="known-browser")
