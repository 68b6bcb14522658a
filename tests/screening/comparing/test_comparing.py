"""An answer and a passage of evidence: figures are compared as figures, and each relation comes with its reason."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from screening.comparing import Comparer, Kind, Pair, bounds, layers
from screening.comparing.amounts import amounts_in, matches
from screening.comparing.leanings import opening
from screening.engine.classifier import SHIPPED, ClassifierError
from screening.training import cards
from webapp.cli import main


@pytest.fixture(scope="module")
def comparer() -> Comparer:
    return Comparer.load()


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("They worked 72 hours in week 23.", "en", (72, "hour")),
        ("Il y a eu soixante heures.", "en", None),
        ("打卡记录显示每周工时七十二小时。", "zh", (72, "hour")),
        ("সর্বনিম্ন বেতন ১২,৫০০ টাকা।", "bn", (12500, "money")),
        ("The lowest pay was $1,250.50 then.", "en", (1250.5, "money")),
        ("Der Anteil lag bei 28 Prozent.", "de", (28, "percent")),
        ("คนงานทำงานติดต่อกัน 21 วัน", "th", (21, "day")),
        ("We counted twelve workers.", "en", (12, "people")),
        ("In 2025 all was well.", "en", (2025, "year")),
        ("The youngest is 16 years old.", "en", (16, "age")),
        ("Nothing is counted here.", "en", None),
    ],
)
def test_amounts_are_read_with_their_units_in_figures_and_in_words(
    text: str, language: str, found: tuple[float, str] | None
) -> None:
    seen = [(amount.value, amount.kind) for amount in amounts_in(text, language)]
    assert found in seen if found else not seen


def test_amounts_of_one_unit_are_held_against_each_other_and_years_are_not_amounts() -> None:
    ours, theirs = amounts_in("At most 60 hours in 2024.", "en"), amounts_in("72 hours, on 3 days of 2023.", "en")
    (match,) = matches(ours, theirs)
    assert (match.kind, match.same, match.passage.words) == ("hour", False, "72 hours")


@pytest.mark.parametrize(
    ("question", "answer", "passage", "relation"),
    [
        ("What is the longest working week?", "No one works more than 60 hours a week.",
         "Time cards for week 23 show 72 hours for eleven operators.", Kind.CONTRADICTS),
        ("What is the longest working week?", "In peak season some work 72 hours a week.",
         "Time cards for week 23 show 72 hours for eleven operators.", Kind.SUPPORTS),
        ("Are passports kept by the company?", "No, everyone keeps his own passport.",
         "The canteen was repainted in spring.", Kind.UNRELATED),
    ],
)  # fmt: skip
def test_plain_cases_come_out_as_a_reader_would_say(
    comparer: Comparer, question: str, answer: str, passage: str, relation: Kind
) -> None:
    found = comparer.compare(question, answer, passage)
    assert found.relation is relation
    assert 1 / 3 < found.score <= 1


def test_a_reason_shows_the_figures_of_both_sides(comparer: Comparer) -> None:
    found = comparer.compare("Longest week?", "At most 60 hours.", "In week 23 eleven people worked 72 hours.")
    assert '"60 hours"' in found.why
    assert '"72 hours"' in found.why


def test_a_reason_never_speaks_for_the_other_relation(comparer: Comparer) -> None:
    chosen = cards.cards()[::40]
    pairs = [
        Pair(card["question"], answer["text"], passage["text"])
        for card in chosen
        for answer in card["answers"][:2]
        for passage in card["passages"][:2]
    ]
    told = comparer.compare_all(pairs)
    assert {one.relation for one in told} >= {Kind.CONTRADICTS, Kind.SUPPORTS}
    for one in told:
        both_calm = "says that all is well" in one.why and "reports none" in one.why
        both_harm = "admits a problem" in one.why and "reports a problem" in one.why
        if one.relation is Kind.CONTRADICTS:
            wrong = ("The same amount", "seem to agree", "speak for it", "say the same")
            assert not both_calm
            assert not both_harm
            assert not any(words in one.why for words in wrong), one.why
        if one.relation is Kind.SUPPORTS:
            assert not any(words in one.why for words in ("seem to clash", "speak against", "say the opposite")), (
                one.why
            )


@pytest.mark.parametrize(
    ("answer", "language", "opens"),
    [
        ("Ja.", "de", (1, 0)), ("Niemand.", "nl", (0, 1)), ("不适用", "zh", (0, 0)), ("N/A", "en", (0, 0)),
        ("没有。", "zh", (0, 1)),
        ("¡Sí, siempre!", "es", (1, 0)), ("Of course not.", "en", (0, 1)), ("ไม่เคยมี", "th", (0, 1)),
        ("Notices hang at the gate.", "en", (0, 0)), ("No.", None, (0, 1)),
    ],
)  # fmt: skip
def test_a_short_answer_says_yes_or_no_in_its_own_language(
    answer: str, language: str | None, opens: tuple[float, float]
) -> None:
    assert opening(answer, language) == opens


@pytest.mark.parametrize(
    ("answer", "passage", "kept"),
    [
        ("At most 60 hours a week.", "The longest week was 58 hours.", 1),
        ("At most 60 hours a week.", "Limit 60 hours; in week 9 it was 72 hours.", -1),
        ("The youngest is 18 years old.", "A boy is 15 years old.", -1),
        ("60 hours a week.", "In week 9 it was 72 hours.", 0),
    ],
)
def test_an_amount_is_held_against_the_bound_that_an_answer_states(answer: str, passage: str, kept: int) -> None:
    ours, theirs = amounts_in(answer, "en"), amounts_in(passage, "en")
    assert bounds.kept(bounds.side_of(answer), matches(ours, theirs), theirs) == kept


def test_a_zero_in_chinese_is_a_number_too() -> None:
    assert (0, "people") in [(amount.value, amount.kind) for amount in amounts_in("共零人受伤。", "zh")]


def test_what_was_compared_before_changes_nothing(comparer: Comparer) -> None:
    pairs = [
        Pair("Are exits unlocked?", "Yes, always.", "The exit was padlocked while 80 people were at work."),
        Pair("Zijn er klachten?", "Nee.", "Drie werknemers klaagden over de ploegbaas."),
    ]
    once = comparer.compare_all(pairs)
    comparer.compare("Anything?", "Something else.", "Words that were not there before.")
    assert comparer.compare_all(pairs) == once


def test_an_empty_text_is_unrelated_and_no_pair_is_no_work(comparer: Comparer) -> None:
    assert comparer.compare("Are exits unlocked?", "  ", "The exit was locked.").relation is Kind.UNRELATED
    assert comparer.compare_all([]) == []


def test_layers_that_were_tampered_with_are_refused(tmp_path: Path) -> None:
    for name in (layers.ARRAYS, layers.TOLD):
        shutil.copy(SHIPPED / name, tmp_path / name)
    assert layers.load(tmp_path).version
    told = json.loads((tmp_path / layers.TOLD).read_text(encoding="utf-8"))
    (tmp_path / layers.TOLD).write_text(json.dumps({**told, "sha256": "0" * 64}), encoding="utf-8")
    with pytest.raises(ClassifierError, match="make train"):
        layers.load(tmp_path)
    with pytest.raises(ClassifierError, match="missing"):
        layers.load(tmp_path / "nowhere")


def test_the_command_answers_line_by_line_in_order() -> None:
    rows = [
        {"id": i, "question": "Longest week?", "answer": "At most 60 hours.", "passage": passage}
        for i, passage in enumerate(("Eleven people worked 72 hours that week.", "The canteen was repainted."))
    ]
    done = CliRunner().invoke(main, ["compare"], input="\n".join(map(json.dumps, rows)))
    assert done.exit_code == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in told] == [0, 1]
    assert {"id", "relation", "score", "why"} <= told[0].keys()
    wrong = CliRunner().invoke(main, ["compare"], input='{"id": 1, "question": "x"}')
    assert (wrong.exit_code, "Line 1 needs" in wrong.stderr) == (1, True)


def test_every_card_is_whole_and_none_repeats_a_frozen_pair() -> None:
    from screening.training.relations import FROZEN  # Seconds to load, and every process collects this file.

    known = cards.cards()
    assert sum(len(card["answers"]) * len(card["passages"]) for card in known) >= 17_000
    for card in known:
        assert all(len(passage["relations"]) == len(card["answers"]) for passage in card["passages"])
        assert all(answer["leans"] in ("assures", "admits", "evades") for answer in card["answers"])
        for passage in card["passages"]:
            for answer, relation in zip(card["answers"], passage["relations"], strict=True):
                assert answer["leans"] != "evades" or relation == "unrelated", card["id"]
        assert {r for passage in card["passages"] for r in passage["relations"]} <= set(cards.RELATIONS)
    frozen = [json.loads(line) for line in FROZEN.read_text(encoding="utf-8").splitlines()]
    theirs = {" ".join(row[name].casefold().split()) for row in frozen for name in ("passage", "question")}
    ours = {" ".join(text["text"].casefold().split()) for card in known for text in card["passages"]}
    assert not ours & theirs
