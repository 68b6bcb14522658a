"""Taking in what lies inside a document: each file becomes a document of the same supplier, once, with a ledger."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from models.db import later
from models.documents import Document, DocumentState
from models.journal import note
from models.members import DocumentMember
from models.operations.receiving import JOB, display_name
from models.operations.scope import reads
from models.people import Person
from models.vault import Stored
from models.work import Work, WorkKind


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken out and is in the vault, or the reason why it is not."""

    name: str
    size: int
    stored: Stored | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """How much of what one sent file may bring along is used already, and how deep this document lies in it."""

    members: int
    bytes: int
    depth: int


def used(session: Session, document_id: uuid.UUID) -> Used:
    """What the outermost archive of a document has brought along so far, without this document's own files."""
    archive_id, depth = _place(session, document_id)
    members, size = session.execute(
        select(func.count(), func.coalesce(func.sum(DocumentMember.size), 0)).where(
            DocumentMember.archive_id == archive_id, DocumentMember.container_id != document_id
        )
    ).one()
    return Used(int(members), int(size), depth)


def take_in(session: Session, container: Document, taken: Sequence[Taken], *, now: datetime) -> int:
    """Write a container's ledger anew and give each file inside to the workers. Answers how many are new.

    Twice has the effect of once: bytes that this supplier has sent already are that document.
    """
    archive_id, depth = _place(session, container.id)
    session.execute(delete(DocumentMember).where(DocumentMember.container_id == container.id))
    new = 0
    for number, each in enumerate(taken, start=1):
        document = None
        if each.stored is not None:
            document = _known(session, container, each.stored)
            if document is None:
                document = _begin(session, container, each, each.stored, now=now)
                new += 1
        session.add(
            DocumentMember(
                container_id=container.id, archive_id=archive_id, number=number, depth=depth + 1, name=each.name,
                size=each.size, document_id=None if document is None else document.id, reason=each.reason,
            )
        )  # fmt: skip
    session.flush()
    if taken:
        note(
            session, "document.unpacked", container.id, organisation_id=container.supplier.buyer_id, actor_id=None,
            at=now, files=len(taken), new=new, left_out=sum(each.stored is None for each in taken),
        )  # fmt: skip
    return new


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies inside a document, in its order, and what it came in; both empty for most documents."""

    inside: tuple[DocumentMember, ...] = ()
    came_in: tuple[DocumentMember, ...] = ()


def surroundings(session: Session, document_id: uuid.UUID, *, by: Person, limit: int = 1000) -> Surroundings:
    """The files inside a document, and the archives and mails that it came in, as far as the person may see them."""
    query = (
        select(DocumentMember)
        .join(DocumentMember.container)
        .join(Document.supplier)
        .where(reads(by), or_(DocumentMember.container_id == document_id, DocumentMember.document_id == document_id))
        .options(joinedload(DocumentMember.document), joinedload(DocumentMember.container))
        .order_by(DocumentMember.number, DocumentMember.id)
        .limit(limit)
    )
    found = list(session.scalars(query))
    return Surroundings(
        tuple(member for member in found if member.container_id == document_id),
        tuple(member for member in found if member.document_id == document_id != member.container_id),
    )


def _place(session: Session, document_id: uuid.UUID) -> tuple[uuid.UUID, int]:
    """The outermost archive of a document and its depth there; the document itself and 0 where it was sent."""
    query = (
        select(DocumentMember.archive_id, DocumentMember.depth)
        .where(DocumentMember.document_id == document_id, DocumentMember.container_id != document_id)
        .order_by(DocumentMember.depth.desc(), DocumentMember.id)
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    return (document_id, 0) if row is None else (row.archive_id, row.depth)


def _known(session: Session, container: Document, stored: Stored) -> Document | None:
    return session.scalar(
        select(Document).where(Document.supplier_id == container.supplier_id, Document.sha256 == stored.sha256)
    )


def _begin(session: Session, container: Document, each: Taken, stored: Stored, *, now: datetime) -> Document:
    document = Document(
        supplier_id=container.supplier_id, site_id=container.site_id, uploaded_by_id=container.uploaded_by_id,
        uploaded_at=now, name=display_name(each.name), sha256=stored.sha256, size=stored.size,
        state=DocumentState.RECEIVED, languages=[], pages=0, pages_read=0,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(document)
    except IntegrityError:  # Another worker took the same bytes out of another archive just now.
        known = _known(session, container, stored)
        if known is None:
            raise
        return known
    session.add(Work(kind=WorkKind.SCREEN, document_id=document.id, asked_at=now))
    later(session, JOB, document_id=document.id)
    return document
