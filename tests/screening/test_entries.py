"""What somebody filled into a form or a list inside a document is kept, so that it can be offered as an answer."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from models.db import Database
from models.documents import DocumentState
from models.extracts import DocumentEntry
from questionnaires.finding_answers import from_checklist, from_fields, offers
from questionnaires.library import shipped
from screening.engine.reading import Cage
from screening.engine.results import Reading, Screened
from screening.engine.stated import Fact, FactName, Facts
from screening.extracting import extract
from tests.factories import make_document
from tests.golden.filled import Field, form

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

QUESTION = "Can every worker go out after work, and resign with normal notice, without losing pay?"


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    with Cage() as made:
        yield made


def ticked() -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (["Supplier self-assessment"], [], ["No.", "Question", "Yes", "No"],
                ["1", QUESTION, "x", ""]):  # fmt: skip
        sheet.append(row)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def kept(database: Database, reading: Reading) -> list[tuple[int | None, list[str], list[str]]]:
    """The entries of a document that was read like this, twice over."""
    with database.transaction() as session:
        document = make_document(session, state=DocumentState.SCREENED)
        for _ in range(2):
            extract(session, document.id, Screened(reading, (), "test-1"))
        rows = session.scalars(
            select(DocumentEntry).where(DocumentEntry.document_id == document.id).order_by(DocumentEntry.number)
        )
        return [(row.page, list(row.heads), list(row.cells)) for row in rows]


def test_fields_of_a_filled_form_are_kept_and_fit_their_questions(database: Database, cage: Cage) -> None:
    reading = cage.read(form("Self-assessment", [Field("People", "workers_total", "310"), Field("Where", "x", "")]))
    assert kept(database, reading) == [(None, [], ["workers_total", "310"])]
    found = offers(from_fields({"workers_total": "310"}, document="one"), shipped("entry"))
    assert found["workers_total"][0].value == "310"


def test_rows_of_a_ticked_list_are_kept_with_their_heads_and_fit_their_questions(
    database: Database, cage: Cage
) -> None:
    [(page, heads, cells)] = kept(database, cage.read(ticked()))
    assert (page, heads, cells[2]) == (1, ["No.", "Question", "Yes", "No"], "x")
    found = offers(from_checklist(heads, [cells], document="one", place="1"), shipped("entry"))
    assert [(id_, each[0].value) for id_, each in found.items()] == [("free_to_leave", "yes")]


def test_what_an_auditor_wrote_is_not_kept_as_an_answer(database: Database, cage: Cage) -> None:
    read = cage.read(form("Audit", [Field("People", "workers_total", "310")]))
    audit = Facts((Fact(FactName.DOCUMENT_TYPE, "audit", 1, "Audit"),))
    told = Reading(read.state, pages=read.pages, fields=read.fields, facts=audit)
    assert kept(database, told) == []
