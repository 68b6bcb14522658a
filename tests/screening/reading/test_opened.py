from __future__ import annotations

import pytest

from screening.engine.reading import pdfium
from screening.engine.reading.opened import OpenPage
from tests.golden import make


@pytest.mark.parametrize("part", [(60, 100, 200, 140), (200, 400, 420, 440), (500, 700, 900, 2000)])
def test_a_part_of_a_page_looks_as_it_does_on_the_whole_page(part: tuple[int, int, int, int]) -> None:
    content = make.picture() + b"1 g " + make.text("White on a dark picture") + b"0.5 g 480 20 90 120 re f\n"
    page = OpenPage(pdfium.open_document(make.pages([content]), None), 1)
    whole, piece = page.look(), page.look(part=part)
    x0, y0, x1, y1 = part
    rows = [whole.row(y, x0, x1) for y in range(y0, min(y1, whole.height))]
    assert [piece.row(y, x0, x1) for y in range(y0, min(y1, whole.height))] == rows
    assert len({shade for row in rows for shade in row}) > 1
    page.close()


def test_a_place_outside_of_the_page_shows_nothing() -> None:
    page = OpenPage(pdfium.open_document(make.pages([make.text("Exit locked")]), None), 1)
    assert page.look(part=(700, 10, 800, 20)).pixels == b""
    assert page.look().row(-1, 0, 10) == page.look().row(5, -20, -10) == b""
    page.close()
