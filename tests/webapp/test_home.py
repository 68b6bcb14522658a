"""The first page says what waits, and never calls clean what nobody has read."""

from __future__ import annotations

from collections.abc import Callable

from models.db import Database
from models.documents import DocumentState
from models.people import Person
from tests.factories import make_document, make_person, make_supplier
from tests.webapp.browsing import Browser

Enter = Callable[[Person | None], Browser]
DECIDED = "Every flagged passage is decided"


def _first_page(enter: Enter, database: Database, *states: DocumentState) -> str:
    with database.transaction() as session:
        supplier = make_supplier(session)
        reviewer = make_person(session, organisation=supplier.buyer)
        for state in states:
            make_document(session, supplier=supplier, state=state)
    return enter(reviewer).get("/").text


def test_a_desk_without_documents_says_so(enter: Enter, database: Database) -> None:
    page = _first_page(enter, database)
    assert "No documents yet" in page
    assert "Nothing has been read yet" in page
    assert DECIDED not in page


def test_documents_under_way_are_not_called_decided(enter: Enter, database: Database) -> None:
    page = _first_page(enter, database, DocumentState.RECEIVED, DocumentState.READING)
    assert "The first documents are being read" in page
    assert "2 documents are not read yet" in page
    assert DECIDED not in page


def test_what_is_still_unread_is_told_beside_what_is_decided(enter: Enter, database: Database) -> None:
    page = _first_page(enter, database, DocumentState.SCREENED, DocumentState.RECEIVED)
    assert DECIDED in page
    assert "1 document is not read yet" in page
