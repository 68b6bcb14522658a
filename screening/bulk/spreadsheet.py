"""Writes findings as CSV that a spreadsheet opens as text: no cell of a document can become a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import TextIO

from screening.bulk.rows import Row

COLUMNS = (
    "file", "page", "severity", "assertion", "score", "categories", "signals", "people", "quote", "before",
    "language", "in_table", "why", "engine_version",
)  # fmt: skip
_SIGNS = "=+\\-@＝＋－＠"
_FORMULA = re.compile(f"^[\\s\"'\0]*[{_SIGNS}]|^[\t\r\n]")
_AFTER_A_SEPARATOR = re.compile(f'([;,\t"])(?=[ ]*[{_SIGNS}])')
"""Where a spreadsheet set to another separator would begin a new cell."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z")
_LONGEST_CELL = 32_000
"""Characters: the longest cell that common spreadsheets keep is 32,767."""


def safe(value: object) -> str:
    """The value as a cell that is never a formula; an apostrophe goes before what would be one."""
    text = "" if value is None else str(value)
    if _NUMBER.match(text):
        return text
    text = " ".join(text.split("\n")).replace("\r", " ")
    text = _AFTER_A_SEPARATOR.sub(r"\1'", text)
    if _FORMULA.match(text):
        text = "'" + text
    return text if len(text) <= _LONGEST_CELL else text[:_LONGEST_CELL] + "…"


def write(file: TextIO, findings: Iterable[Row]) -> None:
    """Write a header and one line a finding. The file must be open with newline=""."""
    writer = csv.writer(file, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(COLUMNS)
    for row in findings:
        writer.writerow([safe(cell) for cell in _cells(row)])


def _cells(row: Row) -> list[object]:
    why = row["explanation"]
    told = {
        **row,
        "categories": " ".join(row["categories"]),
        "signals": " ".join(row["signals"]),
        "in_table": "yes" if row["in_table"] else "no",
        "why": "; ".join([*why["rules"], *([why["assertion"]] if why["assertion"] else []), why["note"]]).strip("; "),
    }
    return [told[column] for column in COLUMNS]
