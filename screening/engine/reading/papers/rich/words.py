"""What single control words of a rich text do to the place where they stand: its look, its rows, its paragraphs."""

from __future__ import annotations

from collections.abc import Callable

from screening.engine.reading.papers.rich.rows import Shape
from screening.engine.reading.papers.rich.state import State
from screening.engine.reading.papers.rich.story import Story

_MOST_CELLS = 1000


def _table(state: State, number: int | None) -> None:
    state.level = 1 if number is None else max(0, min(number, 99))
    state.in_table = state.level > 0


def _font(state: State, number: int | None) -> None:
    state.font = number or 0


def _size(state: State, number: int | None) -> None:
    state.size = 24 if number is None else number


def _colour(state: State, number: int | None) -> None:
    state.colour = number or 0


def _fallback(state: State, number: int | None) -> None:
    state.fallback = 1 if number is None else max(0, min(number, 100))


def _hidden(state: State, number: int | None) -> None:
    state.hidden = number != 0


def _deleted(state: State, number: int | None) -> None:
    state.deleted = number != 0


def _ground(state: State, number: int | None) -> None:
    state.has_ground = bool(number)


def _shaded(state: State, number: int | None) -> None:
    state.shaded = bool(number)


def _in_table(state: State, number: int | None) -> None:
    state.in_table = number != 0
    state.level = max(1, state.level)


def _of_object(state: State, _number: int | None) -> None:
    state.of_object = True


LOOKS: dict[bytes, Callable[[State, int | None], None]] = {
    b"f": _font, b"fs": _size, b"cf": _colour, b"uc": _fallback, b"v": _hidden, b"deleted": _deleted,
    b"highlight": _ground, b"chcbpat": _ground, b"cb": _ground, b"cbpat": _shaded, b"shading": _shaded,
    b"intbl": _in_table, b"itap": _table, b"result": _of_object, b"pard": lambda state, _: state.paragraph(),
}  # fmt: skip
"""Words that say how things are from here on; 0 behind a switch turns it off (RTF 1.9, character properties)."""


def _end_paragraph(story: Story, state: State, _number: int | None) -> None:
    story.end_paragraph(state)


def _describe(story: Story, state: State, _number: int | None) -> None:
    if state.level <= 1:  # A table inside a cell describes its rows too; they are written as lines.
        story.describe()


def _border(story: Story, state: State, number: int | None) -> None:
    if state.level <= 1 and len(story.shapes) < _MOST_CELLS:
        story.shapes.append(Shape(number or 0, *story.joins))
    story.joins = (False, False)


def _joins_left(story: Story, _state: State, _number: int | None) -> None:
    story.joins = (True, story.joins[1])


def _joins_above(story: Story, _state: State, _number: int | None) -> None:
    story.joins = (story.joins[0], True)


def _head(story: Story, state: State, _number: int | None) -> None:
    if state.level <= 1:
        story.is_head = True


PARTS: dict[bytes, Callable[[Story, State, int | None], None]] = {
    b"par": _end_paragraph, b"sect": _end_paragraph, b"page": lambda story, state, _: story.turn(state),
    b"cell": lambda story, *_: story.end_cell(), b"row": lambda story, *_: story.end_row(),
    b"nestcell": lambda story, *_: story.end_inner_cell(), b"nestrow": lambda story, *_: story.end_inner_row(),
    b"trowd": _describe, b"cellx": _border, b"clmrg": _joins_left, b"clvmrg": _joins_above, b"trhdr": _head,
}  # fmt: skip
"""Words that end something or describe a row."""
