"""Workbooks that somebody filled in elsewhere: opened in the cage and nowhere else, and handed on as rows of text."""

from __future__ import annotations

from threading import Lock

from flask import current_app

from models.errors import Invalid
from screening.engine.reading.workbooks import CannotOpen, RawCell, Workbooks
from screening.engine.reasons import Reason
from webapp.words import advice

_opening = Lock()


def sheets_of(data: bytes) -> dict[str, list[RawCell]]:
    """The cells of each sheet, by its name. Raises Invalid for what cannot be opened."""
    try:
        return _cage().cells(data)
    except CannotOpen as error:
        if error.reason is Reason.BROKEN:
            raise Invalid(
                "This workbook is damaged: open it on your own computer, save it as XLSX again and send that.",
                field="file",
            ) from None
        raise Invalid(str(advice(error.reason.value)), field="file") from None


def rows_of(data: bytes) -> list[list[str]]:
    """The rows of the first sheet as text; formulas count as empty. Raises Invalid for what cannot be opened."""
    sheets = sheets_of(data)
    rows: dict[int, dict[int, str]] = {}
    for cell in next(iter(sheets.values()), ()):
        rows.setdefault(cell.row, {})[cell.column] = "" if cell.formula else cell.text
    return [[row.get(column, "") for column in range(max(row) + 1)] for _, row in sorted(rows.items())]


def _cage() -> Workbooks:
    """One for this process, made when the first workbook comes."""
    with _opening:
        found: Workbooks | None = current_app.extensions.get("workbooks")
        if found is None:
            found = current_app.extensions["workbooks"] = Workbooks()
    return found
