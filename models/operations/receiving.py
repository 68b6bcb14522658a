"""Taking in documents: each is kept once, shown with its state, and given to the workers."""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from models.db import later
from models.documents import Document, DocumentState
from models.errors import Conflict, Invalid, NotFound
from models.findings import Finding
from models.journal import note
from models.operations.scope import Slice, allow, newest, reads
from models.operations.scope import supplier as supplier_seen
from models.people import Person, Role
from models.supplychain import Site, Supplier
from models.vault import Stored
from models.work import Work, WorkKind

JOB = "screen_document"


@dataclass(frozen=True, slots=True)
class Received:
    """`is_new` is False when the same bytes were there already: nothing was kept twice."""

    document: Document
    is_new: bool


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """What to show; None leaves a part open. `unread` means: ended, but not every page was read."""

    supplier_id: uuid.UUID | None = None
    state: DocumentState | None = None
    unread: bool | None = None
    name: str | None = None


def receive(
    session: Session,
    supplier_id: uuid.UUID,
    name: str,
    stored: Stored,
    *,
    by: Person,
    now: datetime,
    site_id: uuid.UUID | None = None,
    as_evidence: bool = False,
) -> Received:
    """Take in a file that is in the vault already, and ask for its screening.

    Reviewers send none on behalf of a supplier, but may bring one `as_evidence`, such as an auditor's photograph.

    The same bytes for the same supplier are one document: the second sender gets the first one's.
    Raises NotFound for somebody else's supplier or site, Invalid for an empty file.
    """
    allow(by, Role.SUPPLIER_USER, Role.COMPLIANCE, Role.ADMIN, *([Role.REVIEWER] if as_evidence else []))
    supplier = supplier_seen(session, supplier_id, by=by)
    if stored.size == 0:
        raise Invalid("The file is empty: export or save it again and upload the new copy.", field="file")
    _check_site(session, site_id, supplier)
    known = _same_bytes(session, supplier, stored)
    if known is not None:
        if not by.works_for_a_buyer and known.uploaded_by.organisation_id != by.organisation_id:
            _share(session, known, name, by=by, now=now)
        return Received(known, is_new=False)
    document = Document(
        supplier=supplier, site_id=site_id, uploaded_by_id=by.id, uploaded_at=now, name=display_name(name),
        sha256=stored.sha256, size=stored.size, state=DocumentState.RECEIVED, languages=[], pages=0, pages_read=0,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(document)
    except IntegrityError:  # Another sender was faster, between our look and our insert.
        known = _same_bytes(session, supplier, stored)
        if known is None:
            raise
        return Received(known, is_new=False)
    session.add(Work(kind=WorkKind.SCREEN, document_id=document.id, asked_at=now))
    _note(session, "document.received", document, by=by, now=now, sha256=stored.sha256, size=stored.size)
    later(session, JOB, document_id=document.id)
    return Received(document, is_new=True)


def _share(session: Session, document: Document, name: str, *, by: Person, now: datetime) -> None:
    """The supplier sends what its customer held already: from now on both read it, under the supplier's name for it.

    The customer's name for a file may say more than the file does.
    """
    document.uploaded_by_id, document.name = by.id, display_name(name)
    _note(session, "document.received", document, by=by, now=now, sha256=document.sha256, size=document.size)


def documents(
    session: Session,
    *,
    by: Person,
    filters: DocumentFilter = DocumentFilter(),
    after: uuid.UUID | None = None,
    limit: int = 50,
) -> Slice[Document]:
    """The documents that the person may see, newest first; `after` is the last one of the slice before."""
    query = select(Document).join(Document.supplier).where(reads(by), *_conditions(filters))
    last = document(session, after, by=by) if after is not None else None
    return newest(session, query, Document.uploaded_at, last=last, limit=limit)


def document(session: Session, document_id: uuid.UUID, *, by: Person, with_pages: bool = False) -> Document:
    """One document. Raises NotFound when there is none, or when it is not the person's to see."""
    query = select(Document).join(Document.supplier).where(Document.id == document_id, reads(by))
    if with_pages:
        query = query.options(selectinload(Document.page_list))
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def states(session: Session, *, by: Person) -> dict[DocumentState, int]:
    """How many documents stand in each state, all states named."""
    query = select(Document.state, func.count()).join(Document.supplier).where(reads(by)).group_by(Document.state)
    counted = {state: int(count) for state, count in session.execute(query)}
    return {state: counted.get(state, 0) for state in DocumentState}


def findings_by_document(session: Session, document_ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many findings each of these documents raised; documents without any are left out."""
    query = (
        select(Finding.document_id, func.count())
        .where(Finding.document_id.in_(document_ids))
        .group_by(Finding.document_id)
    )
    return {document_id: int(count) for document_id, count in session.execute(query) if document_id is not None}


def screen_again(session: Session, document_id: uuid.UUID, *, by: Person, now: datetime) -> Document:
    """Ask for a fresh reading of a document that has ended. Verdicts of people are kept."""
    allow(by, Role.REVIEWER, Role.COMPLIANCE, Role.ADMIN)
    found = document(session, document_id, by=by)
    work = session.scalar(
        select(Work).where(Work.document_id == found.id, Work.kind == WorkKind.SCREEN).with_for_update()
    )
    if work is None or not found.state.is_final:
        raise Conflict("This document is being read at this moment: wait until it is done.")
    work.ask_again(now)
    found.state, found.reason = DocumentState.RECEIVED, None
    _note(session, "document.asked_again", found, by=by, now=now)
    later(session, JOB, document_id=found.id)
    return found


def display_name(name: str) -> str:
    """A file's name as it may be shown: without folders, without control and direction characters, not too long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(letter for letter in last if unicodedata.category(letter) not in ("Cc", "Cf", "Cs")).strip()
    if len(clean) > 255:
        stem, dot, ending = clean.rpartition(".")
        clean = f"{stem[: 254 - len(ending)]}.{ending}" if dot and len(ending) < 10 else clean[:255]
    return clean or "document"


def _conditions(filters: DocumentFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.supplier_id is not None:
        conditions.append(Document.supplier_id == filters.supplier_id)
    if filters.state is not None:
        conditions.append(Document.state == filters.state)
    if filters.unread is not None:
        unread = Document.state.in_([state for state in DocumentState if state.is_final and not state.is_fully_read])
        conditions.append(unread if filters.unread else ~unread)
    if filters.name:
        conditions.append(Document.name.icontains(filters.name, autoescape=True))
    return conditions


def _same_bytes(session: Session, supplier: Supplier, stored: Stored) -> Document | None:
    return session.scalar(select(Document).where(Document.supplier_id == supplier.id, Document.sha256 == stored.sha256))


def _check_site(session: Session, site_id: uuid.UUID | None, supplier: Supplier) -> None:
    if site_id is None:
        return
    site = session.get(Site, site_id)
    if site is None or site.organisation_id != supplier.organisation_id:
        raise NotFound()


def _note(session: Session, act: str, document: Document, *, by: Person, now: datetime, **detail: object) -> None:
    buyer_id = document.supplier.buyer_id
    note(session, act, document.id, organisation_id=buyer_id, actor_id=by.id, at=now, **detail)
