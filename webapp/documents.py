"""Documents: the list with what was read of each, one document with all its pages, its file and page pictures."""

from __future__ import annotations

import io
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, flash, jsonify, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from models.documents import Document, DocumentState, PageStatus
from models.operations import comparing, knowing, listing, picturing, receiving, scope, unfolding
from models.operations.listing import Line
from models.operations.queueing import QueueFilter
from models.operations.receiving import DocumentFilter
from models.supplychain import Supplier
from webapp.doors import acting, close_reading, house, now, optional_key, person, reading, written
from webapp.supplier_choice import is_searched, offered

pages = Blueprint("documents", __name__, url_prefix="/documents")

ASKED_AT_ONCE = 40
"""How many documents a page may ask the state of in one request."""

SHOWN_MEMBERS = 500
"""Files inside an archive that its page lists."""

W = TypeVar("W", bound=StrEnum)


@pages.get("")
def index() -> str:
    """The list, newest first; what was not read in full stands above it."""
    session, by = reading(), person()
    filters = filters_asked()
    after = optional_key("after")
    plain = after is None and filters == DocumentFilter()
    unread = receiving.documents(session, by=by, filters=DocumentFilter(unread=True)).rows if plain else ()
    listed = receiving.documents(
        session, by=by, filters=DocumentFilter(unread=False) if plain else filters, after=after
    )
    return render_template(
        "documents.html",
        unread=unread,
        listed=listed,
        filters=filters,
        plain=plain or (after is not None and filters == DocumentFilter(unread=False)),
        findings=_findings_of([row.id for row in (*unread, *listed.rows)]),
        suppliers=offered(filters.supplier_id) if by.works_for_a_buyer else None,
        searched=is_searched(),
    )


@pages.get("/status")
def status() -> Response:
    """The rows of these documents as they stand now, for a page that waits for them."""
    ids = [key for text in request.args.getlist("id")[:ASKED_AT_ONCE] if (key := _key(text)) is not None]
    query = select(Document).join(Supplier).where(scope.reads(person()), Document.id.in_(ids)).order_by(Document.id)
    found = list(reading().scalars(query))
    findings = _findings_of([row.id for row in found])
    whole = request.args.get("form") == "page"
    template = "parts/document_state.html" if whole else "parts/document_row.html"
    return jsonify(
        [
            {
                "id": str(row.id),
                "final": row.state.is_final,
                "html": render_template(template, document=row, findings=findings),
            }
            for row in found
        ]
    )


@pages.get("/<uuid:document_id>")
def show(document_id: UUID) -> str:
    session, by = reading(), person()
    found = receiving.document(session, document_id, by=by, with_pages=True)
    raised: tuple[Line, ...] = ()
    if by.works_for_a_buyer:
        raised = listing.lines(session, by=by, filters=QueueFilter(settled=None, document_id=found.id), limit=100).rows
    unread = [page for page in found.page_list if page.status not in (PageStatus.READ, PageStatus.OCR)]
    doubted: dict[str, list[int]] = {}
    for page in found.page_list:
        for word in page.doubted:
            doubted.setdefault(word, []).append(page.number)
    return render_template(
        "document.html",
        document=found,
        raised=raised,
        unread=unread,
        doubted=doubted,
        facts=knowing.facts(session, found.id),
        copies=knowing.same_as(session, found, by=by),
        has_earlier=by.works_for_a_buyer and bool(comparing.earlier(session, found, limit=1)),
        around=unfolding.surroundings(session, found.id, by=by, limit=2 * SHOWN_MEMBERS),
        shown_members=SHOWN_MEMBERS,
    )


@pages.get("/<uuid:document_id>/file")
def file(document_id: UUID) -> Response:
    """The file as it was sent, for saving only: browsers never open it as a page of ours."""
    found = receiving.document(reading(), document_id, by=person())
    answer = send_file(
        io.BytesIO(house().runtime.vault.get(found.sha256)),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=found.name,
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@pages.get("/<uuid:document_id>/pages/<int:number>.png")
def picture(document_id: UUID, number: int) -> Response:
    """The picture of a page, drawn by us. Where it is not drawn yet it is asked for, and 202 says "not yet"."""
    found = picturing.page(reading(), document_id, number, by=person())
    if found.picture_sha256 is None:
        close_reading()
        with house().runtime.database.transaction() as session:
            picturing.ask(session, document_id)
        return make_response("", 202, {"Retry-After": "2"})
    answer = make_response(house().runtime.vault.get(found.picture_sha256))
    answer.mimetype = "image/png"
    answer.headers["Content-Disposition"] = "inline"
    return answer


@pages.post("/<uuid:document_id>/again")
def again(document_id: UUID) -> Response:
    with acting() as (session, by):
        receiving.screen_again(session, document_id, by=by, now=now())
    flash(_("The document will be read again. Decisions that people made are kept."))
    return redirect(url_for(".show", document_id=document_id), 303)


def filters_asked() -> DocumentFilter:
    """The filter in the address of the page; what is not a known word is left out."""
    unread = request.args.get("unread")
    return DocumentFilter(
        supplier_id=optional_key("supplier"),
        state=known(DocumentState, "state"),
        unread=None if unread not in ("0", "1") else unread == "1",
        name=written("name", limit=100) or None,
    )


def known(kind: type[W], name: str) -> W | None:
    """The word of this kind in the query; None for none, or for one that does not exist."""
    text = request.args.get(name, "")
    return kind(text) if text in set(kind) else None


def _findings_of(ids: list[UUID]) -> dict[UUID, int]:
    """How many findings each raised. Suppliers are not shown what nobody has judged yet."""
    return receiving.findings_by_document(reading(), ids) if person().works_for_a_buyer and ids else {}


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
