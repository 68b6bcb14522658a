"""Tables become rows, however they are drawn; what is no table stays text, and no word is lost."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator

import pypdfium2
import pytest

from screening.engine import passages
from screening.engine.reading import Cage
from screening.engine.results import Reading, Table, TableKind
from tests.golden import make, tables
from tests.golden.tables import CHECKLIST, PLAN, Look, Style

WIDE = Look(widths=(30, 130, 110, 150, 90, 80, 70))


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    with Cage() as cage:
        yield cage


def rows(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def words(text: str) -> Counter[str]:
    return Counter(text.replace("|", " ").split())


def said(data: bytes) -> Counter[str]:
    """Every word of a PDF, as a plain reader gives it."""
    with pypdfium2.PdfDocument(data) as document:
        return Counter(word for page in document for word in page.get_textpage().get_text_range().split())


def check_places(reading: Reading) -> None:
    """Every row is one stretch of its page and none lies over another; places of cells give the cells again."""
    pages = {page.number: page for page in reading.pages}
    stretches = [(table.page, row.start, row.end) for table in reading.tables for row in table.rows]
    assert len({(page, start) for page, start, _ in stretches}) == len(stretches)
    for table in reading.tables:
        page = pages[table.page]
        for row in table.rows:
            assert page.boxes(row.start, row.end)
            for cell, (start, end) in zip(row.cells, row.places, strict=True):
                whole = passages.tidy(page.text[start:end])
                assert cell.startswith(whole) if row.rest else cell == whole
                assert not cell or row.start <= start < end <= row.end


@pytest.mark.parametrize(
    ("style", "by_column"),
    [(style, by_column) for style in Style for by_column in (False, True) if style is not Style.PLAIN or not by_column],
)
def test_a_checklist_becomes_rows_however_it_is_drawn(style: Style, by_column: bool, cage: Cage) -> None:
    data = tables.of(CHECKLIST, Look(style, by_column=by_column))
    reading = cage.read(data)
    (table,) = reading.tables
    assert (table.page, table.kind, table.header) == (1, TableKind.OTHER, CHECKLIST[0])
    assert rows(table) == list(CHECKLIST[1:])
    assert words(reading.pages[0].text) == said(data)
    assert reading.pages[0].text.startswith("The visit took place in spring.\n")
    assert reading.pages[0].text.endswith("\nThe management signed the list.")
    check_places(reading)


def test_a_row_is_one_passage_with_the_header_before_it(cage: Cage) -> None:
    found = passages.passages_of(cage.read(tables.of(CHECKLIST)))
    assert [(passage.text, passage.in_table) for passage in found] == [
        ("The visit took place in spring.", False),
        (" | ".join(CHECKLIST[1]), True),
        ("42. Are fire drills held? | Yes | Two a year", True),
        ("43. Are contracts written? | Yes", True),
        ("The management signed the list.", False),
    ]
    assert found[1].before == "Question | Answer | Comment"


def test_the_boxes_of_a_row_lie_in_the_row(cage: Cage) -> None:
    reading = cage.read(tables.of(CHECKLIST))
    first = reading.tables[0].rows[0]
    boxes = reading.pages[0].boxes(first.start, first.end)
    assert all(139 <= top < bottom <= 181 and 50 <= x0 < x1 <= 540 for x0, top, x1, bottom in boxes)
    assert min(box[0] for box in boxes) < 60
    assert max(box[2] for box in boxes) > 400


def test_a_long_cell_is_cut_into_sentences_that_know_the_rest_of_their_row(cage: Cage) -> None:
    told = "Workers queue for an hour. Three of them fainted in June. " * 8
    grid = (("Area", "Observation"), ("Canteen", told.strip()))
    look = Look(widths=(90, 400), height=180)
    found = passages.passages_of(cage.read(tables.of(grid, look)))
    cut = [passage for passage in found if passage.in_table]
    assert [passage.text for passage in cut[:3]] == [
        "Canteen",
        "Workers queue for an hour.",
        "Three of them fainted in June.",
    ]
    assert {passage.before for passage in cut[1:]} == {"Canteen"}
    assert len({passage.start for passage in cut}) == len(cut) == 17


def test_a_plan_is_a_plan_on_a_landscape_page(cage: Cage) -> None:
    reading = cage.read(tables.of(PLAN, WIDE, landscape=True))
    (table,) = reading.tables
    assert (table.kind, table.header) == (TableKind.CAP, PLAN[0])
    assert rows(table) == list(PLAN[1:])
    check_places(reading)


def turned(data: bytes) -> bytes:
    return data.replace(b"/Type /Page\n", b"/Type /Page\n/Rotate 90\n", 1)


def test_a_turned_page_holds_the_same_table(cage: Cage) -> None:
    page = tables.sheet()
    with page.rotation(90, 421, 421):
        tables.draw(page, PLAN, 100, WIDE)
    reading = cage.read(turned(tables.finished(page)))
    assert reading.pages[0].width > reading.pages[0].height
    assert rows(reading.tables[0]) == list(PLAN[1:])
    check_places(reading)


def test_a_table_that_stands_on_its_side_is_rows_too(cage: Cage) -> None:
    data = tables.of(CHECKLIST)
    reading = cage.read(turned(data))
    assert reading.pages[0].width > reading.pages[0].height
    assert rows(reading.tables[0]) == list(CHECKLIST[1:])
    assert words(reading.pages[0].text) == said(data)
    check_places(reading)


def test_two_tables_on_a_page_stay_two(cage: Cage) -> None:
    page = tables.sheet()
    bottom = tables.draw(page, CHECKLIST, 80)
    tables.line(page, "Follow-up", bottom + 30)
    tables.draw(page, [row[1:4] for row in PLAN], bottom + 50, Look(widths=(180, 130, 180)))
    reading = cage.read(tables.finished(page))
    assert [rows(table) for table in reading.tables] == [list(CHECKLIST[1:]), [row[1:4] for row in PLAN[1:]]]
    assert [table.kind for table in reading.tables] == [TableKind.OTHER, TableKind.CAP]
    assert "\nFollow-up\n" in reading.pages[0].text


def test_a_cell_over_two_rows_is_said_once_and_known_to_reach_down(cage: Cage) -> None:
    page = tables.sheet()
    xs, ys = (50, 200, 350, 500), (100, 130, 160, 190)
    for x in xs:
        page.line(x, ys[0], x, ys[-1])
    for y in (ys[0], ys[1], ys[3]):
        page.line(xs[0], y, xs[-1], y)
    page.line(xs[1], ys[2], xs[-1], ys[2])
    cells = (
        ("Finding", "Corrective action", "Due date"),
        ("Exit locked", "Bar", "2026-01-15"),
        ("", "Drill", "2026-02-01"),
    )
    for y, row in zip(ys, cells, strict=False):
        for x, cell in zip(xs, row, strict=False):
            tables.write(page, cell, x, y, 150)
    (table,) = cage.read(tables.finished(page)).tables
    assert rows(table) == list(cells[1:])
    assert [row.above for row in table.rows] == [(), (0,)]


def test_a_heading_over_the_whole_table_is_a_row_of_one_cell(cage: Cage) -> None:
    page = tables.sheet()
    bottom = tables.draw(page, CHECKLIST[:2], 100)
    page.rect(50, bottom, 490, 24)
    tables.write(page, "Fire safety", 50, bottom, 490)
    tables.draw(page, CHECKLIST[2:], bottom + 24)
    (table,) = cage.read(tables.finished(page)).tables
    assert rows(table) == [CHECKLIST[1], ("Fire safety", "", ""), *CHECKLIST[2:]]


def two_pages(first: tables.Cells, second: tables.Cells, look: Look) -> bytes:
    page = tables.sheet()
    tables.line(page, "Audit of the mill", 30)
    tables.draw(page, first, 60, look)
    page.add_page()
    tables.line(page, "Audit of the mill", 30)
    tables.draw(page, second, 60, look)
    return tables.finished(page)


def test_a_repeated_header_is_no_row(cage: Cage) -> None:
    reading = cage.read(two_pages(CHECKLIST[:2], (CHECKLIST[0], *CHECKLIST[2:]), Look()))
    assert [(table.page, table.header, rows(table)) for table in reading.tables] == [
        (1, CHECKLIST[0], [CHECKLIST[1]]),
        (2, CHECKLIST[0], list(CHECKLIST[2:])),
    ]
    assert all("Question" not in passage.text for passage in passages.passages_of(reading))


def test_a_table_that_goes_on_overleaf_keeps_its_header_and_kind(cage: Cage) -> None:
    look = Look(widths=(20, 90, 80, 100, 80, 70, 60), height=60)
    first, second = cage.read(two_pages(PLAN[:2], (PLAN[2], PLAN[2]), look)).tables
    assert (second.page, second.kind, second.header) == (2, TableKind.CAP, first.header)
    assert rows(second) == [PLAN[2], PLAN[2]]


def test_a_row_cut_by_the_page_break_is_whole_again(cage: Cage) -> None:
    half = ("44. Is the noise measured?", "No", "The last measurement was made by a firm that has lost its")
    rest = ("", "", "licence since, and nobody was told")
    data = two_pages((*CHECKLIST[:2], half), (CHECKLIST[0], rest, CHECKLIST[2]), Look())
    reading = cage.read(data)
    first, second = reading.tables
    assert rows(first)[-1] == (*half[:2], f"{half[2]} {rest[2]}")
    assert first.rows[-1].rest is not None
    assert first.rows[-1].rest[0] == 2
    assert rows(second) == [CHECKLIST[2]]
    texts = [passage.text for passage in passages.passages_of(reading)]
    assert sum("licence since" in text for text in texts) == 1
    check_places(reading)


def test_a_frame_around_a_page_is_no_table(cage: Cage) -> None:
    page = tables.sheet()
    page.rect(30, 30, 535, 780)
    page.line(30, 60, 565, 60)
    page.line(30, 770, 565, 770)
    for number in range(12):
        tables.line(page, f"The workers of line {number} were asked about their pay and their hours.", 90 + 20 * number)
    assert cage.read(tables.finished(page)).tables == ()


def test_a_form_whose_every_line_is_divided_anew_is_no_table(cage: Cage) -> None:
    page = tables.sheet()
    for number, xs in enumerate(
        ((50, 300, 540), (50, 170, 260, 540), (50, 540), (50, 420, 540), (50, 120, 200, 380, 540))
    ):
        for x0, x1 in itertools.pairwise(xs):
            page.rect(x0, 100 + 30 * number, x1 - x0, 30)
            tables.write(page, f"Field {number}", x0, 100 + 30 * number, x1 - x0)
    data = tables.finished(page)
    reading = cage.read(data)
    assert reading.tables == ()
    assert words(reading.pages[0].text) == said(data)


def test_underlined_headings_and_two_columns_of_text_are_no_table(cage: Cage) -> None:
    page = tables.sheet()
    for column in (50, 310):
        for block in range(3):
            y = 90 + 160 * block
            tables.line(page, "A heading with a line below", y, column)
            page.line(column, y + 4, column + 230, y + 4)
            for number in range(6):
                tables.line(page, "Workers were asked about pay and hours.", y + 22 + 18 * number, column)
    assert cage.read(tables.finished(page)).tables == ()


def test_blanks_alone_part_a_table_only_under_names_of_columns(cage: Cage) -> None:
    data = tables.of((("Lime", "Sand", "Clay"), *CHECKLIST[1:]), Look(Style.PLAIN))
    reading = cage.read(data)
    assert reading.tables == ()
    assert words(reading.pages[0].text) == said(data)


def test_a_plan_parted_by_blanks_ends_where_running_text_begins(cage: Cage) -> None:
    page = tables.sheet(landscape=True)
    look = Look(Style.PLAIN, widths=(40, 150, 110, 170, 90, 90, 60), height=30)
    bottom = tables.draw(page, PLAN, 100, look)
    tables.line(page, "Remarks", bottom + 20)
    tables.line(
        page, "All of the plan was agreed upon with the management and with the workers of the site.", bottom + 40
    )
    (table,) = cage.read(tables.finished(page)).tables
    assert (table.kind, rows(table)) == (TableKind.CAP, list(PLAN[1:]))


def test_a_drawing_of_very_many_lines_takes_no_long_time_and_is_no_table(cage: Cage) -> None:
    strokes = b"".join(b"%d 0 m %d 842 l S 0 %d m 595 %d l S\n" % (x, x, x, x) for x in range(595))
    reading = cage.read(make.pages([strokes + make.text("A plan of the site.")]))
    assert reading.tables == ()
    assert reading.pages[0].text == "A plan of the site."
    assert cage.cost.cpu_seconds < 2


def test_names_that_hold_bars_stay_in_their_cells(cage: Cage) -> None:
    grid = (("Question", "Answer", "Comment"), ("Line A | B", "Yes", "a | b"), ("Line C", "No", "c"))
    reading = cage.read(tables.of(grid))
    assert rows(reading.tables[0]) == list(grid[1:])
    assert re.search(r"Line A \| B \| Yes \| a \| b", reading.pages[0].text)
