"""A questionnaire filled in offline comes back whole, and each cell that cannot be taken is named with its reason."""

from __future__ import annotations

import io
import time
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import Invalid
from questionnaires.definition import Kind, Question, Questionnaire
from questionnaires.exchange.cells import from_cell
from questionnaires.exchange.layout import Given
from questionnaires.exchange.sheets import Cell, Sheet, address, escaped, unescaped
from questionnaires.exchange.taking import Taken, take
from questionnaires.exchange.workbook import sheet_name, write
from questionnaires.library import shipped
from questionnaires.loading import loads
from questionnaires.values import checked
from tests.questionnaires.inventing import kept_answers
from tests.questionnaires.reading_sheets import put, sheets_of

TEXT = """\
id: small
version: "1"
title: Small
sections:
  - id: people
    title: "People: who?"
    questions:
      - {id: workers, kind: number, label: How many?, minimum: 0}
      - {id: agency, kind: yes_no, label: Agency?}
      - {id: work, kind: single, label: Work?, choices: [{id: farm, label: Farm}, {id: mill, label: Mill}]}
      - {id: topics, kind: several, label: Topics?, choices: [{id: land, label: Land}, {id: homes, label: Homes}]}
      - {id: wage, kind: money, label: Wage?}
      - {id: since, kind: date, label: Since?}
      - {id: story, kind: text, label: Story?}
      - {id: paper, kind: file, label: Paper?}
      - {id: order, kind: ranking, label: Order?, choices: [{id: a, label: A}, {id: b, label: B}]}
      - id: sites
        kind: table
        label: Sites?
        columns: [{id: town, label: Town}, {id: heads, kind: number, label: Heads}]
      - {id: grid, kind: matrix, label: Grid?, rows: [{id: north, label: North}], choices: [{id: low, label: Low}]}
"""
SMALL = loads(TEXT, {"nl": "workers.label: Hoeveel?\nwork.farm: Boerderij"})
DIGEST = "d" * 64


def book(answers: dict[str, Given] | None = None, language: str = "en") -> list[Sheet]:
    return sheets_of(write(SMALL, answers or {}, digest=DIGEST, language=language).data)


def taken(sheets: list[Sheet], questionnaire: Questionnaire = SMALL) -> Taken:
    return take(sheets, questionnaire, digest=DIGEST)


def _is_too_long(value: Any) -> bool:
    """Whether a cell of this table would, escaped, be longer than a spreadsheet keeps it."""
    return max(len(escaped(str(cell)).encode("utf-16-le")) // 2 for row in value for cell in row.values()) > 32_000


@given(kept_answers(most=9), st.sampled_from(["en", "nl"]))
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_what_is_written_comes_back_to_the_letter(case: Any, language: str) -> None:
    questionnaire, answers = case
    given_ = {id_: Given(value, reason) for id_, (value, reason) in answers.items()}
    made = write(questionnaire, given_, digest=DIGEST, language=language)
    back = take(sheets_of(made.data), questionnaire, digest=DIGEST)
    assert back.refused == ()
    assert not back.other_version
    files = {id_ for id_, question in questionnaire.questions.items() if question.kind is Kind.FILE}
    left_out = set(made.left_out)
    assert files & set(given_) <= left_out
    assert all(_is_too_long(given_[id_].value) for id_ in left_out - files)
    assert back.answers == {id_: each for id_, each in given_.items() if id_ not in left_out}


@pytest.mark.parametrize("name", ["entry"])
def test_the_library_can_be_downloaded_empty_and_comes_back_empty(name: str) -> None:
    questionnaire = shipped(name)
    back = take(sheets_of(write(questionnaire, {}, digest=DIGEST, language="nl").data), questionnaire, digest=DIGEST)
    assert (back.answers, back.refused, back.aside, back.language) == ({}, (), (), "nl")


def test_the_questions_are_locked_the_cells_open_and_the_keys_hidden() -> None:
    made = openpyxl.load_workbook(io.BytesIO(write(SMALL, {}, digest=DIGEST).data))
    sheet = made["1 People who"] if "1 People who" in made else made[made.sheetnames[1]]
    assert sheet.protection.sheet
    assert sheet.column_dimensions["A"].hidden
    assert sheet["B3"].protection.locked
    assert not sheet["C3"].protection.locked
    assert {made["salient"].sheet_state, made["lists"].sheet_state} == {"hidden"}
    lists = {check.formula1 for check in sheet.data_validations.dataValidation}
    assert len(lists) == 5


def test_a_text_that_begins_like_a_formula_stays_a_text() -> None:
    made = openpyxl.load_workbook(io.BytesIO(write(SMALL, {"story": Given("=1+1")}, digest=DIGEST).data))
    cells = [cell for sheet in made for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]


def test_a_formula_in_a_cell_is_refused_with_its_place() -> None:
    sheets = book()
    name, row = put(sheets, "workers", "=SUM(A1:A9)", formula=True)
    back = taken(sheets)
    (fault,) = back.refused
    assert (fault.sheet, fault.cell) == (name, f"C{row + 1}")
    assert "holds a formula: write its result" in fault.why
    assert "workers" not in back.answers


@pytest.mark.parametrize(
    ("key", "text", "says"),
    [
        ("workers", "many", "must be a number"),
        ("workers", "-3", "too small or too large"),
        ("workers", "1.234", "without marks between thousands"),
        ("agency", "perhaps", "none of the answers"),
        ("topics:land", "perhaps", "Leave this cell empty"),
        ("wage:amount", "12", "currency by its three letters"),
        ("since", "03-04-2025", "read in two ways"),
        ("since", "next year", "Give a day"),
        ("since", "31-02-2025", "Give a day"),
        ("order:a", "first", "as a whole number"),
        ("sites[1]", "few", ""),
        ("grid:north", "middling", "none of the answers"),
        ("story", "x" * 900_000, "too long: shorten it"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_told_and_the_others_are(key: str, text: str, says: str) -> None:
    sheets = book()
    put(sheets, "work", "Mill")
    place = put(sheets, key, text)
    back = taken(sheets)
    assert back.answers["work"] == Given("mill")
    if says:
        (fault,) = back.refused
        assert (fault.sheet, fault.cell) == (place[0], address(place[1], 2))
        assert says in fault.why


def test_a_wrong_cell_of_a_table_is_named_and_its_row_kept() -> None:
    sheets = book()
    put(sheets, "sites[2]", "Delft")
    name, row = put(sheets, "sites[2]", "few", column=3)
    back = taken(sheets)
    assert back.answers["sites"] == Given([{"town": "Delft"}])
    assert [(fault.sheet, fault.cell) for fault in back.refused] == [(name, f"D{row + 1}")]


@pytest.mark.parametrize(
    ("key", "text", "kept"),
    [
        ("agency", "not applicable", "not_applicable"),
        ("agency", "Ja", "yes"),
        ("agency", "JA", "yes"),
        ("agency", "yes", "yes"),
        ("work", "Boerderij", "farm"),
        ("since", "31-01-2026", "2026-01-31"),
        ("since", "31.1.2026", "2026-01-31"),
        ("since", "2026-01-31 00:00:00", "2026-01-31"),
        ("workers", "12,5", "12.5"),
        ("topics:land", "x", ["land"]),
        ("order:b", "1.0", ["b"]),
    ],
)
def test_what_people_write_by_hand_is_understood(key: str, text: str, kept: Any) -> None:
    sheets = book()
    put(sheets, key, text)
    back = taken(sheets)
    assert back.refused == ()
    assert back.answers[key.partition(":")[0]].value == kept


def test_a_remark_stands_beside_its_answer() -> None:
    sheets = book()
    put(sheets, "agency", "Not applicable")
    put(sheets, "agency", "We hire nobody.", column=3)
    assert taken(sheets).answers == {"agency": Given("not_applicable", "We hire nobody.")}


def test_a_question_that_is_gone_is_said_and_its_answer_kept_aside() -> None:
    sheets = book()
    put(sheets, "story", "Our long story")
    put(sheets, "workers", "7")
    name, _ = put(sheets, "topics:land", "Yes")
    newer = loads("\n".join(line for line in TEXT.splitlines() if "id: story" not in line and "id: topics" not in line))
    back = take(sheets, newer, digest="e" * 64)
    assert back.other_version
    assert back.answers == {"workers": Given("7")}
    assert [(fault.sheet, fault.text) for fault in back.aside] == [(name, "Our long story"), (name, "Yes")] or [
        (fault.sheet, fault.text) for fault in back.aside
    ] == [(name, "Yes"), (name, "Our long story")]
    assert all("no longer asked" in fault.why for fault in back.aside)


def test_lines_may_be_sorted_and_moved() -> None:
    sheets = book({"workers": Given("7"), "order": Given(["b", "a"])})
    moved = [
        Sheet(sheet.name, {(1000 - row, column): cell for (row, column), cell in sheet.cells.items()})
        if sheet.name[0].isdigit() else sheet
        for sheet in sheets
    ]  # fmt: skip
    assert taken(moved).answers == {"workers": Given("7"), "order": Given(["b", "a"])}


@pytest.mark.parametrize(
    ("sheets", "says"),
    [
        ([], "not a workbook that was downloaded here"),
        ([Sheet("Sheet1", {(0, 0): Cell("hello")})], "not a workbook that was downloaded here"),
        ([Sheet("salient", {(0, 0): Cell("questionnaire"), (0, 1): Cell("other")})], "made for another questionnaire"),
    ],
)
def test_a_workbook_that_is_not_ours_is_refused_with_a_sentence(sheets: list[Sheet], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        taken(sheets)


def test_a_workbook_that_is_too_large_is_refused_with_a_sentence() -> None:
    with pytest.raises(Invalid, match="far larger"):
        taken([Sheet("x", dict.fromkeys(((row, 0) for row in range(500_001)), Cell("x")))])


def test_two_choices_with_the_same_words_can_be_told_apart() -> None:
    questionnaire = loads(TEXT.replace("label: Mill", "label: farm"))
    sheets = sheets_of(write(questionnaire, {"work": Given("mill")}, digest=DIGEST).data)
    assert taken(sheets, questionnaire).answers == {"work": Given("mill")}


def test_names_of_places_stand_in_the_sheet_and_their_keys_come_back() -> None:
    question = "      - {id: place, kind: reference, label: Place?, reference_to: site}\n"
    questionnaire = loads(TEXT + question)
    names = {"0190-key": "Mill North"}
    made = write(questionnaire, {"place": Given("0190-key")}, digest=DIGEST, names=names)
    sheets = sheets_of(made.data)
    assert any(cell.text == "Mill North" for sheet in sheets for cell in sheet.cells.values())
    assert take(sheets, questionnaire, digest=DIGEST, names=names).answers == {"place": Given("0190-key")}


@given(st.text())
@settings(deadline=None)
def test_what_xml_cannot_hold_is_written_in_another_way(text: str) -> None:
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize("title", ["", "[x]:*?/\\", "a" * 80, "Ünïcode – 人"])
def test_the_name_of_a_sheet_is_one_that_spreadsheets_allow(title: str) -> None:
    made = sheet_name(12, title)
    assert 0 < len(made) <= 31
    assert not set(made) & set("[]:*?/\\")


def test_a_question_of_each_kind_but_files_has_a_cell() -> None:
    question = Question(id="x", kind=Kind.TEXT, label={"en": "X"})
    assert checked(question, " a ") == "a"
    filled = book()
    keys = {sheet.text(row, 0).partition(":")[0].partition("[")[0] for sheet in filled for row in sheet.rows()}
    assert set(SMALL.questions) - {"paper"} <= keys


def test_a_sum_made_to_be_slow_is_refused_at_once() -> None:
    question = next(each for each in shipped("entry").questions.values() if each.kind is Kind.MONEY)
    began = time.perf_counter()
    with pytest.raises(Invalid):
        from_cell(question, "EUR" + " " * 1000 + "!", "en", {})
    assert time.perf_counter() - began < 2
