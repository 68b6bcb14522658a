"""Files of an import that wait for a person to say whose they are: alone, or many at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.errors import Conflict, Invalid
from models.imports import EntryState, Import, ImportEntry
from models.journal import note
from models.operations.importing import import_
from models.operations.ledger import settle_as_document
from models.operations.scope import supplier
from models.people import Person
from models.vault import Stored

AT_ONCE = 500
"""So many files are settled in one act at most."""


@dataclass(frozen=True, slots=True)
class Group:
    """Held files that print the same name, with whom that name fits."""

    name: str | None
    guess_id: uuid.UUID | None
    count: int


def groups(session: Session, import_id: uuid.UUID) -> list[Group]:
    """The held files by the supplier's name that they print, the most first."""
    query = (
        select(ImportEntry.guess_name, ImportEntry.guess_id, func.count())
        .where(ImportEntry.import_id == import_id, ImportEntry.state == EntryState.HELD)
        .group_by(ImportEntry.guess_name, ImportEntry.guess_id)
        .order_by(func.count().desc(), ImportEntry.guess_name)
    )
    return [Group(name, guess_id, int(count)) for name, guess_id, count in session.execute(query)]


def of_group(session: Session, import_id: uuid.UUID, name: str | None) -> list[uuid.UUID]:
    """The held files that print this name (None: no name), as many as are settled in one act."""
    printed = ImportEntry.guess_name.is_(None) if name is None else ImportEntry.guess_name == name
    query = (
        select(ImportEntry.id)
        .where(ImportEntry.import_id == import_id, ImportEntry.state == EntryState.HELD, printed)
        .order_by(ImportEntry.number)
        .limit(AT_ONCE)
    )
    return list(session.scalars(query))


def assign(
    session: Session,
    import_id: uuid.UUID,
    entry_ids: Sequence[uuid.UUID],
    *,
    supplier_id: uuid.UUID | None,
    by: Person,
    now: datetime,
) -> int:
    """Give held files to a supplier; without one, each to the supplier whose name it prints. Answers how many.

    Raises Invalid where a file prints no name that fits, NotFound for somebody else's supplier, and Conflict
    when one of them was settled meanwhile: then nothing is done.
    """
    found = import_(session, import_id, by=by, lock=True)
    if supplier_id is not None:
        supplier(session, supplier_id, by=by)
    rows = _held(session, found, entry_ids)
    if supplier_id is None and any(row.guess_id is None for row in rows):
        raise Invalid("One of these files prints no supplier that is known: choose one for it.", field="supplier")
    for row in rows:
        row.supplier_id = supplier_id or row.guess_id
        settle_as_document(session, row, Stored(str(row.sha256), row.size), by=by, now=now)
    _note(session, "import.assigned", found, rows, by=by, now=now, supplier=str(supplier_id) if supplier_id else None)
    return len(rows)


def leave_out(
    session: Session, import_id: uuid.UUID, entry_ids: Sequence[uuid.UUID], *, by: Person, now: datetime
) -> int:
    """Leave held files out for good. Raises Conflict when one of them was settled meanwhile."""
    found = import_(session, import_id, by=by, lock=True)
    rows = _held(session, found, entry_ids)
    for row in rows:
        row.settle(EntryState.LEFT_OUT, now, reason="by_a_person")
    _note(session, "import.left_out", found, rows, by=by, now=now)
    return len(rows)


def _held(session: Session, found: Import, entry_ids: Sequence[uuid.UUID]) -> list[ImportEntry]:
    wanted = set(entry_ids)
    if not wanted:
        raise Invalid("Choose at least one file first.", field="entry")
    if len(wanted) > AT_ONCE:
        raise Invalid("So many files at once are not settled: choose fewer.", field="entry")
    rows = list(
        session.scalars(
            select(ImportEntry)
            .where(ImportEntry.import_id == found.id, ImportEntry.id.in_(wanted))
            .order_by(ImportEntry.number)
            .execution_options(populate_existing=True)
        )
    )
    if len(rows) != len(wanted) or any(row.state is not EntryState.HELD for row in rows):
        raise Conflict("Somebody has settled one of these files meanwhile: look at the list again.")
    return rows


def _note(
    session: Session, act: str, found: Import, rows: list[ImportEntry], *, by: Person, now: datetime, **detail: object
) -> None:
    note(
        session, act, found.id, organisation_id=found.buyer_id, actor_id=by.id, at=now, files=len(rows), **detail
    )  # fmt: skip
