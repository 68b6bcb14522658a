"""Taken along as a workbook, filled in elsewhere, brought back: nothing newer is overwritten, and nothing is lost."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from uuid import UUID

import openpyxl
import pytest
from flask import Flask

from models.db import Database
from models.people import Person
from models.submissions import AnswerSource
from questionnaires import answering, issuing, standing
from tests.factories import NOON
from tests.questionnaires.test_workbook import TEXT
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World

Enter = Callable[[Person | None], Browser]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def address(world: World, database: Database) -> str:
    """Of a questionnaire that was laid before the own supplier."""
    with database.transaction() as session:
        row = issuing.publish(session, TEXT, {}, by=world.own.compliance, now=NOON)
        laid = issuing.issue(session, row.id, world.own.supplier.id, by=world.own.compliance, now=NOON)
        return f"/questionnaires/{laid.id}"


@pytest.fixture
def supplier(enter: Enter, world: World, app: Flask) -> Iterator[Browser]:
    yield enter(world.own.sender)
    if "workbooks" in app.extensions:
        app.extensions["workbooks"].close()


def key(address: str) -> UUID:
    return UUID(address.rpartition("/")[2])


def filled(data: bytes, **answers: object) -> io.BytesIO:
    """The workbook with these answers typed into it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        for row in range(1, sheet.max_row + 1):
            key = sheet.cell(row, 1).value
            if key in answers:
                sheet.cell(row, 3).value = answers[key]
    packed = io.BytesIO()
    book.save(packed)
    packed.seek(0)
    return packed


def send(supplier: Browser, address: str, file: io.BytesIO, name: str = "answers.xlsx") -> str:
    return supplier.post(f"{address}/offline", {"file": (file, name)}, content_type="multipart/form-data").text


def test_a_workbook_goes_out_and_its_answers_come_in(
    supplier: Browser, address: str, world: World, database: Database
) -> None:
    taken = supplier.get(f"{address}/download/xlsx")
    assert taken.headers["Content-Disposition"] == 'attachment; filename="salient-answers.xlsx"'
    told = send(supplier, address, filled(taken.data, workers=12, agency="Not applicable", story="=1+1"))
    assert "2 answers are saved." in told
    assert "1 cell could not be taken" in told
    assert "holds a formula" in told
    with database.reading() as session:
        found = issuing.submission(session, key(address), by=world.own.sender)
        rows = standing.answers(session, found)
        assert {id_: (row.value, row.source) for id_, row in rows.items()} == {
            "workers": ("12", AnswerSource.IMPORTED), "agency": ("not_applicable", AnswerSource.IMPORTED)
        }  # fmt: skip
    assert "2 were the same already" in send(supplier, address, filled(supplier.get(f"{address}/download/xlsx").data))


def test_what_was_answered_here_meanwhile_is_kept_and_said(
    supplier: Browser, address: str, world: World, database: Database
) -> None:
    taken = supplier.get(f"{address}/download/xlsx").data
    with database.transaction() as session:
        given = answering.Given("workers", "50", "typed-here", 0)
        answering.save_answer(session, key(address), given, by=world.own.sender, now=NOON)
    told = send(supplier, address, filled(taken, workers=12, work="Mill"))
    assert "1 answer is saved." in told
    assert "What stands here was kept" in told
    with database.reading() as session:
        rows = standing.answers(session, issuing.submission(session, key(address), by=world.own.sender))
        assert rows["workers"].value == "50"


@pytest.mark.parametrize("word", ["json", "csv"])
def test_answers_are_taken_along_whole_and_can_be_brought_back(
    supplier: Browser, address: str, world: World, database: Database, word: str
) -> None:
    with database.transaction() as session:
        for id_, value in (("workers", "50"), ("topics", ["land"]), ("wage", {"amount": "5", "currency": "EUR"})):
            given = answering.Given(id_, value, id_, 0)
            answering.save_answer(session, key(address), given, by=world.own.sender, now=NOON)
    taken = supplier.get(f"{address}/download/{word}").data
    assert "3 were the same already." in send(supplier, address, io.BytesIO(taken), f"answers.{word}")
    changed = taken.replace(b'"50"', b'"51"').replace(b'""50""', b'""51""')
    assert "1 answer is saved." in send(supplier, address, io.BytesIO(changed), f"answers.{word}")


def test_the_page_to_sign_has_every_question_that_is_asked(supplier: Browser, address: str) -> None:
    page = supplier.get(f"{address}/download/print").text
    assert "How many?" in page
    assert "Signature" in page


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "Choose the file"),
        (b"\xff\xfe\x00", "send the workbook, or a JSON or CSV file"),
        (b"nonsense", "not a file of answers"),
        (json.dumps({"questionnaire": "x", "answers": {}}).encode(), "another questionnaire"),
        (b"PK\x03\x04broken", ""),
    ],
)
def test_what_is_no_such_file_is_refused_with_a_sentence(
    supplier: Browser, address: str, data: bytes, says: str
) -> None:
    told = supplier.post(
        f"{address}/offline", {"file": (io.BytesIO(data), "x.xlsx")}, content_type="multipart/form-data"
    )
    assert told.status_code == 422
    assert says in told.text


def test_an_answer_of_three_hundred_pages_is_refused_and_the_others_are_taken(supplier: Browser, address: str) -> None:
    answers = {"questionnaire": "small", "answers": {"story": {"value": "word " * 90_000}, "workers": {"value": "3"}}}
    told = send(supplier, address, io.BytesIO(json.dumps(answers).encode()), "a.json")
    assert "1 answer is saved." in told
    assert "This answer is too long" in told


def test_locked_answers_are_not_touched(supplier: Browser, address: str, world: World, database: Database) -> None:
    taken = supplier.get(f"{address}/download/xlsx").data
    with database.transaction() as session:
        answering.submit(session, key(address), by=world.own.sender, now=NOON)
    assert "recall them before you change anything" in send(supplier, address, filled(taken, workers=12))


def test_the_sheet_by_topic_says_where_nothing_was_asked(supplier: Browser, address: str) -> None:
    taken = supplier.get(f"{address}/download/risk")
    assert "salient-answers.risk.xlsx" in taken.headers["Content-Disposition"]
    (sheet,) = openpyxl.load_workbook(io.BytesIO(taken.data)).worksheets
    assert sheet["B2"].value == "Nothing was asked about this."
