"""The shipped engine judges whole passages, the same way however they come."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from models import taxonomy
from screening.engine import classifier, turning
from screening.engine.classifier import ClassifierError
from screening.engine.meaning import Encoders
from screening.engine.results import Assertion, Page, PageStatus, Passage, Reading, State
from screening.engine.screener import Screener
from screening.engine.vectors import WIDE_SIZE, Vectors
from webapp.cli import main

HARM = "Two workers told us that the supervisor slapped them; management denied this."


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener.load()


def test_a_worker_s_account_that_management_denies_is_an_allegation(screener: Screener) -> None:
    (found,) = screener.judge([Passage(HARM, language="en")])
    assert found.flag
    assert found.assertion is Assertion.FINDING_ALLEGED
    assert found.signals[0] == "VH.PHYS"
    assert found.severity == "critical"
    assert found.people == 2


@pytest.mark.parametrize(
    "text",
    [
        "Hiring anyone under the age of 16 is strictly prohibited in all our factories.",
        "The next meeting takes place on 4 May in the large hall.",
        "Are emergency exits kept unlocked during working hours? | Yes",
    ],
)
def test_rules_ordinary_text_and_good_answers_raise_nothing(screener: Screener, text: str) -> None:
    (found,) = screener.judge([Passage(text, language="en")])
    assert not found.flag
    assert found.severity == "none"
    assert not found.assertion.raises


def test_the_clause_after_however_raises_what_the_first_soothed(screener: Screener) -> None:
    calm, turned = screener.judge(
        [
            Passage("No evidence of child labour was found during 34 interviews.", language="en"),
            Passage(
                "However, two of them were 14.",
                before="No evidence of child labour was found during 34 interviews.",
                language="en",
            ),
        ]
    )
    assert not calm.flag
    assert turned.flag
    assert turned.signals[0] == "CL.MINAGE"
    assert turned.explanation.note.endswith(turning.JOINED)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("Three of the workers were 14 years old.", "However, all exits were unlocked."),
        ("Workers reported being slapped by the supervisor.", "However, wages were paid on time."),
        ("Wages for May were never paid.", "However, the canteen serves warm meals."),
    ],
)
def test_what_is_calm_after_however_does_not_take_over_the_finding_before_it(
    screener: Screener, before: str, text: str
) -> None:
    (found,) = screener.judge([Passage(text, before=before, language="en", document_type="audit")])
    assert not found.flag


def test_a_long_passage_before_does_not_push_out_what_follows_it() -> None:
    pair = turning.joined(Passage("However, two of them were 14.", before="Nothing was found. " * 200, language="en"))
    assert pair is not None
    assert pair[1].text.endswith("two of them were 14.")
    assert len(pair[1].text) < 500


def test_the_same_passages_are_judged_alike_whatever_came_before(screener: Screener) -> None:
    found = [Passage(text) for text in (HARM, "De deur was op slot.", "三名工人的护照被扣留。", "", "?")]
    first = Screener(screener.learned).judge(found)
    screener.judge([Passage("An explosion killed nine miners."), *found])
    assert screener.judge(found) == first


def test_company_does_not_change_what_is_thought_of_a_passage(screener: Screener) -> None:
    texts = [HARM, "De deur was op slot.", "Time records show 96 hours in week 23.", "Page 3"]
    together = screener.judge([Passage(text) for text in texts])
    for text, found in zip(texts, together, strict=True):
        (apart,) = screener.judge([Passage(text)])
        assert (apart.flag, apart.signals, apart.assertion) == (found.flag, found.signals, found.assertion)
        assert apart.score == pytest.approx(found.score, abs=0.001)


def test_a_flag_follows_from_signals_and_assertion(screener: Screener) -> None:
    for found in screener.judge([Passage(text) for text in (HARM, "No fire drill was held.", "Table of contents")]):
        assert found.flag == (found.assertion.raises and bool(found.signals))
        assert (found.severity == "none") == (not found.flag)
        assert 0 <= found.score <= 1
        assert set(found.categories) == {code.partition(".")[0] for code in found.signals}


def test_an_explanation_names_rules_words_and_cues(screener: Screener) -> None:
    (found,) = screener.judge([Passage("Time records show 96 hours in week 23.", language="en")])
    assert any("96 hours" in rule for rule in found.explanation.rules)
    assert found.explanation.words
    assert all(weight > 0 for _, weight in found.explanation.words)


def test_a_language_that_was_not_learned_is_told(screener: Screener) -> None:
    (found,) = screener.judge([Passage("労働者のパスポートは会社が保管している。")])
    assert found.language == "ja"
    assert not found.signals or "has not learned" in found.explanation.note


def test_a_year_of_birth_that_makes_a_worker_too_young_raises_a_flag(screener: Screener) -> None:
    young, grown, asked = screener.judge(
        [
            Passage("Youngest worker born 2011 (audit 2024)", language="en"),
            Passage("Youngest worker born 2003 (audit 2024)", language="en"),
            Passage("Youngest worker born 2011 (audit 2024)?", language="en"),
        ]
    )
    assert young.flag
    assert "CL.MINAGE" in young.signals
    assert any("born 2011" in rule for rule in young.explanation.rules)
    assert not grown.flag
    assert not asked.flag


def test_a_bound_lets_the_quick_look_set_passages_aside_and_no_bound_does_not(screener: Screener) -> None:
    calm = Passage(
        "Interviewed workers keep their passports in their own lockers; none is held by the site.", language="en"
    )
    told = Passage("The next meeting takes place on 4 May in the large hall.", language="en")
    bounded = screener.judge([calm, told], most=0)
    careful = screener.judge([calm, told])
    assert bounded[1].assertion is Assertion.BOILERPLATE
    assert "without sentence vectors" not in careful[0].explanation.note
    assert not bounded[0].signals or "without sentence vectors" in bounded[0].explanation.note


def test_a_flag_by_words_alone_needs_at_least_as_high_a_score(screener: Screener) -> None:
    lines = screener.learned.thresholds
    texts = [HARM, "The exit was chained during the night shift.", "Wages for May had not been paid by 20 July."]
    for found in screener.judge([Passage(text, language="en") for text in texts], most=0):
        assert not found.flag or found.score >= lines["words_only"]


def test_without_the_encoder_the_engine_judges_by_words_and_says_so(
    screener: Screener,
) -> None:
    (found,) = Screener(screener.learned, Encoders(Vectors(), Vectors())).judge([Passage(HARM, language="en")])
    assert found.signals
    assert "without sentence vectors" in found.explanation.note


def test_without_the_slow_encoder_weak_languages_are_said_to_be_weak(screener: Screener) -> None:
    passage = Passage("Công nhân bị giữ hộ chiếu trong két sắt của văn phòng.", language="vi")
    (both,) = screener.judge([passage])
    (quick,) = Screener(screener.learned, Encoders(close=Vectors())).judge([passage])
    assert "weaker in this language" in quick.explanation.note
    assert "weaker" not in both.explanation.note
    assert both.score != quick.score


def test_the_slow_encoder_gives_a_text_the_same_vector_in_any_company() -> None:
    close = Vectors.close()
    if not close.available:
        pytest.skip("the slow sentence encoder is not made for this machine")
    assert (close.of([HARM])[0] == close.of(["Short.", HARM, "A much longer sentence about something else."])[1]).all()


def test_a_document_gives_findings_with_their_places(screener: Screener) -> None:
    page = Page(1, PageStatus.READ, f"Findings\n{HARM}\nThe canteen is on the second floor.", language="en")
    found = screener.screen(Reading(State.SCREENED, pages=(page,)))
    flagged = [finding for finding in found if finding.judgement.flag]
    assert page.text[flagged[0].passage.start : flagged[0].passage.end] == HARM


def test_the_shipped_classifier_knows_the_shipped_taxonomy() -> None:
    learned = classifier.load()
    assert learned.signals == tuple(sorted(taxonomy.shipped().signals))
    assert learned.floors == {code: str(s.floor) for code, s in taxonomy.shipped().signals.items()}


def test_a_classifier_written_and_read_again_is_the_same(tmp_path: Path) -> None:
    learned = classifier.load()
    classifier.save(learned, tmp_path)
    again = classifier.load(tmp_path)
    assert np.abs(again.weights - learned.weights).max() < 1e-6
    assert again.thresholds == learned.thresholds


def test_landmarks_written_in_bytes_still_say_the_same(tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    learned = classifier.load()
    weights = chance.normal(size=learned.wide.weights.shape).astype(np.float32)
    weights[0] = 12  # One that is far larger makes the steps of all others coarse.
    exact = replace(learned.wide, weights=weights, slope=0.0)
    classifier.save(replace(learned, wide=exact), tmp_path)
    vectors = chance.normal(size=(20, WIDE_SIZE)).astype(np.float32)
    before, after = exact.scores(vectors), classifier.load(tmp_path).wide.scores(vectors)
    assert np.abs(before - after).max() < before.std() / 100


def test_a_classifier_whose_arrays_were_changed_is_refused(tmp_path: Path) -> None:
    for name in ("classifier.npz", "classifier.json"):
        (tmp_path / name).write_bytes((classifier.SHIPPED / name).read_bytes())
    with (tmp_path / "classifier.npz").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ClassifierError, match="not those"):
        classifier.load(tmp_path)
    with pytest.raises(ClassifierError, match="cannot be read"):
        classifier.load(tmp_path / "nowhere")


def test_classify_answers_each_line_in_order() -> None:
    lines = [json.dumps({"id": i, "text": text}) for i, text in enumerate([HARM, "Page 3 of 9", HARM])]
    result = CliRunner().invoke(main, ["classify"], input="\n".join(lines))
    told = [json.loads(line) for line in result.output.splitlines()]
    assert [row["id"] for row in told] == [0, 1, 2]
    assert [row["flag"] for row in told] == [True, False, True]
    assert {"signals", "categories", "assertion", "severity", "score", "people", "language", "explanation"} <= set(
        told[0]
    )


@pytest.mark.parametrize(("line", "told"), [("{", "Line 1 is not valid JSON"), ('{"id": 1}', "Line 1 needs")])
def test_classify_names_the_line_at_fault(line: str, told: str) -> None:
    result = CliRunner().invoke(main, ["classify"], input=line)
    assert result.exit_code == 1
    assert told in result.output


def test_the_corpus_is_sound() -> None:
    result = CliRunner().invoke(main, ["corpus", "check"])
    assert result.exit_code == 0, result.output


def test_a_faulty_corpus_line_is_refused_with_its_place(tmp_path: Path) -> None:
    row: dict[str, object] = {"id": "a", "text": "t", "language": "en", "document_type": "audit", "kind": "plain"}
    row |= {"signals": ["FL.XX"], "assertion": "negated"}
    (tmp_path / "en-x-01.jsonl").write_text(
        json.dumps(row) + "\n" + json.dumps(row | {"signals": [], "assertion": "maybe"})
    )
    result = CliRunner().invoke(main, ["corpus", "check", str(tmp_path)])
    assert result.exit_code == 1
    for told in ("en-x-01.jsonl:1", "FL.XX", "en-x-01.jsonl:2", "maybe"):
        assert told in result.output


def test_figures_without_a_word_raise_nothing(screener: Screener) -> None:
    before = "Working hours exceed sixty a week in both workshops."
    (found,) = screener.judge([Passage("(19,20)", before=before, page=3, language="en", document_type="audit")])
    assert not found.flag
    assert not found.signals
