"""A questionnaire goes out as XLSForm and comes back whole; a foreign form comes in, and each loss is named."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from models.errors import Invalid
from questionnaires import library
from questionnaires.checking import check
from questionnaires.definition import Kind, Questionnaire
from questionnaires.exchange.sheets import Cell, Sheet
from questionnaires.exchange.workbook import pack
from questionnaires.exchange.xlsform import KEPT, export
from questionnaires.exchange.xlsform_reading import Taken, take
from questionnaires.exchange.xpath import CannotSay, Known, to_ours, to_theirs
from questionnaires.loading import loads
from questionnaires.path import Guide
from questionnaires.rules import compile_rule
from tests.questionnaires.inventing import questionnaires, value_for
from tests.questionnaires.reading_sheets import sheets_of
from tests.questionnaires.test_workbook import TEXT

SMALL = loads(TEXT + "      - {id: total, kind: computed, label: T, value: workers * 2}\n")


@given(questionnaires(most=9))
@settings(max_examples=25, deadline=None)
def test_what_goes_out_comes_back_whole(questionnaire: Questionnaire) -> None:
    data = pack(export(questionnaire).sheets(), hidden={KEPT})
    assert take(sheets_of(data)) == Taken(questionnaire, ())


@pytest.mark.parametrize("name", library.names())
def test_so_does_the_library(name: str) -> None:
    questionnaire = library.shipped(name)
    assert take(export(questionnaire).sheets()) == Taken(questionnaire, ())


@given(questionnaires(most=9), st.data())
@settings(max_examples=40, deadline=None)
def test_without_our_own_sheet_the_same_questions_are_asked(questionnaire: Questionnaire, data: st.DataObject) -> None:
    made = export(questionnaire)
    back = take([sheet for sheet in made.sheets() if sheet.name != KEPT]).questionnaire
    answers = {
        question.id: value_for(data.draw, question)
        for question in questionnaire.questions.values()
        if data.draw(st.booleans()) and question.kind not in (Kind.TABLE, Kind.MATRIX)
    }
    lost = {each.question for each in made.not_said}
    ours, theirs = Guide(questionnaire).path(answers), Guide(back).path(answers)
    if not lost:
        assert [step.question.id for step in ours.steps] == [step.question.id for step in theirs.steps]
        assert [step.required for step in ours.steps if step.question.kind not in (Kind.TABLE, Kind.MATRIX)] == [
            step.required for step in theirs.steps if step.question.kind not in (Kind.TABLE, Kind.MATRIX)
        ]


@pytest.mark.parametrize("name", ["entry", "full"])
def test_pyxform_accepts_what_goes_out(name: str) -> None:
    data = pack([sheet for sheet in export(library.shipped(name)).sheets() if sheet.name != KEPT])
    warnings: list[str] = []
    assert "<h:html" in convert(io.BytesIO(data), warnings=warnings, file_type=".xlsx").xform


def test_what_xlsform_cannot_say_is_listed() -> None:
    made = export(library.shipped("full"))
    assert {(each.field.partition(".")[0], each.why) for each in made.not_said} >= {
        ("choices", "a choice that comes and goes")
    }
    assert {each.field.partition(".")[0] for each in made.not_said} <= {"choices", "constraint", "relevant", "value"}


def test_a_line_that_somebody_changed_is_read_anew_and_the_others_keep_what_xlsform_cannot_hold() -> None:
    questionnaire = library.shipped("entry")
    sheets = export(questionnaire).sheets()
    survey = sheets[0]
    place = next(place for place, cell in survey.cells.items() if cell.text.startswith("Do you"))
    survey.cells[place] = Cell("Another wording?")
    back = take(sheets).questionnaire
    changed = [id_ for id_, question in back.questions.items() if question != questionnaire.questions[id_]]
    assert len(changed) == 1
    assert back.questions[changed[0]].label["en"] == "Another wording?"
    assert back.questions[changed[0]].refs == ()
    assert all(back.questions[id_].refs for id_ in back.questions if id_ not in changed)


def form(survey: list[dict[str, str]], choices: list[dict[str, str]] | None = None) -> list[Sheet]:
    found = []
    for name, rows in (("survey", survey), ("choices", choices or [])):
        heads = list(dict.fromkeys(head for row in rows for head in row))
        cells = {(0, column): Cell(head) for column, head in enumerate(heads)}
        for number, row in enumerate(rows, start=1):
            cells |= {(number, heads.index(head)): Cell(text) for head, text in row.items()}
        found.append(Sheet(name, cells))
    return found


FOREIGN = form(
    [
        {"type": "start", "name": "start"},
        {"type": "begin group", "name": "Site", "label": "The site", "relevant": ""},
        {"type": "integer", "name": "Workers", "label": "How many?", "required": "yes", "constraint": ". >= 0"},
        {"type": "select_one yn", "name": "union", "label": "Union?", "relevant": "${Workers} > 10"},
        {"type": "select_multiple topics", "name": "topics", "label": "Topics?", "required": "selected(${union}, 'y')"},
        {"type": "begin repeat", "name": "rooms", "label": "Rooms"},
        {"type": "integer", "name": "beds", "label": "Beds"},
        {"type": "end repeat"},
        {"type": "begin group", "name": "inner", "label": "Inner", "relevant": "sum(${beds}) > 20"},
        {"type": "text", "name": "why", "label": "Why?", "relevant": "selected(${topics}, 'b') or ${union} = 'n'"},
        {"type": "end group"},
        {"type": "end group"},
        {"type": "geopoint", "name": "where", "label": "Where?"},
        {"type": "calculate", "name": "share", "calculation": "${Workers} div 2 + 1"},
        {"type": "text", "name": "odd", "label": "Odd", "relevant": "regex(${why}, '[a-z]')", "default": "x"},
        {"type": "date", "name": "day", "label": "Day", "constraint": ". <= today()"},
    ],
    [
        {"list_name": "yn", "name": "y", "label": "Yes"}, {"list_name": "yn", "name": "n", "label": "No"},
        {"list_name": "topics", "name": "a", "label": "A"}, {"list_name": "topics", "name": "b", "label": "B"},
    ],
)  # fmt: skip


def test_a_foreign_form_comes_in_sound_and_asks_what_it_asked() -> None:
    back = take(FOREIGN).questionnaire
    assert check(back) == []
    kinds = {id_: question.kind for id_, question in back.questions.items()}
    assert kinds == {
        "workers": Kind.NUMBER, "union": Kind.SINGLE, "topics": Kind.SEVERAL, "rooms": Kind.TABLE, "why": Kind.TEXT,
        "share": Kind.COMPUTED, "odd": Kind.TEXT, "day": Kind.DATE,
    }  # fmt: skip

    path = Guide(back).path(
        {"workers": Decimal(20), "union": "y", "topics": frozenset("b"), "rooms": ({"beds": Decimal(30)},)}
    )
    assert [step.question.id for step in path.steps] == ["workers", "union", "topics", "rooms", "why", "odd", "day"]
    assert path.computed == {"share": Decimal(11)}
    assert {step.question.id for step in path.steps if step.required} == {"workers", "topics"}


def test_everything_that_was_lost_is_named_with_its_row() -> None:
    assert sorted((note.row, note.name, note.why) for note in take(FOREIGN).notes) == [
        (2, "start", "a row of the type 'start'"),
        (3, "Site", "its name: here it is called 'site'"),
        (4, "Workers", "its name: here it is called 'workers'"),
        (14, "where", "a row of the type 'geopoint'"),
        (16, "odd", "its relevant: the function regex()"),
        (16, "odd", "the column 'default'"),
        (17, "day", "its constraint: the function today()"),
    ]


@pytest.mark.parametrize("sheets", [[], [Sheet("data", {(0, 0): Cell("x")})], form([])])
def test_a_workbook_without_a_survey_is_no_form(sheets: list[Sheet]) -> None:
    with pytest.raises(Invalid, match="not an XLSForm"):
        take(sheets)


KNOWN = {
    "a": Known("a", Kind.SINGLE), "n": Known("n", Kind.NUMBER), "s": Known("s", Kind.SEVERAL),
    "d": Known("d", Kind.DATE),
}  # fmt: skip


@pytest.mark.parametrize(
    ("theirs", "answers", "result"),
    [
        ("${a} = 'x'", {"a": "x"}, True),
        ('${a} = "it\'s"', {"a": "it's"}, True),
        ("not(${a} = 'x')", {"a": "y"}, True),
        ("${a} = 'x' or ${a} = 'y' and ${n} > 1", {"a": "x", "n": 0}, True),
        ("(${a} = 'x' or ${a} = 'y') and ${n} > 1", {"a": "x", "n": 0}, False),
        ("selected(${s}, 'p')", {"s": ["p", "q"]}, True),
        ("count-selected(${s}) >= 2", {"s": ["p", "q"]}, True),
        ("${n} * 2 - 1 = 5", {"n": 3}, True),
        ("${n} div 2 = 1.5", {"n": 3}, True),
        ("-${n} < .5", {"n": 3}, True),
        ("${a} = ''", {}, True),
        ("'' != ${a}", {"a": "x"}, True),
        ("true() and ${n} = 3", {"n": 3}, True),
        ("${d} > date('2024-01-01')", {"d": "2024-01-02"}, True),
    ],
)
def test_their_rules_mean_the_same_in_our_words(theirs: str, answers: dict[str, Any], result: bool) -> None:
    values = {
        name: Decimal(each) if name == "n" else frozenset(each) if name == "s"
        else date.fromisoformat(each) if name == "d" else each
        for name, each in answers.items()
    }  # fmt: skip
    assert compile_rule(to_ours(theirs, KNOWN, None))(values) is result


@pytest.mark.parametrize(
    "theirs",
    ["${gone} = 1", "today() > ${d}", "${n} mod 2 = 0", "if(${n} > 1, 2, 3) = 2", "${n} >", "1 = 1 ]", "/data/x = 1",
     "pulldata('x', 'y')", "(" * 60 + "1" + ")" * 60, "${n} > 1 ${n}", "x" * 5000, "concat('a', 'b') = 'ab'"],
)  # fmt: skip
def test_what_we_cannot_say_is_refused_and_never_guessed(theirs: str) -> None:
    with pytest.raises(CannotSay):
        to_ours(theirs, KNOWN, None)


@given(st.text(max_size=60))
@settings(deadline=None)
def test_no_text_makes_the_reader_of_rules_fall_over(text: str) -> None:
    try:
        made = to_ours(text, KNOWN, "n")
    except CannotSay:
        return
    assert isinstance(made, str)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("workers > 10 and agency = 'yes'", "((${workers} > 10) and (${agency} = 'yes'))"),
        ("agency in ['yes', 'no']", "(${agency} = 'yes' or ${agency} = 'no')"),
        ("topics has 'land'", "(selected(${topics}, 'land'))"),
        ("not answered(since)", "not((${since} != ''))"),
        ("sum(sites.heads) <= workers", "(sum(${sites__heads}) <= ${workers})"),
    ],
)
def test_our_rules_are_written_in_their_words(ours: str, theirs: str) -> None:
    assert to_theirs(ours, SMALL.questions) == theirs
