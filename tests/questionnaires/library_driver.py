"""Answers a questionnaire of the library the way a supplier of a given kind would, question by question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from questionnaires import rules
from questionnaires.definition import Kind, Question
from questionnaires.path import Guide, Path
from questionnaires.rules import Answers, Value

CALM: Mapping[str, Value] = {
    "fees_paid": "no_asked",
    "accommodation_provided": "no",
    "outside_work": frozenset({"none"}),
    "harm_happened": "no",
}
"""Answers of a supplier that has nothing special to tell, where the first choice would tell something."""


def company(*, people: int, activity: str, risk: str, features: tuple[str, ...] = ("none",), **more: Value) -> Answers:
    """What the first section says of a supplier; `more` are further answers by their question."""
    given: dict[str, Value] = {
        "activity": activity,
        "inherent_risk": risk,
        "workers_total": Decimal(people),
        "workers_women": Decimal(people // 2),
        "workers_men": Decimal(people - people // 2),
        "workers_other": Decimal(0),
        "workers_migrant": Decimal(0),
        "workers_agency": Decimal(0),
        "workers_young": Decimal(0),
        "features": frozenset(features),
    }
    return {**given, **more}


def drive(guide: Guide, given: Answers, *, admits: bool) -> tuple[Path, Answers]:
    """Answer everything that comes up: either admitting every problem or admitting none. Always ends."""
    answers: dict[str, Value] = dict(given)
    while True:
        path = guide.path(answers)
        new = [step.question for step in path.steps if step.question.id not in answers]
        if not new:
            return path, answers
        answers[new[0].id] = _answer(new[0], answers, admits=admits)


def possible(question: Question) -> list[Value]:
    """Answers that between them can tell whether a problem is admitted."""
    match question.kind:
        case Kind.YES_NO:
            return ["yes", "no", "partly", "not_applicable"]
        case Kind.SINGLE:
            return [choice.id for choice in question.choices]
        case Kind.SEVERAL | Kind.RANKING:
            return [frozenset({choice.id}) for choice in question.choices]
        case Kind.DATE:
            return [date(2025, 1, 1)]
        case Kind.CONSENT:
            return [True]
        case Kind.TABLE | Kind.MATRIX:
            return [()]
        case Kind.FILE:
            return [frozenset({"file"})]
        case kind if kind.is_numeric:
            low = question.minimum if question.minimum is not None else Decimal(0)
            return [max(low, Decimal(1)), *(max(low, Decimal(n)) for n in (0, 5, 20, 70, 100)), Decimal(30)]
        case _:
            return ["in a few words"]


def _answer(question: Question, answers: Answers, *, admits: bool) -> Value:
    choices = possible(question)
    if question.admits is not None:
        rule = rules.compile_rule(question.admits)
        fitting = [value for value in choices if (rule({**answers, question.id: value}) is True) is admits]
        return fitting[0] if fitting else choices[0]
    if question.id in CALM and not (admits and question.id == "harm_happened"):
        return CALM[question.id]
    return choices[0]
