"""What helps to decide about a finding: its neighbours, passages like it, and what is known of the supplier."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session, joinedload

from models.documents import Document, DocumentState
from models.findings import Finding, FindingSignal, Stage, Verdict
from models.wording import alike, stems

LIKE = 0.5
"""From this share of common words on, a passage is shown as similar."""
LOOKED_AT = 400
"""So many of the newest passages with the same signal are compared, if they are decided."""
LATEST = 2000
"""So many findings of a supplier are looked back at."""


@dataclass(frozen=True, slots=True)
class Group:
    """Passages of one organisation that say the same but for numbers, case and punctuation; this one among them."""

    waiting: int
    confirmed: int
    rejected: int

    @property
    def total(self) -> int:
        return self.waiting + self.confirmed + self.rejected


@dataclass(frozen=True, slots=True)
class History:
    """What is known of the supplier besides this document."""

    confirmed: int
    """Of its latest findings, those with the same leading signal that people confirmed."""
    rejected: int
    contradictions: tuple[Finding, ...]
    """Where an answer of the supplier and a passage say different things."""
    audits: tuple[Document, ...]
    """Other documents of the supplier that were read, the newest first."""


def neighbours(session: Session, found: Finding, *, limit: int = 20) -> list[Finding]:
    """The other findings of the same document, in reading order; of an answer, none."""
    if found.document_id is None:
        return []
    query = (
        select(Finding)
        .where(Finding.document_id == found.document_id, Finding.id != found.id)
        .order_by(Finding.page_number, Finding.start)
        .limit(limit)
    )
    return list(session.scalars(query))


def group(session: Session, found: Finding) -> Group:
    """How many passages of the organisation say the same, by what was decided."""
    if not found.wording:
        return Group(int(found.verdict is None), 0, 0)
    query = select(Finding.verdict, func.count()).where(*_same(found)).group_by(Finding.verdict)
    counted = {verdict: int(count) for verdict, count in session.execute(query)}
    return Group(counted.get(None, 0), counted.get(Verdict.CONFIRMED, 0), counted.get(Verdict.REJECTED, 0))


def group_waiting(session: Session, found: Finding, *, limit: int = 10_000) -> list[uuid.UUID]:
    """The findings of the group that wait for a reviewer, with this one; of the same severity only."""
    if not found.wording:
        return [found.id]
    waits = (Finding.stage == Stage.OPEN, Finding.severity == found.severity)
    return list(session.scalars(select(Finding.id).where(*_same(found), *waits).limit(limit)))


def similar(session: Session, found: Finding, *, limit: int = 3) -> list[Finding]:
    """Decided passages with the same leading signal that share at least half of their words, the likest first."""
    if not found.signals:
        return []
    newest = (
        select(FindingSignal.finding_id)
        .where(FindingSignal.signal == found.signals[0], FindingSignal.finding_id != found.id)
        .order_by(FindingSignal.finding_id.desc())
        .limit(LOOKED_AT)
    )
    # By key alone: with more conditions SQLite goes through all findings of the buyer instead.
    query = select(Finding.id, Finding.quote, Finding.buyer_id, Finding.verdict).where(
        Finding.id.in_(newest.scalar_subquery())
    )
    words = stems(found.quote)
    weighed = [
        (alike(words, stems(row.quote)), row.id)
        for row in session.execute(query)
        if row.buyer_id == found.buyer_id and row.verdict is not None
    ]
    best = sorted((pair for pair in weighed if pair[0] >= LIKE), reverse=True)[:limit]
    if not best:
        return []
    rows = session.scalars(
        select(Finding).where(Finding.id.in_([key for _, key in best])).options(joinedload(Finding.judged_by))
    )
    known = {row.id: row for row in rows}
    return [known[key] for _, key in best if key in known]


def history(session: Session, found: Finding) -> History:
    """The supplier's record with this signal, its contradictions and its other documents. For the desk only."""
    leading = found.signals[0] if found.signals else ""
    own = Finding.supplier_id == found.supplier_id  # A supplier belongs to one buyer.
    recent = select(Finding.id, Finding.verdict).where(own).order_by(Finding.raised_at.desc()).limit(LATEST).subquery()
    judged = (
        select(recent.c.verdict, func.count())
        .join(FindingSignal, (FindingSignal.finding_id == recent.c.id) & (FindingSignal.signal == leading))
        .where(recent.c.verdict.is_not(None), recent.c.id != found.id)
        .group_by(recent.c.verdict)
    )
    counted = {verdict: int(count) for verdict, count in session.execute(judged)}
    contradictions = session.scalars(
        select(Finding).where(own, Finding.other_quote != literal_column("''"), Finding.id != found.id)
        .order_by(Finding.raised_at.desc()).limit(3)
    )  # fmt: skip
    audits = session.scalars(
        select(Document)
        .where(Document.supplier_id == found.supplier_id, Document.id != found.document_id,
               Document.state.in_([DocumentState.SCREENED, DocumentState.SCREENED_IN_PART]))
        .order_by(Document.uploaded_at.desc()).limit(3)
    )  # fmt: skip
    return History(
        counted.get(Verdict.CONFIRMED, 0), counted.get(Verdict.REJECTED, 0), tuple(contradictions), tuple(audits)
    )


def _same(found: Finding) -> tuple[ColumnElement[bool], ...]:
    return (Finding.buyer_id == found.buyer_id, Finding.wording == found.wording)
