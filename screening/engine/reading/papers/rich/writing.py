"""Writes what was read of a rich text into pages: its text, then notes, then what stands on every page, once."""

from __future__ import annotations

from collections.abc import Iterable

from screening.engine.reading.limits import Limits
from screening.engine.reading.papers.illustrations import Illustrations
from screening.engine.reading.papers.pager import Pager
from screening.engine.reading.papers.rich.reading import Rich
from screening.engine.reading.papers.rich.rows import aligned
from screening.engine.reading.papers.rich.story import Block, Line, Mark, Picture, Place, Story, Table
from screening.engine.reading.tabling import BETWEEN_CELLS
from screening.engine.reasons import Reason


def pages(rich: Rich, limits: Limits) -> Pager:
    """The pages of a rich text. Raises TooMuch."""
    pager = Pager(limits)
    margins = [story for story in rich.others if story.place is Place.MARGIN]
    besides = [block.name for story in margins for block in story.blocks if isinstance(block, Picture)]
    pictures = Illustrations(rich.pictures, pager, besides)
    _write(rich.main.end(), pager, pictures)
    for story in rich.others:
        if story.place is Place.NOTE:
            pager.line("")
            _write(story.blocks, pager, pictures)
    _margins(margins, pager)
    if rich.pictures.bodies:
        pager.picture()
    return pager


def _write(blocks: Iterable[Block], pager: Pager, pictures: Illustrations) -> None:
    for block in blocks:
        if isinstance(block, Line):
            pager.line(block.text, hidden=block.hidden)
        elif isinstance(block, Table):
            rows, heads = aligned(block.rows)
            pager.line("")
            pager.table(rows, heads=heads)
        elif isinstance(block, Picture):
            pictures.see(block.name)
        elif block is Mark.TURN:
            pager.turn()
        else:
            pager.lack(Reason.SOME_PARTS_UNREAD)


def _margins(margins: Iterable[Story], pager: Pager) -> None:
    """Headers and footers with words in them, each once."""
    said: set[str] = set()
    for story in margins:
        lines = list(_lines(story.blocks))
        text = "\n".join(line.text for line in lines)
        if any(map(str.isalpha, text)) and text not in said:
            said.add(text)
            pager.line("")
            pager.line(text, hidden=any(line.hidden for line in lines))


def _lines(blocks: Iterable[Block]) -> Iterable[Line]:
    for block in blocks:
        if isinstance(block, Line) and block.text.strip():
            yield block
        elif isinstance(block, Table):
            for row in block.rows:
                yield Line(BETWEEN_CELLS.join(" ".join(text.split()) for text in row.texts if text), row.hidden)
