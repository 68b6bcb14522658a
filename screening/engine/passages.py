"""Cuts a page into the passages that are judged: sentences, list items, headings and table rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from screening.engine import sentences
from screening.engine.results import Page, Passage, Reading, Table
from screening.engine.rows import Part, TableText, parts_of, table_text

_ITEM = re.compile(
    r"""\s*(?:[•●○◦▪■□–—*·►➢✓✔☐☑☒✗✘\uf0b7]\s*|-\s+|\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-zA-Z]|[ivxIVX]{1,5})[.)]\s+|
    [(（]?[一二三四五六七八九十\d]{1,3}[)）、]\s*)""",
    re.VERBOSE,
)
_CELLS = re.compile(r"\t+|\s*\|\s*|(?<=\S) {3,}(?=\S)")
_STOPS = tuple(".!?…:;。！？।॥۔؟：；")
_CLOSERS = "\"'”’»)]」』）"
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])[-\u00ad\ufffe\u2010]\n\s*(?=[^\W\d_A-Z])")
_SOFT = re.compile(r"[\u00ad\ufffe\u200b\ufeff]")
_WIDE = re.compile(r"(?<=[\u3040-\u30ff\u4e00-\u9fff，。、；：])\s*\n\s*(?=[\u3040-\u30ff\u4e00-\u9fff，。、；：])")
_DIGITS = re.compile(r"\d+")
_ZERO = "0"
"""Stands for any number in a running line."""
_HEADING = 90
"""A line of more characters is running text, not a heading."""
_EDGE = 3
"""Running headers and footers stand among so many first or last lines of a page."""
_REPEATED = 3
"""The same edge line on so many pages is a running header or footer."""
_NO_TABLES = TableText((), (), {})


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that belong together: a paragraph, an item, a heading or a table row."""

    start: int
    end: int
    kind: str


def passages_of(reading: Reading) -> list[Passage]:
    """All passages of a document, page by page in reading order, without running headers.

    Filled form fields follow at the end, on page 0, with the field's name as `before`.
    """
    running = running_lines([page.text for page in reading.pages])
    document_type = reading.facts.document_type
    found: list[Passage] = []
    for page in reading.pages:
        found += of_page(page, document_type=document_type, running=running, tables=reading.tables)
    for name, value in reading.fields.items():
        if value.strip():
            found.append(Passage(text=value.strip(), before=name, document_type=document_type))
    return found


def of_page(
    page: Page,
    *,
    document_type: str | None = None,
    running: frozenset[str] = frozenset(),
    tables: Sequence[Table] = (),
) -> list[Passage]:
    """The passages of one page; `start` and `end` are offsets into its text.

    A row of a table is one passage; the text of a table is not cut in any other way.
    """
    found: list[Passage] = []
    heading = before = lead = ""

    def add(start: int, end: int, text: str, context: str, *, table: bool) -> None:
        found.append(Passage(text, context, page.number, start, end, page.language, document_type, table))

    own = table_text(tables, page.number)
    for block in _blocks(page.text, running, own):
        if block.kind == "cells":
            for part in parts_of(*own.rows[block.start], heading):
                for start, end, text in _of_part(page.text, part):
                    add(start, end, text, part.before, table=True)
                    before, lead = text, ""
            continue
        table = block.kind == "row"
        for start, end in _parts(page.text, block):
            text = _CELLS.sub(" | ", page.text[start:end].strip("| \t")) if table else tidy(page.text[start:end])
            if not text:
                continue
            context = lead if block.kind == "item" and lead else before or heading
            add(start, end, text, heading if table and heading else context, table=table)
            before = text
        if block.kind == "heading":
            heading, lead = before, ""
        elif block.kind == "text":
            lead = before if before.endswith((":", "：")) else ""
    return found


def _of_part(text: str, part: Part) -> Iterator[tuple[int, int, str]]:
    """A part of a table row as it is, or a long cell cut as any other text is."""
    if part.narrative is None:
        yield part.start, part.end, part.text
        return
    first, last = part.narrative
    for block in _blocks(text[first:last], frozenset(), _NO_TABLES):
        for start, end in _parts(text[first:last], block):
            if line := tidy(text[first + start : first + end]):
                yield first + start, first + end, line


def running_lines(texts: Sequence[str]) -> frozenset[str]:
    """The lines, digits masked, that head or foot several pages of one document."""
    counts: Counter[str] = Counter()
    for text in texts:
        lines = [line for line in text.split("\n") if line.strip()]
        edge = lines[:_EDGE] + lines[-_EDGE:] if len(lines) > 2 * _EDGE else lines[:1] + lines[-1:]
        counts.update({_masked(line) for line in edge})
    return frozenset(line for line, times in counts.items() if times >= max(_REPEATED, len(texts) // 4))


def tidy(text: str) -> str:
    """Text on one line: words that a line end broke are joined, white space is single."""
    if text.isascii():  # Most text, which has one sign only that any of these rules looks for.
        return " ".join((_BROKEN_WORD.sub("", text) if "-\n" in text else text).split())
    if "\n" in text:
        text = _WIDE.sub("", _BROKEN_WORD.sub("", text))
    return " ".join(_SOFT.sub("", text).split())


def _masked(line: str) -> str:
    return _DIGITS.sub(_ZERO, line.strip())


def _parts(text: str, block: _Block) -> Iterator[tuple[int, int]]:
    if block.kind == "text" or block.kind == "item":
        yield from sentences.split(text, block.start, block.end)
    else:
        yield from (
            sentences.split(text, block.start, block.end)
            if block.end - block.start > sentences.LONGEST
            else ((block.start, block.end),)
        )


def _blocks(text: str, running: frozenset[str], tables: TableText) -> Iterator[_Block]:
    """Group the lines of a page into blocks; a row of a table is one, whatever it holds."""
    lines = _lines(text)
    usual = _usual_length(lines)
    openings = {line[0] for line in running}
    start: int | None = None
    end, kind, ended = 0, "text", True
    for number, (first, last) in enumerate(lines):
        line = text[first:last]
        stretch = tables.over(first, last)
        opening = line.lstrip()[:1]
        may_run = (_ZERO if opening.isdecimal() else opening) in openings
        if stretch is not None or not opening or (may_run and _masked(line) in running):
            if start is not None:
                yield _Block(start, end, kind)
            start = None
            if stretch == first and stretch in tables.rows:
                yield _Block(stretch, tables.rows[stretch][0].end, "cells")
            continue
        alone = _kind_of_line(text, lines, number, usual, free=start is None or ended)
        if alone != "text" and start is not None:
            yield _Block(start, end, kind)
            start = None
        if alone in ("row", "heading"):
            yield _Block(first, last, alone)
            continue
        if start is None:
            start, kind = first, alone
        end, ended = last, _ends(line)
    if start is not None:
        yield _Block(start, end, kind)


def _lines(text: str) -> list[tuple[int, int]]:
    found, first = [], 0
    for line in text.split("\n"):
        found.append((first, first + len(line)))
        first += len(line) + 1
    return found


def _usual_length(lines: list[tuple[int, int]]) -> int:
    """The length of a full line of this page, in characters: the upper fifth."""
    lengths = sorted(last - first for first, last in lines if last > first)
    return lengths[len(lengths) * 4 // 5] if lengths else 0


def _kind_of_line(text: str, lines: list[tuple[int, int]], number: int, usual: int, *, free: bool) -> str:
    """`row`, `item`, `heading` or `text`. `free` says that the line before ended what it had to say."""
    first, last = lines[number]
    line = text[first:last]
    if ("\t" in line or "|" in line or "   " in line) and len(_CELLS.split(line.strip("| \t"))) > 1:
        return "row"
    opening = line.lstrip()
    if not opening[:1].isalnum() and _ITEM.match(opening):
        return "item"
    if free and len(line) < min(_HEADING, 0.7 * usual) and _looks_like_heading(opening):
        following = text[lines[number + 1][0] :][:3].lstrip() if number + 1 < len(lines) else ""
        if not following[:1].islower():
            return "heading"
    return "item" if free and _ITEM.match(opening) else "text"


def _looks_like_heading(line: str) -> bool:
    return not line[:1].islower() and not _ends(line) and not line.rstrip().endswith((",", "-", "，", "、"))


def _ends(line: str) -> bool:
    return line.rstrip().rstrip(_CLOSERS).endswith(_STOPS)
