"""The cells of a spreadsheet (XLSX) as they stand, with their places, and which of them a formula has filled."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from screening.engine.reading.kinds import Kind, kind_of
from screening.engine.reading.limits import Limits
from screening.engine.reading.papers import grid, xlsx
from screening.engine.reading.papers.pager import Unreadable
from screening.engine.reading.papers.parts import Parts, attribute, local
from screening.engine.reasons import Reason

Row = list[int | str | bool]
"""Row and column counted from 0, the text, and whether a formula is behind it."""


def sheets(data: bytes, limits: Limits) -> Iterator[tuple[str, list[Row]]]:
    """Every sheet with its filled cells, hidden ones too. Raises Unreadable, TooMuch."""
    if kind_of(data) is not Kind.ZIP:
        raise Unreadable(Reason.NOT_SUPPORTED)
    parts = Parts(data, limits)
    main = parts.first_related("", "officeDocument") or "xl/workbook.xml"
    if main not in parts or not main.startswith("xl/") or main.endswith(".bin"):
        raise Unreadable(Reason.NOT_SUPPORTED)
    related, shared, dates = parts.related(main), xlsx.shared_texts(parts, main), xlsx.date_styles(parts, main)
    book = parts.tree(main)
    from_1904 = any(local(each) == "workbookPr" and attribute(each, "date1904") in ("1", "true") for each in book)
    for element in book.iter():
        what, path = related.get(attribute(element, "id") or "", ("", "")) if local(element) == "sheet" else ("", "")
        if what != "worksheet" or path not in parts:
            continue
        sheet = grid.Sheet(attribute(element, "name") or "")
        reader = _Reader(parts, sheet, shared, dates, from_1904=from_1904)
        reader.read(path)
        yield sheet.name, reader.cells()


class _Reader(xlsx.SheetReader):
    """Reads a sheet as any other, and remembers where formulas are."""

    def __init__(
        self, parts: Parts, sheet: grid.Sheet, shared: list[str], dates: frozenset[int], *, from_1904: bool
    ) -> None:
        super().__init__(parts, sheet, shared, dates, from_1904=from_1904)
        self._found, self._formulas = sheet, set[tuple[int, int]]()

    def put(self, row: int, column: int, text: str, cell: Element) -> None:
        if any(local(each) == "f" for each in cell):
            self._formulas.add((row, column))
            text = text or "="
        super().put(row, column, text, cell)

    def cells(self) -> list[Row]:
        return [
            [row, column, text, (row, column) in self._formulas]
            for row, columns in self._found.rows.items()
            for column, text in columns.items()
        ]
