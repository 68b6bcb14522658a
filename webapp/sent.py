"""The documents that somebody's own people sent about one supplier, to choose one of them as evidence."""

from __future__ import annotations

from uuid import UUID

from models.documents import Document
from models.operations import receiving
from models.operations.receiving import DocumentFilter
from models.operations.scope import Slice
from webapp.doors import optional_key, person, reading, written

SHOWN = 30
"""Documents on one page of the choice."""


def offered(supplier_id: UUID) -> Slice[Document]:
    """Newest first, by the name that was asked for. A supplier's people never see what others sent about them."""
    filters = DocumentFilter(supplier_id=supplier_id, name=written("name", limit=100) or None)
    return receiving.documents(reading(), by=person(), filters=filters, after=optional_key("after"), limit=SHOWN)
