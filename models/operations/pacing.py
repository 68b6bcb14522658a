"""How far an import has come: files and documents by state, pages a minute, and how long it may still take."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.documents import Document, DocumentState
from models.imports import EntryState, Import, ImportEntry, ImportState
from models.operations.importing import counts
from models.work import Work

WINDOW = timedelta(minutes=15)
"""The pace is taken from what was finished in this time."""
BARS = 60
"""The chart has no more bars; each stands for a whole number of minutes."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Documents that ended in one stretch of time, and how many of their pages were read."""

    begins: datetime
    documents: int
    pages: int


@dataclass(frozen=True, slots=True)
class Pace:
    """`left` is None while nobody can say: nothing is finished yet, or the archive is still being looked through."""

    files: dict[EntryState, int]
    documents: dict[DocumentState, int]
    pages: int
    pages_a_minute: float | None
    left: timedelta | None
    bars: tuple[Bar, ...]
    minutes_a_bar: int

    @property
    def finished(self) -> int:
        """Documents that have ended, read or not."""
        return sum(count for state, count in self.documents.items() if state.is_final)

    @property
    def open(self) -> int:
        """Files that nobody has settled and documents that wait for a worker; held files wait for a person."""
        return self.files[EntryState.WAITING] + sum(self.documents.values()) - self.finished


def pace(session: Session, found: Import, *, now: datetime) -> Pace:
    """Counted from the records at this moment."""
    files, documents = counts(session, found.id), _documents(session, found.id)
    minutes = _minutes(session, found.id)
    recent = [bar for bar in minutes if bar.begins >= now - WINDOW - timedelta(minutes=1)]
    per_minute = sum(bar.pages for bar in recent) / _length(recent, now) if recent else None
    documents_a_minute = sum(bar.documents for bar in recent) / _length(recent, now) if recent else None
    step = _step(minutes)
    made = Pace(files, documents, sum(bar.pages for bar in minutes), per_minute, None, _bars(minutes, step), step)
    if found.state is not ImportState.TAKING and found.state is not ImportState.DONE:
        return made
    if not documents_a_minute or not made.open:
        return made
    left = timedelta(minutes=made.open / documents_a_minute)
    return Pace(files, documents, made.pages, per_minute, left, made.bars, step)


def _length(bars: list[Bar], now: datetime) -> float:
    """Minutes since the first of these stretches began, at least half a one."""
    return max(0.5, (now - bars[0].begins) / timedelta(minutes=1))


def _documents(session: Session, import_id: uuid.UUID) -> dict[DocumentState, int]:
    query = (
        select(Document.state, func.count())
        .join(ImportEntry, ImportEntry.document_id == Document.id)
        .where(ImportEntry.import_id == import_id, ImportEntry.state == EntryState.TAKEN)
        .group_by(Document.state)
    )
    counted = {state: int(count) for state, count in session.execute(query)}
    return {state: counted.get(state, 0) for state in DocumentState}


def _minutes(session: Session, import_id: uuid.UUID) -> list[Bar]:
    """What was finished in each minute, in order; minutes in which nothing was are left out."""
    minute = _minute_of(session, Work.done_at)
    query = (
        select(minute, func.count(), func.sum(Document.pages_read))
        .select_from(ImportEntry)
        .join(Document, Document.id == ImportEntry.document_id)
        .join(Work, Work.document_id == Document.id)
        .where(ImportEntry.import_id == import_id, ImportEntry.state == EntryState.TAKEN, Work.done_at.is_not(None))
        .group_by(minute)
        .order_by(minute)
    )
    return [
        Bar(datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC), int(documents), int(pages or 0))
        for text, documents, pages in session.execute(query)
    ]


def _minute_of(session: Session, moment: Any) -> ColumnElement[str]:
    """The minute of a moment as text, in the words of either database."""
    if session.get_bind().dialect.name == "sqlite":
        return func.strftime("%Y-%m-%d %H:%M", moment)
    return func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD HH24:MI")


def _step(minutes: list[Bar]) -> int:
    if not minutes:
        return 1
    whole = (minutes[-1].begins - minutes[0].begins) // timedelta(minutes=1) + 1
    return -(-whole // BARS)


def _bars(minutes: list[Bar], step: int) -> tuple[Bar, ...]:
    """Bars of equal length from the first minute to the last, empty ones too."""
    if not minutes:
        return ()
    first, length = minutes[0].begins, timedelta(minutes=step)
    count = (minutes[-1].begins - first) // length + 1
    documents, pages = [0] * count, [0] * count
    for bar in minutes:
        place = (bar.begins - first) // length
        documents[place] += bar.documents
        pages[place] += bar.pages
    return tuple(Bar(first + place * length, documents[place], pages[place]) for place in range(count))
