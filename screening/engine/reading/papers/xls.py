"""Reads old spreadsheets (XLS) with xlrd: values, dates, hidden sheets and rows, comments."""

from __future__ import annotations

import xlrd

from screening.engine.reading.limits import Limits
from screening.engine.reading.papers import grid
from screening.engine.reading.papers.pager import Pager, Unreadable
from screening.engine.reading.papers.serials import written
from screening.engine.reasons import Reason


def read(data: bytes, limits: Limits) -> Pager:
    """The file as pages, a sheet on pages of its own. Raises Unreadable, TooMuch."""
    try:
        book = xlrd.open_workbook(file_contents=data, logfile=_Nowhere(), on_demand=False)
    except MemoryError:
        raise
    except Exception as error:  # The library raises nearly anything on a broken file.
        locked = "encrypt" in str(error).lower() or "password" in str(error).lower()
        raise Unreadable(Reason.ENCRYPTED if locked else Reason.BROKEN) from error
    pager = Pager(limits, own_pages=True)
    for source in book.sheets():
        sheet = grid.Sheet(source.name, hidden=source.visibility != 0)
        for row in range(source.nrows):
            for column in range(source.row_len(row)):
                sheet.put(row, column, _text(source.cell(row, column), book.datemode))
        sheet.hidden_rows = {row for row, info in source.rowinfo_map.items() if info.hidden}
        sheet.hidden_columns = {column for column, info in source.colinfo_map.items() if info.hidden}
        sheet.merged = [(low, left, high - 1, right - 1) for low, high, left, right in source.merged_cells]
        for (row, column), note in sorted(source.cell_note_map.items()):
            sheet.notes.append((f"{grid.letters_of(column)}{row + 1}", " ".join(note.text.split())))
        grid.write(sheet, pager)
    return pager


class _Nowhere:
    """Takes the library's remarks, which could quote the document, and keeps none."""

    def write(self, text: str) -> None:
        """Keep nothing."""

    def flush(self) -> None:
        """There is nothing to put away."""


def _text(cell: xlrd.sheet.Cell, datemode: int) -> str:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        is_date = cell.ctype == xlrd.XL_CELL_DATE
        return written(repr(float(cell.value)), is_date=is_date, from_1904=datemode == 1)
    return ""
