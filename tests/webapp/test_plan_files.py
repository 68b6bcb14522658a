"""Files of a plan: evidence that is laid into it, and the workbook that goes out and comes back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from flask import Flask

from models.db import Database
from models.plan_paper import terms_of
from tests.factories import make_document
from tests.webapp.conftest import World
from tests.webapp.plan_desk import DUE, PAGE, Desk, Enter
from webapp import plan_sheets


@pytest.fixture
def desk(app: Flask, world: World, database: Database, enter: Enter) -> Iterator[Desk]:
    yield Desk(world, database, enter)
    if "workbooks" in app.extensions:
        app.extensions["workbooks"].close()


def test_a_file_becomes_evidence_once(desk: Desk) -> None:
    desk.agreed()
    visitor = desk.enter(desk.own.sender)
    where = f"/plans/{desk.id}/evidence"

    def file() -> dict[str, Any]:
        return {"file": (io.BytesIO(b"%PDF-1.4 lockers"), "lockers.pdf")}

    assert visitor.post(where, file()).status_code == 303
    assert "lockers.pdf" in desk.page("reviewer")
    again = visitor.post(where, file())
    assert (again.status_code, "part of the plan already" in again.text) == (409, True)
    assert visitor.post(where, {}).status_code == 422
    assert visitor.post(where, {"file": (io.BytesIO(b""), "x.pdf")}).status_code == 422


def test_a_file_given_by_mistake_is_withdrawn_on_the_page_and_stays_there_as_that(desk: Desk) -> None:
    desk.agreed()
    sender, reviewer = desk.enter(desk.own.sender), desk.enter(desk.own.reviewer)
    where = f"/plans/{desk.id}"
    sender.post(f"{where}/evidence", {"file": (io.BytesIO(b"%PDF-1.4 other plan"), "other-plan.pdf")})
    form = desk.page("sender")
    key = re.search(r'name="document" value="([0-9a-f-]+)"', form)
    assert key is not None
    assert "Given by mistake?" not in desk.page("reviewer")
    assert reviewer.post(f"{where}/withdraw-evidence", {"document": key[1]}).status_code == 403
    assert sender.post(f"{where}/withdraw-evidence", {"document": key[1]}).status_code == 303
    for who in ("sender", "reviewer"):
        page = desk.page(who)
        assert ("other-plan.pdf" in page, "Withdrawn" in page, "Given by mistake?" in page) == (True, True, False)
        assert "withdrew evidence that nobody had judged" in desk.page(who, "/history")
    again = sender.post(f"{where}/withdraw-evidence", {"document": key[1]})
    assert (again.status_code, "was withdrawn already" in again.text) == (422, True)
    assert f"document={key[1]}" in sender.get(f"{where}/documents").text, "it can be given again"


def test_a_document_that_was_sent_before_becomes_evidence_and_another_one_does_not(desk: Desk) -> None:
    step = {"milestone.1.title": "Lockers hung", "milestone.1.due_on": DUE, "milestone.1.evidence": "A photograph"}
    assert desk.post("reviewer", "edit", **PAGE, **step, do="send-signed").status_code == 303
    assert desk.post("sender", "sign").status_code == 303
    own, where = desk.own, f"/plans/{desk.id}"
    with desk.database.transaction() as session:
        supplier = session.merge(own.supplier)
        mine = make_document(session, supplier=supplier, by=session.merge(own.sender), name="permit.pdf")
        theirs = make_document(session, supplier=supplier, by=session.merge(own.compliance), name="complaint.pdf")
    visitor = desk.enter(own.sender)
    listed = visitor.get(f"{where}/documents").text
    assert ("permit.pdf" in listed, "complaint.pdf" in listed) == (True, False)
    assert visitor.get(f"{where}/documents?document={theirs.id}").status_code == 404
    assert visitor.post(f"{where}/evidence", {"document": str(theirs.id)}).status_code == 404
    form = visitor.get(f"{where}/documents?document={mine.id}").text
    key = re.search(r'<option value="([0-9a-f-]+)">Lockers hung', form)
    assert key is not None
    assert visitor.post(f"{where}/evidence", {"document": str(mine.id), "milestone": key[1]}).status_code == 303
    assert "permit.pdf" in desk.page("reviewer")
    assert "complaint.pdf" not in desk.page("sender")
    assert f"document={mine.id}" not in visitor.get(f"{where}/documents").text


def test_the_workbook_holds_every_field_and_reads_back_the_same(desk: Desk) -> None:
    desk.post("reviewer", "edit", **PAGE | {"root_cause": "=1+1"}, do="save")
    answer = desk.enter(desk.own.reviewer).get(f"/plans/{desk.id}/plan.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    terms, on = plan_sheets.read(rows)
    assert (terms, on) == (terms_of(desk.plan), desk.plan.edition)


def test_a_workbook_that_was_filled_in_comes_back_and_a_late_one_is_compared(desk: Desk) -> None:
    desk.post("reviewer", "edit", **PAGE, do="save")
    visitor = desk.enter(desk.own.reviewer)
    book = openpyxl.load_workbook(io.BytesIO(visitor.get(f"/plans/{desk.id}/plan.xlsx").data))
    for row in book.active.iter_rows():
        if row[0].value == "target":
            row[2].value = "none in three months"
    out = io.BytesIO()
    book.save(out)

    def bring(data: bytes) -> Any:
        return visitor.post(f"/plans/{desk.id}/workbook", {"file": (io.BytesIO(data), "plan.xlsx")})

    assert bring(out.getvalue()).status_code == 303
    assert desk.plan.target == "none in three months"
    desk.post("reviewer", "edit", **PAGE | {"target": "half"}, do="save")
    late = bring(out.getvalue())
    assert (late.status_code, "none in three months" in late.text) == (409, True)
    assert bring(b"no workbook").status_code == 422
    assert bring(b"").status_code == 422


def test_a_reviewer_adds_a_photograph_and_somebody_else_verifies(desk: Desk) -> None:
    desk.agreed()
    file = {"file": (io.BytesIO(b"%PDF-1.4 seen on site"), "visit.pdf")}
    assert desk.enter(desk.own.reviewer).post(f"/plans/{desk.id}/evidence", file).status_code == 303
    assert "visit.pdf" in desk.page("sender")
    assert desk.post("sender", "submit", text="Fourteen lockers.").status_code == 303
    page = desk.page("reviewer")
    assert "nobody verifies their own" in page
    assert f"/plans/{desk.id}/take-up" not in page
    assert desk.post("reviewer", "take-up", how="papers").status_code == 403
    assert desk.post("colleague", "take-up", how="papers").status_code == 303
    assert desk.enter(desk.own.reviewer).post("/upload", {"supplier": desk.own.supplier.id}).status_code == 403
