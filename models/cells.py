"""Table cells that spreadsheets show as they are and never carry out as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

GUARD = "\u200b"
"""A space without width: it makes a cell text, and people see exactly what was written."""

_STARTS = re.compile(r"(^|[;,|\t\r\n\"])(?=[\s\u00a0\u3000]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r])")
"""Where a spreadsheet could begin to read a formula: at the start of a cell, or behind what it may take for a
separator or a quotation mark in another country's settings (OWASP, CSV injection)."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Cell = str | int | float | None


def safe(value: Cell) -> str:
    """The cell as text. Numbers keep their sign; removing every GUARD gives back the original text."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    return _STARTS.sub(lambda found: found[0] + GUARD, _CONTROL.sub("", value))


def row(cells: Sequence[Cell]) -> str:
    """One line of a CSV file (RFC 4180). Text is quoted, numbers are not."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow([safe(cell) for cell in cells])
    return out.getvalue()
