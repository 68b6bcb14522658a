"""Bulk imports as people see them: begin, look, pause, go on, end, and the ledger of every file."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from models.db import later
from models.imports import EntryState, Import, ImportEntry, ImportKind, ImportState
from models.journal import note
from models.operations import scope
from models.operations.mapping import Rule
from models.operations.receiving import display_name
from models.operations.scope import Slice, allow, newest
from models.people import Person, Role

JOB = "import_files"
LEAD = (Role.COMPLIANCE, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files are. The door has checked that the person may name this place."""

    kind: ImportKind
    address: str
    """SHA-256 of an archive in the vault, the absolute path of a folder, or an `s3://` address."""
    name: str


def begin(session: Session, place: Place, rules: Sequence[Rule], *, by: Person, now: datetime) -> Import:
    """Begin an import. Files that no rule fits wait for a person, with what their text says. Raises NotAllowed."""
    allow(by, *LEAD)
    is_archive = place.kind is ImportKind.ZIP
    made = Import(
        buyer_id=by.organisation_id, begun_by_id=by.id, begun_by=by, created_at=now, asked_at=now, kind=place.kind,
        name=display_name(place.name), place="" if is_archive else place.address,
        archive_sha256=place.address if is_archive else None, rules=[rule.as_row() for rule in rules],
        state=ImportState.LISTING,
    )  # fmt: skip
    session.add(made)
    session.flush()
    _note(session, "import.begun", made, by=by, now=now, kind=place.kind.value)
    later(session, JOB, import_id=made.id)
    return made


def imports(session: Session, *, by: Person, after: uuid.UUID | None = None, limit: int = 50) -> Slice[Import]:
    """The imports of the person's organisation, newest first."""
    allow(by, *LEAD)
    query = select(Import).where(Import.buyer_id == by.organisation_id)
    last = import_(session, after, by=by) if after is not None else None
    return newest(session, query, Import.created_at, last=last, limit=limit)


def import_(session: Session, import_id: uuid.UUID, *, by: Person, lock: bool = False) -> Import:
    """One import. Raises NotFound when there is none, or when it is not the person's to see."""
    allow(by, *LEAD)
    query = select(Import).where(Import.id == import_id, Import.buyer_id == by.organisation_id)
    return scope.one(session, query, lock=Import if lock else None)


def counts(session: Session, import_id: uuid.UUID) -> dict[EntryState, int]:
    """How many files stand in each state, all states named."""
    query = (
        select(ImportEntry.state, func.count()).where(ImportEntry.import_id == import_id).group_by(ImportEntry.state)
    )
    counted = {state: int(count) for state, count in session.execute(query)}
    return {state: counted.get(state, 0) for state in EntryState}


def entries(
    session: Session,
    import_id: uuid.UUID,
    *,
    by: Person,
    state: EntryState | None = None,
    after: int = -1,
    limit: int = 100,
) -> Slice[ImportEntry]:
    """The ledger in the order of the listing; `after` is the number of the last entry of the slice before."""
    found = import_(session, import_id, by=by)
    query = select(ImportEntry).where(ImportEntry.import_id == found.id, ImportEntry.number > after)
    if state is not None:
        query = query.where(ImportEntry.state == state)
    query = query.options(joinedload(ImportEntry.document)).order_by(ImportEntry.number).limit(limit + 1)
    return Slice.cut(list(session.scalars(query)), limit)


def pause(session: Session, import_id: uuid.UUID, *, by: Person, now: datetime) -> Import:
    """Take no more files until it is resumed. Documents that were taken are screened all the same."""
    found = import_(session, import_id, by=by, lock=True)
    found.pause(now)
    _note(session, "import.paused", found, by=by, now=now)
    return found


def resume(session: Session, import_id: uuid.UUID, *, by: Person, now: datetime) -> Import:
    """Go on where it was paused, or where a fault stopped it."""
    found = import_(session, import_id, by=by, lock=True)
    found.resume(now)
    _note(session, "import.resumed", found, by=by, now=now)
    later(session, JOB, import_id=found.id)
    return found


def cancel(session: Session, import_id: uuid.UUID, *, by: Person, now: datetime) -> Import:
    """End it. Documents that were taken stay; files that wait are left out, and so are those that wait for a person."""
    found = import_(session, import_id, by=by, lock=True)
    found.cancel(now)
    query = select(ImportEntry).where(
        ImportEntry.import_id == found.id, ImportEntry.state.in_((EntryState.WAITING, EntryState.HELD))
    )
    for entry in session.scalars(query):
        entry.settle(EntryState.LEFT_OUT, now, reason="cancelled")
    _note(session, "import.cancelled", found, by=by, now=now)
    return found


def _note(session: Session, act: str, found: Import, *, by: Person, now: datetime, **detail: object) -> None:
    note(session, act, found.id, organisation_id=found.buyer_id, actor_id=by.id, at=now, **detail)
