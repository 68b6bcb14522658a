"""A scanned checklist is rows of question, answer and comment, however crooked, turned or drawn it is."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from screening.engine.passages import passages_of
from screening.engine.reading import Cage
from screening.engine.results import Reading, State

ROWS = (
    ("Question", "Answer", "Comment"),
    ("1. Are the exits free?", "No", "Door four was chained"),
    ("2. Is one day in seven free?", "Yes", ""),
    ("3. Are wages paid in full?", "7", "Some reached half of it"),
)
COLUMNS = (60, 560, 760, 1340)
DPI = 150


@pytest.fixture(scope="module")
def cage(seeing: Cage) -> Cage:
    return seeing


def checklist(*, degrees: float = 0.0, quarters: int = 0) -> bytes:
    """A page with a ruled table whose header is white on dark, as a scanner gives it: grey, crooked or on its side."""
    page = Image.new("L", (1400, 640), 236)
    draw = ImageDraw.Draw(page)
    draw.text((60, 50), "Checklist of the visit to the spinning mill", fill=20, font_size=34)
    for row, cells in enumerate(ROWS):
        top = 140 + 90 * row
        if row == 0:
            draw.rectangle((COLUMNS[0], top, COLUMNS[-1], top + 90), fill=70)
        for x, text in zip(COLUMNS, cells, strict=False):
            draw.text((x + 14, top + 28), text, fill=250 if row == 0 else 20, font_size=28)
        draw.line((COLUMNS[0], top, COLUMNS[-1], top), fill=150, width=2)
    for x in COLUMNS:
        draw.line((x, 140, x, 500), fill=150, width=2)
    draw.line((COLUMNS[0], 500, COLUMNS[-1], 500), fill=150, width=2)
    page = page.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=236).rotate(90 * quarters, expand=True)
    kept = io.BytesIO()
    page.save(kept, "PNG", dpi=(DPI, DPI))
    return kept.getvalue()


def rows(reading: Reading) -> list[tuple[str, ...]]:
    return [row.cells for table in reading.tables for row in table.rows]


def test_rows_of_a_crooked_scan_are_whole_and_a_lone_digit_in_a_cell_is_not_overlooked(cage: Cage) -> None:
    reading = cage.read(checklist(degrees=1.3))
    assert reading.state is State.SCREENED
    assert rows(reading) == list(ROWS[1:])
    assert "1. Are the exits free? | No | Door four was chained" in [each.text for each in passages_of(reading)]


@pytest.mark.parametrize("quarters", [1, 2])
def test_a_scan_that_lies_on_its_side_or_upside_down_is_read_and_its_words_are_found_where_they_stand(
    cage: Cage, quarters: int
) -> None:
    reading = cage.read(checklist(quarters=quarters))
    assert rows(reading)[0] == ROWS[1]
    page = reading.pages[0]
    start = page.text.index("chained")
    ((x0, top, x1, bottom),) = page.boxes(start, start + len("chained"))
    x, y = (x0 + x1) / 2 / page.width, (top + bottom) / 2 / page.height
    across, down = 1020 / 1400, 275 / 640  # Of the page as it was printed.
    expected = (down, 1 - across) if quarters == 1 else (1 - across, 1 - down)
    assert (x, y) == pytest.approx(expected, abs=0.04)
