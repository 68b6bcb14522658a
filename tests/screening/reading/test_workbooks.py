"""A filled-in workbook is opened in the cage: its cells come out as they stand, and no file can do harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date

import openpyxl
import pytest

from questionnaires.exchange.layout import Given
from questionnaires.exchange.sheets import Cell, Sheet
from questionnaires.exchange.taking import take
from questionnaires.exchange.workbook import write
from screening.engine.reading.workbooks import CannotOpen, Workbooks
from screening.engine.reasons import Reason
from tests.questionnaires.test_workbook import DIGEST, SMALL


@pytest.fixture(scope="module")
def cage() -> Iterator[Workbooks]:
    made = Workbooks()
    yield made
    made.close()


def sheets(cage: Workbooks, data: bytes) -> list[Sheet]:
    return [
        Sheet(name, {(cell.row, cell.column): Cell(cell.text, cell.formula) for cell in cells})
        for name, cells in cage.cells(data).items()
    ]


def saved(book: openpyxl.Workbook) -> bytes:
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def test_a_workbook_of_ours_comes_back_whole_through_the_cage(cage: Workbooks) -> None:
    answers = {
        "workers": Given("12.50"), "agency": Given("not_applicable", "=we hire nobody"), "work": Given("mill"),
        "topics": Given(["homes"]), "wage": Given({"amount": "1200", "currency": "EUR"}), "since": Given("2026-01-31"),
        "story": Given("a\x07b\r\n" + "人" * 40_000), "order": Given(["b", "a"]),
        "sites": Given([{"town": "Delft", "heads": "7"}, {"heads": "9"}]), "grid": Given({"north": "low"}),
    }  # fmt: skip
    back = take(sheets(cage, write(SMALL, answers, digest=DIGEST).data), SMALL, digest=DIGEST)
    assert (back.answers, back.refused) == (answers, ())


def test_what_a_spreadsheet_program_makes_of_it_is_understood(cage: Workbooks) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write(SMALL, {}, digest=DIGEST).data))
    sheet = book[book.sheetnames[1]]
    places = {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}
    sheet.cell(places["workers"], 3).value = 12
    sheet.cell(places["since"], 3).value = date(2026, 1, 31)
    sheet.cell(places["story"], 3).value = "=1+1"
    back = take(sheets(cage, saved(book)), SMALL, digest=DIGEST)
    assert back.answers == {"workers": Given("12"), "since": Given("2026-01-31")}
    assert ["holds a formula" in fault.why for fault in back.refused] == [True]


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"<workbook>" + b" " * 600_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY_FILE),
        (b"hello", Reason.NOT_SUPPORTED),
        (b"%PDF-1.4", Reason.NOT_SUPPORTED),
        (write(SMALL, {}, digest=DIGEST).data[:3000], None),
        (b"x" * (31 * 1024 * 1024), Reason.TOO_LARGE),
    ],
)
def test_what_is_no_workbook_is_refused_with_its_reason(cage: Workbooks, data: bytes, reason: Reason | None) -> None:
    with pytest.raises(CannotOpen) as refused:
        cage.cells(data)
    assert reason in (None, refused.value.reason)


def test_a_workbook_that_swells_is_stopped(cage: Workbooks) -> None:
    with pytest.raises(CannotOpen):
        cage.cells(_bomb())
