"""Definitions and answers written as plain files come back to the letter; what cannot be read is named."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings

from models.errors import Invalid
from questionnaires import library
from questionnaires.definition import Questionnaire
from questionnaires.exchange import plain, writing
from questionnaires.exchange.layout import Given
from questionnaires.exchange.plain import from_csv, from_json, to_csv, to_json
from questionnaires.loading import loads
from tests.questionnaires.inventing import kept_answers, questionnaires
from tests.questionnaires.test_workbook import DIGEST, SMALL


@given(questionnaires())
@settings(max_examples=40, deadline=None)
def test_a_definition_written_as_a_file_is_read_as_the_same(questionnaire: Questionnaire) -> None:
    beside = writing.translations(questionnaire)
    for text in (writing.as_yaml(questionnaire), writing.as_json(questionnaire)):
        assert loads(text, beside) == questionnaire


@pytest.mark.parametrize("name", library.names())
def test_so_is_every_questionnaire_of_the_library(name: str) -> None:
    questionnaire = library.shipped(name)
    assert loads(writing.as_json(questionnaire), writing.translations(questionnaire)) == questionnaire


@given(kept_answers(most=9))
@settings(max_examples=40, deadline=None)
def test_answers_written_as_json_or_csv_come_back_to_the_letter(case: Any) -> None:
    questionnaire, answers = case
    given_ = {id_: Given(value, reason) for id_, (value, reason) in answers.items()}
    assert from_json(to_json(questionnaire, given_, digest=DIGEST), questionnaire) == plain.Read(given_, ())
    assert from_csv(to_csv(questionnaire, given_, language="nl", names={}), questionnaire) == plain.Read(given_, ())


@given(kept_answers(most=6))
@settings(max_examples=40, deadline=None)
def test_no_cell_of_a_csv_can_be_taken_for_a_formula(case: Any) -> None:
    questionnaire, answers = case
    text = to_csv(
        questionnaire,
        {id_: Given(value, "=1+1;=1+1\t＝1") for id_, (value, _) in answers.items()},
        language="en",
        names={},
    )
    for row in csv.reader(io.StringIO(text, newline="")):
        # Where the country's separator is another, a cell ends within what we wrote as one.
        parts = [part.lstrip() for cell in row for part in re.split(r'[;,|\t\r\n"]', cell)]
        assert not [part for part in parts if part[:1] in tuple("=+-@＝＋－＠")]


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, '{"answers": []}', "nonsense", "a,b\n1,2"])
def test_what_is_no_file_of_answers_is_refused(text: str) -> None:
    for read in (from_json, from_csv):
        with pytest.raises(Invalid, match="not a file of answers"):
            read(text, SMALL)


def test_answers_to_another_questionnaire_are_refused() -> None:
    with pytest.raises(Invalid, match="another questionnaire"):
        from_json(json.dumps({"questionnaire": "other", "answers": {}}), SMALL)


@pytest.mark.parametrize(
    ("id_", "value", "says"),
    [
        ("workers", "many", "must be a number"),
        ("gone", "x", "no longer asked"),
        ("story", "x" * 60_000, "too long"),
        ("work", "moon", "Choose one"),
    ],
)
def test_one_wrong_answer_does_not_stop_the_others(id_: str, value: str, says: str) -> None:
    good = {"agency": Given("no", "Never.")}
    text = to_json(SMALL, {**good, id_: Given(value)}, digest=DIGEST)
    read = from_json(text, SMALL)
    assert read.answers == good
    assert [fault.place for fault in read.faults] == [id_]
    assert says in read.faults[0].why


def test_a_line_of_a_csv_that_was_broken_is_named_by_its_number() -> None:
    text = to_csv(SMALL, {"workers": Given("7"), "agency": Given("no")}, language="en", names={})
    read = from_csv(text.replace('[""7"", """"]', '[""7""'), SMALL)
    assert (read.answers, [fault.place for fault in read.faults]) == ({"agency": Given("no")}, ["2"])
