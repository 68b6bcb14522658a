"""Who calls: the token in the header, what it reaches, and how often it may. A cookie opens nothing here."""

from __future__ import annotations

import logging

from flask import abort, g, request
from limits import parse

from models.errors import NotAllowed
from models.operations import granting
from models.people import Person
from models.tokens import ApiToken, Reach
from webapp.api.problems import is_call
from webapp.doors import close_reading, house, now, reading

log = logging.getLogger(__name__)

WRONG = parse("60 per minute")
"""Calls with a token that opens nothing, from one source. Whoever holds a good one is never kept out by it."""

SCHEME = "bearer"


def come_in(*, needs_token: bool = True) -> Person | None:
    """Find out for whom this call is made. None without a token where none is needed.

    Raises TooOften, NotAllowed for a token that does not reach so far, and ends with 401 for one that opens nothing.
    """
    secret = given()
    if not secret:
        if needs_token:
            abort(401)
        return None
    token = granting.behind(reading(), secret, now=now())
    if token is None:
        house().throttle.count(WRONG, "api-wrong", str(request.remote_addr))
        log.warning("token_refused", extra={"endpoint": request.endpoint})
        abort(401)
    house().throttle.count(parse(f"{house().settings.api_calls_a_minute} per minute"), "api", str(token.id))
    g.api_secret, g.api_token = secret, token
    _keep_last_use(token)
    if request.method not in ("GET", "HEAD", "OPTIONS") and token.reach is Reach.READ:
        raise NotAllowed("This token only reads: make one that reads and writes for this.")
    return token.person


def is_no_form() -> bool:
    """Whether this call needs no proof of coming from a page: it brought a token, or it leads nowhere."""
    return g.get("api_secret") is not None or (is_call() and request.endpoint is None)


def given() -> str:
    """The token in the header `Authorization: Bearer ...`; empty where there is none. Never taken from an address."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == SCHEME else ""


def _keep_last_use(token: ApiToken) -> None:
    if granting.needs_touch(token, now=now()):
        close_reading()
        with house().runtime.database.transaction() as session:
            granting.touch(session, token.id, now=now())
