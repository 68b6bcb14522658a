"""Reads OpenDocument files: texts (ODT), spreadsheets (ODS) and slides (ODP)."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from screening.engine.reading.limits import Limits
from screening.engine.reading.papers import grid
from screening.engine.reading.papers.illustrations import Illustrations
from screening.engine.reading.papers.pager import Cells, Pager, Unreadable
from screening.engine.reading.papers.parts import Parts, attribute, local
from screening.engine.reasons import Reason

_SKIPPED = frozenset({"tracked-changes", "sequence-decls", "forms", "variable-decls", "user-field-decls", "shapes"})
_MOST_REPEATED = 1000
_DEEPEST = 60


def read(parts: Parts, limits: Limits) -> Pager:
    """The file as pages. Raises Unreadable, TooMuch."""
    if "META-INF/manifest.xml" in parts:
        manifest = parts.tree("META-INF/manifest.xml")
        if any(local(each) == "encryption-data" for each in manifest.iter()):
            raise Unreadable(Reason.ENCRYPTED)
    content = parts.tree("content.xml")
    body = next((each for each in content if local(each) == "body"), None)
    hidden = frozenset(_hidden_styles(content))
    kinds = [local(each) for each in body] if body is not None else []
    pager = Pager(limits, own_pages="text" not in kinds)
    pictures = Illustrations(parts, pager)
    for holder in body if body is not None else ():
        if local(holder) == "spreadsheet":
            for table in _all(holder, "table"):
                grid.write(_sheet(table, hidden), pager)
                _see(table, pictures)
        elif local(holder) == "presentation":
            for slide in _all(holder, "page"):
                pager.turn()
                _blocks(slide, pager, pictures, 0)
        else:
            _blocks(holder, pager, pictures, 0)
    if any(name.startswith("Pictures/") for name in parts.names):
        pager.picture()
    return pager


def _hidden_styles(content: Element) -> Iterator[str]:
    """Names of the styles of sheets and rows that are not shown."""
    for style in content.iter():
        if local(style) == "style" and any(attribute(each, "display") == "false" for each in style):
            yield attribute(style, "name") or ""


def _all(holder: Element, kind: str) -> Iterator[Element]:
    for each in holder:
        if local(each) == kind:
            yield each


def _blocks(holder: Element, pager: Pager, pictures: Illustrations, depth: int) -> None:
    for block in holder:
        kind = local(block)
        if kind in ("p", "h"):
            pager.line(_words(block), hidden=_is_hidden(block))
            _see(block, pictures)
            for frame in block.iter():
                if local(frame) == "text-box":
                    _blocks(frame, pager, pictures, depth + 1)
        elif kind == "table":
            rows = [row for row, _ in _rows(block)]
            pager.line("")
            pager.table(rows, heads=_heads(block))
            _see(block, pictures)
        elif kind == "image":
            _see(block, pictures)
        elif kind not in _SKIPPED and depth < _DEEPEST:
            _blocks(block, pager, pictures, depth + 1)


def _see(block: Element, pictures: Illustrations) -> None:
    """Note all pictures that hang on a block."""
    for each in block.iter():
        if local(each) == "image":
            pictures.see((attribute(each, "href") or "").removeprefix("./"))


def _is_hidden(paragraph: Element) -> bool:
    return any(local(each) in ("hidden-text", "hidden-paragraph") for each in paragraph.iter())


def _words(paragraph: Element) -> str:
    """The text of a paragraph with its notes in brackets where they stand."""
    said = [paragraph.text or ""]
    for each in paragraph:
        kind = local(each)
        if kind == "s":
            count = attribute(each, "c") or "1"
            said.append(" " * (int(count) if count.isdecimal() and len(count) < 4 else 1))
        elif kind == "tab":
            said.append("\t")
        elif kind == "line-break":
            said.append("\n")
        elif kind in ("note", "annotation"):
            words = " ".join(_words(part) for part in each.iter() if local(part) in ("p", "h"))
            said.append(f" ({words}) " if words else "")
        elif kind not in ("text-box", "frame", "note-citation"):
            said.append(_words(each))
        said.append(each.tail or "")
    return "".join(said)


def _heads(table: Element) -> int:
    return sum(local(row) == "table-row" for group in _all(table, "table-header-rows") for row in group)


def _sheet(table: Element, hidden: frozenset[str]) -> grid.Sheet:
    sheet = grid.Sheet(attribute(table, "name") or "", attribute(table, "style-name") in hidden)
    number = 0
    for row, repeated in _rows(table, whole=True):
        for column, text in enumerate(row.texts):
            sheet.put(number, column, text)
        if row.above and number in sheet.rows:
            sheet.merged += [(number - 1, column, number, column) for column in row.above]
        if row.hidden:
            sheet.hidden_rows.add(number)
        number += repeated
    return sheet


def _rows(table: Element, *, whole: bool = False) -> Iterator[tuple[Cells, int]]:
    """Each row with how often it is repeated; `whole` keeps the words of every column where they stand."""
    for each in table:
        kind = local(each)
        if kind in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(each, whole=whole)
        elif kind == "table-row":
            row = _row(each)
            times = _times(each, "number-rows-repeated")
            repeated = 1 if row.is_empty else min(times, _MOST_REPEATED)
            yield row, times if row.is_empty else 1
            for _ in range(repeated - 1):
                yield Cells(list(row.texts), row.above, row.hidden), 1


def _row(row: Element) -> Cells:
    texts: list[str] = []
    above: list[int] = []
    for cell in row:
        kind = local(cell)
        if kind not in ("table-cell", "covered-table-cell"):
            continue
        times = min(_MOST_REPEATED, _times(cell, "number-columns-repeated"))
        words = "\n".join(_words(each) for each in cell.iter() if local(each) in ("p", "h"))
        if kind == "covered-table-cell":
            above += range(len(texts), len(texts) + times)
        texts += [words] * times if words.strip() else [""] * times
    while texts and not texts[-1].strip():
        texts.pop()
    hidden = attribute(row, "visibility") in ("collapse", "filter")
    return Cells(texts, tuple(column for column in above if column < len(texts)), hidden)


def _times(element: Element, name: str) -> int:
    told = attribute(element, name) or "1"
    return max(1, int(told)) if told.isdecimal() and len(told) < 8 else 1
