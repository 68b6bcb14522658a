"""Reads what is printed on the picture of a page: the words with their places, tables in rows, whichever way it lies.

Only ever inside a caged child.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from screening.engine.reading import cleaning, sheets, worded
from screening.engine.reading.grids import grids
from screening.engine.reading.limits import Limits
from screening.engine.reading.recognising import Recogniser, Word
from screening.engine.reading.sheets import Sheet
from screening.engine.results import PageStatus

_LEAST_LETTERS = 8
_LEAST_CONFIDENCE = 45.0
"""Below these, what was recognised on a picture is taken to be no text."""
_SURE = 70.0
"""Of 100: a page of which the words are less sure on average may lie on its side or upside down."""
_TRIED = 0.45
"""Of its width and height: so much of the middle of a page tells which way up it lies."""
_CLEARLY = 1.4
_TELLING = 3
"""Letters of a word from which on its box tells whether it lies level."""
_RULE = re.compile(r"[|¦‖‚=~_¬]+")
"""A line of a table that was taken for a letter, or a corner of one."""
_WORD = re.compile(r"\S+")
_MOST_CELLS = 60
_INKED, _DARK = 12, 140
"""So many dark dots in a cell are no speck."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The words of a sheet with how many letters they have and how sure they are on average."""

    sheet: Sheet
    words: tuple[Word, ...]

    @property
    def letters(self) -> int:
        return sum(len(word.text) for word in self.words)

    @property
    def confidence(self) -> float:
        return sum(word.confidence * len(word.text) for word in self.words) / max(1, self.letters)

    @property
    def worth(self) -> float:
        """How much is read, and how surely, of words that lie level: those that stand may be read all the same."""
        return sum(
            len(word.text) * max(0.0, word.confidence - _LEAST_CONFIDENCE)
            for word in self.words
            if len(word.text) < _TELLING or word.box[2] - word.box[0] > word.box[3] - word.box[1]
        )


def told(grey: Any, dots_an_inch: float, recogniser: Recogniser, limits: Limits) -> dict[str, Any] | None:
    """Text, places, tables and confidence of what is printed on a picture in grey; None where that is no text."""
    found = _found(sheets.prepared(grey, dots_an_inch), recogniser)
    if found.letters < _LEAST_LETTERS or found.confidence < _SURE:
        turned = _other_way_up(grey, dots_an_inch, recogniser)
        if turned:
            other = _found(sheets.prepared(grey, dots_an_inch, quarters=turned), recogniser)
            found = max(found, other, key=lambda each: each.worth)
    if found.letters < _LEAST_LETTERS or found.confidence < _LEAST_CONFIDENCE:
        return None
    return _told(found, _with_cells(found, recogniser), limits)


def _found(sheet: Sheet, recogniser: Recogniser) -> _Found:
    return _Found(sheet, tuple(recogniser.words(sheet.image)))


def _other_way_up(grey: Any, dots_an_inch: float, recogniser: Recogniser) -> int:
    """By how many quarters a page must be turned to be read, by the middle of it; 0 where no way is clearly better."""
    side = (1 - _TRIED) / 2
    middle = grey.crop((
        round(side * grey.width), round(side * grey.height), round((1 - side) * grey.width),
        round((1 - side) * grey.height),
    ))  # fmt: skip
    worths = [
        _found(sheets.prepared(middle, dots_an_inch, quarters=quarters), recogniser).worth for quarters in range(4)
    ]
    best = max(range(4), key=worths.__getitem__)
    return best if worths[best] > _CLEARLY * worths[0] else 0


def _with_cells(found: _Found, recogniser: Recogniser) -> list[Word]:
    """The words, and those of cells of tables in which something is printed that was overlooked: a lone digit."""
    sheet, words = found.sheet, list(found.words)
    boxes = [sheet.level(word.box) for word in words]
    step = sheet.dots_an_inch / 720
    for box in _empty_cells(sheet, boxes)[:_MOST_CELLS]:
        x0, top, x1, bottom = (round(corner * step) for corner in box)
        rim = round(3 * step * 10)
        cell = sheet.image.crop((x0 + rim, top + rim, x1 - rim, bottom - rim))
        if cell.width < 8 or cell.height < 8 or sum(cell.histogram()[:_DARK]) < _INKED:
            continue
        inside = [
            replace(word, box=(word.box[0] + x0 + rim, word.box[1] + top + rim, word.box[2] + x0 + rim,
                               word.box[3] + top + rim))
            for word in recogniser.block(cell)
        ]  # fmt: skip
        words += [*inside[:-1], replace(inside[-1], after="\n")] if inside else []
    return words


def _empty_cells(sheet: Sheet, boxes: Sequence[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Cells of drawn tables that no recognised word lies in."""
    empty = []
    for grid in grids(sheet.rulings):
        spots = (grid.at((x0 + x1) / 2, (top + bottom) / 2) for x0, top, x1, bottom in boxes)
        filled = {grid.cells[spot[0]][spot[1]] for spot in spots if spot is not None}
        if not filled:
            continue
        for cell, (row, column, last_row, last_column) in grid.spans().items():
            if cell not in filled:
                empty.append((grid.xs[column], grid.ys[row], grid.xs[last_column + 1], grid.ys[last_row + 1]))
    return empty


def _told(found: _Found, words: Iterable[Word], limits: Limits) -> dict[str, Any]:
    texts: list[str] = []
    placed: list[worded.Placed] = []
    at = 0
    for word in words:
        text = cleaning.clean(word.text)
        if _RULE.fullmatch(text):
            if "\n" in word.after and texts and placed:  # The line ends all the same.
                at += len(word.after) - len(texts[-1])
                texts[-1] = word.after
                placed[-1] = replace(placed[-1], ends_line=True)
            continue
        if not text or at + len(text) > limits.page_characters or len(placed) >= limits.page_lines:
            continue
        placed.append(worded.Placed(at, at + len(text), found.sheet.level(word.box), "\n" in word.after))
        texts += (text, word.after)
        at += len(text) + len(word.after)
    whole = "".join(texts[:-1])
    places = [number for word in placed for number in (word.start, word.end, *word.box)]
    answer = worded.in_rows(whole, placed, found.sheet.rulings) or {"text": whole, "lines": places}
    return {
        **answer,
        "lines": _back(answer["text"], answer["lines"], found.sheet),
        "status": PageStatus.OCR,
        "confidence": round(found.confidence),
    }


def _back(text: str, places: Sequence[int], sheet: Sheet) -> list[int]:
    """Places on the level page as places on the picture that came.

    On a page that was turned each word has its own: of a line that runs another way than from left to right nobody
    could tell from its box alone where its words are.
    """
    back: list[int] = []
    numbers = iter(places)
    for start, end, x0, top, x1, bottom in zip(*[numbers] * 6, strict=True):
        step = (x1 - x0) / max(1, end - start)
        spans = [found.span() for found in _WORD.finditer(text[start:end])] if sheet.quarters else [(0, end - start)]
        for first, last in spans:
            place = sheet.back((round(x0 + first * step), top, round(x0 + last * step), bottom))
            back += (start + first, start + last, *place)
    return back
