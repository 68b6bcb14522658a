"""A section is read as complete, proved and mature, each by itself; honesty with a plan outweighs a clean, bare yes."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import taxonomy
from questionnaires.library import shipped
from questionnaires.loading import loads
from questionnaires.path import Guide
from questionnaires.rules import Value
from questionnaires.scoring import DEFAULT, Proof, SectionReading, Standing, Weights, read

TEXT = """\
id: tiny
version: "1"
title: T
sections:
  - id: work
    title: Work
    questions:
      - {id: papers, kind: yes_no, label: Own papers?, refs: [FL.DOC], admits: "papers in ['no', 'partly']"}
      - {id: hours, kind: yes_no, label: Is there a day of rest?, refs: [HR.REST], admits: "hours in ['no', 'partly']"}
      - {id: story, kind: text, label: Anything else?}
      - {id: work_plan, kind: text, label: Plan, relevant: "papers in ['no', 'partly'] or hours in ['no', 'partly']"}
  - id: never
    title: Never
    relevant: papers = 'not_applicable'
    questions:
      - {id: other, kind: text, label: Other}
"""
QUESTIONNAIRE = loads(TEXT)
GUIDE = Guide(QUESTIONNAIRE)
SEVERITY = {"FL.DOC": "critical", "HR.REST": "medium"}


def work(
    answers: dict[str, Value], weights: Weights = DEFAULT, contradicted: str = "", **proofs: Proof
) -> SectionReading:
    found = read(
        QUESTIONNAIRE,
        GUIDE.path(answers),
        proofs=proofs,
        severity_of=SEVERITY.get,
        contradicted=frozenset({contradicted}),
        weights=weights,
    )
    return next(each for each in found if each.section == "work")


def test_an_admitted_problem_with_a_plan_counts_better_than_a_clean_unproven_yes() -> None:
    honest = work({"papers": "no", "hours": "no", "work_plan": "We return them in May."})
    bare = work({"papers": "yes", "hours": "yes"})
    assert honest.maturity is not None
    assert bare.maturity is not None
    assert honest.maturity > bare.maturity


def test_a_proved_yes_counts_best_and_an_admission_without_a_plan_least() -> None:
    readings = [
        work({"papers": "no", "hours": "no"}),
        work({"papers": "yes", "hours": "yes"}),
        work({"papers": "yes", "hours": "yes"}, papers=Proof.SHOWN, hours=Proof.SHOWN),
        work({"papers": "yes", "hours": "yes"}, papers=Proof.ACCEPTED, hours=Proof.ACCEPTED),
    ]
    assert [each.maturity for each in readings] == [1.0, 2.0, 3.0, 4.0]
    assert [each.evidence for each in readings] == [None, 0.0, 0.5, 1.0]


def test_the_graver_question_weighs_more() -> None:
    assert work({"papers": "yes", "hours": "yes"}, papers=Proof.ACCEPTED).maturity == pytest.approx((3 * 4 + 2) / 4)
    assert work({"papers": "yes", "hours": "yes"}, hours=Proof.ACCEPTED).maturity == pytest.approx((3 * 2 + 4) / 4)


def test_a_critical_problem_without_a_plan_keeps_the_section_down_and_says_so() -> None:
    weights = Weights(by_severity={"critical": 1.0, "medium": 9.0})
    reading = work({"papers": "no", "hours": "yes"}, weights, hours=Proof.ACCEPTED)
    assert (reading.maturity, reading.capped) == (1.0, True)
    assert not work({"papers": "no", "hours": "yes", "work_plan": "May"}, weights, hours=Proof.ACCEPTED).capped


def test_what_was_refused_or_is_contradicted_is_disputed() -> None:
    for reading in (
        work({"papers": "yes"}, papers=Proof.REFUSED),
        work({"papers": "yes"}, contradicted="papers", papers=Proof.ACCEPTED),
    ):
        assert [each.standing for each in reading.open_risks] == [Standing.DISPUTED]


def test_what_does_not_apply_is_left_out_and_what_is_not_answered_counts_nothing() -> None:
    assert work({"papers": "not_applicable", "hours": "yes"}).maturity == 2.0
    assert work({"hours": "yes"}).maturity == pytest.approx(2 / 4)


def test_completeness_counts_what_is_asked_of_this_company_only() -> None:
    reading = work({"papers": "yes", "story": "x"})
    assert (reading.answered, reading.asked, reading.completeness) == (2, 3, pytest.approx(2 / 3))
    assert [each.section for each in read(QUESTIONNAIRE, GUIDE.path({}), proofs={}, severity_of=SEVERITY.get)] == [
        "work"
    ]


def test_it_says_what_would_change_it_the_greatest_gain_first() -> None:
    reading = work({"papers": "yes", "hours": "no"})
    assert [(each.question, each.to) for each in reading.changes] == [
        ("papers", Standing.CLEAN_SHOWN),
        ("hours", Standing.ADMITTED_WITH_PLAN),
    ]
    after = work({"papers": "yes", "hours": "no"}, papers=Proof.SHOWN)
    assert after.maturity == pytest.approx((reading.maturity or 0) + reading.changes[0].gain)


@given(
    st.fixed_dictionaries(
        {}, optional={name: st.sampled_from(["yes", "no", "partly"]) for name in ("papers", "hours")}
    ),
    st.booleans(),
    st.sampled_from(list(Proof)),
)
@settings(deadline=None)
def test_writing_a_plan_or_showing_evidence_never_lowers_anything(
    answers: dict[str, Value], planned: bool, proof: Proof
) -> None:
    before = work(answers)
    after = work({**answers, **({"work_plan": "May"} if planned else {})}, papers=proof)
    if proof is not Proof.REFUSED:
        assert (after.maturity or 0) >= (before.maturity or 0)
    assert 0 <= (after.maturity or 0) <= 4


def test_there_is_no_single_score() -> None:
    assert not {field.name for field in fields(SectionReading)} & {"score", "total", "grade"}


def test_every_section_of_the_full_questionnaire_that_can_admit_something_can_be_read() -> None:
    questionnaire = shipped("full")
    signals = taxonomy.shipped().signals
    found = read(
        questionnaire,
        Guide(questionnaire).path({}),
        proofs={},
        severity_of=lambda code: str(signals[code].floor) if code in signals else None,
    )
    assert len(found) > 10
    assert {each.maturity for each in found} <= {0.0, None}
