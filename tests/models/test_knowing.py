"""What is known of a document besides its pages: copies of it, and plan rows that fit a finding."""

from __future__ import annotations

import time
import uuid
from datetime import date

import numpy as np
from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.db import Database
from models.documents import Document, DocumentState
from models.extracts import DocumentBand, DocumentCapRow, DocumentPrint
from models.operations.knowing import cap_rows_for, same_as
from models.people import Role
from screening.engine.sketches import bands_of, sketch_of
from tests.factories import make_document, make_finding, make_person, make_supplier


def text(*changed: int, words: int = 500) -> str:
    return " ".join(f"changed{place}" if place in changed else f"word{place * 37 % 991}" for place in range(words))


def keep(session: Session, document: Document, words: str) -> None:
    sketch = sketch_of([words])
    assert sketch is not None
    session.add(DocumentPrint(document_id=document.id, sketch=sketch))
    session.add_all(DocumentBand(band=band, document_id=document.id) for band in bands_of(sketch))
    session.flush()


def test_a_copy_is_recognised_by_its_bytes_and_by_its_text_and_others_are_not(database: Database) -> None:
    with database.transaction() as session:
        supplier = make_supplier(session)
        other_supplier = make_supplier(session, buyer=supplier.buyer)
        reader = make_person(session, organisation=supplier.buyer)
        first, near, far = (make_document(session, supplier=supplier, state=DocumentState.SCREENED) for _ in range(3))
        copy = make_document(session, supplier=other_supplier, state=DocumentState.SCREENED)
        copy.sha256 = first.sha256
        keep(session, first, text())
        keep(session, near, text(3, 250))
        keep(session, far, " ".join(f"elsewhere{place}" for place in range(500)))
        found = same_as(session, first, by=reader)
        assert [(same.document.id, same.same_bytes) for same in found] == [(copy.id, True), (near.id, False)]
        assert 0.9 <= found[1].likeness < 1
        assert same_as(session, far, by=reader) == ()


def test_copies_at_other_suppliers_and_other_buyers_are_seen_by_nobody_who_may_not(database: Database) -> None:
    with database.transaction() as session:
        supplier, sibling = make_supplier(session), None
        sibling = make_supplier(session, buyer=supplier.buyer)
        stranger = make_supplier(session)
        own = make_document(session, supplier=supplier, state=DocumentState.SCREENED)
        for other in (sibling, stranger):
            document = make_document(session, supplier=other, state=DocumentState.SCREENED)
            document.sha256 = own.sha256
            keep(session, document, text())
        keep(session, own, text())
        sender = make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)
        reader = make_person(session, organisation=supplier.buyer)
        assert same_as(session, own, by=sender) == ()
        assert [same.document.supplier_id for same in same_as(session, own, by=reader)] == [sibling.id]


def test_the_look_up_stays_quick_among_many_documents(database: Database) -> None:
    """Twenty thousand bands of other texts stand in the index; the look-up asks for eight."""
    chance = np.random.default_rng(1)
    with database.transaction() as session:
        supplier = make_supplier(session)
        reader = make_person(session, organisation=supplier.buyer)
        first, second, *others = (make_document(session, supplier=supplier) for _ in range(22))
        rows = [
            {"band": int(band), "document_id": others[place % 20].id}
            for place, band in enumerate(chance.integers(-(2**62), 2**62, 20_000))
        ]
        session.execute(insert(DocumentBand), rows)
        keep(session, first, text())
        keep(session, second, text(9))
        began = time.perf_counter()
        found = same_as(session, first, by=reader)
        seconds = time.perf_counter() - began
    assert [same.document.id for same in found] == [second.id]
    assert seconds < 3


def plan_row(session: Session, document_id: uuid.UUID, number: int, finding: str, **more: object) -> DocumentCapRow:
    row = DocumentCapRow(document_id=document_id, number=number, page=2, finding=finding, **more)
    session.add(row)
    session.flush()
    return row


def test_the_plan_row_that_speaks_of_a_finding_comes_with_it_and_others_do_not(database: Database) -> None:
    with database.transaction() as session:
        finding = make_finding(session, quote="The passports of twelve migrant workers are kept in the office safe.")
        document = finding.document_id
        assert document is not None
        plan_row(session, document, 0, "Fire exit on the second floor was blocked by boxes")
        fitting = plan_row(
            session, document, 1, "Passports of 12 migrant workers kept in the office safe",
            corrective_action="Hand all passports back", responsible="HR manager", due_on=date(2026, 5, 1),
        )  # fmt: skip
        assert cap_rows_for(session, finding) == [fitting]


def test_a_finding_without_any_plan_row_has_none(database: Database) -> None:
    with database.transaction() as session:
        assert cap_rows_for(session, make_finding(session)) == []
