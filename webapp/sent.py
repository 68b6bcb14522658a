"""The documents that somebody's own people sent, to one customer and to others, to choose one of them as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from models.documents import Document
from models.errors import Invalid
from models.operations import receiving, sending_on
from models.operations.receiving import DocumentFilter
from models.operations.scope import Slice
from models.vault import Stored
from webapp import uploads
from webapp.doors import optional_key, person, reading, written

SHOWN = 30
"""Documents in one list of the choice."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a page offers. A supplier's people never see what others sent about them."""

    here: Slice[Document]
    """Sent to this customer."""
    elsewhere: Slice[Document]
    """Sent to other customers, and not to this one: it is sent on when it is chosen."""

    @property
    def is_long(self) -> bool:
        return self.here.more or self.elsewhere.more


def offered(supplier_id: UUID) -> Choice:
    """Newest first, by the name that was asked for."""
    name = written("name", limit=100)
    filters = DocumentFilter(supplier_id=supplier_id, name=name or None)
    return Choice(
        receiving.documents(reading(), by=person(), filters=filters, after=optional_key("after"), limit=SHOWN),
        sending_on.elsewhere(
            reading(), supplier_id, by=person(), name=name, after=optional_key("other_after"), limit=SHOWN
        ),
    )


def chosen(document_id: UUID, supplier_id: UUID) -> Document:
    """A document that the person's own people sent: this customer's, where it was sent the same. Raises NotFound."""
    found = receiving.document(reading(), document_id, by=person())
    if found.supplier_id == supplier_id:
        return found
    return sending_on.same_there(reading(), found, supplier_id, by=person()) or found


def kept_for(document_id: UUID, supplier_id: UUID) -> Stored:
    """The file of a document that is to be sent on, kept by the rules of an upload. Raises as they do."""
    return uploads.keep_again(receiving.document(reading(), document_id, by=person()), supplier_id)


def asked_for() -> UUID:
    """The document that the form names. Raises Invalid without one."""
    found = optional_key("document")
    if found is None:
        raise Invalid("Choose a document first.", field="document")
    return found
