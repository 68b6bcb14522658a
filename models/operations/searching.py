"""Full-text search over passages, pages and names of documents: one way to ask, two databases that answer.

Words are found whole, the last one also by its beginning. Scripts without blanks between words (Chinese, Japanese,
Thai and others) are searched letter by letter, which takes longer.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Select,
    Subquery,
    TableClause,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.documents import Document, Page
from models.findings import Finding
from models.operations.scope import allow
from models.people import Organisation, Person, Role
from models.supplychain import Supplier

Ts = TypeVarTuple("Ts")

DESK = (Role.REVIEWER, Role.COMPLIANCE, Role.ADMIN)
MOST_WORDS = 12
_WORD = re.compile(r"[^\W_]+")
_WITHOUT_BLANKS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that answers a search, by its name or by a page."""

    document_id: uuid.UUID
    name: str
    uploaded_at: datetime
    supplier_name: str
    page: int | None
    """The first page on which the words stand; None where only the name holds them."""


def finding_says(session: Session, words: str) -> ColumnElement[bool]:
    """The condition that a finding's quote holds these words. Fulfilled by none where there are no words."""
    return _holds(session, "finding", Finding.id, Finding.quote, words)


def some_that_say(session: Session, words: str, *, by: Person, limit: int) -> Subquery:
    """Keys and places in the queue of at most so many findings of the person's organisation with these words.

    Where there are more: the newest on SQLite, any on PostgreSQL.
    """
    place = (Finding.id, Finding.queue_rank, Finding.raised_at)
    own = Finding.buyer_id == by.organisation_id
    query = _newest_that_hold(session, "finding", select(*place), Finding.id, Finding.quote, words)
    return query.where(own).limit(limit).subquery()


def documents_saying(session: Session, words: str, *, by: Person, limit: int = 25) -> list[Hit]:
    """The documents of the person's suppliers with these words on a page or in the name, the newest first."""
    allow(by, *DESK)
    shown = (Document.id, Document.name, Document.uploaded_at, Organisation.name.label("supplier_name"))
    own = (
        Supplier.id == Document.supplier_id,
        Organisation.id == Supplier.organisation_id,
        Supplier.buyer_id == by.organisation_id,
    )
    named = (
        select(*shown)
        .where(*own, _holds(session, "document", Document.id, Document.name, words))
        .order_by(Document.uploaded_at.desc(), Document.id.desc())
        .limit(limit)
    )
    pages = select(*shown, Page.number).where(*own, Document.id == Page.document_id).limit(limit * 4)
    found: dict[uuid.UUID, Hit] = {}
    for row in session.execute(_newest_that_hold(session, "page", pages, Page.id, Page.text, words)):
        known = found.get(row.id)
        if known is None or (known.page or 0) > row.number:
            found[row.id] = Hit(row.id, row.name, row.uploaded_at, row.supplier_name, row.number)
    for one in session.execute(named):
        found.setdefault(one.id, Hit(one.id, one.name, one.uploaded_at, one.supplier_name, None))
    ordered = sorted(found.values(), key=lambda hit: (hit.uploaded_at, hit.document_id), reverse=True)
    return ordered[:limit]


def _newest_that_hold(
    session: Session, kind: str, query: Select[*Ts], key: InstrumentedAttribute[uuid.UUID],
    value: InstrumentedAttribute[str], words: str,
) -> Select[*Ts]:  # fmt: skip
    """The query, narrowed to texts with these words; on SQLite from the newest back, so that a limit ends it early."""
    if session.get_bind().dialect.name == "postgresql" or not _by_word(words):
        return query.where(_holds(session, kind, key, value, words))
    own = _own_words(kind)
    place = table("search_place", column("number"), column("thing", key.type))
    return query.where(
        own.c[own.name].op("MATCH")(_asked(words)), place.c.number == own.c.rowid, key == place.c.thing
    ).order_by(own.c.rowid.desc())


def _holds(
    session: Session, kind: str, key: InstrumentedAttribute[uuid.UUID], value: InstrumentedAttribute[str], words: str
) -> ColumnElement[bool]:
    parts = _WORD.findall(words.casefold())[:MOST_WORDS]
    if not parts:
        return literal(False)
    if not _by_word(words):
        return value.icontains(words.strip(), autoescape=True)
    if session.get_bind().dialect.name == "postgresql":
        simple: ColumnClause[str] = literal_column("'simple'::regconfig")
        asked = " & ".join(f"'{part}'" for part in parts) + ":*"
        return func.search_words(value).op("@@")(func.to_tsquery(simple, asked))
    own = _own_words(kind)
    place = table("search_place", column("number"), column("thing", key.type))
    holding = select(place.c.thing).where(own.c[own.name].op("MATCH")(_asked(words)), place.c.number == own.c.rowid)
    return key.in_(holding)


def _by_word(words: str) -> bool:
    """Whether the index of words answers; it does not for scripts without blanks, nor where no word is asked for."""
    return bool(_WORD.search(words)) and not _WITHOUT_BLANKS.search(words)


def _asked(words: str) -> str:
    """As SQLite's index of words wants to be asked: all of these, the last one also by its beginning."""
    return " ".join(f'"{part}"' for part in _WORD.findall(words.casefold())[:MOST_WORDS]) + " *"


def _own_words(kind: str) -> TableClause:
    """SQLite's table of words of findings, pages or documents; its hidden column of the same name is what is asked."""
    name = f"search_{kind}"
    return table(name, column("rowid"), column(name))
