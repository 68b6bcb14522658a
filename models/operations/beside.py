"""What helps to decide about a finding: passages like it, and what is known of the supplier."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, bindparam, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from models.documents import Document, DocumentState
from models.findings import Finding, FindingSignal, RejectReason, Stage, Verdict
from models.wording import alike, stems

LIKE = 0.5
"""From this share of common words on, a passage is shown as similar."""
LOOKED_AT = 30
"""So many of the newest decided passages that share a gist are compared."""
LATEST = 400
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
class Alike:
    """A passage that says much the same, and what was decided about it."""

    id: uuid.UUID
    quote: str
    verdict: Verdict
    reject_reason: RejectReason | None


@dataclass(frozen=True, slots=True)
class Other:
    """Another document, or a finding in which an answer says otherwise, by what a link to it needs."""

    id: uuid.UUID
    text: str


@dataclass(frozen=True, slots=True)
class History:
    """What is known of the supplier besides this document."""

    confirmed: int
    """Of its latest findings, those with the same leading signal that people confirmed."""
    rejected: int
    contradictions: tuple[Other, ...]
    """Where an answer of the supplier and a passage say different things."""
    audits: tuple[Other, ...]
    """Other documents of the supplier that were read, the newest first."""


def group(session: Session, found: Finding) -> Group:
    """How many passages of the organisation say the same, by what was decided."""
    if not found.wording:
        return Group(int(found.verdict is None), 0, 0)
    whose = {"buyer": found.buyer_id, "wording": found.wording}
    counted = {verdict: int(count) for verdict, count in session.execute(_counted(), whose)}
    return Group(counted.get(None, 0), counted.get(Verdict.CONFIRMED, 0), counted.get(Verdict.REJECTED, 0))


def group_waiting(session: Session, found: Finding, *, limit: int = 10_000) -> list[uuid.UUID]:
    """The findings of the group that wait for a reviewer, with this one; of the same severity only."""
    if not found.wording:
        return [found.id]
    waits = (Finding.stage == Stage.OPEN, Finding.severity == found.severity)
    return list(session.scalars(select(Finding.id).where(*_same(found), *waits).limit(limit)))


def similar(session: Session, found: Finding, *, limit: int = 3) -> list[Alike]:
    """Decided passages of the organisation that share at least half of their words with this one, the likest first.

    Looked at are the newest that share a gist with it (`models.wording.gists_of`): of those that say nearly the same
    hardly any is missed, of those with half of their words in common most are.
    """
    if found.gist_one is None:
        return []
    own = {"buyer": found.buyer_id, "key": found.id, "one": found.gist_one, "two": found.gist_two}
    words = stems(found.quote)
    weighed: dict[uuid.UUID, tuple[float, Alike]] = {}
    for row in session.execute(_decided(), own):
        if row.verdict is not None and row.id not in weighed:
            one = Alike(row.id, row.quote, row.verdict, row.reject_reason)
            weighed[one.id] = (alike(words, stems(one.quote)), one)
    best = sorted(weighed.values(), key=lambda pair: (pair[0], pair[1].id), reverse=True)
    return [one for share, one in best[:limit] if share >= LIKE]


def history(session: Session, found: Finding) -> History:
    """The supplier's record with this signal, its contradictions and its other documents. For the desk only."""
    leading = found.signals[0] if found.signals else ""
    own = {"supplier": found.supplier_id, "key": found.id}
    counted = {verdict: int(count) for verdict, count in session.execute(_judged(), own | {"signal": leading})}
    contradictions = session.execute(_contradicted(), own)
    audits = session.execute(_read(), {"supplier": found.supplier_id, "document": found.document_id})
    return History(
        counted.get(Verdict.CONFIRMED, 0), counted.get(Verdict.REJECTED, 0),
        tuple(Other(*row) for row in contradictions), tuple(Other(*row) for row in audits),
    )  # fmt: skip


def _same(found: Finding) -> tuple[ColumnElement[bool], ...]:
    return (Finding.buyer_id == found.buyer_id, Finding.wording == found.wording)


@cache
def _counted() -> Select[Verdict | None, int]:
    """Built once, like those below: to build a statement takes longer than to have it answered."""
    same = (Finding.buyer_id == bindparam("buyer"), Finding.wording == bindparam("wording"))
    return select(Finding.verdict, func.count()).where(*same).group_by(Finding.verdict)


@cache
def _decided() -> CompoundSelect[Any]:
    own = (Finding.buyer_id == bindparam("buyer"), Finding.verdict.is_not(None), Finding.id != bindparam("key"))
    near = [
        select(Finding.id, Finding.quote, Finding.verdict, Finding.reject_reason)
        .where(*own, gist == bindparam(name))
        .order_by(Finding.id.desc())
        .limit(LOOKED_AT)
        for gist, name in ((Finding.gist_one, "one"), (Finding.gist_two, "two"))
    ]
    return union_all(*(select(query.subquery()) for query in near))


@cache
def _judged() -> Select[Any]:
    own = Finding.supplier_id == bindparam("supplier")  # A supplier belongs to one buyer.
    newest = (Finding.raised_at.desc(), Finding.id.desc())
    recent = select(Finding.id, Finding.verdict).where(own).order_by(*newest).limit(LATEST).subquery()
    leading = (FindingSignal.finding_id == recent.c.id) & (FindingSignal.signal == bindparam("signal"))
    return (
        select(recent.c.verdict, func.count())
        .join(FindingSignal, leading)
        .where(recent.c.verdict.is_not(None), recent.c.id != bindparam("key"))
        .group_by(recent.c.verdict)
    )


@cache
def _contradicted() -> Select[uuid.UUID, str]:
    own = (Finding.supplier_id == bindparam("supplier"), Finding.id != bindparam("key"))
    disputed = Finding.other_quote != literal_column("''")
    query = select(Finding.id, Finding.other_quote).where(*own, disputed)
    return query.order_by(Finding.raised_at.desc()).limit(3)


@cache
def _read() -> Select[uuid.UUID, str]:
    read = Document.state.in_([DocumentState.SCREENED, DocumentState.SCREENED_IN_PART])
    another = Document.id.is_distinct_from(bindparam("document"))  # Of a finding in an answer there is none.
    query = select(Document.id, Document.name).where(Document.supplier_id == bindparam("supplier"), another, read)
    return query.order_by(Document.uploaded_at.desc()).limit(3)
