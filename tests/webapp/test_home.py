"""The first page says what waits, and never calls clean what nobody has read."""

from __future__ import annotations

from collections.abc import Callable

from models.db import Database
from models.documents import DocumentState
from models.people import Person, Role
from models.plan_life import PlanState
from tests.factories import make_document, make_finding, make_person, make_plan, make_supplier
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


def _first_page_of_a_supplier(enter: Enter, database: Database, *states: PlanState) -> str:
    with database.transaction() as session:
        supplier = make_supplier(session)
        sender = make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)
        for state in states:
            document = make_document(session, supplier=supplier, state=DocumentState.SCREENED)
            make_plan(session, finding=make_finding(session, document=document), state=state)
    return enter(sender).get("/").text


def test_a_supplier_with_work_under_way_is_not_told_that_nothing_waits(enter: Enter, database: Database) -> None:
    page = _first_page_of_a_supplier(enter, database, PlanState.IN_PROGRESS)
    assert "1 plan is yours to carry out" in page
    assert "Nothing waits for your answer" not in page


def test_plans_are_counted_beyond_those_that_the_first_page_has_room_for(enter: Enter, database: Database) -> None:
    assert "8 plans wait for your answer" in _first_page_of_a_supplier(enter, database, *[PlanState.SENT] * 8)


def test_a_document_that_a_person_should_look_at_says_so_in_every_list(enter: Enter, database: Database) -> None:
    with database.transaction() as session:
        document = make_document(session, state=DocumentState.SCREENED)
        document.pages_doubted = 1
        document.page_list[0].doubts = ["other_letters"]
        reviewer, key = make_person(session, organisation=document.supplier.buyer), document.id
    visitor = enter(reviewer)
    assert "Look at 1 page yourself" in visitor.get("/documents").text
    assert "A font shows people other letters" in visitor.get(f"/documents/{key}").text
