"""What changed since the audit before: fixed, repeated, new, no longer mentioned; with the words that say so."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.documents import Document
from models.extracts import DocumentCapRow, DocumentRemark
from models.findings import Finding, Verdict
from models.operations.knowing import cap_rows
from models.operations.receiving import document
from models.people import Person
from models.wording import alike, held, stems

_SAME = 0.25
"""From this share of common words on, two findings with a signal in common are the same finding."""
_SPEAKS_OF = 0.3
"""So many of a finding's words must stand in a remark or a plan row that is about it, or the other way round."""
_DENIES = 0.2
"""The same for a remark that there is none: it is only quoted, and settles nothing."""

_CLOSED = """
closed close done completed complete resolved fixed verified implemented gesloten afgerond gereed opgelost
voltooid erledigt abgeschlossen geschlossen behoben umgesetzt clôturé clôturée clos close terminé terminée
résolu résolue réalisé cerrado cerrada completado completada resuelto resuelta concluido concluida fechado
fechada concluído concluída encerrado encerrada resolvido resolvida chiuso chiusa completato completata risolto
risolta zamknięte zamknięta zamknięty zakończone zakończona wykonane wykonano kapalı kapandı kapatıldı
tamamlandı selesai ditutup مغلق مغلقة مكتمل مكتملة
"""
_CLOSED_PARTS = (
    "đã đóng",
    "hoàn thành",
    "ปิดแล้ว",
    "เสร็จสิ้น",
    "已关闭",
    "已完成",
    "完成",
    "关闭",
    "已整改",
    "完了",
    "बंद",
    "पूर्ण",
    "সম্পন্ন",
    "বন্ধ",
)
_NOT = re.compile(
    r"(?<!\w)(?:not|no|niet|nog|nicht|non|pas|não|nie|değil|chưa|belum|غير|لم|नहीं|না|open|partly|partially|in progress"
    r"|deels|teilweise|kısmen)(?!\w)|ยังไม่|未|部分",
    re.IGNORECASE,
)


MOST = 100
"""Earlier audits to compare with, the latest of them. A page says so where there may be more."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as far as it is compared."""

    id: uuid.UUID
    quote: str
    signals: tuple[str, ...]
    page: int
    confirmed: bool
    """A person has confirmed it; otherwise the machine raised it and nobody has judged it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the new audit says about harm that was there before: in a sentence, or in a row of a plan."""

    quote: str
    signals: tuple[str, ...]
    """Empty for a row of a plan."""
    page: int
    repaired: bool
    """It says that it was put right; otherwise only that there is none."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """Found before, and found again."""

    before: Found
    after: Found


@dataclass(frozen=True, slots=True)
class Fixed:
    """Found before, and put right by what the new audit says."""

    before: Found
    told: Told


@dataclass(frozen=True, slots=True)
class Gone:
    """No longer mentioned, which is not the same as fixed. `told` is set where the new audit says there is none."""

    before: Found
    told: Told | None


@dataclass(frozen=True, slots=True)
class New:
    """Found now, and not matched by anything found before."""

    after: Found
    kind_before: bool
    """The audit before had another finding of the same kind."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Every finding of both audits, once."""

    fixed: tuple[Fixed, ...]
    repeated: tuple[Repeated, ...]
    new: tuple[New, ...]
    gone: tuple[Gone, ...]


def compare(before: Sequence[Found], after: Sequence[Found], told: Sequence[Told]) -> Changes:
    """Every finding of both audits once. The best matching pairs are the repeated ones; what is left is told apart."""
    pairs = _pairs(before, after)
    repeated = tuple(Repeated(before[one], after[other]) for one, other in sorted(pairs.items()))
    left = [found for place, found in enumerate(before) if place not in pairs]
    seen = set(pairs.values())
    kinds = {signal for found in before for signal in found.signals[:1]}
    new = tuple(
        New(found, bool(kinds & set(found.signals[:1]))) for place, found in enumerate(after) if place not in seen
    )
    fixed, gone = [], []
    for found in left:
        words = next((each for each in told if each.repaired and _is_about(each, found)), None)
        if words is not None:
            fixed.append(Fixed(found, words))
        else:
            gone.append(
                Gone(found, next((each for each in told if not each.repaired and _is_about(each, found)), None))
            )
    return Changes(tuple(fixed), repeated, new, tuple(gone))


def _pairs(before: Sequence[Found], after: Sequence[Found]) -> dict[int, int]:
    """Which finding of the audit before is which of the new one, the likest pairs first."""
    words, others = [stems(found.quote) for found in before], [stems(found.quote) for found in after]
    weighed = sorted(
        (
            (alike(words[one], others[other]), -one, -other)
            for one in range(len(before))
            for other in range(len(after))
            if set(before[one].signals) & set(after[other].signals)
        ),
        reverse=True,
    )
    pairs: dict[int, int] = {}
    for share, one, other in weighed:
        if share >= _SAME and -one not in pairs and -other not in pairs.values():
            pairs[-one] = -other
    return pairs


def _is_about(told: Told, found: Found) -> bool:
    words, quote = stems(told.quote), stems(found.quote)
    share = max(held(words, quote), held(quote, words))
    if told.signals:
        return bool(set(told.signals) & set(found.signals)) and share >= (_SPEAKS_OF if told.repaired else _DENIES)
    return share >= 2 * _SPEAKS_OF


def is_closed(status: str) -> bool:
    """Whether the status of a plan row says that it is done, in any language of the product. When in doubt: no."""
    text = " ".join(status.casefold().split())
    if not text or _NOT.search(text):
        return False
    return bool(set(re.findall(r"[^\W\d_]+", text)) & set(_CLOSED.split())) or any(
        part in text for part in _CLOSED_PARTS
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """Two audits side by side."""

    before: Document
    after: Document
    changes: Changes


def since_last(
    session: Session, document_id: uuid.UUID, *, before_id: uuid.UUID | None = None, by: Person
) -> Compared | None:
    """This audit against the one before it, or against the one that is named; None where there is none before.

    Raises NotFound for somebody else's document.
    """
    after = document(session, document_id, by=by)
    if before_id is not None:
        before: Document | None = document(session, before_id, by=by)
    else:
        before = next(iter(earlier(session, after)), None)
    if before is None or before.id == after.id:
        return None
    changes = compare(_found(session, before), _found(session, after), _told(session, after))
    return Compared(before, after, changes)


def earlier(session: Session, after: Document, *, limit: int = MOST) -> list[Document]:
    """Audits with an earlier date of the same site, or of the supplier where no site is known; the latest first."""
    if after.audit_date is None:
        return []
    query = select(Document).where(
        Document.supplier_id == after.supplier_id, Document.id != after.id, Document.audit_date < after.audit_date,
        Document.pages_read > 0,
    )  # fmt: skip
    if after.site_id is not None:
        query = query.where((Document.site_id == after.site_id) | Document.site_id.is_(None))
    if after.document_type is not None:
        query = query.where((Document.document_type == after.document_type) | Document.document_type.is_(None))
    rows = session.scalars(query.order_by(Document.audit_date.desc(), Document.id.desc()).limit(limit))
    # An audit of the very same site goes before one whose site nobody has named.
    return sorted(rows, key=lambda row: row.site_id != after.site_id)


def _found(session: Session, of: Document) -> list[Found]:
    """What was raised in this document and not rejected by a person, in reading order."""
    query = (
        select(Finding)
        .where(Finding.document_id == of.id, Finding.verdict.is_distinct_from(Verdict.REJECTED))
        .order_by(Finding.page_number, Finding.start)
    )
    return [
        Found(row.id, row.quote, row.signals, row.page_number or 1, row.verdict is Verdict.CONFIRMED)
        for row in session.scalars(query)
    ]


def _told(session: Session, of: Document) -> list[Told]:
    remarks = session.scalars(select(DocumentRemark).where(DocumentRemark.document_id == of.id))
    told = [
        Told(row.quote, tuple(row.signals), row.page, row.assertion == "remediated")
        for row in sorted(remarks, key=lambda row: (row.page, row.id))
    ]
    return told + [_of_row(row) for row in cap_rows(session, of.id) if row.finding and is_closed(row.status)]


def _of_row(row: DocumentCapRow) -> Told:
    return Told(row.finding, (), row.page, repaired=True)
