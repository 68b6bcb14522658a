"""Full-text search over passages, pages and names of documents: one way to ask, two databases that answer.

Words are found whole, the last one also by its beginning. Scripts without blanks between words (Chinese, Japanese,
Thai and others) are searched letter by letter, which takes longer.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    TableClause,
    column,
    literal,
    select,
    table,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.documents import Document, Page
from models.findings import Finding
from models.operations import marked_words
from models.operations.scope import allow
from models.people import Organisation, Person, Role
from models.supplychain import Supplier

Ts = TypeVarTuple("Ts")

DESK = (Role.REVIEWER, Role.COMPLIANCE, Role.ADMIN)
MOST_WORDS = 12
_WORD = re.compile(
    "(?:[^\\W_]|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff])+"
)
"""Letters and digits, with the vowels and points that some scripts write around them."""
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


def finding_says(session: Session, words: str, *, by: Person, waiting: bool) -> ColumnElement[bool]:
    """The condition that a finding's quote holds these words. Fulfilled by none where there are no words.

    `waiting` says that the condition is only asked of findings without a verdict.
    """
    if _is_marked(session) and _by_word(words):
        return marked_words.finding_holds(session, _parts(words), by.organisation_id, waiting=waiting)
    return _holds("finding", Finding.id, Finding.quote, words)


def are_common(session: Session, words: str, *, by: Person) -> bool:
    """Whether so many passages hold these words that a list is filled soon, and to count them all takes long."""
    return (
        _is_marked(session) and _by_word(words) and marked_words.is_common(session, _parts(words), by.organisation_id)
    )


def some_that_say(session: Session, words: str, *, by: Person, limit: int) -> Subquery:
    """Keys and places in the queue of at most so many findings of the person's organisation with these words.

    Where there are more: the newest.
    """
    place = select(Finding.id, Finding.queue_rank, Finding.raised_at).where(Finding.buyer_id == by.organisation_id)
    return _newest_that_hold(session, "finding", place, Finding.id, Finding.quote, words, by, limit).subquery()


def documents_saying(session: Session, words: str, *, by: Person, limit: int = 25) -> list[Hit]:
    """The documents of the person's suppliers with these words on a page or in the name, the newest first."""
    allow(by, *DESK)
    shown = (Document.id, Document.name, Document.uploaded_at, Organisation.name.label("supplier_name"))
    own = (
        Supplier.id == Document.supplier_id,
        Organisation.id == Supplier.organisation_id,
        Supplier.buyer_id == by.organisation_id,
    )
    texts = select(*shown, Page.number).where(*own, Document.id == Page.document_id)
    pages = _newest_that_hold(session, "page", texts, Page.id, Page.text, words, by, limit * 4)
    names = select(*shown).where(*own)
    named = _newest_that_hold(session, "document", names, Document.id, Document.name, words, by, limit)
    found: dict[uuid.UUID, Hit] = {}
    for row in session.execute(pages):
        known = found.get(row.id)
        if known is None or (known.page or 0) > row.number:
            found[row.id] = Hit(row.id, row.name, row.uploaded_at, row.supplier_name, row.number)
    for one in session.execute(named):
        found.setdefault(one.id, Hit(one.id, one.name, one.uploaded_at, one.supplier_name, None))
    ordered = sorted(found.values(), key=lambda hit: (hit.uploaded_at, hit.document_id), reverse=True)
    return ordered[:limit]


def _newest_that_hold(
    session: Session, kind: str, query: Select[*Ts], key: InstrumentedAttribute[uuid.UUID],
    value: InstrumentedAttribute[str], words: str, by: Person, limit: int,
) -> Select[*Ts]:  # fmt: skip
    """The query, narrowed to so many texts with these words: the newest, in no order."""
    if not _by_word(words):
        return query.where(_holds(kind, key, value, words)).order_by(key.desc()).limit(limit)
    if _is_marked(session):
        found = marked_words.newest(kind, _parts(words), by.organisation_id, limit).subquery("found")
        return query.where(key == found.c.key)
    own = _own_words(kind)
    place = table("search_place", column("number"), column("thing", key.type))
    holding = (own.c[own.name].op("MATCH")(_asked(words)), place.c.number == own.c.rowid, key == place.c.thing)
    return query.where(*holding).order_by(own.c.rowid.desc()).limit(limit)


def _holds(
    kind: str, key: InstrumentedAttribute[uuid.UUID], value: InstrumentedAttribute[str], words: str
) -> ColumnElement[bool]:
    """The condition in any database for scripts without blanks; for others, in SQLite."""
    if not _parts(words):
        return literal(False)
    if not _by_word(words):
        return value.icontains(words.strip(), autoescape=True)
    own = _own_words(kind)
    place = table("search_place", column("number"), column("thing", key.type))
    holding = select(place.c.thing).where(own.c[own.name].op("MATCH")(_asked(words)), place.c.number == own.c.rowid)
    return key.in_(holding)


def _is_marked(session: Session) -> bool:
    """Whether the words lie as `marked_words` asks for them."""
    return session.get_bind().dialect.name == "postgresql"


def _parts(words: str) -> list[str]:
    """The words that are asked for, composed as texts mostly are. Large and small letters are the database's matter."""
    return _WORD.findall(unicodedata.normalize("NFC", words))[:MOST_WORDS]


def _by_word(words: str) -> bool:
    """Whether the index of words answers; it does not for scripts without blanks, nor where no word is asked for.

    To PostgreSQL `½` is none: asked for it, the index would answer with every text of the organisation.
    """
    has_words = any(letter.isalpha() or letter.isdecimal() for part in _parts(words) for letter in part)
    return has_words and not _WITHOUT_BLANKS.search(words)


def _asked(words: str) -> str:
    """As SQLite's index of words wants to be asked: all of these, the last one also by its beginning."""
    return " ".join(f'"{part}"' for part in _parts(words)) + " *"


def _own_words(kind: str) -> TableClause:
    """SQLite's table of words of findings, pages or documents; its hidden column of the same name is what is asked."""
    name = f"search_{kind}"
    return table(name, column("rowid"), column(name))
