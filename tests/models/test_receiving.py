"""Documents are taken in once, shown to those they concern, and given to the workers."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from models.db import Database
from models.documents import Document, DocumentState
from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.findings import Finding
from models.operations import picturing, receiving
from models.people import Person, Role
from models.plans import PlanState
from models.supplychain import Supplier
from models.vault import Stored
from models.work import Work, WorkState
from tests.factories import (
    NOON,
    make_document,
    make_finding,
    make_organisation,
    make_person,
    make_plan,
    make_site,
    make_supplier,
)

FILE = Stored("a" * 64, 1234)


def _sender(database: Database) -> tuple[Supplier, Person]:
    with database.transaction() as session:
        supplier = make_supplier(session)
        return supplier, make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)


def test_a_document_is_kept_with_its_work_and_rung_after_the_commit(
    database: Database, rung: list[tuple[str, dict[str, str]]]
) -> None:
    supplier, person = _sender(database)
    with database.transaction() as session:
        received = receiving.receive(session, supplier.id, "audit.pdf", FILE, by=person, now=NOON)
        assert rung == []
    assert received.is_new
    assert rung == [("screen_document", {"document_id": str(received.document.id)})]
    with database.reading() as session:
        assert session.scalars(select(Work)).one().state is WorkState.WAITING


def test_the_same_bytes_twice_are_one_document(database: Database) -> None:
    supplier, person = _sender(database)
    with database.transaction() as session:
        first = receiving.receive(session, supplier.id, "audit.pdf", FILE, by=person, now=NOON)
    with database.transaction() as session:
        second = receiving.receive(session, supplier.id, "copy of audit.pdf", FILE, by=person, now=NOON)
    assert (second.is_new, second.document.id) == (False, first.document.id)


def test_senders_at_the_same_moment_make_one_document(database: Database) -> None:
    supplier, person = _sender(database)
    answers: list[receiving.Received] = []
    barrier = threading.Barrier(4)

    def send() -> None:
        barrier.wait()
        with database.transaction() as session:
            answers.append(receiving.receive(session, supplier.id, "audit.pdf", FILE, by=person, now=NOON))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.is_new for answer in answers) == [False, False, False, True]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Document)) == 1
        assert session.scalar(select(func.count()).select_from(Work)) == 1


def test_an_empty_file_is_refused_with_a_sentence(database: Database) -> None:
    supplier, person = _sender(database)
    with pytest.raises(Invalid, match="empty"), database.transaction() as session:
        receiving.receive(session, supplier.id, "audit.pdf", Stored("b" * 64, 0), by=person, now=NOON)


def test_nobody_sends_for_another_supplier_or_to_another_site(database: Database) -> None:
    supplier, person = _sender(database)
    other, _ = _sender(database)
    with database.transaction() as session:
        site = make_site(session, organisation=other.organisation)
    with pytest.raises(NotFound), database.transaction() as session:
        receiving.receive(session, other.id, "audit.pdf", FILE, by=person, now=NOON)
    with pytest.raises(NotFound), database.transaction() as session:
        receiving.receive(session, supplier.id, "audit.pdf", FILE, by=person, now=NOON, site_id=site.id)


def test_a_reviewer_does_not_send_documents(database: Database) -> None:
    supplier, _ = _sender(database)
    with database.transaction() as session:
        reviewer = make_person(session, role=Role.REVIEWER, organisation=supplier.buyer)
    with pytest.raises(NotAllowed), database.transaction() as session:
        receiving.receive(session, supplier.id, "audit.pdf", FILE, by=reviewer, now=NOON)


def test_each_side_sees_its_own_documents_and_no_others(database: Database) -> None:
    with database.transaction() as session:
        buyer, rival = make_organisation(session), make_organisation(session)
        ours, theirs = make_supplier(session, buyer=buyer), make_supplier(session, buyer=rival)
        mine, foreign = make_document(session, supplier=ours), make_document(session, supplier=theirs)
        reviewer = make_person(session, organisation=buyer)
        sender = make_person(session, role=Role.SUPPLIER_USER, organisation=ours.organisation)
    with database.reading() as session:
        for person in (reviewer, sender):
            assert [row.id for row in receiving.documents(session, by=person).rows] == [mine.id]
            with pytest.raises(NotFound):
                receiving.document(session, foreign.id, by=person)


def test_a_supplier_reads_nothing_that_its_customer_holds_about_it_but_the_page_that_a_plan_shows(
    database: Database,
) -> None:
    with database.transaction() as session:
        supplier = make_supplier(session)
        compliance = make_person(session, role=Role.COMPLIANCE, organisation=supplier.buyer)
        sender = make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)
        complaint = make_document(session, supplier=supplier, by=compliance, state=DocumentState.SCREENED, pages=2)
        finding = make_finding(session, document=complaint)
        page = finding.page_number
    with database.reading() as session:
        assert receiving.documents(session, by=sender).rows == ()
        assert sum(receiving.states(session, by=sender).values()) == 0
        assert [row.id for row in receiving.documents(session, by=compliance).rows] == [complaint.id]
        with pytest.raises(NotFound):
            receiving.document(session, complaint.id, by=sender)
        with pytest.raises(NotFound):
            picturing.page(session, complaint.id, page, by=sender)
    with database.transaction() as session:
        make_plan(session, finding=session.get_one(Finding, finding.id), state=PlanState.SENT)
    with database.reading() as session:
        assert picturing.page(session, complaint.id, page, by=sender).number == page
        for other in {1, 2} - {page}:
            with pytest.raises(NotFound):
                picturing.page(session, complaint.id, other, by=sender)
        with pytest.raises(NotFound):
            receiving.document(session, complaint.id, by=sender)


def test_a_supplier_that_sends_what_its_customer_held_reads_it_under_its_own_name(database: Database) -> None:
    with database.transaction() as session:
        supplier = make_supplier(session)
        compliance = make_person(session, role=Role.COMPLIANCE, organisation=supplier.buyer)
        sender = make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)
        held = receiving.receive(session, supplier.id, "about Anna.pdf", FILE, by=compliance, now=NOON).document
    with database.transaction() as session:
        assert receiving.documents(session, by=sender).rows == ()
        again = receiving.receive(session, supplier.id, "audit.pdf", FILE, by=sender, now=NOON)
        assert (again.is_new, again.document.id) == (False, held.id)
    with database.reading() as session:
        for person in (sender, compliance):
            (row,) = receiving.documents(session, by=person).rows
            assert (row.id, row.name) == (held.id, "audit.pdf")
        assert session.scalar(select(func.count()).select_from(Work)) == 1


def test_the_list_goes_on_where_it_stopped(database: Database) -> None:
    with database.transaction() as session:
        supplier = make_supplier(session)
        made = [make_document(session, supplier=supplier).id for _ in range(5)]
        reviewer = make_person(session, organisation=supplier.buyer)
    with database.reading() as session:
        first = receiving.documents(session, by=reviewer, limit=2)
        second = receiving.documents(session, by=reviewer, limit=2, after=first.rows[-1].id)
        third = receiving.documents(session, by=reviewer, limit=2, after=second.rows[-1].id)
    seen = [row.id for part in (first, second, third) for row in part.rows]
    assert seen == sorted(made, reverse=True)
    assert (first.more, second.more, third.more) == (True, True, False)


def test_unread_documents_can_be_listed_apart(database: Database) -> None:
    with database.transaction() as session:
        supplier = make_supplier(session)
        for state in DocumentState:
            make_document(session, supplier=supplier, state=state)
        reviewer = make_person(session, organisation=supplier.buyer)
    unread = receiving.DocumentFilter(unread=True)
    with database.reading() as session:
        states = {row.state for row in receiving.documents(session, by=reviewer, filters=unread).rows}
        counted = receiving.states(session, by=reviewer)
    assert states == set(DocumentState) - {DocumentState.RECEIVED, DocumentState.READING, DocumentState.SCREENED}
    assert set(counted.values()) == {1}


def test_a_document_that_is_being_read_is_not_asked_for_again(database: Database) -> None:
    with database.transaction() as session:
        busy = make_document(session, state=DocumentState.READING)
        reviewer = make_person(session, organisation=busy.supplier.buyer)
    with pytest.raises(Conflict, match="being read"), database.transaction() as session:
        receiving.screen_again(session, busy.id, by=reviewer, now=NOON)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\files\\audit.pdf", "audit.pdf"),
        ("audit\x00\r\n.pdf", "audit.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("", "document"),
        ("/", "document"),
        ("a" * 400 + ".pdf", "a" * 251 + ".pdf"),
    ],
)
def test_a_name_is_shown_without_anything_that_could_mislead(given: str, shown: str) -> None:
    assert receiving.display_name(given) == shown
