"""A document that a supplier sent to one customer and sends on to another: its own act, each time, and nobody else's.

What is received is a document of its own, read and judged anew. Neither customer learns of the other by it.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, aliased

from models.documents import Document
from models.errors import NotFound
from models.journal import note
from models.operations import receiving
from models.operations.receiving import Received
from models.operations.scope import Slice, allow, newest, reads, sent_by
from models.operations.scope import supplier as supplier_seen
from models.people import Person, Role
from models.supplychain import Supplier
from models.vault import Stored


def elsewhere(
    session: Session,
    supplier_id: uuid.UUID,
    *,
    by: Person,
    name: str = "",
    after: uuid.UUID | None = None,
    limit: int = 50,
) -> Slice[Document]:
    """What the person's organisation sent to other customers and not to this one, newest first.

    The same bytes stand there once, as they were sent last. What a customer holds of itself plays no part: nobody
    learns by what is missing in the list. Raises NotFound for a relation that is not the person's.
    """
    allow(by, Role.SUPPLIER_USER)
    supplier_seen(session, supplier_id, by=by)
    there, later, its = aliased(Document), aliased(Document), aliased(Supplier)
    own = select(Person.id).where(Person.organisation_id == by.organisation_id)
    sent_there = select(there.sha256).where(there.supplier_id == supplier_id, there.uploaded_by_id.in_(own))
    sent_again = (
        select(later.id)
        .join(its, its.id == later.supplier_id)
        .where(
            later.sha256 == Document.sha256, its.organisation_id == by.organisation_id, later.uploaded_by_id.in_(own),
            tuple_(later.uploaded_at, later.id) > tuple_(Document.uploaded_at, Document.id),
        )
    )  # fmt: skip
    query = select(Document).join(Document.supplier).where(
        reads(by), Document.supplier_id != supplier_id, Document.sha256.not_in(sent_there), ~sent_again.exists()
    )  # fmt: skip
    if name:
        query = query.where(Document.name.icontains(name, autoescape=True))
    last = receiving.document(session, after, by=by) if after is not None else None
    return newest(session, query, Document.uploaded_at, last=last, limit=limit)


def same_there(session: Session, document: Document, supplier_id: uuid.UUID, *, by: Person) -> Document | None:
    """The document with these bytes that the person's organisation sent to this customer already, if there is one."""
    return session.scalar(
        select(Document).where(
            Document.supplier_id == supplier_id, Document.sha256 == document.sha256, sent_by(by.organisation_id)
        )
    )


def send_on(
    session: Session, document_id: uuid.UUID, supplier_id: uuid.UUID, stored: Stored, *, by: Person, now: datetime
) -> Received:
    """Receive a document anew for another customer, as if its file were sent: under its name, without anything else.

    `stored` is its file, in the vault. The customer's journal says that a document was received; that it was sent on
    stands in the supplier's own. Raises NotFound for what the person's organisation did not send.
    """
    allow(by, Role.SUPPLIER_USER)
    found = receiving.document(session, document_id, by=by)
    if found.sha256 != stored.sha256:
        raise NotFound()
    received = receiving.receive(session, supplier_id, found.name, stored, by=by, now=now)
    note(
        session, "document.sent_on", received.document.id, organisation_id=by.organisation_id, actor_id=by.id, at=now,
        document=str(found.id), sent_to=str(supplier_id),
    )  # fmt: skip
    return received
