"""Findings as a list shows them: what one line needs and no more, so that a page of fifty costs little."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session

from models.documents import Document
from models.findings import Finding, FindingSignal, Severity, Stage, Verdict
from models.operations.queueing import DESK, Position, QueueFilter, asked_by, in_order, statement
from models.operations.scope import Slice, allow
from models.operations.searching import some_that_say
from models.people import Organisation, Person
from models.supplychain import Supplier

MOST = 500
"""So many passages that hold the words of a search are weighed against each other: where there are more, the newest."""


@dataclass(frozen=True, slots=True)
class Line:
    """One finding in a list. The names are those of `Finding`."""

    id: uuid.UUID
    quote: str
    severity: Severity
    language: str | None
    score: float
    stage: Stage
    verdict: Verdict | None
    page_number: int | None
    answer_id: uuid.UUID | None
    other_quote: str
    queue_rank: int
    raised_at: datetime
    supplier_name: str
    document_name: str | None
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """Findings that hold the words of a search, the gravest first."""

    rows: tuple[Line, ...]
    found: int
    """How many hold the words, counted up to `MOST + 1`."""

    @property
    def more(self) -> bool:
        return self.found > len(self.rows)

    @property
    def too_many(self) -> bool:
        """Whether only some of those with the words were weighed."""
        return self.found > MOST


OPEN = QueueFilter()
"""What waits for the person who asks."""
_ORDER = (Finding.queue_rank, Finding.raised_at, Finding.id)


def lines(
    session: Session,
    *,
    by: Person,
    filters: QueueFilter = OPEN,
    after: Position | None = None,
    limit: int = 50,
) -> Slice[Line]:
    """What `queueing.queue` lists, line by line: the most severe first, then the most doubtful, then the oldest."""
    allow(by, *DESK)
    # Chosen by the index alone; only what is shown is read. In one step SQLite reads rows that it then leaves out.
    chosen = statement(in_order, session, by, filters, limit + 1, after is not None)
    keys = session.scalars(chosen, asked_by(by, after)).all()
    return Slice.cut(_read(session, keys), limit)


def neighbours(session: Session, found: Finding, *, limit: int = 12) -> list[Line]:
    """The other findings of the same document, in reading order; of an answer, none."""
    if found.document_id is None:
        return []
    return _filled(session, _beside(), {"document": found.document_id, "key": found.id, "most": limit})


def chosen(session: Session, keys: Sequence[uuid.UUID], *, by: Person) -> list[Line]:
    """The findings with these keys, as far as they are of the person's organisation; in the order of the queue."""
    allow(by, *DESK)
    if not keys:
        return []
    own = _these().where(Finding.buyer_id == by.organisation_id)
    return _filled(session, own, {"keys": keys})


def saying(session: Session, words: str, *, by: Person, limit: int = 25) -> Said:
    """Findings of the person's organisation with these words, decided or not: of `MOST` of them the gravest."""
    allow(by, *DESK)
    some = some_that_say(session, words, by=by, limit=MOST + 1)
    first = select(some, func.count().over().label("found")).order_by(*some.c[1:]).limit(limit)
    chosen = session.execute(first).all()
    rows = _read(session, [row.id for row in chosen])
    return Said(tuple(rows), int(chosen[0].found) if chosen else 0)


def _read(session: Session, keys: Sequence[uuid.UUID]) -> list[Line]:
    return _filled(session, _these(), {"keys": keys}) if keys else []


@cache
def _these() -> Select[*tuple[Any, ...]]:
    return _line().where(Finding.id.in_(bindparam("keys", expanding=True))).order_by(*_ORDER)


@cache
def _beside() -> Select[*tuple[Any, ...]]:
    here = (Finding.document_id == bindparam("document"), Finding.id != bindparam("key"))
    return _line().where(*here).order_by(Finding.page_number, Finding.start).limit(bindparam("most", type_=Integer))


@cache
def _carried() -> Select[uuid.UUID, str]:
    return (
        select(FindingSignal.finding_id, FindingSignal.signal)
        .where(FindingSignal.finding_id.in_(bindparam("keys", expanding=True)))
        .order_by(FindingSignal.finding_id, FindingSignal.place)
    )


def _line() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Finding.id, Finding.quote, Finding.severity, Finding.language, Finding.score, Finding.stage,
            Finding.verdict, Finding.page_number, Finding.answer_id, Finding.other_quote, Finding.queue_rank,
            Finding.raised_at, Organisation.name, Document.name,
        )
        .join(Supplier, Supplier.id == Finding.supplier_id)
        .join(Organisation, Organisation.id == Supplier.organisation_id)
        .join(Document, Document.id == Finding.document_id, isouter=True)
    )  # fmt: skip


def _filled(session: Session, query: Select[*tuple[Any, ...]], values: dict[str, object]) -> list[Line]:
    """The lines of a query, each with its signals in their order."""
    rows = session.execute(query, values).all()
    carried: dict[object, list[str]] = {}
    keys = [row[0] for row in rows]
    for finding_id, signal in session.execute(_carried(), {"keys": keys}) if rows else ():
        carried.setdefault(finding_id, []).append(signal)
    return [Line(*(*row, tuple(carried.get(row[0], ())))) for row in rows]
