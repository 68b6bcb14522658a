"""Full-text search over passages, pages and names of documents: one way to ask, two databases that answer.

Words are found whole, the last one also by its beginning. Scripts without blanks between words (Chinese, Japanese,
Thai and others) are searched letter by letter, which takes longer.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnClause, ColumnElement, column, func, literal, literal_column, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager

from models.documents import Document, Page
from models.findings import Finding
from models.operations.scope import allow
from models.people import Person, Role
from models.supplychain import Supplier

DESK = (Role.REVIEWER, Role.COMPLIANCE, Role.ADMIN)
LONGEST = 200_000
"""Letters of a text that the index holds; the migration says why."""
MOST_WORDS = 12
_WORD = re.compile(r"[^\W_]+")
_WITHOUT_BLANKS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that answers a search, by its name or by a page."""

    document: Document
    page: int | None
    """The first page on which the words stand; None where only the name holds them."""


def finding_says(session: Session, words: str) -> ColumnElement[bool]:
    """The condition that a finding's quote holds these words. Fulfilled by none where there are no words."""
    return _holds(session, "finding", Finding.id, Finding.quote, words)


def documents_saying(session: Session, words: str, *, by: Person, limit: int = 25) -> list[Hit]:
    """The documents of the person's suppliers with these words on a page or in the name, the newest first."""
    allow(by, *DESK)
    own = Supplier.buyer_id == by.organisation_id
    named = (
        select(Document)
        .join(Document.supplier)
        .where(own, _holds(session, "document", Document.id, Document.name, words))
        .order_by(Document.uploaded_at.desc(), Document.id.desc())
        .limit(limit)
    )
    paged = (
        select(Page)
        .join(Page.document)
        .join(Document.supplier)
        .where(own, _holds(session, "page", Page.id, Page.text, words))
        .options(contains_eager(Page.document))
        .limit(limit * 4)
    )
    found: dict[object, Hit] = {}
    for page in session.scalars(paged):
        known = found.get(page.document_id)
        if known is None or (known.page or 0) > page.number:
            found[page.document_id] = Hit(page.document, page.number)
    for row in session.scalars(named):
        found.setdefault(row.id, Hit(row, None))
    ordered = sorted(found.values(), key=lambda hit: (hit.document.uploaded_at, hit.document.id), reverse=True)
    return ordered[:limit]


def _holds(
    session: Session, kind: str, key: InstrumentedAttribute[uuid.UUID], value: InstrumentedAttribute[str], words: str
) -> ColumnElement[bool]:
    parts = _WORD.findall(words.casefold())[:MOST_WORDS]
    if not parts:
        return literal(False)
    if _WITHOUT_BLANKS.search(words):
        return value.icontains(words.strip(), autoescape=True)
    if session.get_bind().dialect.name == "postgresql":
        simple: ColumnClause[str] = literal_column("'simple'::regconfig")
        asked = " & ".join(f"'{part}'" for part in parts) + ":*"
        vector = func.to_tsvector(simple, func.left(value, literal_column(str(LONGEST))))
        return vector.op("@@")(func.to_tsquery(simple, asked))
    asked = " ".join(f'"{part}"' for part in parts) + " *"
    found = text(
        "SELECT p.thing FROM search_words w JOIN search_place p ON p.number = w.rowid "
        "WHERE search_words MATCH :asked AND p.kind = :kind"
    ).bindparams(asked=asked, kind=kind)
    return key.in_(found.columns(column("thing", key.type)))
