"""What is known of a document besides its pages: its own facts, the same text sent elsewhere, the plan rows in it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.documents import Document
from models.extracts import DocumentBand, DocumentCapRow, DocumentFact, DocumentPrint
from models.findings import Finding
from models.operations.scope import reads
from models.people import Person
from models.sketch import NEAR, likeness
from models.supplychain import Supplier
from models.wording import held, stems

_NEAR_ENOUGH = 0.5
"""So many of a row's words at least must stand in the finding, or the other way round."""
_FEW = 20
"""No page lists more copies of one document."""


def facts(session: Session, document_id: uuid.UUID) -> dict[str, DocumentFact]:
    """What the document says about itself, by the name of the fact. Empty before it was read."""
    rows = session.scalars(select(DocumentFact).where(DocumentFact.document_id == document_id))
    return {row.name: row for row in rows}


def facts_of_each(session: Session, document_ids: list[uuid.UUID]) -> dict[uuid.UUID, list[DocumentFact]]:
    """The facts of several documents at once, in the order of their pages."""
    query = select(DocumentFact).where(DocumentFact.document_id.in_(document_ids))
    found: dict[uuid.UUID, list[DocumentFact]] = {}
    for row in session.scalars(query.order_by(DocumentFact.document_id, DocumentFact.page, DocumentFact.name)):
        found.setdefault(row.document_id, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class Same:
    """Another document with the same bytes or nearly the same text."""

    document: Document
    same_bytes: bool
    likeness: float
    """The estimated share, 0 to 1, of word sequences in common; 1 for the same bytes."""


def same_as(session: Session, document: Document, *, by: Person) -> tuple[Same, ...]:
    """The other documents that the person may see and that are copies of this one, the likest first.

    Two look-ups by index, however many documents there are.
    """
    return same_as_each(session, [document], by=by).get(document.id, ())


def same_as_each(session: Session, documents: Iterable[Document], *, by: Person) -> dict[uuid.UUID, tuple[Same, ...]]:
    """`same_as` for several documents at once; those without a copy are left out."""
    asked = {document.id: document for document in documents}
    found: dict[uuid.UUID, list[Same]] = {}
    for one, other in _with_same_bytes(session, asked, by):
        found.setdefault(one, []).append(Same(other, same_bytes=True, likeness=1.0))
    for one, other, share in _with_like_text(session, asked, by):
        if all(same.document.id != other.id for same in found.get(one, ())):
            found.setdefault(one, []).append(Same(other, same_bytes=False, likeness=share))
    return {
        one: tuple(sorted(others, key=lambda same: (-same.likeness, same.document.id))[:_FEW])
        for one, others in found.items()
    }


def _with_same_bytes(
    session: Session, asked: dict[uuid.UUID, Document], by: Person
) -> list[tuple[uuid.UUID, Document]]:
    of_bytes: dict[str, list[uuid.UUID]] = {}
    for document in asked.values():
        of_bytes.setdefault(document.sha256, []).append(document.id)
    query = select(Document).join(Document.supplier).where(reads(by), Document.sha256.in_(of_bytes))
    return [(one, other) for other in session.scalars(query) for one in of_bytes[other.sha256] if one != other.id]


def _with_like_text(
    session: Session, asked: dict[uuid.UUID, Document], by: Person
) -> list[tuple[uuid.UUID, Document, float]]:
    own = select(DocumentBand.band, DocumentBand.document_id).where(DocumentBand.document_id.in_(asked)).subquery()
    pairs = session.execute(
        select(own.c.document_id, DocumentBand.document_id)
        .join(DocumentBand, DocumentBand.band == own.c.band)
        .join(Document, Document.id == DocumentBand.document_id)
        .join(Supplier, Supplier.id == Document.supplier_id)
        .where(reads(by), DocumentBand.document_id != own.c.document_id)
        .distinct()
    ).all()
    ids = {document_id for pair in pairs for document_id in pair}
    if not ids:
        return []
    kept = select(DocumentPrint.document_id, DocumentPrint.sketch).where(DocumentPrint.document_id.in_(ids))
    prints = {row.document_id: row.sketch for row in session.execute(kept)}
    near = [(one, other, likeness(prints[one], prints[other])) for one, other in pairs]
    near = [pair for pair in near if pair[2] >= NEAR]
    query = select(Document).where(Document.id.in_({other for _, other, _ in near}))
    documents = {row.id: row for row in session.scalars(query)}
    return [(one, documents[other], share) for one, other, share in near]


def cap_rows(session: Session, document_id: uuid.UUID) -> list[DocumentCapRow]:
    """Every row of the document's findings and action tables, in reading order."""
    query = select(DocumentCapRow).where(DocumentCapRow.document_id == document_id).order_by(DocumentCapRow.number)
    return list(session.scalars(query))


def cap_rows_for(session: Session, finding: Finding, *, limit: int = 3) -> list[DocumentCapRow]:
    """The rows of the document's plan tables that speak of this finding, the likeliest first; empty for none.

    They are what the auditor or the supplier wrote. A person looks at them before anything is sent.
    """
    if finding.document_id is None or finding.page_number is None:
        return []  # It stands in an answer, not in a document.
    quote = stems(finding.quote)
    weighed = []
    for row in cap_rows(session, finding.document_id):
        words = stems(row.finding or row.corrective_action)
        share = max(held(words, quote), held(quote, words)) if words else 0.0
        # A row beside the finding may say it in other words: a little less is asked of it.
        if share >= _NEAR_ENOUGH or (share >= _NEAR_ENOUGH / 2 and row.page == finding.page_number):
            weighed.append((share, -abs(row.page - finding.page_number), -row.number, row))
    weighed.sort(key=lambda entry: entry[:3], reverse=True)
    return [entry[-1] for entry in weighed[:limit]]
