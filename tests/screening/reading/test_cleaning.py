from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from screening.engine.reading import cleaning


def test_lines_keep_their_place_in_the_raw_text() -> None:
    raw = "  Passports kept\r\n\r\n10 workers"
    first, blank, last = cleaning.lines(raw)
    assert (first.first, first.last, first.text) == (2, 15, "  Passports kept")
    assert (blank.first, blank.text) == (-1, "")
    assert raw[last.first : last.last + 1] == "10 workers"


def test_a_hyphen_at_a_line_end_is_kept_with_its_break() -> None:
    assert [line.text for line in cleaning.lines("discrimi\ufffenation\r\n")] == ["discrimi-", "nation"]


def test_wide_signs_count_twice_as_in_the_reader() -> None:
    wide, after = cleaning.lines("\U00020bb7x\r\nnext")
    assert (wide.first, wide.last) == (0, 2)
    assert after.first == 5


@pytest.mark.parametrize(
    ("raw", "clean"), [("a\0b", "ab"), ("a\x0bb", "a b"), ("a\ud800b", "a\ufffdb"), ("a\tb\n", "a\tb\n")]
)
def test_nothing_stays_that_a_database_refuses(raw: str, clean: str) -> None:
    assert cleaning.clean(raw) == clean


@given(some.text(alphabet=some.sampled_from("ab \t\r\n\x00\ufffe\x0b\u4e2d\U00020bb7")))
def test_lines_are_clean_and_never_leave_the_text(raw: str) -> None:
    units = raw.encode("utf-16-le", "surrogatepass")
    for line in cleaning.lines(raw):
        assert line.text == cleaning.clean(line.text)
        assert "\n" not in line.text.rstrip("\n")
        assert -1 <= line.first <= line.last < max(1, len(units) // 2)


@given(some.lists(some.sampled_from(["a", "b ", " ", "\t", "\r\n", "\ufffe", "\u4e2d"]), min_size=1).map("".join))
def test_both_ways_through_an_ordinary_text_find_the_same_lines(raw: str) -> None:
    assert cleaning.is_ordinary(raw)
    assert cleaning.lines(raw) == cleaning.lines(raw, ordinary=False)


@pytest.mark.parametrize("odd", ["\x00", "\r", "\n", "\x85", "\ue000", "\ufffd", "\u05d0", "\u0645", "\U00020bb7"])
def test_a_text_with_one_odd_sign_is_not_ordinary(odd: str) -> None:
    assert not cleaning.is_ordinary(f"Exit locked.\r\nKeys{odd} kept")
