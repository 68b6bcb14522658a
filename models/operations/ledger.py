"""Bulk imports as a worker does them: a stint with a lease, file by file, each settled once whatever happens."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.db import later
from models.errors import NotAllowed, NotFound
from models.imports import EntryState, Import, ImportEntry, ImportKind, ImportState
from models.journal import note
from models.operations.importing import JOB
from models.operations.mapping import Rule, rule_for
from models.operations.receiving import receive
from models.people import Person
from models.vault import Stored
from models.work import LEASE, TRIES

PATIENCE = timedelta(seconds=20)
"""How long an import may stand still before it is rung for again."""
_LONGEST_PATH = 2000


@dataclass(frozen=True, slots=True)
class Stint:
    """A claimed stretch of work on an import, with the fencing token of its holder."""

    import_id: uuid.UUID
    token: int
    kind: ImportKind
    place: str
    is_listing: bool
    cursor: int
    rules: tuple[Rule, ...]
    lease: timedelta
    """Each file that is settled makes the lease so long again."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that the listing names. `reason` is set where it is known already that it cannot be taken."""

    path: str
    size: int
    reason: str | None = None
    sha256: str | None = None
    """Set where its bytes are in the vault already."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that is to be taken now. `has_owner` says whether its supplier is known."""

    entry_id: uuid.UUID
    path: str
    size: int
    sha256: str | None
    has_owner: bool


@dataclass(frozen=True, slots=True)
class Guess:
    """What a document says about whose it is."""

    name: str | None = None
    supplier_id: uuid.UUID | None = None
    audit_date: date | None = None


def claim(session: Session, import_id: uuid.UUID, *, now: datetime, lease: timedelta = LEASE) -> Stint | None:
    """Begin a stint; None when there is nothing to do or somebody else is at it.

    After three stints without progress, the file at which they ended is refused; without one, the import fails.
    """
    found = _locked(session, import_id)
    if found is None or not found.may_be_claimed(now):
        return None
    if found.attempts >= TRIES:
        entry = _first_waiting(session, found)
        if found.state is ImportState.LISTING or entry is None:
            found.fail("failed_repeatedly", now)
            return None
        entry.settle(EntryState.REFUSED, now, reason="failed_repeatedly")
        found.attempts = 0
    token = found.claim(now, lease=lease)
    rules = tuple(Rule.of_row(row) for row in found.rules)
    listing = found.state is ImportState.LISTING
    place = found.archive_sha256 or found.place
    return Stint(found.id, token, found.kind, place, listing, found.cursor, rules, lease)


def add(session: Session, stint: Stint, listed: Iterable[Listed], *, cursor: int | None, now: datetime) -> bool:
    """Write files into the ledger, those that are there already once. `cursor` None says that these were the last.

    Answers False, and writes nothing, when the stint is over: paused, cancelled, or in other hands.
    """
    found = _held(session, stint)
    if found is None:
        return False
    count = select(func.count()).select_from(ImportEntry).where(ImportEntry.import_id == found.id)
    number = int(session.scalar(count) or 0)
    rows = {_hash(row.path): row for row in listed}
    known = set(
        session.scalars(
            select(ImportEntry.path_hash).where(ImportEntry.import_id == found.id, ImportEntry.path_hash.in_(rows))
        )
    )
    for path_hash, row in rows.items():
        if path_hash not in known:
            session.add(_entry(found, number, path_hash, row, rule_for(row.path, stint.rules), now))
            number += 1
    found.attempts, found.lease_until, found.cursor = 0, now + stint.lease, cursor or found.cursor
    if cursor is None:
        found.state = ImportState.TAKING
    return True


def _entry(found: Import, number: int, path_hash: str, row: Listed, rule: Rule | None, now: datetime) -> ImportEntry:
    entry = ImportEntry(
        import_id=found.id, number=number, path=row.path[:_LONGEST_PATH], path_hash=path_hash, size=row.size,
        sha256=row.sha256, supplier_id=rule and rule.supplier_id, site_id=rule and rule.site_id,
    )  # fmt: skip
    if row.reason is not None:
        entry.settle(EntryState.REFUSED, now, reason=row.reason)
    return entry


def wanted(session: Session, stint: Stint, *, limit: int = 50) -> list[Wanted]:
    """The next files to take, in the order of the listing."""
    query = (
        select(ImportEntry)
        .where(ImportEntry.import_id == stint.import_id, ImportEntry.state == EntryState.WAITING)
        .order_by(ImportEntry.number)
        .limit(limit)
    )
    return [
        Wanted(row.id, row.path, row.size, row.sha256, row.supplier_id is not None) for row in session.scalars(query)
    ]


def take(session: Session, stint: Stint, entry_id: uuid.UUID, stored: Stored, *, now: datetime) -> bool:
    """Make a document of a file whose supplier is known. Answers False when the stint is over."""
    entry = _entry_of(session, stint, entry_id, now)
    if entry is None:
        return False
    settle_as_document(session, entry, stored, by=owner(session, stint), now=now)
    return True


def settle_as_document(session: Session, entry: ImportEntry, stored: Stored, *, by: Person, now: datetime) -> None:
    """Receive the file for its supplier; a file that cannot be received is refused with its reason."""
    if entry.supplier_id is None:
        raise NotFound()
    if stored.size == 0:
        entry.settle(EntryState.REFUSED, now, reason="empty_file")
        return
    received = receive(session, entry.supplier_id, entry.path, stored, by=by, now=now, site_id=entry.site_id)
    entry.sha256, entry.size = stored.sha256, stored.size
    entry.document_id = received.document.id
    entry.settle(EntryState.TAKEN if received.is_new else EntryState.KNOWN, now)


def hold(session: Session, stint: Stint, entry_id: uuid.UUID, stored: Stored, guess: Guess, *, now: datetime) -> bool:
    """Keep a file for a person to say whose it is. Answers False when the stint is over."""
    entry = _entry_of(session, stint, entry_id, now)
    if entry is None:
        return False
    entry.sha256, entry.size = stored.sha256, stored.size
    entry.guess_name = guess.name and guess.name[:200]
    entry.guess_id, entry.guess_date = guess.supplier_id, guess.audit_date
    reason = "name_fits" if guess.supplier_id else "name_unknown" if guess.name else "no_name"
    entry.settle(EntryState.HELD, now, reason=reason)
    return True


def refuse(session: Session, stint: Stint, entry_id: uuid.UUID, reason: str, *, now: datetime) -> bool:
    """Write down why a file could not be taken. Answers False when the stint is over."""
    entry = _entry_of(session, stint, entry_id, now)
    if entry is None:
        return False
    entry.settle(EntryState.REFUSED, now, reason=reason)
    return True


def finish(session: Session, stint: Stint, *, now: datetime) -> None:
    """End the stint: the import is done when nothing waits, else the next stint is rung for."""
    found = _held(session, stint)
    if found is None:
        return
    found.let_go(now)
    if found.state is ImportState.TAKING and _first_waiting(session, found) is None:
        found.state, found.ended_at = ImportState.DONE, now
        note(session, "import.done", found.id, organisation_id=found.buyer_id, actor_id=None, at=now)
    else:
        later(session, JOB, import_id=found.id)


def fail(session: Session, stint: Stint, reason: str, *, now: datetime) -> None:
    """Stop the import until a person resumes it: its place is gone, the store is full."""
    found = _held(session, stint)
    if found is not None:
        found.fail(reason, now)


def let_go(session: Session, import_id: uuid.UUID, *, now: datetime) -> None:
    """Whoever held this import is known to be dead: ring at once."""
    found = _locked(session, import_id)
    if found is not None and found.state.is_running and found.lease_until is not None:
        found.let_go(now)
        later(session, JOB, import_id=found.id)


def sweep(session: Session, *, now: datetime, limit: int = 100) -> int:
    """Ring for imports that stand still. May run as often as wanted."""
    query = (
        select(Import)
        .where(Import.state.in_((ImportState.LISTING, ImportState.TAKING)))
        .where((Import.lease_until.is_(None) & (Import.asked_at <= now - PATIENCE)) | (Import.lease_until <= now))
        .limit(limit)
        .with_for_update(skip_locked=True, of=Import)
    )
    rung = 0
    for found in session.scalars(query):
        later(session, JOB, import_id=found.id)
        rung += 1
    return rung


def owner(session: Session, stint: Stint) -> Person:
    """Who began the import, and answers for what it brings in. Raises NotAllowed for somebody who may no more."""
    found = session.get_one(Import, stint.import_id)
    if not found.begun_by.is_active:
        raise NotAllowed("Who began this import may no longer log in: begin it again.")
    return found.begun_by


def _entry_of(session: Session, stint: Stint, entry_id: uuid.UUID, now: datetime) -> ImportEntry | None:
    """The entry, while the stint lasts and it still waits. What is settled here counts as progress."""
    found = _held(session, stint)
    if found is None:
        return None
    entry = session.get(ImportEntry, entry_id, populate_existing=True)
    if entry is None or entry.state is not EntryState.WAITING:
        return None
    found.attempts = 0
    found.lease_until = now + stint.lease
    return entry


def _locked(session: Session, import_id: uuid.UUID) -> Import | None:
    return session.scalar(
        select(Import)
        .where(Import.id == import_id)
        .with_for_update(of=Import)
        .execution_options(populate_existing=True)
    )


def _held(session: Session, stint: Stint) -> Import | None:
    found = _locked(session, stint.import_id)
    if found is None or found.token != stint.token or not found.state.is_running or found.lease_until is None:
        return None
    return found


def _first_waiting(session: Session, found: Import) -> ImportEntry | None:
    return session.scalar(
        select(ImportEntry)
        .where(ImportEntry.import_id == found.id, ImportEntry.state == EntryState.WAITING)
        .order_by(ImportEntry.number)
        .limit(1)
    )


def _hash(path: str) -> str:
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()
