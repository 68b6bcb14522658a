"""Tests of bare answers: whether a yes or a no tells of harm depends on the question."""

from __future__ import annotations

import pytest

from screening.engine import asking, checklists
from screening.engine.classifier import SHIPPED
from screening.engine.results import Assertion, Passage
from screening.engine.screener import Screener


@pytest.fixture(scope="module")
def screener() -> Screener:
    found = Screener.load()
    if not found.encoders.close.available:
        pytest.skip("the slow encoder is not made for this machine")
    return found


@pytest.mark.parametrize(
    ("text", "before", "question", "yes", "remark"),
    [
        ("4. Are exits kept free? | No | North door", "", "Are exits kept free?", False, "North door"),
        ("Zijn de uitgangen vrij? | Ja", "", "Zijn de uitgangen vrij?", True, ""),
        ("No.", "Are deposits taken from workers?", "Are deposits taken from workers?", False, ""),
    ],
)
def test_a_reply_is_read_with_its_question(text: str, before: str, question: str, yes: bool, remark: str) -> None:
    reply = checklists.reply_of(Passage(text, before=before))
    assert reply == checklists.Reply(question, yes, remark)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("Are exits kept free? | n.a.", ""),
        ("Are exits kept free?", ""),
        ("No.", "The report goes on here."),
        ("No fees were taken.", "Were fees taken?"),
        ("Fire? | Yes", ""),
    ],
)
def test_other_text_is_no_reply(text: str, before: str) -> None:
    assert checklists.reply_of(Passage(text, before=before)) is None


@pytest.mark.parametrize("kind", ["audit", "self_assessment", None])
def test_an_answer_is_judged_by_what_its_question_wants(screener: Screener, kind: str | None) -> None:
    rows = [
        "Are fire exits kept unlocked during working hours? | No",
        "Are fire exits kept unlocked during working hours? | Yes",
        "Are fire exits kept unlocked during working hours?",
    ]
    harm, calm, bare = screener.judge([Passage(row, language="en", document_type=kind) for row in rows])
    assert (harm.flag, calm.flag, bare.flag) == (True, False, False)
    assert harm.signals == ("OSH.FIRE",)
    assert harm.severity != "none"
    assert harm.assertion.raises


def test_what_the_question_decided_is_said(screener: Screener) -> None:
    (found,) = screener.judge(
        [Passage("Are fire exits kept unlocked during working hours? | No", language="en", document_type="audit")]
    )
    assert found.assertion is Assertion.FINDING_CONFIRMED
    assert found.explanation.note == checklists.NOTE.format("admits harm")


def test_a_remark_that_tells_of_harm_outweighs_a_calm_answer(screener: Screener) -> None:
    row = "Are emergency exits unlocked? | Yes | But the north exit was locked and chained during the night shift"
    (found,) = screener.judge([Passage(row, language="en", document_type="audit")])
    assert found.flag


def test_without_the_slow_encoder_nothing_is_said_of_questions() -> None:
    found = Screener.load()
    alone = Screener(found.learned, found.encoders)
    row = Passage("Are fire exits kept unlocked during working hours? | No", language="en", document_type="audit")
    assert not alone.judge([row])[0].explanation.note.startswith("The question tells")


def test_the_layer_is_taken_only_with_the_classifier_that_it_was_learned_on() -> None:
    version = Screener.load().learned.version
    assert asking.load(version, SHIPPED) is not None
    assert asking.load("another", SHIPPED) is None
