"""Text comes out in the order in which people read it, with words that a line end broke made whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from screening.engine.passages import passages_of
from screening.engine.reading import Cage
from screening.engine.results import State
from tests.golden import layouts

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
NOTO = Path("/usr/share/fonts/truetype/noto")
SENTENCES = ("Passports of the workers are kept in the office.", "Wages are paid late.", "The exits are locked.")


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    with Cage() as cage:
        yield cage


def passages(cage: Cage, data: bytes) -> list[str]:
    return [passage.text for passage in passages_of(cage.read(data))]


def font(path: Path) -> Path:
    if not path.is_file():
        pytest.skip(f"the font {path.name} is not installed")
    return path


@pytest.mark.parametrize("row_by_row", [True, False])
def test_two_columns_under_a_heading_are_read_one_after_the_other(cage: Cage, row_by_row: bool) -> None:
    lines = cage.read(layouts.in_columns(row_by_row=row_by_row)).pages[0].text.split("\n")
    assert lines[0] == layouts.HEADING
    assert tuple(lines[1:13]) == layouts.LEFT + layouts.RIGHT
    assert lines[13].startswith("This line runs below")


def test_the_places_of_columns_stay_with_their_lines(cage: Cage) -> None:
    (page,) = cage.read(layouts.in_columns(row_by_row=True)).pages
    for line in page.lines:
        text = page.text[line.start : line.end]
        assert (line.box[0] > 300) == (text in layouts.RIGHT)
        assert text not in layouts.LEFT or line.box[2] < 300


def test_labels_and_their_values_stay_in_rows(cage: Cage) -> None:
    labels = ("Are the exits unlocked?", "Are wages paid in time?", "Are contracts written?") * 2
    values = ("No, two were chained", "No, two months late", "Only for office staff") * 2
    lines = cage.read(layouts.in_columns(row_by_row=True, left=labels, right=values)).pages[0].text.split("\n")
    assert lines[1:7] == [f"{label} {value}" for label, value in zip(labels, values, strict=True)]


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (("The employer kept the pass-", "ports of all workers."), "The employer kept the passports of all workers."),
        (("Die Pässe der Arbeit-", "nehmer sind weg."), "Die Pässe der Arbeitnehmer sind weg."),
        (("Die Reise\u00ad", "pässe sind weg."), "Die Reisepässe sind weg."),
        (("Les passe-", "ports sont gardés."), "Les passeports sont gardés."),
        (("De paspoorten zijn be-", "waard."), "De paspoorten zijn bewaard."),
        (("İşçilerin pasa-", "portları ofiste."), "İşçilerin pasaportları ofiste."),
        (("Паспорта работни-", "ков хранятся."), "Паспорта работников хранятся."),
        (("Die Türen am Ein- und", "Ausgang sind zu."), "Die Türen am Ein- und Ausgang sind zu."),
        (("Soft hy\u00adphens in\u00adside.",), "Soft hyphens inside."),
        (("The o\ufb03ce kept certi\ufb01cates o\ufb00 site.",), "The office kept certificates off site."),
    ],
)
def test_broken_words_and_ligatures_are_made_whole(cage: Cage, lines: tuple[str, ...], whole: str) -> None:
    assert passages(cage, layouts.broken(lines, font(FONT))) == [whole]


def test_a_footnote_does_not_stand_in_the_middle_of_a_sentence(cage: Cage) -> None:
    found = passages(cage, layouts.with_footnote())
    assert found[0].startswith("Workers were not paid for the overtime of March")
    assert found[0].endswith("and their passports were kept in the office.")
    assert found[-1] == "3 According to the wage records."


def test_running_heads_and_page_numbers_are_set_aside(cage: Cage) -> None:
    found = " ".join(passages(cage, layouts.with_running_heads()))
    assert "confidential" not in found
    assert "Page 2" not in found
    assert found.count("the auditor wrote, and workers could not leave") == 4


@pytest.mark.parametrize("by", [90, 180, 270])
def test_a_page_that_is_shown_turned_is_read_from_the_top_as_it_is_shown(cage: Cage, by: int) -> None:
    (page,) = cage.read(layouts.turned(by, SENTENCES)).pages
    assert page.text.split("\n") == list(SENTENCES)
    tops = [line.box[1] for line in page.lines]
    assert tops == sorted(tops)
    assert all(line.box[2] - line.box[0] > line.box[3] - line.box[1] for line in page.lines)
    assert not page.hidden_text


@pytest.mark.parametrize("word_by_word", [False, True])
@pytest.mark.parametrize("by", [90, 180, 270])
def test_print_that_stands_on_its_side_or_head_is_read_as_it_runs(cage: Cage, by: int, word_by_word: bool) -> None:
    (page,) = cage.read(layouts.sideways(by, layouts.LEFT, word_by_word=word_by_word)).pages
    assert [line.strip() for line in page.text.split("\n")] == list(layouts.LEFT)
    assert not page.doubts
    assert (page.width, page.height) == ((595, 842) if by == 180 else (842, 595))
    edge, begins = {90: (1, 720), 180: (2, 5950 - 720), 270: (3, 5950 - 720)}[by]
    assert all(abs(line.box[edge] * 10 - begins) <= 20 for line in page.lines)
    across = [line.box[1] if by == 180 else line.box[0] for line in page.lines]
    assert across == sorted(across, reverse=by != 270)


@pytest.mark.parametrize("by", [90, 270])
def test_so_is_print_that_stands_on_its_side_on_a_page_that_is_not_turned(cage: Cage, by: int) -> None:
    (page,) = cage.read(layouts.on_its_side(by, SENTENCES)).pages
    assert page.text.split("\n") == list(SENTENCES)
    across = [line.box[0] for line in page.lines]
    assert across == sorted(across, reverse=by == 270)
    assert all(line.box[2] - line.box[0] < line.box[3] - line.box[1] for line in page.lines)


@pytest.mark.parametrize("by", [90, 180, 270])
def test_two_columns_on_their_side_are_read_one_after_the_other(cage: Cage, by: int) -> None:
    made = layouts.in_columns(row_by_row=True).replace(b"/Rotate 0", f"/Rotate {by}".encode())
    assert cage.read(made).pages[0].text == cage.read(layouts.in_columns(row_by_row=True)).pages[0].text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("NotoSansThai-Regular.ttf", "หนังสือเดินทางของคนงานถูกเก็บไว้ที่สำนักงาน"),
        ("NotoSansDevanagari-Regular.ttf", "श्रमिकों के पासपोर्ट कार्यालय में रखे जाते हैं।"),
        ("NotoSansBengali-Regular.ttf", "শ্রমিকদের পাসপোর্ট অফিসে রাখা হয়।"),
    ],
)
def test_signs_that_stand_above_and_below_others_stay_in_their_words(cage: Cage, name: str, text: str) -> None:
    reading = cage.read(layouts.broken([text], font(NOTO / name)))
    assert (reading.state, reading.pages[0].text) == (State.SCREENED, text)


@pytest.mark.parametrize("first_word_first", [True, False])
@pytest.mark.parametrize("text", ["جوازات سفر العمال محفوظة في مكتب المدير", "הדרכונים של העובדים נשמרים במשרד"])
def test_words_from_right_to_left_are_read_as_they_are_written(cage: Cage, text: str, first_word_first: bool) -> None:
    data = layouts.from_the_right(text, font(FONT), first_word_first=first_word_first)
    assert cage.read(data).pages[0].text == text
