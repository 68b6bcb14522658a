"""Addresses to be told: an administrator makes and removes them, gives them new secrets, and sends messages again."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.db import later
from models.errors import Conflict, Invalid, NotFound
from models.hooks import Delivery, DeliveryState, Happening, Hook
from models.journal import note
from models.operations.announcing import JOB
from models.operations.scope import Slice, allow, newest
from models.people import Person, Role, token_hash

MOST = 20
"""Addresses of one organisation."""

SecretOf = Callable[[uuid.UUID, int], str]
"""Works out the secret of an address and its generation, from a key that is not in the database."""


@dataclass(frozen=True, slots=True)
class Secret:
    """An address with its secret, which can be shown this once."""

    hook: Hook
    secret: str


def make(
    session: Session, *, url: str, happenings: Sequence[str], secret_of: SecretOf, plain: bool, by: Person,
    now: datetime,
) -> Secret:  # fmt: skip
    """Tell this address from now on. `plain` allows `http://`. Raises Invalid, or Conflict where there are too many."""
    allow(by, Role.ADMIN)
    if len(hooks(session, by=by)) >= MOST:
        raise Conflict("There are twenty addresses already: remove what is not needed any more.")
    words = [word.value for word in Happening if word.value in happenings and word is not Happening.TRIAL]
    if not words:
        raise Invalid("Choose at least one thing to be told of.", field="happenings")
    made = Hook(
        organisation_id=by.organisation_id, url=checked(url, plain=plain), happenings=words, generation=1,
        secret_print="", made_by_id=by.id, made_at=now, failures=0,
    )  # fmt: skip
    session.add(made)
    session.flush()
    secret = _with_secret(made, secret_of)
    _note(session, "hook.made", made, by=by, now=now, happenings=words)
    return secret


def renew(session: Session, hook_id: uuid.UUID, *, secret_of: SecretOf, by: Person, now: datetime) -> Secret:
    """Give an address a new secret; the old one signs nothing from this moment on."""
    found = _living(session, hook_id, by=by)
    found.generation += 1
    found.failures, found.rests_until = 0, None
    secret = _with_secret(found, secret_of)
    _note(session, "hook.secret_renewed", found, by=by, now=now)
    return secret


def remove(session: Session, hook_id: uuid.UUID, *, by: Person, now: datetime) -> Hook:
    """Tell this address nothing any more. What was not sent stays unsent."""
    found = _living(session, hook_id, by=by)
    found.removed_at, found.removed_by_id = now, by.id
    _note(session, "hook.removed", found, by=by, now=now)
    return found


def try_out(session: Session, hook_id: uuid.UUID, *, by: Person, now: datetime) -> Delivery:
    """Send a message that tells of nothing, to see whether messages arrive."""
    found = _living(session, hook_id, by=by)
    made = Delivery(
        hook=found, happening=Happening.TRIAL, thing_id=found.id, happened_at=now, state=DeliveryState.WAITING,
        attempts=0, due_at=now,
    )  # fmt: skip
    found.rests_until = None
    session.add(made)
    session.flush()
    later(session, JOB, hook_id=found.id)
    return made


def send_again(session: Session, delivery_id: uuid.UUID, *, by: Person, now: datetime) -> Delivery:
    """Send a message again, whatever became of it. Raises NotFound, or Conflict while it waits anyway."""
    allow(by, Role.ADMIN)
    query = (
        select(Delivery)
        .join(Hook, Hook.id == Delivery.hook_id)
        .where(Delivery.id == delivery_id, Hook.organisation_id == by.organisation_id)
        .with_for_update(of=Delivery)
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    _living(session, found.hook_id, by=by)
    if found.state is DeliveryState.WAITING and found.attempts == 0:
        raise Conflict("This message waits to be sent already.")
    found.again(now)
    _note(session, "hook.sent_again", found.hook, by=by, now=now, delivery=str(found.id))
    later(session, JOB, hook_id=found.hook_id)
    return found


def hooks(session: Session, *, by: Person) -> list[Hook]:
    """The addresses of the administrator's organisation, the newest first."""
    allow(by, Role.ADMIN)
    query = select(Hook).where(Hook.organisation_id == by.organisation_id, Hook.removed_at.is_(None))
    return list(session.scalars(query.order_by(Hook.made_at.desc(), Hook.id.desc()).limit(MOST)))


def hook(session: Session, hook_id: uuid.UUID, *, by: Person) -> Hook:
    """One address, also one that was removed: what it was told stays on record. Raises NotFound."""
    allow(by, Role.ADMIN)
    found = session.scalar(select(Hook).where(Hook.id == hook_id, Hook.organisation_id == by.organisation_id))
    if found is None:
        raise NotFound()
    return found


def deliveries(
    session: Session, hook_id: uuid.UUID, *, by: Person, after: uuid.UUID | None = None, limit: int = 50
) -> Slice[Delivery]:
    """The messages to one address, the newest first."""
    found = hook(session, hook_id, by=by)
    query = select(Delivery).where(Delivery.hook_id == found.id)
    last = session.scalar(query.where(Delivery.id == after)) if after is not None else None
    if after is not None and last is None:
        raise NotFound()
    return newest(session, query, Delivery.happened_at, last=last, limit=limit)


def counts(session: Session, *, by: Person) -> dict[uuid.UUID, dict[DeliveryState, int]]:
    """How many messages to each address stand in each state, all states named where there is any message."""
    allow(by, Role.ADMIN)
    query = (
        select(Delivery.hook_id, Delivery.state, func.count())
        .join(Hook, Hook.id == Delivery.hook_id)
        .where(Hook.organisation_id == by.organisation_id)
        .group_by(Delivery.hook_id, Delivery.state)
    )
    found: dict[uuid.UUID, dict[DeliveryState, int]] = {}
    for hook_id, state, count in session.execute(query):
        found.setdefault(hook_id, dict.fromkeys(DeliveryState, 0))[state] = int(count)
    return found


def checked(url: str, *, plain: bool) -> str:
    """The address as it is kept. Raises Invalid for what cannot be one, and for one with a password in it."""
    text = url.strip()
    schemes = ("https", "http") if plain else ("https",)
    try:
        parts = urlsplit(text)
        fits = parts.scheme in schemes and parts.hostname and (parts.port is None or 0 < parts.port < 65536)
    except ValueError:
        raise Invalid("Give a complete address that begins with https://.", field="url") from None
    if not fits or len(text) > 500 or not text.isascii() or not text.isprintable() or " " in text:
        raise Invalid("Give a complete address that begins with https://.", field="url")
    if parts.username is not None or parts.fragment:
        raise Invalid("An address may hold no password and no part after a #: the signature is the proof.", field="url")
    return text


def _living(session: Session, hook_id: uuid.UUID, *, by: Person) -> Hook:
    """An address that is told of things, held until the commit. Raises NotFound, or Conflict when it was removed."""
    allow(by, Role.ADMIN)
    own = (Hook.id == hook_id, Hook.organisation_id == by.organisation_id)
    found = session.scalar(select(Hook).where(*own).with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound()
    if found.removed_at is not None:
        raise Conflict("This address was removed: add it again to have it told.")
    return found


def _with_secret(found: Hook, secret_of: SecretOf) -> Secret:
    secret = secret_of(found.id, found.generation)
    found.secret_print = token_hash(secret)
    return Secret(found, secret)


def _note(session: Session, act: str, found: Hook, *, by: Person, now: datetime, **detail: object) -> None:
    note(session, act, found.id, organisation_id=found.organisation_id, actor_id=by.id, at=now, **detail)
