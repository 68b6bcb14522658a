"""Makes tables out of places: which row is the header, what kind of table it is, what goes on over the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from screening.engine import headers
from screening.engine.passages import tidy
from screening.engine.reading.laid import Laid, LaidRow
from screening.engine.results import Page, PageStatus, Row, Span, Table, TableKind

_SAME_COLUMN = 40
"""In tenths of a point: columns on two pages are the same when their borders are no farther apart."""
_RUNNING_LINES = 4
"""So many lines above and below a table may be running headers and footers."""
_STOPS = (".", "!", "?", "。", "！", "？", ";", ":")


def tables_of(pages: Sequence[Page], laid: Mapping[int, tuple[Laid, ...]]) -> tuple[Table, ...]:
    """The tables of a document in reading order, rows that a page break cut made whole."""
    found: list[Table] = []
    before: tuple[Table, Laid] | None = None
    for page in pages:
        if page.status not in (PageStatus.READ, PageStatus.OCR):
            before = None
            continue
        own = laid.get(page.number, ())
        for number, place in enumerate(own):
            table = _table(page, place)
            if number == 0 and before is not None and _goes_on(before, table, place, pages, page):
                last, table = _continued(before[0], table)
                found[-1] = last
            found.append(table)
            before = table, place
        if not own:
            before = None
    return tuple(table for table in found if table.rows or table.besides)


def _table(page: Page, place: Laid) -> Table:
    """One table by itself. Its header is what names known columns, or what is shaded at its top."""
    rows = [_row(page.text, row) for row in place.rows]
    first = next((number for number, row in enumerate(rows[:3]) if sum(map(bool, row.cells)) > 1), 0)
    heads = range(first, max(place.heads, first))
    top = range(first, min(len(rows), first + 3))
    known = next((number for number in top if headers.is_header(rows[number].cells)), None)
    if known is not None and known not in heads:
        heads = range(known, known + 1)
    if not len(heads) or len(heads) >= len(rows):
        return Table(page.number, TableKind.OTHER, (), tuple(rows))
    header = _header([rows[number] for number in heads])
    kept, besides = [], [(rows[number].start, rows[number].end) for number in heads]
    for number, row in enumerate(rows):
        if number in heads:
            continue
        if _same(row.cells, header):
            besides.append((row.start, row.end))
        else:
            kept.append(row)
    return Table(page.number, headers.kind_of(header), header, tuple(kept), tuple(besides))


def _row(text: str, laid: LaidRow) -> Row:
    cells = tuple(tidy(text[start:end]) for start, end in laid.places)
    return Row(cells, laid.places, laid.start, laid.end, laid.above)


def _header(rows: Sequence[Row]) -> tuple[str, ...]:
    """Header rows as one; a word over several columns stands with the first of them."""
    columns = zip(*(row.cells for row in rows), strict=True)
    return tuple(" ".join(dict.fromkeys(cell for cell in cells if cell)) for cells in columns)


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    return [cell.casefold() for cell in one] == [cell.casefold() for cell in other]


def _goes_on(before: tuple[Table, Laid], table: Table, place: Laid, pages: Sequence[Page], page: Page) -> bool:
    """Whether this first table of a page goes on with the last one of the page before, in the same columns."""
    earlier, laid = before
    if earlier.page != page.number - 1 or len(laid.columns) != len(place.columns):
        return False
    if any(abs(one - other) > _SAME_COLUMN for one, other in zip(laid.columns, place.columns, strict=True)):
        return False
    if table.header and not _same(table.header, earlier.header):
        return False
    below = pages[page.number - 2].text[laid.rows[-1].end :]
    above = page.text[: place.rows[0].start]
    return all(sum(map(bool, map(str.strip, text.split("\n")))) <= _RUNNING_LINES for text in (below, above))


def _continued(earlier: Table, table: Table) -> tuple[Table, Table]:
    """Both parts of a table over two pages: one header, and a row that was cut by the page break is whole."""
    table = replace(table, header=earlier.header, kind=earlier.kind)
    if not table.rows or not earlier.rows or not _is_rest(earlier, table.rows[0]):
        return earlier, table
    last, rest = earlier.rows[-1], table.rows[0]
    cells = tuple(tidy(f"{one}\n{other}") for one, other in zip(last.cells, rest.cells, strict=True))
    whole = replace(last, cells=cells, rest=(table.page, rest.start, rest.end))
    besides: tuple[Span, ...] = (*table.besides, (rest.start, rest.end))
    return replace(earlier, rows=(*earlier.rows[:-1], whole)), replace(table, rows=table.rows[1:], besides=besides)


def _is_rest(earlier: Table, row: Row) -> bool:
    """Whether a row is the end of one begun before the page break.

    It is where its first cell is empty though the first cells above are not, and so far nothing that it goes on
    with had come to an end; or where all that it says begins in the middle of a sentence.
    """
    last = earlier.rows[-1]
    filled = [(one, other) for one, other in zip(last.cells, row.cells, strict=True) if other]
    if not filled or not all(one for one, _ in filled):
        return False
    if all(other[:1].islower() for _, other in filled):
        return True
    always = sum(bool(each.cells[0]) for each in earlier.rows) >= 0.8 * len(earlier.rows)
    first_is_empty = not row.cells[0] and 0 not in row.above
    return always and first_is_empty and any(not one.endswith(_STOPS) or other[:1].islower() for one, other in filled)
