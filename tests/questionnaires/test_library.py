"""The questionnaires that come with the product are complete, short where they must be, and kind to the honest."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from models import taxonomy
from questionnaires import library, rules, syntax
from questionnaires.checking import check
from questionnaires.definition import YES_NO, Kind, Question, Questionnaire
from questionnaires.path import Guide
from questionnaires.references import Source, find
from questionnaires.texts import texts
from questionnaires.words import YES_NO_WORDS
from tests.questionnaires.library_driver import company, drive, possible

LOADED = {name: library.shipped(name) for name in library.names()}
ENTRY, FULL = LOADED["entry"], LOADED["full"]
GUIDE = Guide(FULL)
every_definition = pytest.mark.parametrize("questionnaire", LOADED.values(), ids=list(LOADED))

WORDS_A_MINUTE = 180
"""A slow reader's pace on a small screen: below the usual 200 to 250 of adults reading silently."""
LONGEST_READING = 240
"""Seconds of reading in the entry set, so that six of its ten minutes are left for thinking and answering."""
RESERVED = {"label", "why", "help", "evidence", "message", "rows", "title", "intro"}
EVERYTHING = ("season", "night", "machines", "hazardous", "land", "water", "guards", "conflict")


def _admissions(questionnaire: Questionnaire) -> list[Question]:
    return [question for question in questionnaire.questions.values() if question.admits is not None]


@every_definition
def test_every_definition_may_be_published(questionnaire: Questionnaire) -> None:
    assert check(questionnaire) == []


def test_a_questionnaire_that_is_not_there_is_not_made_up() -> None:
    assert library.names() == ("entry", "full")
    with pytest.raises(KeyError):
        library.shipped("../library/entry")


def test_the_library_speaks_the_languages_that_it_promises() -> None:
    assert set(ENTRY.languages) == {"en", "nl", "de", "fr", "es", "pt", "tr", "zh", "vi", "id", "hi", "bn"}
    assert set(FULL.languages) == {"en", "nl"}


@every_definition
def test_every_text_stands_in_every_language(questionnaire: Questionnaire) -> None:
    missing = [
        (key, language) for key, words in texts(questionnaire) for language in questionnaire.languages
        if not words.get(language, "").strip()
    ]  # fmt: skip
    assert missing == []


def test_yes_and_no_can_be_said_in_every_language_of_the_library() -> None:
    assert set(YES_NO_WORDS) == set(YES_NO)
    for language in {language for each in LOADED.values() for language in each.languages}:
        assert len({words[language] for words in YES_NO_WORDS.values()}) == len(YES_NO)


@pytest.mark.parametrize("path", sorted(library.FOLDER.glob("*.*.yaml")), ids=lambda path: path.name)
def test_a_translation_has_the_keys_of_its_definition_and_each_once(path: Path) -> None:
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    assert isinstance(node, yaml.MappingNode)
    keys = Counter(key.value for key, _ in node.value)
    assert keys == Counter(key for key, _ in texts(LOADED[path.name.split(".")[0]]))


@every_definition
def test_no_key_stands_for_two_texts(questionnaire: Questionnaire) -> None:
    keys = Counter(key for key, _ in texts(questionnaire))
    assert [key for key, count in keys.items() if count > 1] == []
    for question in questionnaire.questions.values():
        assert not RESERVED & {choice.id for choice in question.choices}
        assert not RESERVED & {column.id for column in question.columns}
    assert not {section.id for section in questionnaire.sections} & set(questionnaire.questions)


@every_definition
def test_a_sentence_ends_as_one_and_a_choice_does_not(questionnaire: Questionnaire) -> None:
    """A translation that slipped by one line would put a sentence where a choice belongs."""
    sentences = (".why", ".help", ".evidence", ".message", ".intro")
    for key, words in texts(questionnaire):
        for language, text in words.items():
            ends = text[-1] in ".。।"
            if key.endswith(sentences):
                assert ends, (key, language)
            elif not key.endswith((".label", ".title")):
                assert not ends, (key, language)


@every_definition
def test_every_question_says_why_it_is_asked_in_one_or_two_sentences(questionnaire: Questionnaire) -> None:
    for question in questionnaire.questions.values():
        assert 1 <= question.why["en"].count(".") <= 2, question.id
        assert len(question.why["en"].split()) <= 24, question.id


@every_definition
def test_every_question_refers_to_a_signal_and_to_an_instrument_that_are_known(questionnaire: Questionnaire) -> None:
    for question in questionnaire.questions.values():
        found = {code: find(code) for code in question.refs}
        assert None not in found.values(), (question.id, [code for code, each in found.items() if each is None])
        sources = {each.source for each in found.values() if each}
        assert Source.SIGNAL in sources, question.id
        assert sources - {Source.SIGNAL}, question.id


def test_a_reference_that_nobody_knows_is_not_found() -> None:
    assert find("FL.NOTHING") is None
    assert find("ILO C999") is None
    assert find("UNGP 32") is None


def test_the_full_set_asks_about_every_signal_but_bribed_auditors() -> None:
    """Nobody would say yes to that one: it is left to what workers and auditors report."""
    asked = {code for question in FULL.questions.values() for code in question.refs}
    assert set(taxonomy.shipped().signals) - asked == {"INT.BRIBE"}


def test_the_full_set_has_the_seventeen_sections_in_their_order() -> None:
    assert [section.id for section in FULL.sections] == [
        "profile", "governance", "risks", "forced", "children", "union", "equality", "wages", "hours", "safety",
        "contracts", "land", "nature", "complaints", "remedy", "buyer", "sign",
    ]  # fmt: skip


def test_every_kind_of_question_is_used() -> None:
    assert {question.kind for question in FULL.questions.values()} == set(Kind)


def test_the_sets_have_the_size_that_was_meant() -> None:
    asked = {name: sum(q.kind is not Kind.COMPUTED for q in each.questions.values()) for name, each in LOADED.items()}
    assert 20 <= asked["entry"] <= 30
    assert 180 <= asked["full"] <= 240


def test_the_entry_set_is_read_in_four_minutes() -> None:
    """Everything that stands on the screen; why it is asked and what may be attached are shown on request."""
    hidden = (".why", ".evidence", ".message")
    words = sum(len(text["en"].split()) for key, text in texts(ENTRY) if not key.endswith(hidden))
    assert words / WORDS_A_MINUTE * 60 <= LONGEST_READING


def test_an_answer_of_the_entry_set_can_be_used_again_in_the_full_set() -> None:
    shared = set(ENTRY.questions) & set(FULL.questions)
    assert set(ENTRY.questions) == shared
    for id_ in shared:
        short, long = ENTRY.questions[id_], FULL.questions[id_]
        assert (short.label["en"], short.label["nl"]) == (long.label["en"], long.label["nl"])
        for one, other in zip(short.choices, long.choices, strict=True):
            assert (one.id, one.label["en"], one.label["nl"]) == (other.id, other.label["en"], other.label["nl"])
        assert (short.kind, short.unit, short.period) == (long.kind, long.unit, long.period)


@every_definition
def test_no_document_is_ever_demanded_of_somebody_who_says_no(questionnaire: Questionnaire) -> None:
    for question in questionnaire.questions.values():
        if question.kind is not Kind.FILE:
            continue
        assert not question.required
        assert question.required_if is None
        gate = rules.compile_rule(question.relevant or "true")
        looked_at = [name.text for name in syntax.names(syntax.parse(question.relevant or "true"))]
        yes_no = [id_ for id_ in looked_at if questionnaire.questions[id_].kind is Kind.YES_NO]
        honest = dict.fromkeys(yes_no, "no")
        assert yes_no
        assert not rules.holds(gate, {**company(people=5000, activity="farming", risk="high"), **honest})


@every_definition
def test_an_admitted_problem_is_never_refused_and_never_owes_a_document(questionnaire: Questionnaire) -> None:
    guide = Guide(questionnaire)
    given = company(people=5000, activity="farming", risk="high", features=EVERYTHING, sites_count=Decimal(3))
    path, _ = drive(guide, given, admits=True)
    assert [step.question.id for step in path.open] == []
    assert not any(step.required for step in path.steps if step.question.kind is Kind.FILE)


def test_every_admitted_problem_of_the_entry_set_leads_to_the_plan() -> None:
    plan = rules.compile_rule(ENTRY.questions["plan"].relevant or "")
    for question in _admissions(ENTRY):
        assert _admitting(question, plan), question.id


def test_every_admitted_problem_leads_a_larger_company_to_the_plan_of_its_section() -> None:
    for question in _admissions(FULL):
        section = FULL.section_of[question.id]
        (plan,) = [each for each in section.questions if each.id.endswith("_plan")]
        assert _admitting(question, rules.compile_rule(plan.relevant or ""), people=60), question.id


def test_every_admitted_problem_leads_a_small_company_to_its_one_plan() -> None:
    """Driven through the guide, so that a problem in any question that a small company meets is covered."""
    features = ("machines", "hazardous", "land", "guards", "conflict", "night", "water", "season")
    met: set[str] = set()
    for risk in ("medium", "high"):
        given = company(
            people=49, activity="farming", risk=risk, features=features, workers_migrant=Decimal(9),
            workers_agency=Decimal(9), workers_young=Decimal(2), accommodation_provided="yes",
            outside_work=frozenset({"homeworkers", "subcontractors"}),
        )  # fmt: skip
        _, calm = drive(GUIDE, given, admits=False)
        assert "plan" not in {step.question.id for step in GUIDE.path(calm).steps}
        for step in GUIDE.path(calm).steps:
            if step.question.admits is None:
                continue
            rule = rules.compile_rule(step.question.admits)
            bad = [value for value in possible(step.question) if rules.holds(rule, {**calm, step.question.id: value})]
            assert bad, step.question.id
            after = GUIDE.path({**calm, step.question.id: bad[0]})
            assert "plan" in {each.question.id for each in after.steps}, step.question.id
            met.add(step.question.id)
    assert len(met) > 40


def _admitting(question: Question, plan: rules.Rule, people: int = 10) -> bool:
    """Whether an answer that admits a problem, alone, brings up the plan, and a harmless one does not."""
    around = {"workers_total": Decimal(people), "lowest_wage": Decimal(10)}
    rule = rules.compile_rule(question.admits or "")
    bad = [value for value in possible(question) if rules.holds(rule, {**around, question.id: value})]
    return bool(bad) and all(rules.holds(plan, {**around, question.id: value}) for value in bad)


SMALL = {
    "an office of twelve": company(people=12, activity="office", risk="low"),
    "a workshop of thirty": company(people=30, activity="metal", risk="medium", features=("machines", "hazardous")),
    "a farm of forty with migrants": company(
        people=40, activity="farming", risk="medium", features=("season", "hazardous"), workers_migrant=Decimal(10),
        workers_agency=Decimal(10), workers_young=Decimal(2), accommodation_provided="yes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("admits", [False, True], ids=["without problems", "with every problem"])
@pytest.mark.parametrize("given", SMALL.values(), ids=list(SMALL))
def test_a_small_supplier_meets_at_most_sixty_questions(given: rules.Answers, admits: bool) -> None:
    path, _ = drive(GUIDE, given, admits=admits)
    assert path.open == ()
    assert len(path.steps) <= 60


def test_a_small_supplier_at_high_risk_meets_half_of_what_a_large_one_meets() -> None:
    small, _ = drive(GUIDE, company(people=20, activity="office", risk="high"), admits=True)
    large, _ = drive(GUIDE, company(people=2000, activity="office", risk="high"), admits=True)
    assert len(small.steps) <= 100
    assert len(small.steps) < 0.6 * len(large.steps)


def test_a_large_supplier_at_high_risk_comes_through_every_section() -> None:
    given = company(
        people=2000, activity="farming", risk="high", features=EVERYTHING, workers_migrant=Decimal(500),
        workers_agency=Decimal(500), workers_young=Decimal(20), sites_count=Decimal(9), fees_paid="yes",
        accommodation_provided="yes", outside_work=frozenset({"homeworkers", "subcontractors"}),
    )  # fmt: skip
    path, _ = drive(GUIDE, given, admits=True)
    assert {FULL.section_of[step.question.id].id for step in path.steps} == {section.id for section in FULL.sections}
    assert len(path.steps) > 190


def test_a_workforce_that_does_not_add_up_is_refused_with_its_reason() -> None:
    given = company(people=100, activity="textiles", risk="high", workers_men=Decimal(40), workers_other=Decimal(1))
    refused = [step.question for step in GUIDE.path(given).steps if step.refused]
    assert [question.id for question in refused] == ["workers_other"]
    assert "add up" in refused[0].message["en"]


def test_what_a_supplier_says_of_the_buyer_never_counts_as_its_own_problem() -> None:
    (section,) = [section for section in FULL.sections if section.id == "buyer"]
    assert [question.id for question in section.questions if question.admits] == []
    assert {question.sensitivity.value for question in section.questions if question.kind is not Kind.COMPUTED} == {
        "business"
    }
