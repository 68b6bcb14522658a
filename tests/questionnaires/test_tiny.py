"""Some two hundred tiny questionnaires, one for each thing that a rule can say or get wrong (`tiny.yaml`)."""

from __future__ import annotations

import json
import textwrap
from datetime import date
from decimal import Decimal
from pathlib import Path as File
from typing import Any

import pytest
import yaml

from questionnaires.checking import check
from questionnaires.definition import Kind, Question, Questionnaire
from questionnaires.loading import CannotLoad, loads
from questionnaires.path import Guide
from questionnaires.rules import Value

TEXT = File(__file__).with_name("tiny.yaml").read_text(encoding="utf-8")
CASES: dict[str, Any] = yaml.load(TEXT, Loader=yaml.BaseLoader)
HEAD = 'id: tiny\nversion: "1"\ntitle: Tiny\nsections:\n  - id: s\n    title: S\n    questions:\n'
GIVEN = textwrap.indent(CASES["given"], " " * 6)
BEFORE = (HEAD + GIVEN).count("\n")


def made(own: str) -> Questionnaire:
    questionnaire = loads(HEAD + GIVEN + textwrap.indent(own, " " * 6) + "\n")
    assert check(questionnaire) == []
    return questionnaire


def value(question: Question, raw: Any) -> Value:
    """An answer of the table as the rules see it."""
    match question.kind:
        case Kind.DATE:
            return date.fromisoformat(raw)
        case Kind.CONSENT:
            return {"true": True, "false": False}[raw]
        case Kind.SEVERAL | Kind.FILE:
            return frozenset(raw)
        case Kind.RANKING:
            return tuple(raw)
        case Kind.TABLE:
            columns = {column.id: column for column in question.columns}
            return tuple({id_: value(columns[id_], cell) for id_, cell in row.items()} for row in raw)
        case kind:
            return Decimal(raw) if kind.is_numeric else str(raw)


def answers(questionnaire: Questionnaire, given: dict[str, Any]) -> dict[str, Value]:
    return {id_: value(questionnaire.questions[id_], raw) for id_, raw in given.items()}


def ways(name: str) -> Any:
    return pytest.mark.parametrize(
        ("rule", "given", "then"), CASES[name], ids=[f"{case[0]} {case[1]}" for case in CASES[name]]
    )


@ways("relevant")
def test_a_question_is_asked_when_its_rule_is_known_to_be_true(rule: str, given: dict[str, Any], then: str) -> None:
    questionnaire = made(f"- {{id: x, kind: text, label: X, relevant: {json.dumps(rule)}}}")
    path = Guide(questionnaire).path(answers(questionnaire, given))
    assert ("x" in {step.question.id for step in path.steps}) is (then == "true")


@ways("required_if")
def test_a_question_is_required_when_its_rule_is_known_to_be_true(rule: str, given: dict[str, Any], then: str) -> None:
    questionnaire = made(f'- {{id: x, kind: text, label: X, required_if: "{rule}"}}')
    path = Guide(questionnaire).path(answers(questionnaire, given))
    assert ("x" in {step.question.id for step in path.open}) is (then == "true")


@ways("constraint")
def test_an_answer_is_refused_when_its_rule_is_known_to_be_false(rule: str, given: dict[str, Any], then: str) -> None:
    questionnaire = made(f'- {{id: x, kind: number, label: X, constraint: "{rule}", message: Look again.}}')
    path = Guide(questionnaire).path(answers(questionnaire, given))
    assert next(step.refused for step in path.steps if step.question.id == "x") is (then == "true")


@ways("value")
def test_a_computed_question_is_worth_what_its_rule_says(rule: str, given: dict[str, Any], then: str) -> None:
    questionnaire = made(f'- {{id: x, kind: computed, label: X, value: "{rule}"}}')
    path = Guide(questionnaire).path(answers(questionnaire, given))
    assert path.computed["x"] == (None if then == "null" else Decimal(then))


@pytest.mark.parametrize(("own", "line", "says"), CASES["mistakes"], ids=[case[2] for case in CASES["mistakes"]])
def test_a_mistake_is_told_with_its_line(own: str, line: str, says: str) -> None:
    try:
        questionnaire = loads(HEAD + GIVEN + textwrap.indent(own, " " * 6) + "\n")
        found = check(questionnaire)
    except CannotLoad as refused:
        found = refused.problems
    assert any(problem.line == BEFORE + int(line) and says in problem.message for problem in found), found


def test_there_are_at_least_two_hundred_of_them() -> None:
    assert sum(len(CASES[name]) for name in ("relevant", "required_if", "constraint", "value", "mistakes")) >= 200
