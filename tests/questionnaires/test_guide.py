"""Looking only at what an answer touches gives the same way as looking at everything."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.loading import loads
from questionnaires.path import Guide
from questionnaires.rules import Value
from tests.questionnaires.inventing import answered, value_for
from tests.questionnaires.test_path import GUIDE


@given(answered(), st.data())
@settings(max_examples=50, deadline=None)
def test_the_way_after_an_answer_is_the_way_for_all_answers(given_: Any, data: st.DataObject) -> None:
    questionnaire, answers = given_
    guide = Guide(questionnaire)
    path = guide.path(answers)
    for _ in range(4):
        id_ = data.draw(st.sampled_from(sorted(questionnaire.questions)))
        answers = dict(answers)
        if data.draw(st.booleans()):
            answers[id_] = value_for(data.draw, questionnaire.questions[id_])
        else:
            answers.pop(id_, None)
        path = guide.path_after(path, answers, [id_])
        whole = guide.path(answers)
        assert path.steps == whole.steps
        assert dict(path.values) == dict(whole.values)
        assert dict(path.computed) == dict(whole.computed)


def test_an_answer_that_decides_much_brings_all_of_it_up_and_takes_all_of_it_away() -> None:
    nothing: dict[str, Value] = {}
    before = GUIDE.path(nothing)
    yes = GUIDE.path_after(before, {"agencies": "yes"}, ["agencies"])
    assert [step.question.id for step in yes.steps] == ["agencies", "workers", "migrants", "fees"]
    assert [step.question.id for step in yes.open] == ["workers", "migrants", "fees"]
    assert GUIDE.path_after(yes, nothing, ["agencies"]) == before


def test_a_constraint_over_a_later_question_is_judged_anew() -> None:
    guide = Guide(
        loads(
            'id: tiny\nversion: "1"\ntitle: T\nsections:\n  - id: s\n    title: S\n    questions:\n'
            "      - {id: part, kind: number, label: Part?, constraint: part <= whole, message: Less.}\n"
            "      - {id: whole, kind: number, label: Whole?}\n"
        )
    )
    first = guide.path({"part": Decimal(5)})
    assert not first.open
    then = guide.path_after(first, {"part": Decimal(5), "whole": Decimal(3)}, ["whole"])
    assert [step.question.id for step in then.open] == ["part"]


def test_a_change_that_nobody_knows_is_no_change() -> None:
    path = GUIDE.path({})
    assert GUIDE.path_after(path, {"stranger": "x"}, ["stranger"]) == path
