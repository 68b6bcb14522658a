"""Log-ins that live and end, and the people of an organisation."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.errors import Conflict, Invalid, NotFound
from models.journal import note
from models.operations.naming import plain
from models.operations.scope import Slice, allow
from models.people import BUYER_ROLES, LONGEST, LogIn, OrganisationKind, Person, Role, token_hash

SEEN_EVERY = timedelta(seconds=60)
"""How exactly "last seen" is kept: writing it at every request would make each page a write."""


@dataclass(frozen=True, slots=True)
class People:
    """Some people of an organisation, out of how many that fit and how many there are."""

    listed: Slice[Person]
    fitting: int
    total: int


def find_by_email(session: Session, email: str) -> Person | None:
    """The active person with this address, written in any case."""
    found = session.scalar(select(Person).where(Person.email == email.strip().lower()))
    return found if found is not None and found.is_active else None


def open_log_in(session: Session, person: Person, *, now: datetime) -> str:
    """Begin a log-in and answer its secret, which is not kept: 256 random bits for the cookie."""
    token = secrets.token_urlsafe(32)
    session.add(LogIn(token_hash=token_hash(token), person_id=person.id, began_at=now, seen_at=now))
    note(session, "person.logged_in", person.id, organisation_id=person.organisation_id, actor_id=person.id, at=now)
    return token


def person_behind(session: Session, token: str, *, now: datetime) -> Person | None:
    """Who is logged in with this secret; None when the log-in has ended, by time or by anybody's act."""
    log_in = session.get(LogIn, token_hash(token))
    if log_in is None or not log_in.is_alive(now):
        return None
    return log_in.person


def needs_touch(session: Session, token: str, *, now: datetime) -> bool:
    """Whether "last seen" is old enough to be written again."""
    log_in = session.get(LogIn, token_hash(token))
    return log_in is not None and now - log_in.seen_at >= SEEN_EVERY


def touch(session: Session, token: str, *, now: datetime) -> None:
    log_in = session.get(LogIn, token_hash(token))
    if log_in is not None and log_in.is_alive(now):
        log_in.seen_at = now


def close_log_in(session: Session, token: str) -> None:
    session.execute(delete(LogIn).where(LogIn.token_hash == token_hash(token)))


def close_all(session: Session, person: Person) -> None:
    """End every log-in of a person, at once."""
    session.execute(delete(LogIn).where(LogIn.person_id == person.id))


def forget_old_log_ins(session: Session, *, now: datetime) -> int:
    """Remove the log-ins that ended by their age. Answers how many."""
    gone = session.execute(delete(LogIn).where(LogIn.began_at < now - LONGEST))
    return int(getattr(gone, "rowcount", 0))


def change_password(session: Session, person: Person, password_hash: str, *, by: Person, now: datetime) -> None:
    """Set a new password hash and end every log-in of the person."""
    if by.id != person.id:
        _allow_over(by, person)
    person.password_hash = password_hash
    close_all(session, person)
    _note(session, "person.password_changed", person, by=by, now=now)


def change_language(session: Session, person_id: uuid.UUID, language: str) -> None:
    """Keep the language that the person wants to read."""
    session.get_one(Person, person_id).language = language


def choose_digest(session: Session, wanted: bool, *, by: Person, now: datetime) -> None:
    """Have, or do without, the daily letter about what waits. Each chooses for oneself alone."""
    by.wants_digest = wanted
    _note(session, "person.letters_chosen", by, by=by, now=now, digest=wanted)


def people(session: Session, *, by: Person, words: str = "", after: uuid.UUID | None = None, limit: int = 50) -> People:
    """Who is in the administrator's organisation, by name: those whose name or address has all of the words.

    Names and addresses are read whole, for companies have thousands of people and not millions.
    """
    allow(by, Role.ADMIN)
    query = select(Person.id, Person.name, Person.email).where(Person.organisation_id == by.organisation_id)
    rows = sorted(session.execute(query), key=lambda row: (row.name.casefold(), row.id))
    parts = plain(words).split()
    fitting = [row.id for row in rows if all(part in plain(f"{row.name} {row.email}") for part in parts)]
    behind = fitting.index(after) + 1 if after in fitting else 0
    some = fitting[behind : behind + limit]
    found = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(some)))}
    more = behind + limit < len(fitting)
    return People(Slice(tuple(found[key] for key in some), more), len(fitting), len(rows))


def colleague(session: Session, person_id: uuid.UUID, *, by: Person) -> Person:
    """A person of the administrator's own organisation. Raises NotFound."""
    allow(by, Role.ADMIN)
    found = session.get(Person, person_id)
    if found is None or found.organisation_id != by.organisation_id:
        raise NotFound()
    return found


def add_person(
    session: Session, *, name: str, email: str, role: Role, password_hash: str, language: str, by: Person, now: datetime
) -> Person:
    """Give somebody of the administrator's organisation a log-in. Raises Invalid, or Conflict for a known address."""
    allow(by, Role.ADMIN)
    _check_role(role, by.organisation.kind)
    address = free_address(session, email)
    if not name.strip():
        raise Invalid("Give the person's name.", field="name")
    person = Person(
        organisation_id=by.organisation_id, role=role, name=name.strip(), email=address,
        password_hash=password_hash, language=language, created_at=now,
    )  # fmt: skip
    session.add(person)
    session.flush()
    _note(session, "person.added", person, by=by, now=now, role=role.value)
    return person


def free_address(session: Session, email: str) -> str:
    """The address as it is kept. Raises Invalid for what is none, Conflict where somebody has it already."""
    address = email.strip().lower()
    if "@" not in address or len(address) > 254:
        raise Invalid("Give a complete e-mail address.", field="email")
    if session.scalar(select(Person.id).where(Person.email == address)) is not None:
        raise Conflict("Somebody has a log-in with this address already.")
    return address


def change_role(session: Session, person_id: uuid.UUID, role: Role, *, by: Person, now: datetime) -> Person:
    """Give another role; every log-in of the person ends, so that the new rights hold from the next request."""
    person = colleague(session, person_id, by=by)
    _check_role(role, by.organisation.kind)
    _not_oneself(person, by)
    before, person.role = person.role, role
    close_all(session, person)
    _note(session, "person.role_changed", person, by=by, now=now, role=[before.value, role.value])
    return person


def disable(session: Session, person_id: uuid.UUID, *, by: Person, now: datetime) -> Person:
    """Take the log-in away, at once. What the person did stays in the records."""
    person = colleague(session, person_id, by=by)
    _not_oneself(person, by)
    person.disabled_at = now
    close_all(session, person)
    _note(session, "person.disabled", person, by=by, now=now)
    return person


def enable(session: Session, person_id: uuid.UUID, *, by: Person, now: datetime) -> Person:
    """Give the log-in back, with the password that it had."""
    person = colleague(session, person_id, by=by)
    person.disabled_at = None
    _note(session, "person.enabled", person, by=by, now=now)
    return person


def _allow_over(by: Person, person: Person) -> None:
    allow(by, Role.ADMIN)
    if by.organisation_id != person.organisation_id:
        raise NotFound()


def _not_oneself(person: Person, by: Person) -> None:
    if person.id == by.id:
        raise Conflict("You cannot change your own role or log-in: ask another administrator.")


def _check_role(role: Role, kind: OrganisationKind) -> None:
    if (role in BUYER_ROLES) != (kind is OrganisationKind.BUYER):
        raise Invalid("This role does not exist in your organisation.", field="role")


def _note(session: Session, act: str, person: Person, *, by: Person, now: datetime, **detail: object) -> None:
    note(session, act, person.id, organisation_id=person.organisation_id, actor_id=by.id, at=now, **detail)
