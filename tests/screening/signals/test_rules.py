"""Numbers, people, cues and severity are read as the annotation guide says."""

from __future__ import annotations

import pytest

from models import taxonomy
from screening.engine import assertion, turning, words
from screening.engine.assertion import Cues, clauses
from screening.engine.numbers import measures_in, value_of
from screening.engine.people import people_in
from screening.engine.results import Assertion, Judgement, Passage
from screening.engine.severity import severity_of
from screening.engine.signals import Phrases
from screening.engine.signals import lexicon as phrase_lexicon

FLOORS = {code: str(signal.floor) for code, signal in taxonomy.shipped().signals.items()}


@pytest.mark.parametrize(
    ("text", "signal", "harm"),
    [
        ("Time records show 96 hours in week 23.", "HR.MAX", True),
        ("Nobody worked more than 46 hours a week in the sample.", "HR.MAX", False),
        ("Uit de prikklok blijkt 74 uur per week.", "HR.MAX", True),
        ("考勤显示每周工作82小时。", "HR.MAX", True),
        ("He worked 21 consecutive days in October.", "HR.REST", True),
        ("The packer is 13 years old.", "CL.MINAGE", True),
        ("De jongste is 17 jaar oud.", "CL.YOUNG", True),
        ("Youngest worker born 2011 (audit 2024).", "CL.MINAGE", True),
        ("Youngest worker born in 1999, audit of 2024.", "CL.MINAGE", False),
        ("Paid 6,200 against a minimum of 8,000.", "WG.MIN", True),
        ("Lowest basic pay is 9.150, the legal minimum 8.300.", "WG.MIN", False),
        ("At noon 41 °C were measured at the press.", "OSH.HEAT", True),
    ],
)
def test_a_number_is_evidence_by_itself(text: str, signal: str, harm: bool) -> None:
    assert (signal, harm) in {(measure.signal, measure.harm) for measure in measures_in(text)}


@pytest.mark.parametrize("text", ["", "No figures here.", "The site has 96 machines.", "Clause 60 of the week plan"])
def test_other_numbers_are_no_evidence(text: str) -> None:
    assert measures_in(text) == ()


@pytest.mark.parametrize(
    ("written", "value"), [("6,200", 6200), ("6.200", 6200), ("38.5", 38.5), ("38,5", 38.5), ("1.234,50", 1234.5)]
)
def test_separators_are_read_as_people_write_them(written: str, value: float) -> None:
    assert value_of(written) == value


@pytest.mark.parametrize(
    ("language", "text", "people"),
    [
        ("en", "The passports of 14 Nepali workers were kept in a safe.", 14),
        ("en", "Seven of the 40 workers had no contract.", 7),
        ("en", "One in three of 60 packers paid a fee.", 20),
        ("en", "A total of 1,200 employees were dismissed.", 1200),
        ("en", "34 workers were interviewed.", None),
        ("en", "Wages rose by 12 per cent.", None),
        ("nl", "Twee werknemers moesten hun paspoort inleveren.", 2),
        ("de", "Drei Näherinnen wurden entlassen.", 3),
        ("fr", "Cinq ouvrières ont payé des frais.", 5),
        ("zh", "三名工人的护照被扣留。", 3),
        ("zh", "三十二名员工没有合同", 32),
        ("th", "คนงาน 12 คนไม่มีสัญญา", 12),
    ],
)
def test_people_are_counted_where_the_text_counts_them(language: str, text: str, people: int | None) -> None:
    assert people_in(text, language) == people


def test_the_gravest_signal_gives_the_severity() -> None:
    assert severity_of(("HR.MAX", "FL.DOC"), Assertion.FINDING_CONFIRMED, None, floors=FLOORS) == "critical"


def test_a_risk_without_a_case_is_one_step_lower() -> None:
    assert severity_of(("FL.DOC",), Assertion.RISK_POTENTIAL, None, floors=FLOORS) == "high"
    assert severity_of(("GOV.RESP",), Assertion.UNABLE_TO_VERIFY, None, floors=FLOORS) == "low"


def test_a_hundred_people_raise_a_low_or_medium_matter_only() -> None:
    assert severity_of(("HR.MAX",), Assertion.FINDING_CONFIRMED, 100, floors=FLOORS) == "high"
    assert severity_of(("HR.MAX",), Assertion.FINDING_CONFIRMED, 99, floors=FLOORS) == "medium"
    assert severity_of(("WG.MIN",), Assertion.FINDING_CONFIRMED, 900, floors=FLOORS) == "high"


def test_what_raises_no_flag_has_no_severity() -> None:
    assert severity_of(("FL.DOC",), Assertion.NEGATED, 500, floors=FLOORS) == "none"
    assert severity_of((), Assertion.FINDING_CONFIRMED, 500, floors=FLOORS) == "none"


def test_the_clause_after_a_word_of_contrast_stands_by_itself() -> None:
    assert clauses("No child was found; however, two helpers were 14.", "en") == [
        "No child was found",
        "two helpers were 14",
    ]
    assert clauses("未发现童工，但两名工人只有十四岁，没有合同", "zh") == ["两名工人只有十四岁，没有合同"]


def test_cues_are_found_in_their_own_language() -> None:
    cues = Cues(assertion.lexicon())
    found = cues.find(words.tokens("Management denied this; the records were not provided."), "en")
    assert {"denied", "unverified", "evidence", "negation"} <= {cue.kind for cue in found}
    assert all(cue.kind != "policy" for cue in cues.find(words.tokens("Das ist hier verboten"), "en"))
    assert any(cue.kind == "policy" for cue in cues.find(words.tokens("Das ist hier verboten"), "de"))


def test_every_language_has_every_kind_of_cue() -> None:
    for language, kinds in assertion.lexicon().items():
        assert set(kinds) == set(assertion.KINDS), language


def test_a_phrase_is_found_with_other_words_between() -> None:
    found = Phrases(phrase_lexicon()).find(words.tokens("The passports of the men were held by the management."))
    assert ("FL.DOC", "passports of the men were held by the management") in found


def test_every_phrase_names_a_signal_of_the_taxonomy() -> None:
    assert set(phrase_lexicon()) == set(taxonomy.shipped().signals)


def test_the_clause_after_the_last_contrast_keeps_the_rest_as_its_context() -> None:
    whole = Passage("No evidence of child labour was found; however, two of them were 14.", language="en")
    part = turning.turned(whole)
    assert part is not None
    assert part.text == "however, two of them were 14."
    assert part.before == "No evidence of child labour was found;"
    assert turning.turned(Passage("However, two of them were 14.", language="en")) is None


def test_only_a_sure_clause_raises_a_calm_passage() -> None:
    calm = Judgement(signals=("CL.MINAGE",), assertion=Assertion.NEGATED, score=0.1)
    sure = Judgement(signals=("CL.MINAGE",), assertion=Assertion.FINDING_CONFIRMED, flag=True, score=0.9)
    unsure = Judgement(signals=("CL.MINAGE",), assertion=Assertion.FINDING_CONFIRMED, flag=True, score=0.4)
    assert turning.stronger(calm, sure, "however, two were 14").flag
    assert turning.stronger(calm, unsure, "however, two were 14") == calm
