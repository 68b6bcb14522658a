"""Letters that run from right to left are put in order by their places, whatever order a reader gives them in."""

from __future__ import annotations

from screening.engine.reading import rightward
from screening.engine.reading.cleaning import RawLine
from screening.engine.reading.placing import Tenths


def read(text: str, lefts: list[int]) -> str:
    """The line as it is read, of letters that are ten wide and begin at these places."""

    def letter(index: int) -> Tenths | None:
        return (lefts[index], 0, lefts[index] + 10, 20) if lefts[index] >= 0 else None

    ((line, _),) = rightward.as_read([(RawLine(0, len(text) - 1, text), (0, 0, 900, 20))], letter)
    return line.text


def test_a_word_whose_letters_come_from_left_to_right_is_turned() -> None:
    assert read("رفس", [10, 20, 30]) == "سفر"


def test_a_word_in_the_order_of_reading_stays_and_each_word_is_looked_at_by_itself() -> None:
    assert read("سفر", [30, 20, 10]) == "سفر"
    assert read("سفر رفس", [90, 80, 70, 60, 30, 40, 50]) == "سفر سفر"
    assert read("םינוכרד", [10, 20, 30, 40, 50, 60, 70]) == "דרכונים"


def test_letters_that_one_shape_stands_for_keep_their_order() -> None:
    assert read("لاو", [10, 10, 20]) == "ولا"


def test_other_writing_and_letters_without_a_place_are_left_alone() -> None:
    assert read("abc 12", [50, 40, 30, 20, 10, 0]) == "abc 12"
    assert read("رفس", [10, -1, 30]) == "رفس"


def test_letters_told_in_the_shape_they_have_in_a_word_become_letters() -> None:
    assert read("\ufeb3\ufed4\ufeae", [30, 20, 10]) == "سفر"
