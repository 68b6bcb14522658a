"""Reads spreadsheets (XLSX, XLSM): the values of every sheet as they were last saved; no formula is ever computed."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from screening.engine.reading.limits import Limits
from screening.engine.reading.papers import charts, grid, looks, running
from screening.engine.reading.papers.illustrations import Illustrations
from screening.engine.reading.papers.pager import Pager, TooMuch
from screening.engine.reading.papers.parts import Parts, attribute, local
from screening.engine.reading.papers.serials import is_date_code, is_date_number, written
from screening.engine.reasons import Reason

_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_MOST_CELLS = 3_000_000
_MOST_MERGED = 20_000
_SHOWN = "visible"
_ON = frozenset({"1", "true", "on"})


def read(parts: Parts, limits: Limits) -> Pager:
    """The file as pages, a sheet on pages of its own. Raises Unreadable, TooMuch."""
    main = parts.first_related("", "officeDocument") or "xl/workbook.xml"
    book = parts.tree(main)
    related = parts.related(main)
    shared = shared_texts(parts, main)
    dates = date_styles(parts, main)
    unseen = looks.unseen_styles(parts, parts.first_related(main, "styles"))
    from_1904 = any(local(each) == "workbookPr" and attribute(each, "date1904") in _ON for each in book)
    pager = Pager(limits, own_pages=True)
    pictures = Illustrations(parts, pager)
    printed: set[str] = set()
    for element in book.iter():
        if local(element) != "sheet":
            continue
        what, path = related.get(attribute(element, "id") or "", ("", ""))
        if what not in ("worksheet", "chartsheet") or path not in parts:
            continue
        hidden = attribute(element, "state") not in (None, _SHOWN)
        sheet = grid.Sheet(attribute(element, "name") or "", hidden)
        reader = SheetReader(parts, sheet, shared, dates, from_1904=from_1904, unseen=unseen)
        reader.read(path)
        _comments(parts, path, sheet)
        grid.write(sheet, pager)
        _drawings(parts, path, pager, pictures)
        for said in sheet.running:
            if said not in printed:  # Mostly the same on all sheets.
                printed.add(said)
                pager.line("")
                pager.line(said, hidden=hidden)
        if reader.uncounted:  # Nobody has saved it since: programs count on opening, and show a value that is not here.
            pager.lack(Reason.VALUES_MISSING)
    return pager


def _drawings(parts: Parts, path: str, pager: Pager, pictures: Illustrations) -> None:
    """What lies upon a sheet: the words of its text boxes and charts, and its pictures."""
    for what, name in parts.related(path).values():
        if what != "drawing" or name not in parts:
            continue
        for each in parts.tree(name).iter():
            if local(each) == "p":
                said = "".join(part.text or "" for part in each.iter() if local(part) == "t")
                if said.strip():
                    pager.line(said)
        for kind, shown in parts.related(name).values():
            if kind == "image":
                pictures.see(shown)
            elif kind in charts.KINDS:
                pager.line("")
                charts.write(parts, shown, pager)


def shared_texts(parts: Parts, main: str) -> list[str]:
    """The texts that cells name by their number."""
    name = parts.first_related(main, "sharedStrings")
    found: list[str] = []
    if name is None:
        return found
    for event, element in parts.walk(name):
        if event == "end" and local(element) == "si":
            found.append(_words(element))
            element.clear()
    return found


def _words(item: Element) -> str:
    """The text of a string item, without its reading aids (phonetic runs)."""
    said = []
    for each in item:
        kind = local(each)
        if kind == "t":
            said.append(each.text or "")
        elif kind == "r":
            said += [part.text or "" for part in each if local(part) == "t"]
    return "".join(said)


def date_styles(parts: Parts, main: str) -> frozenset[int]:
    """Numbers of the cell styles that show a number as a date."""
    name = parts.first_related(main, "styles")
    if name is None:
        return frozenset()
    tree = parts.tree(name)
    own = {
        attribute(each, "numFmtId"): attribute(each, "formatCode") or ""
        for each in tree.iter()
        if local(each) == "numFmt"
    }
    styles: list[str | None] = []
    for each in tree:
        if local(each) == "cellXfs":
            styles = [attribute(style, "numFmtId") for style in each]
    return frozenset(
        number
        for number, code in enumerate(styles)
        if (code in own and is_date_code(own[code])) or (code not in own and is_date_number(code))
    )


def _comments(parts: Parts, path: str, sheet: grid.Sheet) -> None:
    for what, name in parts.related(path).values():
        if what not in ("comments", "threadedComment") or name not in parts:
            continue
        for each in parts.tree(name).iter():
            if local(each) not in ("comment", "threadedComment"):
                continue
            said = "".join(part.text or "" for part in each.iter() if local(part) in ("t", "text")).strip()
            # An old comment that repeats a conversation for old programs says so itself; the conversation is read.
            if said and not said.startswith("[Threaded comment]"):
                sheet.notes.append((attribute(each, "ref") or "", " ".join(said.split())))


class SheetReader:
    """Reads one sheet, cell by cell."""

    def __init__(
        self,
        parts: Parts,
        sheet: grid.Sheet,
        shared: list[str],
        dates: frozenset[int],
        *,
        from_1904: bool,
        unseen: frozenset[int] = frozenset(),
    ) -> None:
        self._parts, self._sheet, self._shared, self._dates = parts, sheet, shared, dates
        self._unseen = unseen
        self.uncounted = 0
        """Formulas without the value that they gave last."""
        self._from_1904 = from_1904
        self._cells = self._row = 0
        self._column = -1

    def read(self, path: str) -> None:
        for event, element in self._parts.walk(path):
            kind = local(element)
            if event == "start":
                if kind == "row":
                    self._begin(element)
                continue
            if kind == "c":
                self._cell(element)
            elif kind == "row":
                element.clear()
            elif kind == "col" and attribute(element, "hidden") in _ON:
                first, last = _number(attribute(element, "min")), _number(attribute(element, "max"))
                self._sheet.hidden_columns.update(range(first - 1, min(last, first + 400)))
            elif kind in running.ELEMENTS and (said := running.words(element.text or "")):
                self._sheet.running.append(said)
            elif kind == "mergeCell" and len(self._sheet.merged) < _MOST_MERGED:
                self._merge(attribute(element, "ref") or "")

    def _begin(self, row: Element) -> None:
        told = _number(attribute(row, "r"))
        self._row, self._column = (told - 1 if told else self._row + 1), -1
        if attribute(row, "hidden") in _ON:
            self._sheet.hidden_rows.add(self._row)

    def _cell(self, cell: Element) -> None:
        self._cells += 1
        if self._cells > _MOST_CELLS:
            raise TooMuch(Reason.TOO_MUCH_TEXT)
        place = _CELL.fullmatch(attribute(cell, "r") or "")
        self._column = column_of(place[1]) if place else self._column + 1
        row, text = int(place[2]) - 1 if place else self._row, self._value(cell)
        if not text and attribute(cell, "t") != "str" and any(local(each) == "f" for each in cell):
            self.uncounted += 1
        if text and _number(attribute(cell, "s")) in self._unseen:
            self._sheet.hidden_cells.add(row)
        self.put(row, self._column, text, cell)
        cell.clear()

    def put(self, row: int, column: int, text: str, _cell: Element) -> None:
        """Keep the text of a cell."""
        if text:
            self._sheet.put(row, column, text)

    def _value(self, cell: Element) -> str:
        kind = attribute(cell, "t")
        value = next((each.text or "" for each in cell if local(each) == "v"), "")
        if kind == "inlineStr":
            return "".join(_words(each) for each in cell if local(each) == "is")
        if kind == "s":
            index = _number(value, -1)
            return self._shared[index] if 0 <= index < len(self._shared) else ""
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        if kind in ("str", "e", "d"):
            return value
        is_date = _number(attribute(cell, "s")) in self._dates
        return written(value, is_date=is_date, from_1904=self._from_1904)

    def _merge(self, ref: str) -> None:
        corners = [_CELL.fullmatch(corner) for corner in ref.split(":")]
        if len(corners) == 2 and corners[0] and corners[1] and corners[0][2] != corners[1][2]:
            first, last = corners[0], corners[1]
            self._sheet.merged.append((int(first[2]) - 1, column_of(first[1]), int(last[2]) - 1, column_of(last[1])))


def column_of(letters: str) -> int:
    """The number of a column from its letters: 0 for A, 26 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _number(told: str | None, otherwise: int = 0) -> int:
    return int(told) if told is not None and told.isdecimal() and len(told) < 10 else otherwise
