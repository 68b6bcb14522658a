"""Pages that show people one thing and tell programs another carry a warning, or are not called read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from screening.engine.reading import Cage
from screening.engine.reasons import Doubt, Reason
from screening.engine.results import PageStatus, State
from tests.golden import make, tricks


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    with Cage() as cage:
        yield cage


def test_a_font_that_tells_the_letters_it_shows_is_believed(cage: Cage) -> None:
    reading = cage.read(tricks.told_as({}))
    assert (reading.state, reading.pages[0].text, reading.pages[0].hidden_text) == (State.SCREENED, tricks.SEEN, False)


@pytest.mark.parametrize("codes", [tricks.shifted(13), tricks.shifted(5), dict.fromkeys(range(97, 123), ord("e"))])
def test_a_font_that_tells_other_letters_than_it_shows_raises_the_warning(cage: Cage, codes: dict[int, int]) -> None:
    (page,) = cage.read(tricks.told_as(codes)).pages
    assert page.text != tricks.SEEN
    assert (page.hidden_text, page.doubts) == (True, (Doubt.OTHER_LETTERS,))


@pytest.mark.parametrize("told", [0xE041, 0xFFFD])
def test_a_font_that_does_not_say_what_its_letters_are_leaves_the_page_unread(cage: Cage, told: int) -> None:
    reading = cage.read(tricks.told_as(dict.fromkeys(range(33, 127), told)))
    assert (reading.state, reading.reason) == (State.NEEDS_OCR, Reason.IMAGES_ONLY)
    assert reading.pages[0].status is PageStatus.NO_TEXT


def test_shapes_without_names_are_unread_or_what_a_reader_guesses_of_them_carries_the_warning(cage: Cage) -> None:
    (page,) = cage.read(tricks.unnamed()).pages
    assert page.status is PageStatus.NO_TEXT or page.hidden_text


def test_a_bullet_of_a_symbol_font_is_no_reason_to_doubt_a_page(cage: Cage) -> None:
    (page,) = cage.read(tricks.told_as({ord("*"): 0xF0B7}, "* " + tricks.SEEN)).pages
    assert page.text.endswith(tricks.SEEN)
    assert not page.hidden_text


@pytest.mark.parametrize("how", tricks.NOT_SEEN)
def test_text_that_is_not_seen_is_read_and_raises_the_warning(cage: Cage, how: str) -> None:
    reading = cage.read(tricks.NOT_SEEN[how])
    assert any(page.hidden_text for page in reading.pages)


def test_the_recognised_text_of_a_scan_is_read_and_not_called_hidden(cage: Cage) -> None:
    lines = [make.text(f"{tricks.SEEN} Row {row}.", y=740 - 20 * row, size=9, before="3 Tr") for row in range(20)]
    for content in (
        make.picture() + b"".join(lines),
        b"".join(line.replace(b"3 Tr", b"") for line in lines) + make.picture(),
    ):
        reading = cage.read(make.pages([content]))
        assert (reading.state, reading.pages[0].hidden_text) == (State.SCREENED, False)
        assert reading.pages[0].text.count(tricks.SEEN) == 20


def test_print_of_every_usual_kind_is_not_called_hidden(cage: Cage) -> None:
    seen = (
        make.text(tricks.SEEN, size=9),
        b"0.9 0.9 1 rg 60 640 500 20 re f 0 g\n" + make.text("Heading on a tint", y=645),
        b"0 0.2 0.4 rg 60 590 500 30 re f\n" + make.text("White on a dark bar", y=600, before="1 g"),
        b"60 500 500 60 re W n\n" + make.text("Inside of its clip", y=520),
        make.text("Outlined in black", y=480, before="1 Tr 0 G"),
        b"BT 0 1 -1 0 40 200 Tm /F1 9 Tf (Running up along the edge of the page) Tj ET\n",
        make.text("Narrow print of a form", y=440, before="60 Tz"),
        b"0 0 1 RG 1 w 60 404 m 300 404 l S\n" + make.text("Over a line", y=402),
    )
    (page,) = cage.read(make.pages([b"".join(b"q " + each + b" Q\n" for each in seen)])).pages
    assert not page.hidden_text


def test_a_layer_that_is_switched_off_raises_the_warning_and_one_that_is_on_does_not(cage: Cage) -> None:
    found = [cage.read(tricks.layered(shown=shown)).pages[0].hidden_text for shown in (False, True)]
    assert found == [True, False]


def test_print_under_an_annotation_that_covers_it_raises_the_warning(cage: Cage) -> None:
    found = [cage.read(tricks.noted(opaque=opaque)).pages[0].hidden_text for opaque in (True, False)]
    assert found == [True, False]
