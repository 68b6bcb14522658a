"""Prints a demonstration text as a PDF whose bytes are the same on every machine and every day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

from fpdf import FPDF

from webapp.demo.layouts import LAYOUTS, PAGE_OF, Colour, Layout
from webapp.demo.texts import Block, Kind, Text

MADE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""The date inside every file: a real one would change the bytes with each run."""

A4 = (595.28, 841.89)
"""Width and height of a page, in points."""

PAD = 4.0
"""Between the rule of a table's cell and its text, in points."""

LEADING = 1.5
"""Distance of lines of running text, in sizes of the letters."""


def new_sheet(*, landscape: bool = False) -> FPDF:
    """An empty PDF without anything that differs from run to run."""
    sheet = FPDF(orientation="landscape" if landscape else "portrait", unit="pt", format=A4)
    sheet.set_creation_date(MADE)
    sheet.set_producer("Salient demonstration archive")
    sheet.set_auto_page_break(False)
    return sheet


class Pen:
    """Writes blocks from the top of a page to its foot, column by column, and turns the page when it is full."""

    def __init__(self, text: Text, *, pages: int) -> None:
        self.text, self.pages = text, pages
        self.look: Layout = LAYOUTS.get(text.layout, LAYOUTS["report"])
        self.sheet = new_sheet(landscape=self.look.landscape)
        self.sheet.set_title(text.title)
        self.sheet.set_lang(text.language)
        self.page_width, self.page_height = (A4[1], A4[0]) if self.look.landscape else A4
        gap = 22.0
        inner = self.page_width - 2 * self.look.margin
        self.column_width = (inner - gap * (self.look.columns - 1)) / self.look.columns
        self.column_step = self.column_width + gap
        self.column, self.y, self.top = 0, 0.0, 0.0
        self.heading_number = 0

    @property
    def x(self) -> float:
        return self.look.margin + self.column * self.column_step

    @property
    def foot(self) -> float:
        return self.page_height - 64

    def turn(self) -> None:
        """Begin a page with its running head and foot."""
        sheet, look = self.sheet, self.look
        sheet.add_page()
        number = sheet.page_no()
        self.column, self.top = 0, look.margin
        if look.running_head and number > 1:
            self._small(f"{self.text.title} | {self.text.subtitle}", look.margin, 40)
            sheet.set_draw_color(*look.accent)
            sheet.line(look.margin, 46, self.page_width - look.margin, 46)
            self.top = 70
        page_of = PAGE_OF[self.text.language].format(number=number, all=self.pages)
        self._small(page_of, look.margin, self.page_height - 34)
        self.y = self.top

    def room(self, height: float) -> None:
        """Move to the next column, or page, unless so much height is left."""
        if self.y + height <= self.foot:
            return
        if self.column + 1 < self.look.columns:
            self.column, self.y = self.column + 1, self.top
        else:
            self.turn()

    def write(self, text: str, *, size: float | None = None, style: str = "", indent: float = 0, after: float = 8,
              colour: Colour = (0, 0, 0)) -> None:  # fmt: skip
        """A paragraph, broken into lines; `after` is the space below it."""
        size = size or self.look.size
        lines = wrapped(text, self.look.font, style, size, self.column_width - indent)
        self.sheet.set_font(self.look.font, style, size)
        self.sheet.set_text_color(*colour)
        for line in lines:
            self.room(size * LEADING)
            self.y += size * LEADING
            self.sheet.text(self.x + indent, self.y - size * 0.3, line)
        self.y += after

    def row(self, cells: Sequence[str], widths: Sequence[float], *, header: bool) -> None:
        """A row of a table with its rules; a row is never torn over two pages."""
        size = self.look.table_size
        height = self.row_height(cells, widths)
        self.room(height)
        sheet, left = self.sheet, self.x
        sheet.set_draw_color(150, 150, 150)
        sheet.set_fill_color(232, 236, 239)
        sheet.set_font(self.look.font, "B" if header else "", size)
        sheet.set_text_color(0, 0, 0)
        for cell, width in zip(cells, widths, strict=True):
            if style := ("F" if header else "") + ("D" if self.look.ruled else ""):
                sheet.rect(left, self.y, width, height, style=style)
            for place, line in enumerate(self._cell(cell, width), start=1):
                sheet.text(left + PAD, self.y + PAD + place * size * 1.25 - size * 0.3, line)
            left += width
        self.y += height

    def row_height(self, cells: Sequence[str], widths: Sequence[float]) -> float:
        lines = max(len(self._cell(cell, width)) for cell, width in zip(cells, widths, strict=True))
        return lines * self.look.table_size * 1.25 + 2 * PAD

    def _cell(self, text: str, width: float) -> list[str]:
        """The lines of a cell, measured in bold letters, so that a header fits too."""
        return wrapped(text, self.look.font, "B", self.look.table_size, width - 2 * PAD)

    def _small(self, text: str, x: float, y: float) -> None:
        self.sheet.set_font(self.look.font, "", 8)
        self.sheet.set_text_color(110, 110, 110)
        self.sheet.text(x, y, text)


def printed(text: Text) -> bytes:
    """The PDF of one text. It is drawn twice, because the foot of the first page names the number of the last."""
    pages = _drawn(text, pages=0).page_no()
    return bytes(_drawn(text, pages=pages).output())


def _drawn(text: Text, *, pages: int) -> FPDF:
    pen = Pen(text, pages=pages)
    pen.turn()
    _opening(pen)
    blocks = list(text.blocks)
    while blocks:
        if blocks[0].kind in (Kind.WIDTHS, Kind.ROW):
            _table(pen, blocks)
        else:
            _block(pen, blocks.pop(0))
    return pen.sheet


def _opening(pen: Pen) -> None:
    """The cover page, or the head of the first page, with the facts that the text begins with."""
    look, text = pen.look, pen.text
    pen.sheet.set_fill_color(*look.accent)
    pen.sheet.rect(0, 0, pen.page_width, 14, style="F")
    if look.cover:
        pen.y += 120
    pen.write(text.title, size=24 if look.cover else 17, style="B", after=8, colour=look.accent)
    pen.write(text.subtitle, size=13, after=20)


def _block(pen: Pen, block: Block) -> None:
    size, accent = pen.look.size, pen.look.accent
    match block.kind:
        case Kind.NEW_PAGE:
            pen.turn()
        case Kind.HEADING:
            pen.heading_number += 1
            number = f"{pen.heading_number}. " if pen.look.numbered else ""
            pen.room(size * 10)
            pen.y += size * 0.8
            pen.write(number + block.text, size=size * 1.35, style="B", colour=accent)
        case Kind.SMALL_HEADING:
            pen.room(size * 6)
            pen.y += size * 0.3
            pen.write(block.text, size=size * 1.1, style="B", after=3)
        case Kind.ITEM:
            pen.write(f"- {block.text}", indent=12, after=3)
        case Kind.QUESTION:
            pen.room(size * 6)
            pen.write(block.text, style="B", after=2)
        case Kind.ANSWER:
            pen.write(block.text, indent=14, after=10)
        case Kind.FACT:
            pen.write(f"{block.cells[0]}: {block.cells[1]}", after=4)
        case _:
            pen.write(block.text)


def _table(pen: Pen, blocks: list[Block]) -> None:
    """Print the table at the head of `blocks` and take it off; its header is repeated on each new page."""
    shares = [float(share) for share in blocks.pop(0).cells] if blocks[0].kind is Kind.WIDTHS else []
    header = blocks.pop(0).cells
    shares = shares or [1.0] * len(header)
    widths = [pen.column_width * share / sum(shares) for share in shares]
    page = 0
    while blocks and blocks[0].kind is Kind.ROW:
        row = blocks.pop(0).cells
        pen.room(pen.row_height(header, widths) + pen.row_height(row, widths))
        if pen.sheet.page_no() != page:
            page = pen.sheet.page_no()
            pen.row(header, widths, header=True)
        pen.row(row, widths, header=False)
    pen.y += pen.look.size


@cache
def _ruler() -> FPDF:
    """A sheet that is only measured on."""
    return new_sheet()


@cache
def _word_width(word: str, font: str, style: str, size: float) -> float:
    ruler = _ruler()
    ruler.set_font(font, style, size)
    return float(ruler.get_string_width(word))


def wrapped(text: str, font: str, style: str, size: float, width: float) -> list[str]:
    """The text in lines that are no wider than `width` points; a longer word stands alone on its line."""
    lines: list[list[str]] = [[]]
    used, blank = 0.0, _word_width(" ", font, style, size)
    for word in text.split():
        wide = _word_width(word, font, style, size)
        if lines[-1] and used + blank + wide > width:
            lines.append([])
            used = 0.0
        used += wide + (blank if lines[-1] else 0.0)
        lines[-1].append(word)
    return [" ".join(words) for words in lines]
