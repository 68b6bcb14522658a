"""Files of an import that wait for a person, and how far an import has come."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from fpdf import FPDF
from sqlalchemy import select

from models.base import utcnow
from models.documents import Document, DocumentState
from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.imports import EntryState, Import, ImportKind
from models.operations import holding, importing, pacing
from models.people import Person, Role
from models.supplychain import Supplier
from tests.factories import make_person, make_supplier
from tests.screening.desk import Desk, cage, desk, fill
from tests.screening.test_importing import FILES, ON_SQLITE, mapped

__all__ = ["cage", "desk"]


def statement(*lines: str) -> bytes:
    paper = FPDF()
    paper.add_page()
    paper.set_font("helvetica", size=12)
    for line in lines:
        paper.multi_cell(0, 8, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(paper.output())


NAMED = {
    "one.pdf": statement("Social audit report", "Supplier: MERIDAN KNITWEAR Limited", "Audit date: 4 May 2026"),
    "two.pdf": statement("Social audit report", "Supplier: Nobody We Know", "Passports were kept."),
    "three.pdf": statement("A page of notes."),
}


def test_without_a_mapping_the_text_proposes_and_a_person_decides(desk: Desk, tmp_path: Path) -> None:
    made = desk.begin(ImportKind.FOLDER, str(fill(tmp_path / "archive", NAMED)), ())
    desk.work()
    assert desk.ledger(made) == [
        ("one.pdf", "held", "name_fits"), ("three.pdf", "held", "no_name"), ("two.pdf", "held", "name_unknown"),
    ]  # fmt: skip
    assert desk.count(Document) == 0, "nobody has said yet whose they are"
    with desk.database.transaction() as session:
        lead = session.get_one(Person, desk.lead_id)
        rows = {row.path: row for row in importing.entries(session, made, by=lead).rows}
        assert rows["one.pdf"].guess_id == desk.first_id
        assert rows["one.pdf"].guess_date is not None
        with pytest.raises(Invalid):
            holding.assign(session, made, [row.id for row in rows.values()], supplier_id=None, by=lead, now=utcnow())
    with desk.database.transaction() as session:
        lead = session.get_one(Person, desk.lead_id)
        assert holding.assign(session, made, [rows["one.pdf"].id], supplier_id=None, by=lead, now=utcnow()) == 1
        assert (
            holding.assign(session, made, [rows["two.pdf"].id], supplier_id=desk.second_id, by=lead, now=utcnow()) == 1
        )
        assert holding.leave_out(session, made, [rows["three.pdf"].id], by=lead, now=utcnow()) == 1
        with pytest.raises(Conflict):
            holding.leave_out(session, made, [rows["one.pdf"].id], by=lead, now=utcnow())
    desk.work()
    with desk.database.reading() as session:
        documents = {row.name: (row.supplier_id, row.state) for row in session.scalars(select(Document))}
    assert documents == {
        "one.pdf": (desk.first_id, DocumentState.SCREENED), "two.pdf": (desk.second_id, DocumentState.SCREENED),
    }  # fmt: skip
    assert [state for _, state, _ in desk.ledger(made)] == ["taken", "left_out", "taken"]


@ON_SQLITE
def test_files_cannot_be_given_to_a_supplier_of_somebody_else(desk: Desk, tmp_path: Path) -> None:
    made = desk.begin(ImportKind.FOLDER, str(fill(tmp_path / "archive", NAMED)), ())
    desk.work()
    with desk.database.transaction() as session:
        stranger = make_supplier(session)
        lead = session.get_one(Person, desk.lead_id)
        entry = importing.entries(session, made, by=lead).rows[0]
        with pytest.raises(NotFound):
            holding.assign(session, made, [entry.id], supplier_id=stranger.id, by=lead, now=utcnow())
        other = make_person(session, role=Role.COMPLIANCE)
        with pytest.raises(NotFound):
            importing.import_(session, made, by=other)


def test_the_pace_counts_documents_and_pages_and_says_what_is_left(desk: Desk, tmp_path: Path) -> None:
    made = desk.begin(ImportKind.FOLDER, str(fill(tmp_path / "archive", FILES)), mapped(desk))
    desk.work(most=3)  # Both stretches and one of the documents.
    with desk.database.reading() as session:
        found = session.get_one(Import, made)
        seen = pacing.pace(session, found, now=utcnow())
        assert seen.files[EntryState.TAKEN] == 3
        assert 0 < seen.finished < 3
        assert seen.left is not None
        assert seen.left > timedelta(0)
        assert sum(bar.documents for bar in seen.bars) == seen.finished
    desk.work()
    with desk.database.reading() as session:
        seen = pacing.pace(session, session.get_one(Import, made), now=utcnow())
        assert (seen.finished, seen.open, seen.left) == (3, 0, None)
        assert seen.pages == sum(bar.pages for bar in seen.bars) == 2 + 3 + 1


def test_a_supplier_has_no_business_with_imports(desk: Desk) -> None:
    with desk.database.transaction() as session:
        supplier = session.get_one(Supplier, desk.first_id)
        sender = make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)
        with pytest.raises(NotAllowed):
            importing.imports(session, by=sender)
