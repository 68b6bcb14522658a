"""The link of a letter: a page with one button lets its reader in, once; a link that is too old says so, and helps."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from models.errors import Conflict, NotFound
from models.plan_life import Side
from questionnaires import lettering
from questionnaires.lettering import Entered
from webapp.auth import let_in
from webapp.doors import close_reading, house, now, reading
from webapp.limits import LOG_IN, TooOften

pages = Blueprint("come_in", __name__, url_prefix="/come-in")


@pages.get("/<token>")
def show(token: str) -> tuple[str, int, dict[str, str]]:
    """Looking uses nothing up: programs that check letters for danger look at links too."""
    found = lettering.known_link(reading(), token)
    state = "strange" if found is None else "open" if found.opens(now()) else "over"
    return _page(token, state)


@pages.post("/<token>")
def enter(token: str) -> Response | tuple[str, int, dict[str, str]]:
    """Use the link up, log its reader in and lead to what the letter was about."""
    key = f"link:{request.remote_addr}"
    try:
        house().throttle.check(LOG_IN, "log-in", key)
    except TooOften as error:
        return *_page(token, "often")[:1], 429, {"Retry-After": str(error.wait), **PRIVATE}
    close_reading()
    try:
        with house().runtime.database.transaction() as session:
            entered = lettering.enter(session, token, now=now())
    except (Conflict, NotFound) as error:
        _count(key)
        return _page(token, "over" if isinstance(error, Conflict) else "strange")
    answer = let_in(entered.person, entered.person.email)
    answer.location = _where(entered)
    return answer


def _where(entered: Entered) -> str:
    """What the letter was about."""
    if entered.submission_id is not None:
        return url_for("submissions.show", submission_id=entered.submission_id)
    if entered.asking_id is not None:
        return url_for("askings.show", asking_id=entered.asking_id)
    return url_for("plans.index", turn=Side.SUPPLIER)


@pages.post("/<token>/new")
def renew(token: str) -> Response | tuple[str, int, dict[str, str]]:
    """Send a new link to the address of the old one. The answer is the same whether or not there is one."""
    close_reading()
    with house().runtime.database.transaction() as session:
        lettering.renew(session, token, now=now())
    return redirect(url_for(".asked"), 303)


@pages.get("/asked")
def asked() -> tuple[str, int, dict[str, str]]:
    return _page("", "asked")


PRIVATE = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
"""The address itself is the secret: it is told to nobody, and kept nowhere."""


def _page(token: str, state: str) -> tuple[str, int, dict[str, str]]:
    status = 200 if state in ("open", "asked") else 410
    return render_template("come_in.html", token=token, state=state), status, PRIVATE


def _count(key: str) -> None:
    try:
        house().throttle.count(LOG_IN, "log-in", key)
    except TooOften:
        return  # The next try is refused; this one has its answer already.
