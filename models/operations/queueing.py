"""The review queue: the gravest first, then the most doubtful, then the oldest; narrowed down and counted."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache, partial
from typing import Any, Protocol

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, lazyload

from models.documents import Document, Page
from models.errors import NotFound
from models.findings import DOUBTS, Finding, FindingSignal, Severity, Stage, Verdict
from models.operations.scope import Slice, allow
from models.operations.searching import are_common, finding_says
from models.people import Person, Role
from models.review import Opinion

DESK = (Role.REVIEWER, Role.COMPLIANCE, Role.ADMIN)
LEAD = (Role.COMPLIANCE, Role.ADMIN)
"""Who decides what was escalated, and between two opinions."""
_KEPT = 200
"""Statements that are kept as they were built. To build one takes longer than to have it answered."""


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What to show; None leaves a part open. `settled` None shows both, False only what waits for this person."""

    settled: bool | None = False
    verdict: Verdict | None = None
    severity: Severity | None = None
    signal: str | None = None
    """A signal (`FL.DOC`) or a whole category (`FL`)."""
    supplier_id: uuid.UUID | None = None
    document_id: uuid.UUID | None = None
    language: str | None = None
    assertion: str | None = None
    document_type: str | None = None
    stage: Stage | None = None
    """With whom it is; without one, what waits for a decision of this person."""
    from_answers: bool | None = None
    """True for findings in answers to questionnaires, False for those in documents."""
    words: str | None = None
    """Words that the passage holds."""


Conditions = list[ColumnElement[bool]]
Narrow = Callable[[QueueFilter], Conditions]
"""What a finding must fulfil to be left by a filter."""
Own = uuid.UUID | BindParameter[uuid.UUID]


class Placed(Protocol):
    """What has a place in the queue: a finding, or its line in a list."""

    @property
    def queue_rank(self) -> int: ...
    @property
    def raised_at(self) -> datetime: ...
    @property
    def id(self) -> uuid.UUID: ...


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the queue's order, so that the next finding can be found after this one was settled."""

    queue_rank: int
    raised_at: datetime
    id: uuid.UUID

    @classmethod
    def of(cls, finding: Placed) -> Position:
        return cls(finding.queue_rank, finding.raised_at, finding.id)


def queue(
    session: Session,
    *,
    by: Person,
    filters: QueueFilter = QueueFilter(),
    after: Position | None = None,
    limit: int = 50,
) -> Slice[Finding]:
    """Findings of the person's organisation: the most severe first, then the most doubtful, then the oldest."""
    allow(by, *DESK)
    # Chosen by the index alone; only what is shown is read. In one step SQLite reads rows that it then leaves out.
    one = aliased(Finding)
    chosen = statement(in_order, session, by, filters, limit + 1, after is not None)
    query = select(one).where(one.id.in_(chosen)).order_by(one.queue_rank, one.raised_at, one.id)
    return Slice.cut(list(session.scalars(query, asked_by(by, after))), limit)


def count_up_to(session: Session, most: int, *, by: Person, filters: QueueFilter = QueueFilter()) -> int:
    """How many findings the filters leave, counted no further than `most + 1`: then there are more than `most`."""
    allow(by, *DESK)
    return int(session.scalar(statement(_number, session, by, filters, most + 1), asked_by(by)) or 0)


def counts(session: Session, *, by: Person, filters: QueueFilter = QueueFilter()) -> dict[Severity, int]:
    """How many findings of each severity the filters leave, all severities named."""
    allow(by, *DESK)
    query = (
        select(Finding.queue_rank, func.count()).where(*conditions(session, by, filters)).group_by(Finding.queue_rank)
    )
    found = dict.fromkeys(Severity, 0)
    for rank, count in session.execute(query):
        found[list(Severity)[rank // DOUBTS]] += int(count)
    return found


def counts_up_to(
    session: Session, most: int, *, by: Person, filters: QueueFilter = QueueFilter()
) -> dict[Severity, int]:
    """As `counts`, but each severity counted no further than `most + 1`: a queue of a million costs no more."""
    allow(by, *DESK)
    if filters.words and not are_common(session, filters.words, by=by):
        return counts(session, by=by, filters=filters)  # Found once, by their words, they are counted at no cost.
    numbers = session.execute(statement(_numbers, session, by, filters, most + 1), asked_by(by)).one()
    return dict(zip(Severity, numbers, strict=True))


def counts_by_category(session: Session, *, by: Person, filters: QueueFilter = QueueFilter()) -> dict[str, int]:
    """How many findings carry a signal of each category (`FL`, `CL` ...); a finding may count in several."""
    allow(by, *DESK)
    signals = (
        select(FindingSignal.signal, FindingSignal.finding_id)
        .join(Finding, Finding.id == FindingSignal.finding_id)
        .where(*conditions(session, by, filters))
    )
    seen: dict[str, set[uuid.UUID]] = {}
    for signal, finding_id in session.execute(signals):
        seen.setdefault(signal.split(".")[0], set()).add(finding_id)
    return {category: len(ids) for category, ids in sorted(seen.items())}


def finding(session: Session, finding_id: uuid.UUID, *, by: Person) -> Finding:
    """One finding with its document and page. Raises NotFound when it is not the person's to see."""
    allow(by, *DESK)
    found = session.scalar(_one(), {"key": finding_id, "buyer": by.organisation_id})
    if found is None:
        raise NotFound()
    return found


def next_in_queue(
    session: Session, *, by: Person, after: Position | None = None, filters: QueueFilter = QueueFilter()
) -> uuid.UUID | None:
    """The key of the finding to look at next: the one behind `after`, or from the top again; None when all is settled.

    Without `after`, the first.
    """
    allow(by, *DESK)
    if after is not None:
        onward: uuid.UUID | None = session.scalar(
            statement(in_order, session, by, filters, 1, True), asked_by(by, after)
        )
        if onward is not None:
            return onward
    firsts = session.scalars(statement(in_order, session, by, filters, 2, False), asked_by(by))
    return next((key for key in firsts if after is None or key != after.id), None)


def statement(
    make: Callable[..., Select[Any]], session: Session, by: Person, filters: QueueFilter, *more: object
) -> Select[Any]:
    """What `make` builds of the conditions of these filters; to be run with `asked_by`.

    It is kept for whoever may see as much: who asks is put in each time. With words it is built anew, as these are
    asked for in one of two ways.
    """
    if filters.words:
        return make(partial(conditions, session, by), filters, *more)
    return _kept(make, by.role in LEAD, filters, *more)


def asked_by(by: Person, after: Position | None = None) -> dict[str, object]:
    """The values of a `statement`: who asks, and behind which place."""
    who: dict[str, object] = {"buyer": by.organisation_id, "person": by.id}
    return who if after is None else who | {name: getattr(after, name) for name in ("queue_rank", "raised_at", "id")}


def in_order(narrow: Narrow, filters: QueueFilter, most: int, onward: bool) -> Select[Any]:
    """The keys of so many findings at most, in the order of the queue; `onward` those behind a place."""
    chosen = select(Finding.id).where(*narrow(filters), *([_behind()] if onward else []))
    return chosen.order_by(Finding.queue_rank, Finding.raised_at, Finding.id).limit(most)


@lru_cache(maxsize=_KEPT)
def _kept(make: Callable[..., Select[Any]], lead: bool, filters: QueueFilter, *more: object) -> Select[Any]:
    return make(partial(_narrowed, bindparam("buyer"), bindparam("person"), lead), filters, *more)


def _number(narrow: Narrow, filters: QueueFilter, most: int) -> Select[Any]:
    return select(func.count()).select_from(select(Finding.id).where(*narrow(filters)).limit(most).subquery())


def _numbers(narrow: Narrow, filters: QueueFilter, most: int) -> Select[Any]:
    """Of each severity in turn, at most so many."""
    parts = []
    for severity in Severity:
        found = narrow(replace(filters, severity=severity))
        if filters.severity not in (None, severity):
            found.append(literal(False))
        some = select(Finding.id).where(*found).limit(most).subquery()
        parts.append(select(func.count()).select_from(some).scalar_subquery())
    return select(*parts)


@cache
def _one() -> Select[Finding]:
    return (
        select(Finding)
        .where(Finding.id == bindparam("key"), Finding.buyer_id == bindparam("buyer"))
        .options(
            joinedload(Finding.page).undefer(Page.text),
            joinedload(Finding.document).options(lazyload(Document.supplier), lazyload(Document.site)),
        )
    )


def conditions(session: Session, by: Person, filters: QueueFilter) -> Conditions:
    """What a finding must fulfil to be in the list; of the person's own organisation in any case."""
    found = _narrowed(by.organisation_id, by.id, by.role in LEAD, filters)
    if filters.words:
        found.append(finding_says(session, filters.words, by=by, waiting=filters.settled is False))
    return found


def _narrowed(buyer: Own, person: Own, lead: bool, filters: QueueFilter) -> Conditions:
    """All conditions but that of the words."""
    found: Conditions = [Finding.buyer_id == buyer, *_standing(person, lead, filters)]
    if filters.signal:
        found.append(_with_signal(filters.signal))
    if filters.severity is not None:
        first = filters.severity.rank * DOUBTS
        found.append(Finding.queue_rank.between(first, first + DOUBTS - 1))
    if filters.document_type is not None:
        found.append(Finding.document.has(Document.document_type == filters.document_type))
    if filters.from_answers is not None:
        found.append(Finding.answer_id.is_not(None) if filters.from_answers else Finding.answer_id.is_(None))
    exact = {
        Finding.verdict: filters.verdict,
        Finding.supplier_id: filters.supplier_id,
        Finding.document_id: filters.document_id,
        Finding.language: filters.language,
        Finding.assertion: filters.assertion,
        Finding.stage: filters.stage,
    }
    found.extend(column == value for column, value in exact.items() if value is not None)
    return found


def _standing(person: Own, lead: bool, filters: QueueFilter) -> Conditions:
    """Nobody is shown what waits for an opinion that they have given already."""
    if filters.settled:
        return [Finding.verdict.is_not(None)]
    if filters.settled is None:
        return []
    waits: Conditions = [Finding.verdict.is_(None)]
    if filters.stage is not None:
        return waits
    own = exists().where(Opinion.finding_id == Finding.id, Opinion.person_id == person)
    second = [Stage.SECOND, Stage.ADJUDICATION] if lead else [Stage.SECOND]
    first = [Stage.OPEN, Stage.ESCALATED] if lead else [Stage.OPEN]
    # So said, PostgreSQL walks along the index until it has enough; "first, or second without own" it reads whole.
    return [*waits, Finding.stage.in_([*first, *second]), or_(Finding.stage.in_(first), ~own)]


def _with_signal(code: str) -> ColumnElement[bool]:
    """Asked of each finding in turn: a whole category as a list would be read to its end before the first is shown."""
    column = FindingSignal.signal
    matches = column == code if "." in code else column.startswith(f"{code}.", autoescape=True)
    return exists().where(FindingSignal.finding_id == Finding.id, matches)


def _behind() -> ColumnElement[bool]:
    """The condition that a finding stands behind a `Position` in the order of the queue."""
    rank: BindParameter[int] = bindparam("queue_rank")
    moment: BindParameter[datetime] = bindparam("raised_at")
    key: BindParameter[uuid.UUID] = bindparam("id")
    same_rank = Finding.queue_rank == rank
    return and_(
        Finding.queue_rank >= rank,
        or_(
            Finding.queue_rank > rank,
            and_(same_rank, Finding.raised_at > moment),
            and_(same_rank, Finding.raised_at == moment, Finding.id > key),
        ),
    )
