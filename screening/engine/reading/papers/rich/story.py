"""A text that is read from its top to its end, as it grows: the main one of a file, a note, a box or a header."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from screening.engine.reading.papers.rich.letters import joined
from screening.engine.reading.papers.rich.rows import Row, Shape, Writing
from screening.engine.reading.papers.rich.state import State


class Place(Enum):
    """Where a story stands in its file."""

    MAIN = auto()
    BOX = auto()
    """Beside the paragraph that it hangs on."""
    NOTE = auto()
    """Below the text or beside it: notes and comments."""
    MARGIN = auto()
    """On every page."""


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Picture:
    name: str


class Mark(Enum):
    """A new page begins here, or something was left out."""

    TURN = auto()
    LOST = auto()


Block = Line | Table | Picture | Mark
_BLANK = Line("")


@dataclass(slots=True)
class Story:
    """Takes words and where paragraphs, cells and rows end; `blocks` is what has been finished."""

    place: Place = Place.MAIN
    blocks: list[Block] = field(default_factory=list)
    hidden: bool = False
    """The paragraph that is being written has words that nobody sees."""
    shapes: list[Shape] = field(default_factory=list)
    """Of the cells of the row that is described."""
    is_head: bool = False
    joins: tuple[bool, bool] = (False, False)
    """Whether the cell that is described goes on with the one to its left, and with the one above."""
    _said: list[str] = field(default_factory=list)
    _writing: Writing = field(default_factory=Writing)
    _rows: list[Row] = field(default_factory=list)
    _waiting: list[Block] = field(default_factory=list)
    """Boxes and pictures that hang on what is being written."""

    def say(self, text: str) -> None:
        self._said.append(text)

    def hang(self, *blocks: Block) -> None:
        """Put something behind what is being written: the paragraph, or the whole table."""
        self._waiting += blocks

    def end_paragraph(self, state: State) -> None:
        if state.in_table:
            self._writing.line(self._taken(), state.level)
            return
        self.end_table()
        hidden, self.hidden = self.hidden, False
        text = self._taken()
        if text.strip() or (self.blocks and self.blocks[-1] is not _BLANK):
            self.blocks.append(Line(text, hidden) if text.strip() else _BLANK)
        self._put_waiting()

    def _taken(self) -> str:
        """The words of the paragraph that ends."""
        text = joined("".join(self._said))
        self._said.clear()
        self._writing.hidden, self.hidden = self._writing.hidden or self.hidden, False
        return text

    def _put_waiting(self) -> None:
        self.blocks += self._waiting
        self._waiting.clear()

    def end_cell(self) -> None:
        self._writing.line(self._taken(), 1)
        self._writing.end_cell()

    def end_inner_cell(self) -> None:
        self._writing.line(self._taken(), 2)
        self._writing.end_inner_cell()

    def end_inner_row(self) -> None:
        self._writing.end_inner_row()

    def describe(self) -> None:
        """A row is described from here on."""
        self.shapes, self.is_head = [], False

    def end_row(self) -> None:
        if self._said:
            self._writing.line(self._taken(), 1)
        row = self._writing.end_row(self.shapes, is_head=self.is_head)
        if row is not None:
            self._rows.append(row)

    def end_table(self) -> None:
        self._writing_left()
        if self._rows:
            self.blocks.append(Table(self._rows))
            self._rows = []
            self._put_waiting()

    def _writing_left(self) -> None:
        """Cells whose row has no end are a row."""
        row = self._writing.end_row(self.shapes, is_head=False)
        if row is not None:
            self._rows.append(row)

    def turn(self, state: State) -> None:
        self.end_paragraph(state)
        if not state.in_table:
            self._cut_blanks()
            self.blocks.append(Mark.TURN)

    def end(self) -> list[Block]:
        """All of it: whatever is unfinished ends here."""
        self.end_paragraph(State())
        self._cut_blanks()
        return self.blocks

    def _cut_blanks(self) -> None:
        while self.blocks and self.blocks[-1] is _BLANK:
            self.blocks.pop()
