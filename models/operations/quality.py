"""How good the screening and the reviewing are, counted from the records: each number with the rows behind it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models.agreement import Agreement, Pair, Share, agreement, differs, share
from models.documents import Document
from models.findings import Finding, FindingSignal, Verdict
from models.operations.queueing import LEAD
from models.operations.scope import allow
from models.people import Person
from models.review import Opinion
from models.samples import Look, PassageGroup, PassageSample
from models.supplychain import Supplier

WEEK = timedelta(days=7)
BEFORE = timedelta(days=28)
"""What a week is compared with: the four weeks before it."""


@dataclass(frozen=True, slots=True)
class Precision:
    """Of the flags that people decided on: the share that they confirmed, this week and in the four weeks before."""

    name: str
    now: Share
    before: Share

    @property
    def has_changed(self) -> bool:
        return differs(self.now, self.before)


@dataclass(frozen=True, slots=True)
class Missed:
    """A group of passages without a flag: how many there are, how many were looked at, and how many were missed."""

    language: str
    band: str
    passages: int
    looked_at: int
    missed: int


def precision_by_signal(session: Session, *, by: Person, now: datetime) -> list[Precision]:
    """By the leading signal of the finding, the most decided first."""
    return _precision(session, by, FindingSignal.signal, now)


def precision_by_language(session: Session, *, by: Person, now: datetime) -> list[Precision]:
    return _precision(session, by, Finding.language, now)


def agreement_by_signal(session: Session, *, by: Person) -> dict[str, Agreement]:
    """Of the findings that two looked at: how the first and the second opinion agree, by signal; `` for all."""
    found: dict[str, list[Pair]] = {"": []}
    for signal, one, other, _, _ in _pairs(session, by):
        found[""].append((one, other))
        found.setdefault(signal, []).append((one, other))
    return {signal: agreement(pairs) for signal, pairs in sorted(found.items())}


def agreement_by_reviewer(session: Session, *, by: Person) -> dict[uuid.UUID, Agreement]:
    """How each person agrees with whoever else looked at the same finding."""
    found: dict[uuid.UUID, list[Pair]] = {}
    for _, one, other, first, second in _pairs(session, by):
        found.setdefault(first, []).append((one, other))
        found.setdefault(second, []).append((other, one))
    return {person: agreement(pairs) for person, pairs in found.items()}


def missed(session: Session, *, by: Person, document_ids: Select[uuid.UUID] | None = None) -> list[Missed]:
    """The groups of passages that were not flagged, to estimate from what they hide. By language and band of scores."""
    allow(by, *LEAD)
    of_buyer = (
        select(Document.id).join(Supplier, Supplier.id == Document.supplier_id)
        .where(Supplier.buyer_id == by.organisation_id)
    )  # fmt: skip
    chosen = of_buyer if document_ids is None else document_ids
    sizes = session.execute(
        select(PassageGroup.language, PassageGroup.band, func.sum(PassageGroup.passages))
        .where(PassageGroup.document_id.in_(chosen)).group_by(PassageGroup.language, PassageGroup.band)
    )  # fmt: skip
    looks = session.execute(
        select(PassageSample.language, PassageSample.band, PassageSample.look, func.count())
        .where(PassageSample.document_id.in_(chosen), PassageSample.look.is_not(None))
        .group_by(PassageSample.language, PassageSample.band, PassageSample.look)
    )
    seen: dict[tuple[str, str], dict[Look, int]] = {}
    for language, name, look, count in looks:
        assert look is not None  # noqa: S101 The query leaves those out.
        seen.setdefault((language or "", name), {})[look] = int(count)
    return [
        Missed(language, name, int(size), sum(seen.get((language, name), {}).values()),
               seen.get((language, name), {}).get(Look.MISSED, 0))
        for language, name, size in sorted(sizes, key=lambda row: (row[0], row[1]))
    ]  # fmt: skip


def names(session: Session, *, by: Person) -> dict[uuid.UUID, str]:
    """The names of the organisation's people, for the figures by reviewer."""
    allow(by, *LEAD)
    rows = session.execute(select(Person.id, Person.name).where(Person.organisation_id == by.organisation_id))
    return {row.id: row.name for row in rows}


def _precision(session: Session, by: Person, column: InstrumentedAttribute[Any], now: datetime) -> list[Precision]:
    allow(by, *LEAD)
    recent = _decided(session, by, column, now - WEEK, now)
    earlier = _decided(session, by, column, now - WEEK - BEFORE, now - WEEK)
    found = [
        Precision(name, _share(recent.get(name, {})), _share(earlier.get(name, {}))) for name in {*recent, *earlier}
    ]
    return sorted(found, key=lambda row: (-row.now.whole, -row.before.whole, row.name))


def _decided(
    session: Session, by: Person, column: InstrumentedAttribute[Any], after: datetime, until: datetime
) -> dict[str, dict[Verdict, int]]:
    query = (
        select(column, Finding.verdict, func.count())
        .select_from(Finding)
        .join(FindingSignal, (FindingSignal.finding_id == Finding.id) & (FindingSignal.place == 0))
        .where(
            Finding.buyer_id == by.organisation_id, Finding.verdict.is_not(None), Finding.judged_at > after,
            Finding.judged_at <= until,
        )
        .group_by(column, Finding.verdict)
    )  # fmt: skip
    counted: dict[str, dict[Verdict, int]] = {}
    for name, verdict, count in session.execute(query):
        if verdict is not None:
            counted.setdefault(name or "", {})[verdict] = int(count)
    return counted


def _share(counts: dict[Verdict, int]) -> Share:
    confirmed = counts.get(Verdict.CONFIRMED, 0)
    return share(confirmed, confirmed + counts.get(Verdict.REJECTED, 0))


def _pairs(session: Session, by: Person) -> Iterable[tuple[str, bool, bool, uuid.UUID, uuid.UUID]]:
    allow(by, *LEAD)
    first, second = aliased(Opinion), aliased(Opinion)
    query = (
        select(first.signal, first.verdict, second.verdict, first.person_id, second.person_id)
        .join(second, (second.finding_id == first.finding_id) & (second.round == 2))
        .join(Finding, Finding.id == first.finding_id)
        .where(first.round == 1, Finding.buyer_id == by.organisation_id)
    )
    for signal, one, other, person, colleague in session.execute(query):
        yield signal, one is Verdict.CONFIRMED, other is Verdict.CONFIRMED, person, colleague
