"""Reads the texts of the demonstration documents: plain files with a little markup and the truth beside the words.

A file in `texts/` holds a few fields and a `body`. In the body a line begins with

    #  ##        a heading, a smaller heading
    -            an item of a list
    ? !          a question and its answer
    =            a fact, written `= Name: value`
    |            a row of a table, cells between bars; the first row is the header
    :            the widths of the table's columns, written `: 1 4 2`
    ---          a new page
    @            the name of a shared part, whose text is put in this place

and every other line is a paragraph, which ends at an empty line. A passage whose reading is known stands in
braces, `{FL.DOC FL.MOVE; finding_confirmed; 14: The words as printed.}`: signals, assertion and, where the
passage states it, the number of affected people.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from screening.engine.results import Assertion
from webapp.demo.truth import Truth

FOLDER = Path(__file__).with_name("texts")
_MARK = re.compile(r"\{([A-Z. ]+); (\w+)(?:; (\d+))?: ([^{}]+)\}")


class TextError(Exception):
    """A demonstration text breaks a rule of its own markup; the message names the file."""


class Kind(StrEnum):
    HEADING = "#"
    SMALL_HEADING = "##"
    ITEM = "-"
    QUESTION = "?"
    ANSWER = "!"
    FACT = "="
    ROW = "|"
    WIDTHS = ":"
    NEW_PAGE = "---"
    PARAGRAPH = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page. `cells` holds one text, or for a fact and a row several."""

    kind: Kind
    cells: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.cells)


@dataclass(frozen=True, slots=True)
class Text:
    """A document before it is printed, with its truth."""

    file: str
    supplier: str
    """Key of the supplier in `company.toml`."""
    site: str
    layout: str
    language: str
    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    truths: tuple[Truth, ...]


def load_all() -> tuple[Text, ...]:
    """Every document of the archive, by file name. Raises TextError."""
    return tuple(load(path) for path in sorted(FOLDER.glob("documents/*.toml")))


def load(path: Path) -> Text:
    """Read one text. Raises TextError when a mark, a part or a field is not as it should be."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    marked = tuple(_blocks(str(raw["body"]), path))
    truths = tuple(truth for block in marked for cell in block.cells for truth in _truths(cell))
    blocks = tuple(Block(block.kind, tuple(_plain(cell, path) for cell in block.cells)) for block in marked)
    fields = {name: str(raw[name]) for name in ("supplier", "site", "layout", "language", "title", "subtitle")}
    return Text(file=f"{path.stem}.pdf", blocks=blocks, truths=truths, **fields)


def _blocks(body: str, path: Path) -> Iterator[Block]:
    paragraph: list[str] = []
    for line in [*_lines(body, path), ""]:
        kind, rest = _kind(line)
        if kind is Kind.PARAGRAPH and line:
            paragraph.append(line)
            continue
        if paragraph:
            yield Block(Kind.PARAGRAPH, (" ".join(paragraph),))
            paragraph = []
        if line:
            yield Block(kind, _cells(kind, rest))


def _lines(body: str, path: Path) -> Iterator[str]:
    for line in (line.strip() for line in body.splitlines()):
        if not line.startswith("@"):
            yield line
            continue
        part = FOLDER / "parts" / f"{line[1:].strip()}.txt"
        if not part.exists():
            raise TextError(f"{path.name} asks for the part {line[1:].strip()!r}, which is not there.")
        yield from _lines(part.read_text(encoding="utf-8"), part)


def _kind(line: str) -> tuple[Kind, str]:
    first, _, rest = line.partition(" ")
    try:
        kind = Kind(first)
    except ValueError:
        return Kind.PARAGRAPH, line
    return kind, rest.strip()


def _cells(kind: Kind, rest: str) -> tuple[str, ...]:
    if kind is Kind.ROW:
        return tuple(cell.strip() for cell in rest.removesuffix("|").split("|"))
    if kind is Kind.FACT:
        name, _, value = rest.partition(": ")
        return name, value
    if kind is Kind.WIDTHS:
        return tuple(rest.split())
    return (rest,)


def _truths(text: str) -> Iterator[Truth]:
    for signals, assertion, people, quote in _MARK.findall(text):
        yield Truth(quote, tuple(signals.split()), Assertion(assertion), int(people) if people else None)


def _plain(text: str, path: Path) -> str:
    plain = _MARK.sub(r"\4", text)
    if "{" in plain or "}" in plain:
        raise TextError(f"{path.name} holds a mark that cannot be read: {plain!r}.")
    return plain
