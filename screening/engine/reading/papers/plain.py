"""Reads plain text, and text that is a table: CSV with any usual separator."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence

from screening.engine.reading.limits import Limits
from screening.engine.reading.papers import grid
from screening.engine.reading.papers.pager import Pager

SEPARATORS = (",", ";", "\t", "|")
_LOOK_LINES = 60
_AGREEING = 0.85
_LONGEST_FIELD = 1 << 20


def write_text(text: str, pager: Pager) -> None:
    """Paragraphs are parted by empty lines or, in a list, by line ends: every line is kept as it is."""
    for part in text.split("\f"):
        for line in part.splitlines():
            pager.line(line.rstrip())
        if "\f" in text:
            pager.turn()


def read(text: str, limits: Limits) -> tuple[str, Pager]:
    """The kind, `csv` or `text`, and the pages. Raises TooMuch."""
    separator = separator_of(text)
    if separator is None:
        pager = Pager(limits)
        write_text(text, pager)
        return "text", pager
    pager = Pager(limits, own_pages=True)
    csv.field_size_limit(_LONGEST_FIELD)
    rows = _rows(text, separator)
    grid.write(grid.from_lists("", rows[1:] if _names_separator(text) else rows), pager)
    return "csv", pager


def _rows(text: str, separator: str) -> list[Sequence[str]]:
    try:
        return list(csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator))
    except csv.Error:  # A field of a megabyte: no table, but its lines are still text.
        return [[line] for line in text.splitlines()]


def separator_of(text: str) -> str | None:
    """The sign between the columns, where nearly all of the first lines have as many of them; else None."""
    if _names_separator(text):
        return text.lstrip()[4]
    head = "\n".join(text.splitlines()[:_LOOK_LINES])
    best: tuple[float, str] | None = None
    for separator in SEPARATORS:
        lengths = [len(row) for row in _rows(head, separator) if any(map(str.strip, row))]
        if len(lengths) < 2:
            continue
        columns, times = Counter(lengths).most_common(1)[0]
        share = times / len(lengths)
        if columns < 2 or share < _AGREEING or not _is_plausible(head, separator, columns, len(lengths)):
            continue
        if best is None or share * columns > best[0]:
            best = (share * columns, separator)
    return best[1] if best is not None else None


def _names_separator(text: str) -> bool:
    """Whether the first line only says what parts the columns, as spreadsheets write it for themselves."""
    first = text.split("\n", 1)[0].strip("\r\n ").lower()
    return first.startswith("sep=") and len(first) == 5


def _is_plausible(head: str, separator: str, columns: int, rows: int) -> bool:
    """Whether a separator is one, and not a comma in prose: those have a blank after them, and are few."""
    if separator in ("\t", "|"):
        return True
    spaced = head.count(separator + " ")
    return spaced < 0.5 * head.count(separator) and (columns > 2 or rows > 2)
