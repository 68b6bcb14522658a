"""Files of a plan: evidence that is laid into it, and the workbook that goes out and comes back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from flask import Flask

from models.db import Database
from models.plan_paper import terms_of
from tests.webapp.conftest import World
from tests.webapp.plan_desk import PAGE, Desk, Enter
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
