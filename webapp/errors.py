"""When something goes wrong: one calm page for each kind, in the reader's language, and never a trace."""

from __future__ import annotations

import logging
import re

from flask import Flask, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from models.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, OutOfSpace, Stale
from webapp.api import problems
from webapp.doors import close_reading
from webapp.limits import TooOften

log = logging.getLogger(__name__)

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    Invalid: 422,
    OutOfSpace: 507,
}

TITLES: dict[int, object] = {
    400: _l("This form cannot be used"),
    401: _l("Log in first"),
    403: _l("Not for your role"),
    404: _l("Nothing here"),
    405: _l("Not this way"),
    409: _l("Somebody was first"),
    412: _l("It has changed since"),
    413: _l("Too large"),
    415: _l("Not this kind"),
    422: _l("Something is missing"),
    428: _l("Which version?"),
    429: _l("Too often"),
    500: _l("Something broke at our side"),
    503: _l("Closed for a moment"),
    507: _l("No room left"),
}

SENTENCES: dict[int, object] = {
    400: _l(
        "The page was open too long, or the form came from somewhere else. Nothing was changed: go back, reload the "
        "page and send it again."
    ),
    401: _l("Your log-in has ended. Nothing was changed: log in again and repeat it."),
    403: _l("Your role does not allow this: ask a colleague whose role does."),
    404: _l("There is nothing here, or it is not yours to see."),
    405: _l("This address answers to a form, not to a link: go back and use the button."),
    412: _l("The thing has changed since you looked at it: look at the new version and try again."),
    413: _l("What you sent is larger than the limit. Nothing was kept: split the file, or leave out the photographs."),
    415: _l("This kind of content is not understood here."),
    428: _l("Say which version you have seen: send its ETag as If-Match."),
    429: _l("You have tried this too often. Wait a while and try again."),
    500: _l("It has been noted. Nothing that you sent was half kept: go back and try again."),
    503: _l("The records cannot be reached right now. Try again in a minute."),
}  # fmt: skip

_LARGER = re.compile(r"The file is larger than (\d+) MB: split it, or leave out the photographs\.")


def translated(error: DomainError) -> str:
    """The sentence of a domain error in the reader's language."""
    text = str(error)
    larger = _LARGER.fullmatch(text)
    if larger:
        return str(
            gettext("The file is larger than %(size)s MB: split it, or leave out the photographs.", size=larger[1])
        )
    return str(gettext(text)) if text else ""


def set_up(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(TooOften, _too_often)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


Answer = Response | tuple[str, int] | tuple[str, int, dict[str, str]]


def _domain(error: DomainError) -> Answer:
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    if problems.is_call():
        status = 412 if isinstance(error, Stale) else 413 if _LARGER.fullmatch(str(error)) else status
    return _answer(status, translated(error), error=error)


def _foreign_host(_error: SecurityError) -> tuple[str, int, dict[str, str]]:
    """Asked for under a name that is not ours: there is no address to lead to, so there are words alone."""
    return str(SENTENCES[400]), 400, {"Content-Type": "text/plain; charset=utf-8"}


def _too_often(error: TooOften) -> Answer:
    return _answer(429, headers={"Retry-After": str(error.wait)})


def _stale(_error: StaleDataError) -> Answer:
    return _domain(Stale("The plan has changed since you opened this page: look at the new version and try again."))


def _database(error: OperationalError) -> Answer:
    log.error("database_unreachable", extra={"error": type(error.orig).__name__})
    return _answer(503, headers={"Retry-After": "60"})


def _http(error: HTTPException) -> Answer:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    known = code in TITLES or (problems.is_call() and code in problems.KINDS)
    status = code if known else 400 if code < 500 else 500
    valid = getattr(error, "valid_methods", None)
    return _answer(status, headers={"Allow": ", ".join(valid)} if code == 405 and valid else {})


def _unforeseen(error: Exception) -> Answer:
    log.error("unforeseen", exc_info=error, extra={"endpoint": request.endpoint})
    return _answer(500)


def _answer(
    status: int, sentence: str | None = None, *, error: DomainError | None = None, headers: dict[str, str] | None = None
) -> Answer:
    """A page for people, a problem for programs: the same words."""
    if not problems.is_call():
        return page(status, sentence), status, headers or {}
    close_reading()
    text = sentence or str(SENTENCES.get(status, ""))
    return problems.problem(status, str(TITLES.get(status, "")), text, error=error, headers=headers)


def page(status: int, sentence: str | None = None) -> str:
    """The page for one kind of failure; a script gets the sentence alone."""
    close_reading()
    text = sentence or str(SENTENCES[status])
    if request.headers.get("X-Salient-Script"):
        return text
    return render_template("error.html", status=status, title=str(TITLES[status]), sentence=text)
