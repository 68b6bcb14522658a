"""A questionnaire that could go wrong in front of a supplier is refused, with the line of each mistake."""

from __future__ import annotations

import pytest

from questionnaires.checking import check
from questionnaires.loading import CannotLoad, loads

HEAD = """\
id: tiny
version: "1"
title: A tiny questionnaire
sections:
  - id: first
    title: First
    questions:
"""
QUESTIONS = """\
      - {id: agencies, kind: yes_no, label: Do you use agencies?, required: true}
      - {id: count, kind: number, label: How many?, minimum: 0, relevant: agencies = 'yes'}
      - {id: when, kind: date, label: Since when?, relevant: count > 3}
"""


def _problems(questions: str, head: str = HEAD) -> list[tuple[int, str]]:
    try:
        return [(problem.line, problem.message) for problem in check(loads(head + questions))]
    except CannotLoad as refused:
        return [(problem.line, problem.message) for problem in refused.problems]


def test_a_sound_questionnaire_has_no_problems() -> None:
    assert _problems(QUESTIONS) == []


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("{id: x, kind: text, label: X, relevant: nobody = 'yes'}", "no question 'nobody'"),
        ("{id: x, kind: text, label: X, relevant: agencies = 'maybe'}", "'maybe' is not among the choices"),
        ("{id: x, kind: text, label: X, admits: agencies = 'maybe'}", "'maybe' is not among the choices"),
        ("{id: x, kind: number, label: X, admits: x + 1}", "must be true or false"),
        ("{id: x, kind: text, label: X, relevant: count = 'many'}", "cannot be compared"),
        ("{id: x, kind: text, label: X, relevant: count}", "must be true or false"),
        ("{id: x, kind: text, label: X, relevant: agencies > 'no'}", "has no order"),
        ("{id: x, kind: text, label: X, relevant: count >}", "found the end"),
        ("{id: x, kind: text, label: X, relevant: agencies.rows = 1}", "has no column 'rows'"),
        ("{id: x, kind: text, label: X, relevant: x = 'a'}", "wait for each other"),
        ("{id: agencies, kind: text, label: X}", "stands on line 8 already"),
        ("{id: Bad Id, kind: text, label: X}", "is no id"),
        ("{id: not, kind: text, label: X}", "is no id"),
        ("{id: x, kind: poem, label: X}", "`kind` cannot be 'poem'"),
        ("{id: x, kind: text}", "needs `label`"),
        ("{id: x, kind: single, label: X}", "needs `choices`"),
        ("{id: x, kind: text, label: X, choices: [{id: a, label: A}]}", "does not use"),
        ("{id: x, kind: single, label: X, choices: [{id: a, label: A}, {id: a, label: B}]}", "'a' twice"),
        ("{id: x, kind: number, label: X, minimum: 5, maximum: 3}", "minimum above"),
        ("{id: x, kind: number, label: X, minimum: few}", "must be a number"),
        ("{id: x, kind: number, label: X, constraint: x > 3}", "no `message`"),
        ("{id: x, kind: computed, label: X, value: count + 1, required: true}", "cannot be required"),
        ("{id: x, kind: text, label: X, colour: red}", "has no `colour`"),
        ("{id: x, kind: text, label: X, required: perhaps}", "must be true or false"),
        ("{id: x, kind: text, label: X, relevant: agencies = 'yes' and agencies = 'no'}", "never asked"),
        ("{id: x, kind: text, label: X, relevant: count < 0}", "never asked"),
        ("{id: x, kind: text, label: X, relevant: agencies = 'no' and count > 1}", "never asked"),
        ("{id: x, kind: text, label: X, relevant: when > '2024-01-01' and agencies != 'yes'}", "never asked"),
        ("[]", "Expected a question"),
    ],
)
def test_a_mistake_is_told_with_its_line(question: str, says: str) -> None:
    found = _problems(f"{QUESTIONS}      - {question}\n")
    assert any(says in message for _, message in found), found
    assert {line for line, _ in found} <= {8, 11}


def test_questions_that_wait_for_each_other_are_named() -> None:
    circle = """\
      - {id: a, kind: yes_no, label: A, relevant: b = 'yes'}
      - {id: b, kind: yes_no, label: B, relevant: c = 'yes'}
      - {id: c, kind: yes_no, label: C, relevant: a = 'yes'}
"""
    ((line, message),) = _problems(circle)
    assert line == 8
    assert {"a", "b", "c"} <= set(message.split("other: ")[1].rstrip(".").split(" -> "))


@pytest.mark.parametrize("text", ["", "[1, 2]", "a: [", "id: x\nsections: 3", "\x00", "a: &x [*x]", "- " * 100])
def test_what_is_no_questionnaire_is_refused_and_not_followed(text: str) -> None:
    with pytest.raises(CannotLoad):
        loads(text)


def test_a_missing_translation_is_told() -> None:
    questionnaire = loads(
        HEAD + QUESTIONS, {"nl": "title: Een kleine vragenlijst\nagencies.label: Werkt u met bureaus?"}
    )
    assert questionnaire.title["nl"] == "Een kleine vragenlijst"
    assert [problem.message for problem in check(questionnaire)] == [
        "`count` has no label in nl.", "`when` has no label in nl."
    ]  # fmt: skip


def test_all_problems_are_told_at_once() -> None:
    found = _problems("      - {kind: poem}\n      - {id: y, colour: red}\n")
    assert len(found) >= 4


def test_a_chain_of_any_length_is_checked() -> None:
    chain = "".join(
        f"      - {{id: q{n}, kind: yes_no, label: Q{n}, relevant: q{n - 1} = 'yes'}}\n" for n in range(1, 1500)
    )
    assert _problems("      - {id: q0, kind: yes_no, label: Q0}\n" + chain) == []


def large_definition(questions: int) -> str:
    """A questionnaire of this many questions, most with a rule over earlier ones."""
    lines = [HEAD]
    for number in range(questions):
        rule = f", relevant: \"q{number - 1} = 'yes' or q{number // 2} = 'partly'\"" if number % 10 else ""
        lines.append(f"      - {{id: q{number}, kind: yes_no, label: Question {number}?{rule}}}\n")
    return "".join(lines)


def test_a_large_questionnaire_with_rules_all_over_is_sound() -> None:
    questionnaire = loads(large_definition(700))
    assert len(questionnaire.questions) == 700
    assert check(questionnaire) == []
