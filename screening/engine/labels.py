"""Finds what a document states under a label: `Audit date: 3 May`, two cells side by side, a field of a form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from screening.engine.results import Page, Reading, Row

_LONGEST_LABEL = 60
_LONGEST_VALUE = 200
_COLON = re.compile(r"\s*[:：]\s*")
_BAR = " | "
_NUMBERED = re.compile(r"^(?:[A-Za-z]?\d{1,3}(?:\.\d{1,3}){0,3}[.)]?|[a-zA-Z][.)]|[•*–—-])\s+")
_BRACKET = re.compile(r"\s*[(（\[][^)）\]]{0,60}[)）\]]\s*$")
_FIRST_HALVES = frozenset({"pte.", "pte", "pvt.", "pvt", "(pvt)", "(pvt.)", "co.,", "co.", "sdn.", "sdn", "pty"})
"""Of legal forms: "Pte. Ltd.", "Sdn. Bhd."."""
_MOST_OF_A_FORM = 2
_CLOSED = (")", "）", "]")
_AROUND = " \t.:：*_#•|-–—"
_DIGIT = re.compile(r"\d")
_DATED = frozenset({"audit_date", "audit_end", "validity"})
_CELLS = 8
"""A row of more cells is no row of labels with their values."""


@dataclass(frozen=True, slots=True)
class Said:
    """A label that the lexicon knows, with what stands beside it."""

    label: str
    """The name of the label's list in the lexicon, such as `audit_date`."""
    value: str
    page: int
    language: str | None
    words: str
    """Label and value as printed, for the person who checks."""


@cache
def lexicon() -> dict[str, Any]:
    path = Path(__file__).with_name("lexicon").joinpath("facts.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _by_label() -> dict[str, tuple[str, ...]]:
    """What each label may stand for: `frist` words that stand for two things in two languages keep both."""
    found: dict[str, list[str]] = {}
    for name, words in lexicon()["labels"].items():
        for word in words:
            kept = found.setdefault(bare(word), [])
            if name not in kept:
                kept.append(name)
    return {label: tuple(names) for label, names in found.items()}


@cache
def _most_words() -> int:
    """So many words the longest label has, with a number before it."""
    return 1 + max(len(label.split()) for label in _by_label())


@cache
def _dated_words() -> frozenset[str]:
    """The first words of labels under which dates stand."""
    return frozenset(label.split()[0] for label, names in _by_label().items() if _DATED.intersection(names))


def bare(text: str) -> str:
    """A label without number, bracket, blanks and signs around it, in small letters."""
    text = " ".join(text.replace("’", "'").split())
    text = _NUMBERED.sub("", text)
    while (shorter := _BRACKET.sub("", text)) != text:
        text = shorter
    return text.strip(_AROUND).casefold()


@lru_cache(maxsize=1024)
def labels_of(text: str) -> tuple[str, ...]:
    """What the label may stand for; empty for a text that is no known label as a whole.

    The latest are remembered: a line is asked about as itself and as what follows another.
    """
    if len(text) > _LONGEST_LABEL + 30:
        return ()
    # Most lines are running text, which has too many words, unless some of them stand in a bracket.
    if len(text.split()) > _most_words() and not text.rstrip(_AROUND).endswith(_CLOSED):
        return ()
    return _by_label().get(bare(text), ())


def said(reading: Reading, pages: Sequence[Page]) -> Iterator[Said]:
    """Everything under a known label on these pages and in the form's fields, in reading order."""
    for name, value in sorted(reading.fields.items()):
        shown = re.sub(r"[_.\[\]\d]+", " ", name)
        yield from _pair(shown, value, pages[0] if pages else None)
    for page in pages:
        rows = [row for table in reading.tables if table.page == page.number for row in table.rows]
        heads = [table.header for table in reading.tables if table.page == page.number and len(table.header) in (2, 4)]
        for cells in (*heads, *map(_cells, rows)):
            yield from _side_by_side(cells, page)
        yield from _on_lines(page)


def _cells(row: Row) -> tuple[str, ...]:
    return row.cells


def _side_by_side(cells: Sequence[str], page: Page) -> Iterator[Said]:
    filled = [cell for cell in cells if cell]
    if len(filled) > _CELLS:
        return
    for label, value in pairwise(filled):
        if not labels_of(value):
            yield from _pair(label, value, page)


def _on_lines(page: Page) -> Iterator[Said]:
    lines = [line.strip() for line in page.text.split("\n") if line.strip()]
    for number, line in enumerate(lines):
        if _BAR in line:
            cells = line.split(_BAR)
            if len(cells) == 2 and not _COLON.search(cells[0]):
                yield from _pair(cells[0], cells[1], page)
            continue
        parts = _COLON.split(line)
        if len(parts) == 1:
            following = lines[number + 1] if number + 1 < len(lines) else ""
            yield from _without_colon(line, following, page)
            continue
        for place, label in enumerate(parts[:-1]):
            # Behind "Site: Mill 3 Audit date: 4 May" the second label is not whole, and is let go.
            value = parts[place + 1]
            if not value and place + 2 == len(parts) and number + 1 < len(lines):
                following = lines[number + 1]
                value = "" if _COLON.search(following) and labels_of(_COLON.split(following)[0]) else following
            elif value and value.split()[-1].casefold() in _FIRST_HALVES and place + 2 == len(parts):
                value = _with_rest(value, lines[number + 1] if number + 1 < len(lines) else "")
            elif place == 0 and len(parts) > 2 and not any(map(labels_of, parts[1:-1])):
                value = line[_COLON.search(line).end() :]  # type: ignore[union-attr]
            yield from _pair(label, value, page)


def _with_rest(name: str, following: str) -> str:
    """A firm's name that a line end cut within its legal form, with what is left of that on the next line."""
    return f"{name} {following}" if 0 < len(following.split()) <= _MOST_OF_A_FORM and ":" not in following else name


def _without_colon(line: str, following: str, page: Page) -> Iterator[Said]:
    """A label alone on its line, with its value below; or a date behind its label, which a date can be told by."""
    if labels_of(line):
        # One word alone, such as `Supplier`, may be a heading: what follows it is then no name.
        if (" " in line.strip() or _DIGIT.search(following)) and not labels_of(following) and following[-1:] != ".":
            yield from (said for said in _pair(line, following, page) if " " in line.strip() or said.label in _DATED)
        return
    words = line.split()
    if len(line) > 2 * _LONGEST_LABEL or words[0].casefold() not in _dated_words() or not _DIGIT.search(line):
        return
    for count in range(min(5, len(words) - 1), 0, -1):
        label = " ".join(words[:count])
        if any(name in _DATED for name in labels_of(label)):
            value = " ".join(words[count:])
            yield from (said for said in _pair(label, value, page) if said.label in _DATED)
            return


def _pair(label: str, value: str, page: Page | None) -> Iterator[Said]:
    value = " ".join(value.split())
    if not value or len(value) > _LONGEST_VALUE:
        return
    number, language = (1, None) if page is None else (page.number, page.language)
    for name in labels_of(label):
        yield Said(name, value, number, language, f"{' '.join(label.split()).rstrip(' :：')}: {value}")
