"""The person's own page: name, role, password, language, and the daily letter about what waits."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, send_file, session, url_for
from flask_babel import gettext as _
from limits import parse
from werkzeug.wrappers import Response

from models.errors import Invalid
from models.mail import Mail, MailKind
from models.operations import accounts, own_data, plan_letters
from webapp import mail, passwords
from webapp.auth import set_token
from webapp.doors import acting, house, now, person, policy, reading
from webapp.errors import translated
from webapp.own_data import packed
from webapp.security import HEADERS

pages = Blueprint("account", __name__, url_prefix="/account")

TAKEN = parse("5 per hour")
"""How often one person may take along what is held about them: each time is a walk through many tables."""


@pages.get("")
def show() -> str:
    return render_template("account.html", fault=None)


@pages.post("/letters")
def choose_letters() -> Response:
    """Have the daily letter, or do without it."""
    wanted = request.form.get("digest") == "1"
    with acting() as (writing, actor):
        accounts.choose_digest(writing, wanted, by=actor, now=now())
    flash(_("You get a letter a day at most about what waits.") if wanted else _("You get no daily letter any more."))
    return redirect(url_for(".show"), 303)


@pages.get("/letter")
def letter() -> str:
    """The daily letter as it would read now, or that there would be none."""
    by = person()
    parts = plan_letters.waiting(reading(), by, now=now(), policy=policy()).parts
    found = Mail(kind=MailKind.DIGEST, person=by, language=by.language, parts=list(parts))
    made = mail.preview(found, house().settings, now=now()) if parts else None
    return render_template("account_letter.html", letter=made)


@pages.post("/data")
def data() -> Response:
    """All that is held about the person who asks, and about nobody else, to take along."""
    house().throttle.count(TAKEN, "own_data", str(person().id))
    with acting() as (writing, actor):
        own_data.ask(writing, by=actor, now=now())
    package = packed(reading(), by=person(), now=now())
    answer = send_file(package, "application/zip", as_attachment=True, download_name="salient-my-data.zip")
    answer.headers["Cache-Control"] = HEADERS["Cache-Control"]
    return answer


@pages.post("/password")
def change_password() -> Response | tuple[str, int]:
    """Set a new password; every other log-in of the person ends, and this one gets a new secret."""
    try:
        password_hash = _new_hash()
    except Invalid as fault:
        return render_template("account.html", fault=fault, sentence=translated(fault)), 422
    with acting() as (writing, actor):
        accounts.change_password(writing, actor, password_hash, by=actor, now=now())
        secret = accounts.open_log_in(writing, actor, now=now())
    session.pop("csrf_token", None)
    flash(_("Your password is changed. Every other log-in of yours has ended."))
    answer: Response = redirect(url_for(".show"), 303)
    set_token(answer, secret)
    return answer


def _new_hash() -> str:
    """Who came in by a letter's link has no password yet, and so none to repeat: the link was the proof."""
    has_one = bool(person().password_hash)
    if has_one and not passwords.fits(request.form.get("current", ""), person().password_hash):
        raise Invalid("This is not your current password.", field="current")
    return passwords.hashed(passwords.checked(request.form.get("new", ""), email=person().email))
