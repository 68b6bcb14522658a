"""Every way through is found, no required question is skipped on any of them, and the search always ends."""

from __future__ import annotations

from hypothesis import given, settings

from questionnaires import rules
from questionnaires.definition import Questionnaire
from questionnaires.library import shipped
from questionnaires.path import Guide
from questionnaires.previewing import conditional, ways
from tests.questionnaires.inventing import questionnaires
from tests.questionnaires.test_path import QUESTIONNAIRE


@given(questionnaires(most=6))
@settings(max_examples=40, deadline=None)
def test_on_every_way_all_that_must_be_asked_is_asked_and_the_search_ends(questionnaire: Questionnaire) -> None:
    guide = Guide(questionnaire)
    found = ways(questionnaire, most=300)
    assert found.ways or not found.complete
    for way in found.ways:
        values = guide.path(way.answers).values
        for id_, question in questionnaire.questions.items():
            gates = [text for text in (questionnaire.section_of[id_].relevant, question.relevant) if text]
            wanted = all(rules.holds(rules.compile_rule(text), values) for text in gates)
            assert (id_ in way.asked) is wanted


@given(questionnaires(most=6))
@settings(max_examples=40, deadline=None)
def test_the_answers_that_are_named_for_a_question_bring_it_up(questionnaire: Questionnaire) -> None:
    guide = Guide(questionnaire)
    for each in conditional(questionnaire):
        if each.answers:
            assert each.question in {step.question.id for step in guide.path(each.answers).steps}


def test_the_ways_of_a_small_questionnaire_are_all_found() -> None:
    found = ways(QUESTIONNAIRE, most=100_000)
    asked = {way.asked for way in found.ways}
    assert ("agencies", "workers", "migrants", "fees", "repaid") in asked
    assert ("agencies", "why_not", "workers", "migrants") in asked


def test_too_many_ways_are_admitted() -> None:
    assert not ways(shipped("full"), most=50).complete
