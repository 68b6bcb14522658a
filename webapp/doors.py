"""How a page looks at the records and changes them: who asks, one reading session a request, one transaction an act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import current_app, g, request
from sqlalchemy.orm import Session

from models.errors import Invalid, NotAllowed
from models.operations import accounts, granting
from models.people import LogIn, Person, token_hash
from models.plan_policy import Policy
from models.tokens import Reach
from webapp.aside import soon
from webapp.limits import Throttle
from webapp.plan_settings import policy_of
from webapp.runtime import Runtime
from webapp.settings import Settings

EXTENSION = "salient"


@dataclass(frozen=True, slots=True)
class House:
    """What every page works with. Made once a process and kept with the application."""

    runtime: Runtime
    throttle: Throttle
    clock: Callable[[], datetime]
    aside: Callable[[Callable[[], object]], None] = soon
    """How work is begun for which no visitor is to wait."""

    @property
    def settings(self) -> Settings:
        return self.runtime.settings


def house() -> House:
    found: House = current_app.extensions[EXTENSION]
    return found


def now() -> datetime:
    return house().clock()


def today() -> date:
    return now().date()


def policy() -> Policy:
    """How long everything about a plan may take in this installation."""
    return policy_of(house().settings)


def token() -> str:
    """The secret of the log-in that came with this request; empty without one."""
    return request.cookies.get(cookie_name(house().settings), "")


def cookie_name(settings: Settings) -> str:
    """In production the prefix makes browsers refuse the cookie from anywhere but this very host, over TLS."""
    return "__Host-salient" if settings.is_production else "salient"


def reading() -> Session:
    """This request's session for looking. Opened at first use, closed with the request, never committed."""
    if "reading" not in g:
        g.reading_block = house().runtime.database.reading()
        g.reading = g.reading_block.__enter__()
    found: Session = g.reading
    return found


def person() -> Person:
    """Who asks. Only for pages that the access table closes to strangers."""
    found: Person = g.person
    return found


def find_person(*, touch: bool = True) -> Person | None:
    """Who is logged in with this request's cookie. With `touch`, "last seen" is kept fresh about once a minute."""
    secret = token()
    if not secret:
        return None
    session, moment = reading(), now()
    _held = session.get(LogIn, token_hash(secret))  # As long as it is held, the next two find it without asking again.
    found = accounts.person_behind(session, secret, now=moment)
    if touch and found is not None and accounts.needs_touch(session, secret, now=moment):
        with house().runtime.database.transaction() as writing:
            accounts.touch(writing, secret, now=moment)
    return found


@contextmanager
def acting() -> Iterator[tuple[Session, Person]]:
    """One transaction, with the person looked up anew in it: a log-in that ended a moment ago acts no more."""
    close_reading()
    with house().runtime.database.transaction() as session:
        actor = _actor(session)
        if actor is None:
            raise NotAllowed("Your log-in has ended: log in again.")
        yield session, actor


def _actor(session: Session) -> Person | None:
    """By the second door it is whom the token acts for, and the journal is told which token; else who is logged in."""
    secret = g.get("api_secret")
    if secret is None:
        return accounts.person_behind(session, token(), now=now())
    found = granting.behind(session, secret, now=now())
    if found is None or found.reach is Reach.READ:
        return None
    session.info["token_id"] = str(found.id)
    return found.person


def close_reading(_error: BaseException | None = None) -> None:
    """End the looking session, if there is one. Called at the end of every request, and before every act."""
    block: Any = g.pop("reading_block", None)
    session: Session | None = g.pop("reading", None)
    if block is not None and session is not None:
        session.expunge_all()  # What was read stays readable: ending the session would empty it.
        block.__exit__(None, None, None)


def written(name: str, *, limit: int) -> str:
    """What somebody wrote into a field, or asked for in an address: trimmed, not too long, without NUL.

    PostgreSQL cannot keep a NUL, and nobody can type one.
    """
    return request.values.get(name, "").replace("\x00", "").strip()[:limit]


def optional_key(name: str) -> UUID | None:
    """A key from the query or the form; None when it is not given. Raises Invalid for what is none."""
    text = written(name, limit=100)
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Invalid("This address does not lead anywhere: go back and choose again.", field=name) from None
