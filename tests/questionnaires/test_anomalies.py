"""What is odd is noted with its reason; what ordinary honest answers look like is not."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from questionnaires.anomalies import Anomaly, Oddity, find, prints
from questionnaires.library import shipped
from questionnaires.loading import loads
from questionnaires.path import Guide
from questionnaires.rules import Value
from tests.factories import NOON
from tests.questionnaires.library_driver import company, drive

HEAD = 'id: tiny\nversion: "1"\ntitle: T\nsections:\n  - id: s\n    title: S\n    questions:\n'
LONG = "Every complaint is written down by the committee, answered within two weeks and kept for five years."


def odd(questions: str, answers: dict[str, Value], **more: object) -> list[Anomaly]:
    questionnaire = loads(HEAD + questions)
    return find(questionnaire, Guide(questionnaire).path(answers), **more)  # type: ignore[arg-type]


YES = "".join(f"      - {{id: q{n}, kind: yes_no, label: Q, admits: \"q{n} != 'yes'\"}}\n" for n in range(12))


def test_a_clean_sheet_is_noted_and_one_with_a_single_doubt_is_not() -> None:
    clean: dict[str, Value] = {f"q{n}": "yes" for n in range(12)}
    (found,) = odd(YES, clean)
    assert (found.oddity, found.count) == (Oddity.ALL_CLEAN, 12)
    assert odd(YES, {**clean, "q3": "partly"}) == []
    assert odd(YES, {f"q{n}": "yes" for n in range(9)}) == []


TEXTS = "".join(f"      - {{id: t{n}, kind: text, label: T}}\n" for n in range(3))


def test_the_same_words_under_two_questions_are_noted() -> None:
    (found,) = odd(
        TEXTS, {"t0": LONG, "t1": "Another thing entirely is what we say here about wages.", "t2": LONG.upper()}
    )
    assert (found.oddity, found.questions) == (Oddity.SAME_TEXT, ("t0", "t2"))
    assert odd(TEXTS, {"t0": "See above.", "t1": "See above."}) == []


def test_words_that_another_supplier_wrote_are_noted() -> None:
    (found,) = odd(TEXTS, {"t0": LONG + " We are proud of it."}, others=prints("Indeed: " + LONG))
    assert (found.oddity, found.questions) == (Oddity.COPIED_FROM_OTHERS, ("t0",))
    assert (
        odd(TEXTS, {"t0": LONG}, others=prints("Workers choose their own people, and nobody of the office is there."))
        == []
    )


@pytest.mark.parametrize(("count", "seconds", "noted"), [(40, 180, True), (40, 1800, False), (5, 10, False)])
def test_three_minutes_for_the_whole_are_noted(count: int, seconds: int, noted: bool) -> None:
    times = [NOON + timedelta(seconds=seconds * n / (count - 1)) for n in range(count)]
    assert [each.oddity for each in odd(TEXTS, {}, times=times)] == ([Oddity.QUICK] if noted else [])


PARTS = """\
      - {id: people, kind: number, label: P}
      - {id: women, kind: number, label: W, constraint: women <= people, message: M}
      - {id: men, kind: number, label: M, constraint: "sum(women, men) <= people", message: M}
      - {id: others, kind: number, label: O, constraint: "sum(women, men, others) <= people", message: M}
"""


@pytest.mark.parametrize(
    ("answers", "gap"),
    [
        ({"people": 100, "women": 40, "men": 50, "others": 0}, 10),
        ({"people": 100, "women": 40, "men": 60, "others": 0}, None),
        ({"people": 100, "women": 40, "men": 50}, None),
        ({"women": 40, "men": 50, "others": 0}, None),
    ],
)
def test_parts_that_do_not_make_their_total_are_noted(answers: dict[str, int], gap: int | None) -> None:
    found = odd(PARTS, {id_: Decimal(number) for id_, number in answers.items()})
    assert [(each.oddity, each.count) for each in found] == ([] if gap is None else [(Oddity.TOTAL, gap)])


def test_an_honest_supplier_of_the_library_is_not_odd() -> None:
    guide = Guide(shipped("full"))
    path, _ = drive(guide, company(people=120, activity="textiles", risk="high"), admits=True)
    assert [each.oddity for each in find(shipped("full"), path)] == []


def test_prints_do_not_hold_the_text() -> None:
    made = prints(LONG)
    assert made
    assert all(len(each) == 16 and each not in LONG for each in made)
    assert prints("short") == frozenset()
