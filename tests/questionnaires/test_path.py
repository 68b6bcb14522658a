"""The way through never skips what must be asked, never asks what must not be, and always ends."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from questionnaires import rules
from questionnaires.checking import check
from questionnaires.definition import YES_NO
from questionnaires.loading import loads
from questionnaires.path import Guide
from questionnaires.rules import Value

TEXT = """\
id: tiny
version: "1"
title: Tiny
sections:
  - id: people
    title: People
    questions:
      - {id: agencies, kind: yes_no, label: Agencies?, required: true}
      - {id: why_not, kind: text, label: Why not?, relevant: agencies = 'not_applicable', required: true}
      - {id: workers, kind: number, label: Workers?, required: true, minimum: 0}
      - {id: migrants, kind: number, label: Migrants?, required_if: agencies = 'yes', constraint: migrants <= workers,
         message: Not more than all workers.}
      - {id: share, kind: computed, label: Share, value: migrants / workers * 100}
  - id: fees
    title: Fees
    relevant: share > 10 or agencies = 'yes'
    questions:
      - {id: fees, kind: yes_no, label: Fees?, required: true}
      - {id: repaid, kind: yes_no, label: Repaid?, relevant: "fees in ['yes', 'partly']"}
"""
QUESTIONNAIRE = loads(TEXT)
GUIDE = Guide(QUESTIONNAIRE)


def _asked(answers: dict[str, Value]) -> list[str]:
    return [step.question.id for step in GUIDE.path(answers).steps]


def test_the_definition_is_sound() -> None:
    assert check(QUESTIONNAIRE) == []


def test_questions_come_up_as_their_rules_become_true() -> None:
    assert _asked({}) == ["agencies", "workers", "migrants"]
    assert _asked({"agencies": "not_applicable"}) == ["agencies", "why_not", "workers", "migrants"]
    assert _asked({"agencies": "yes", "fees": "partly"}) == ["agencies", "workers", "migrants", "fees", "repaid"]


def test_computed_values_decide_too() -> None:
    path = GUIDE.path({"agencies": "no", "workers": Decimal(200), "migrants": Decimal(50)})
    assert path.computed == {"share": Decimal(25)}
    assert "fees" in [step.question.id for step in path.steps]


def test_an_answer_whose_question_is_gone_counts_for_nothing() -> None:
    assert "repaid" not in _asked({"agencies": "no", "fees": "yes"})


def test_what_is_missing_and_what_is_refused_stands_open() -> None:
    answers: dict[str, Value] = {"agencies": "yes", "workers": Decimal(5), "migrants": Decimal(9), "fees": None}
    path = GUIDE.path(answers)
    assert [(step.question.id, step.refused) for step in path.open] == [("migrants", True), ("fees", False)]
    assert path.progress == (3, 4)


yes_no = st.one_of(st.none(), st.sampled_from(YES_NO))
number = st.one_of(st.none(), st.integers(0, 300).map(Decimal))
answer_sets = st.fixed_dictionaries(
    {"agencies": yes_no, "workers": number, "migrants": number, "fees": yes_no, "repaid": yes_no, "why_not": st.none()}
)


@given(answer_sets)
def test_no_required_question_is_ever_skipped(answers: dict[str, Value]) -> None:
    path = GUIDE.path(answers)
    seen = {**{step.question.id: answers.get(step.question.id) for step in path.steps}, **path.computed}
    for id_, question in QUESTIONNAIRE.questions.items():
        section = QUESTIONNAIRE.section_of[id_]
        gates = [text for text in (section.relevant, question.relevant) if text]
        wanted = all(rules.holds(rules.compile_rule(text), seen) for text in gates)
        assert (id_ in seen) is wanted


@given(answer_sets)
def test_answering_what_is_open_always_comes_to_an_end(answers: dict[str, Value]) -> None:
    filled = dict(answers)
    for _ in range(len(QUESTIONNAIRE.questions) + 1):
        path = GUIDE.path(filled)
        if not path.open:
            return
        for step in path.open:
            filled[step.question.id] = Decimal(0) if step.question.kind.is_numeric else "no"
    raise AssertionError("the questions never ended")
