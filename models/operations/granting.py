"""Keys to the API: an administrator makes them for colleagues, a supplier's user for itself."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.errors import Conflict, Invalid, NotFound
from models.journal import note
from models.operations import naming
from models.operations.naming import Offered
from models.operations.scope import Slice, allow, newest
from models.people import Person, Role, token_hash
from models.tokens import LONGEST_LIFE, ApiToken, Reach

BEGINS_WITH = "salient_"
"""So that a scanner for lost secrets knows one of ours when it sees it."""

MOST = 100
"""Living tokens of one organisation."""

USED_EVERY = timedelta(seconds=60)
"""How exactly the last use is kept: writing it at every call would make each look a write."""

MAKERS = (Role.ADMIN, Role.SUPPLIER_USER)


@dataclass(frozen=True, slots=True)
class Granted:
    """A token with its secret, which is not kept and can be shown this once."""

    token: ApiToken
    secret: str


def make(
    session: Session, *, person_id: uuid.UUID, name: str, reach: Reach, days: int, by: Person, now: datetime
) -> Granted:
    """Make a token that acts for a person, for so many days: 256 random bits.

    Raises NotFound for somebody of another organisation, and for whomever a supplier's user names but itself;
    Invalid for a name or a time that cannot be, Conflict where there are too many.
    """
    person = _for_whom(session, person_id, by=by)
    if not name.strip():
        raise Invalid("Say what the token is for: you will know it by that.", field="name")
    if not 1 <= days <= LONGEST_LIFE.days:
        raise Invalid("Give a number of days from 1 to 366.", field="days")
    living = _seen(by).where(ApiToken.withdrawn_at.is_(None), ApiToken.expires_at > now)
    if len([row for row in session.scalars(living) if row.is_alive(now)]) >= MOST:
        raise Conflict("There are a hundred tokens already: withdraw what is not used any more.")
    secret = BEGINS_WITH + secrets.token_urlsafe(32)
    made = ApiToken(
        organisation_id=person.organisation_id, person=person, role=person.role, reach=reach, name=name.strip()[:80],
        secret_hash=token_hash(secret), ending=secret[-4:], made_by=by, made_at=now,
        expires_at=now + timedelta(days=days),
    )  # fmt: skip
    session.add(made)
    session.flush()
    note(
        session, "token.made", made.id, organisation_id=made.organisation_id, actor_id=by.id, at=now,
        person=str(person.id), reach=reach.value, expires_at=made.expires_at,
    )  # fmt: skip
    return Granted(made, secret)


def withdraw(session: Session, token_id: uuid.UUID, *, by: Person, now: datetime) -> ApiToken:
    """Take a token away, at once. Raises NotFound, or Conflict when that was done already."""
    allow(by, *MAKERS)
    found = session.scalar(select(ApiToken).where(ApiToken.id == token_id).with_for_update(of=ApiToken))
    if found is None or not _may_see(found, by):
        raise NotFound()
    if found.withdrawn_at is not None:
        raise Conflict("This token was withdrawn already.")
    found.withdrawn_at, found.withdrawn_by_id = now, by.id
    note(session, "token.withdrawn", found.id, organisation_id=found.organisation_id, actor_id=by.id, at=now)
    return found


def tokens(session: Session, *, by: Person, after: uuid.UUID | None = None, limit: int = 50) -> Slice[ApiToken]:
    """The tokens that the person may see, the newest first: an administrator all of the organisation's."""
    last = session.scalar(_seen(by).where(ApiToken.id == after)) if after is not None else None
    if after is not None and last is None:
        raise NotFound()
    return newest(session, _seen(by), ApiToken.made_at, last=last, limit=limit)


def _seen(by: Person) -> Select[ApiToken]:
    allow(by, *MAKERS)
    query = select(ApiToken).where(ApiToken.organisation_id == by.organisation_id)
    return query if by.role is Role.ADMIN else query.where(ApiToken.person_id == by.id)


def choices(session: Session, words: str = "", *, by: Person, chosen: Collection[uuid.UUID] = ()) -> Offered:
    """For whom a token can be made, by name."""
    allow(by, *MAKERS)
    if by.role is not Role.ADMIN:
        return naming.narrowed([naming.Named(by.id, by.name)])
    return naming.colleagues(session, by.organisation_id, words, chosen=chosen)


def roles(session: Session, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Role]:
    """The role of each of these people."""
    query = select(Person.id, Person.role).where(Person.id.in_(person_ids))
    return {row.id: row.role for row in session.execute(query)}


def behind(session: Session, secret: str, *, now: datetime) -> ApiToken | None:
    """The living token with this secret; None for one that ended, by time or by anybody's act, or never was."""
    found = session.scalar(select(ApiToken).where(ApiToken.secret_hash == token_hash(secret)))
    return found if found is not None and found.is_alive(now) else None


def needs_touch(token: ApiToken, *, now: datetime) -> bool:
    """Whether the last use is old enough to be written again."""
    return token.used_at is None or now - token.used_at >= USED_EVERY


def touch(session: Session, token_id: uuid.UUID, *, now: datetime) -> None:
    """Write down that it was used."""
    session.get_one(ApiToken, token_id).used_at = now


def _for_whom(session: Session, person_id: uuid.UUID, *, by: Person) -> Person:
    allow(by, *MAKERS)
    found = session.get(Person, person_id)
    if found is None or found.organisation_id != by.organisation_id or not found.is_active:
        raise NotFound()
    if by.role is not Role.ADMIN and found.id != by.id:
        raise NotFound()
    return found


def _may_see(found: ApiToken, by: Person) -> bool:
    if found.organisation_id != by.organisation_id:
        return False
    return by.role is Role.ADMIN or found.person_id == by.id
