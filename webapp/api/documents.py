"""Documents by the second door: send one, ask how far it was read, list them, and take the file along."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session

from models.documents import Document, DocumentState, Page, PageStatus
from models.errors import Invalid
from models.operations import receiving
from models.operations.receiving import DocumentFilter
from models.people import Person
from webapp import uploads
from webapp.api.cursors import cursor, not_a_place, place
from webapp.api.door import Call, Door
from webapp.api.shapes import Listed, said
from webapp.api.whole import Page as PageOfList
from webapp.api.whole import Rows, limit
from webapp.doors import now
from webapp.words import advice


@dataclass(frozen=True, slots=True)
class PageShape:
    """A page of a document and how it was read: every page is accounted for."""

    number: int
    status: PageStatus
    reason: str | None = field(metadata=said("Why it was not read, from the closed list of reasons."))
    language: str | None
    hidden_text: bool = field(metadata=said("Whether it holds text that a reader does not see."))
    doubts: tuple[str, ...] = field(
        metadata=said("Why what was read may not be all, or not what, people see, from the closed list of doubts.")
    )


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document with how far it was read. Unread is never clean: only `screened` means that every page was read."""

    id: UUID
    supplier: UUID
    name: str
    sha256: str
    size: int = field(metadata=said("Bytes."))
    state: DocumentState
    final: bool = field(
        metadata=said("Whether the machine has ended with it. Ask again while it is false, or have a webhook told.")
    )
    fully_read: bool
    reason: str | None = field(metadata=said("Why it was not read, or not in full, from the closed list of reasons."))
    advice: str = field(metadata=said("What its sender can do about that, as a sentence; empty without a reason."))
    pages: int
    pages_read: int
    languages: tuple[str, ...]
    document_type: str | None
    scheme: str | None
    audit_date: date | None
    uploaded_at: datetime
    screened_at: datetime | None
    engine_version: str | None
    findings: int | None = field(
        metadata=said("How many passages it raised; null for suppliers, who see what a person confirmed.")
    )


@dataclass(frozen=True, slots=True)
class DocumentShape:
    """A document with every page."""

    document: DocumentRow
    page_list: tuple[PageShape, ...]


@dataclass(frozen=True, slots=True)
class DocumentQuery(PageOfList):
    """Which documents."""

    supplier: UUID | None = field(default=None, metadata=said("Of this supplier."))
    state: DocumentState | None = field(default=None, metadata=said("In this state."))
    unread: bool | None = field(default=None, metadata=said("true: ended, but not every page was read."))
    name: str = field(default="", metadata=said("A part of the name.", most=100))


def list_documents(session: Session, by: Person, call: Call) -> Rows:
    """Newest first."""
    asked = call.asked
    filters = DocumentFilter(asked.supplier, asked.state, asked.unread, asked.name or None)
    after = _last(asked.after)
    listed = receiving.documents(session, by=by, filters=filters, after=after, limit=limit(call))
    found = _findings(session, by, [row.id for row in listed.rows])
    more = cursor(listed.rows[-1].id) if listed.more else None
    return Rows([row_of(row, found) for row in listed.rows], more)


def show_document(session: Session, by: Person, call: Call) -> DocumentShape:
    found = receiving.document(session, call.id("document_id"), by=by, with_pages=True)
    pages = tuple(_page(page) for page in found.page_list)
    return DocumentShape(row_of(found, _findings(session, by, [found.id])), pages)


def receive(_call: Call) -> tuple[UUID, int]:
    """Keep the file by the rules of the page for uploads. The same bytes for the same supplier are one document."""
    received = uploads.receive(file_sent(), uploads.supplier_asked())
    return received.document.id, 201 if received.is_new else 200


def file_sent() -> Any:
    """The one file of the form. Raises Invalid for none, or several."""
    files = [file for file in request.files.getlist("file") if file.filename]
    if len(files) != 1:
        raise Invalid("Send one file, in the field `file` of a form (multipart/form-data).", field="file")
    return files[0]


def screen_again(session: Session, by: Person, call: Call) -> None:
    receiving.screen_again(session, call.id("document_id"), by=by, now=now())


def row_of(row: Document, findings: dict[UUID, int] | None) -> DocumentRow:
    """How a document is shown in lists. `findings` None where the reader is not told of them."""
    return DocumentRow(
        row.id, row.supplier_id, row.name, row.sha256, row.size, row.state, row.state.is_final,
        row.state.is_fully_read, row.reason, advice(row.reason), row.pages, row.pages_read, tuple(row.languages),
        row.document_type, row.scheme, row.audit_date, row.uploaded_at, row.screened_at, row.engine_version,
        None if findings is None else findings.get(row.id, 0),
    )  # fmt: skip


def _page(page: Page) -> PageShape:
    return PageShape(page.number, page.status, page.reason, page.language, page.hidden_text, page.doubted)


def _findings(session: Session, by: Person, ids: list[UUID]) -> dict[UUID, int] | None:
    if not by.works_for_a_buyer:
        return None
    return receiving.findings_by_document(session, ids) if ids else {}


def _last(after: str) -> UUID | None:
    if not after:
        return None
    try:
        return UUID(place(after, 1)[0])
    except ValueError:
        raise not_a_place() from None


DOORS = (
    Door(
        name="documents", method="GET", path="/documents", beside="documents.index", group="Documents",
        says="Documents, the newest first.", gives=Listed(DocumentRow), show=list_documents, asks=DocumentQuery,
    ),
    Door(
        name="send_document", method="POST", path="/documents", beside="uploads.send", group="Documents",
        says="Send a document: it is kept, and read in the background. The same bytes for the same supplier are one "
        "document: sent again they answer 200 with the first.",
        gives=DocumentShape, show=show_document, status=201, receive=receive, act=lambda *_: None,
        form={"supplier": "Key of the supplier; may be left out by whoever has only one."},
    ),
    Door(
        name="document", method="GET", path="/documents/<uuid:document_id>", beside="documents.show",
        group="Documents", says="One document with the status of every page.", gives=DocumentShape,
        show=show_document,
    ),
    Door(
        name="screen_again", method="POST", path="/documents/<uuid:document_id>/again", beside="documents.again",
        group="Documents", says="Have it read again. What people decided stays.", gives=DocumentShape,
        show=show_document, act=screen_again,
    ),
)  # fmt: skip
