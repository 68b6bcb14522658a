"""Writes the text and tables of a file without pages of its own into pages, as the parent expects them.

A page is what the file itself calls one (a break that Word kept, a sheet, a slide), or a stretch of about
`limits.page_size` characters that ends with a paragraph, or so many rows of a sheet. There are no boxes: such a
page has no picture, and what was found on it is shown in its text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from screening.engine.reading import cleaning
from screening.engine.reading.limits import Limits
from screening.engine.reading.tabling import BETWEEN_CELLS, MOST_COLUMNS
from screening.engine.reasons import Reason
from screening.engine.results import PageStatus

_COLUMN_WIDTH = 1000
"""Columns of a file without places are told as if each were so wide, in tenths of a point."""


class TooMuch(Exception):
    """The file goes over a limit; `reason` says which."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Unreadable(Exception):
    """The file cannot be read; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(slots=True)
class Cells:
    """A row of a table: one text a column, and the columns that a cell from further up reaches into."""

    texts: list[str]
    above: tuple[int, ...] = ()
    hidden: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(map(str.strip, self.texts))


@dataclass(slots=True)
class _Sheet:
    """A page that is being written."""

    texts: list[str] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    at: int = 0
    hidden: bool = False
    pictures: bool = False
    lacking: bool = False
    """Something here that people see was not read."""
    unseen: bool = False
    """So was a picture that cannot be taken out to be read by itself."""
    shown: list[str] = field(default_factory=list)
    """Names of the parts that are pictures on this page and may show words."""

    def put(self, text: str, after: str) -> tuple[int, int]:
        span = self.at, self.at + len(text)
        self.texts += (text, after)
        self.at += len(text) + len(after)
        return span


class Pager:
    """Takes paragraphs and tables in reading order and gives back whole pages."""

    def __init__(self, limits: Limits, *, own_pages: bool = False) -> None:
        self._limits, self._own_pages = limits, own_pages
        self._sheets = [_Sheet()]
        self._characters = 0

        self.lacks: Reason | None = None
        """Why something that people see could not be read, wherever in the file it stands."""

    def lack(self, reason: Reason) -> None:
        """Say that something on this page is seen by people and could not be read."""
        self.lacks = reason
        self._sheet.lacking = True

    @property
    def _sheet(self) -> _Sheet:
        return self._sheets[-1]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands on the page that is being written."""
        return not self._sheet.at

    def line(self, text: str, *, hidden: bool = False) -> None:
        """A paragraph; white space around it is left out, and empty ones part what stands around them."""
        clean = cleaning.clean(text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n ")
        for start in range(0, max(1, len(clean)), self._limits.page_characters):
            self._make_room()
            self._count(clean[start : start + self._limits.page_characters])
        self._sheet.hidden = self._sheet.hidden or (hidden and bool(clean))

    def _count(self, text: str) -> None:
        if not text and (self.is_empty or self._sheet.texts[-2:-1] == [""]):
            return
        self._sheet.put(text, "\n")
        self._characters += len(text)
        if self._characters > self._limits.characters:
            raise TooMuch(Reason.TOO_MUCH_TEXT)

    def table(self, rows: Sequence[Cells], *, heads: int = 0) -> None:
        """Rows of the same number of columns, of which so many at the top are marked as header.

        A table of one column or one row, or of more columns than a table may have, is written as lines.
        """
        filled = [row for row in rows if not row.is_empty]
        columns = max((len(row.texts) for row in filled), default=0)
        if len(filled) < 2 or not 2 <= columns <= MOST_COLUMNS:
            for row in filled:
                self.line(BETWEEN_CELLS.join(text for text in map(_one_line, row.texts) if text), hidden=row.hidden)
            return
        for start in range(0, len(filled), self._limits.table_rows):
            if start:
                self.turn()
            self._make_room()
            part = filled[start : start + self._limits.table_rows]
            self._write(part, columns, min(heads, len(part)) if not start else 0)

    def _write(self, rows: Sequence[Cells], columns: int, heads: int) -> None:
        told = []
        for row in rows:
            numbers = [sum(1 << column for column in row.above if column < columns)] + [0] * (2 * columns)
            own = [(column, text) for column, cell in enumerate(row.texts) if (text := _tidy(cell))]
            for place, (column, text) in enumerate(own):
                after = "\n" if place == len(own) - 1 else BETWEEN_CELLS
                numbers[1 + 2 * column : 3 + 2 * column] = self._sheet.put(text, after)
                self._characters += len(text)
            if own:
                told.append(numbers)
            self._sheet.hidden = self._sheet.hidden or row.hidden
        if self._characters > self._limits.characters:
            raise TooMuch(Reason.TOO_MUCH_TEXT)
        borders = [column * _COLUMN_WIDTH for column in range(columns + 1)]
        if told:
            self._sheet.tables.append({"xs": borders, "heads": min(heads, len(told)), "rows": told})

    def turn(self) -> None:
        """Begin a new page, unless nothing stands on this one."""
        if not self.is_empty or self._sheet.pictures:
            self._sheets.append(_Sheet())

    def hide(self) -> None:
        """Say that this page, or something on it, is hidden from those who open the file."""
        self._sheet.hidden = True

    def picture(self) -> None:
        """Say that there is a picture here."""
        self._sheet.pictures = True

    def show(self, name: str) -> None:
        """Say that a picture stands here that may show words, and which part of the file it is."""
        self._sheet.pictures = True
        self._sheet.shown.append(name)

    def miss_picture(self) -> None:
        """Say that such a picture stands here and cannot be taken out."""
        self._sheet.pictures = self._sheet.unseen = True

    @property
    def shown(self) -> list[str]:
        """The parts that are pictures which may show words, in the order of their pages."""
        return [name for sheet in self._sheets for name in sheet.shown]

    def _make_room(self) -> None:
        if len(self._sheets) > self._limits.pages:
            raise TooMuch(Reason.TOO_MANY_PAGES)
        if not self._own_pages and self._sheet.at >= self._limits.page_size:
            self.turn()

    def answers(self) -> list[dict[str, Any]]:
        """The pages as answers to the parent: see `answers.page_of`."""
        sheets = self._sheets
        if len(sheets) > 1 and not sheets[-1].at and not sheets[-1].pictures:
            sheets = sheets[:-1]
        return [_answer(number, sheet) for number, sheet in enumerate(sheets, start=1)]


def _answer(number: int, sheet: _Sheet) -> dict[str, Any]:
    text = "".join(sheet.texts[:-1])
    answer: dict[str, Any] = {"page": number, "text": text, "hidden": sheet.hidden, "lacking": sheet.lacking}
    if sheet.tables:
        answer["tables"] = sheet.tables
    if sheet.shown:
        answer["shown"] = len(sheet.shown)
    if text.strip():
        answer["unseen"] = sheet.unseen or bool(sheet.shown)
        return {**answer, "status": PageStatus.READ}
    reason = Reason.IMAGES_ONLY if sheet.pictures else Reason.BLANK
    return {**answer, "text": "", "status": PageStatus.NO_TEXT, "reason": reason}


def _tidy(cell: str) -> str:
    return cleaning.clean(cell.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _one_line(cell: str) -> str:
    return " ".join(cell.split())
