"""Reads the pages of a PDF with pdfium: fast, and only ever inside a caged child."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pypdfium2 import PdfiumError

from screening.engine.reading import (
    attached,
    calls,
    cleaning,
    columns,
    covered,
    downward,
    fonts,
    forms,
    hidden,
    parted,
    remarks,
    rightward,
    sideways,
    tabling,
)
from screening.engine.reading.limits import Limits
from screening.engine.reading.opened import OpenPage
from screening.engine.reading.placing import Placing, Tenths
from screening.engine.reading.rulings import Finder
from screening.engine.reading.whereabouts import Printed, Whereabouts
from screening.engine.reasons import Reason
from screening.engine.results import PageStatus

_LOOK_RESOLUTION_PX = 400
_MOST_OF_A_PAGE = 0.5
_LITTLE_TEXT = 300
"""Characters below which a page is looked at for pictures: with more, pictures do not change its status."""


class CannotOpen(Exception):
    """The document does not open; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def open_document(data: Any, password: str | None) -> pdfium.PdfDocument:
    """Open a PDF held in a ctypes array or bytes. Raises CannotOpen."""
    try:
        document = pdfium.PdfDocument(data, password=password)
    except PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == raw.FPDF_ERR_PASSWORD:
            raise CannotOpen(Reason.WRONG_PASSWORD if password else Reason.ENCRYPTED) from None
        if code == raw.FPDF_ERR_SECURITY:
            raise CannotOpen(Reason.ENCRYPTED) from None
        raise CannotOpen(Reason.BROKEN) from None
    document.init_forms()
    return document


class PageReader:
    """Reads one open page after the other; holds the small buffers that pdfium writes into."""

    def __init__(self, document: pdfium.PdfDocument, limits: Limits) -> None:
        self._document, self._limits = document, limits
        self._ask = Whereabouts()
        self._finder = Finder()
        self._letters = fonts.Letters()
        self._running = downward.Running()
        self.fields: dict[str, str] = {}
        """Filled form fields of the pages read so far."""
        self.attached = 0
        """Files attached to places on those pages."""

    def answer(self, number: int) -> dict[str, Any]:
        """As `read`, but a page that pdfium cannot open is an answer too."""
        try:
            return self.read(number)
        except PdfiumError:
            return {"page": number, "status": PageStatus.FAILED, "reason": Reason.PAGE_FAILED}

    def read(self, number: int) -> dict[str, Any]:
        """Page `number` (from 1) as an answer to the parent: see `answers.page_of`."""
        page = OpenPage(self._document, number)
        try:
            return self._read(page, number)
        finally:
            page.close()

    def _read(self, page: OpenPage, number: int) -> dict[str, Any]:
        answer: dict[str, Any] = {"page": number, "width": round(page.width, 1), "height": round(page.height, 1)}
        placing = Placing.of(page.handle, page.width, page.height)
        text, level = self._print(page, placing)
        if level is not None and level != (rotation := page.rotation):
            text = self._levelled(page, level)
            text["lines"] = sideways.as_shown(text["lines"], page.width, page.height, rotation - level)
            page.turn(rotation)
        answer |= text
        answer["pictures"] = len(answer["text"]) < _LITTLE_TEXT and is_mostly_picture(page)
        if page.notes:
            self._add_remarks(page, answer, placing)
            self._form(page, answer)
        if not answer["text"].strip():
            reason = Reason.BLANK if looks_blank(page) else Reason.IMAGES_ONLY
            return {**answer, "status": PageStatus.NO_TEXT, "reason": reason}
        return {**answer, "status": PageStatus.READ}

    def _print(self, page: OpenPage, placing: Placing) -> tuple[dict[str, Any], int | None]:
        """What is printed, and to which quarter the page is to be turned for it to lie level, where that was asked."""
        textpage = raw.FPDFText_LoadPage(page.raw)
        if not textpage:
            raise PdfiumError("no text")
        try:
            handle = calls.handle(textpage)
            text = self._text(page, handle, placing)
            if not sideways.may_be(text["lines"], plain=placing.is_plain):
                return text, None
            return text, sideways.rotation_for(handle, len(text["text"]))
        finally:
            raw.FPDFText_ClosePage(textpage)

    def _levelled(self, page: OpenPage, rotation: int) -> dict[str, Any]:
        """The same of the page turned so; its places too."""
        page.turn(rotation)
        return self._print(page, Placing.of(page.handle, page.width, page.height))[0]

    def _add_remarks(self, page: OpenPage, answer: dict[str, Any], placing: Placing) -> None:
        """Add what people wrote onto the page; not where the page itself is unread, which a note must not conceal."""
        self.attached += attached.count_on_page(page.raw)
        if answer["pictures"] and len(answer["text"]) < _LITTLE_TEXT:
            return
        for words, place, is_seen in remarks.remarks(page.raw, placing):
            text = answer["text"]
            if len(text) + len(words) > self._limits.page_characters or words in text:
                continue
            answer["text"] = f"{text}\n\n{words}" if text else words
            answer["noted"] = True
            answer["hidden"] = answer.get("hidden", False) or not is_seen
            if place is not None:
                end = len(answer["text"])
                answer["lines"] += (end - len(words), end, *place)

    def _form(self, page: OpenPage, answer: dict[str, Any]) -> None:
        """Add what was typed into the page's form fields: it is seen on the page but is not in its text."""
        if self._document.formenv is None:
            return
        typed = list(forms.fields(self._document.formenv.raw, page.raw, self._limits.fields - len(self.fields)))
        self.fields.update(typed)

    def _text(self, page: OpenPage, textpage: calls.Handle, placing: Placing) -> dict[str, Any]:
        units = self._ask.units(textpage)
        ordinary = cleaning.is_ordinary(units)
        cut = len(units) > self._limits.page_characters
        found = cleaning.lines(units[: self._limits.page_characters], ordinary=None if cut else ordinary)
        printed = [line for line in found if line.first >= 0][: self._limits.page_lines]
        boxes = self._ask.boxes(textpage, printed, placing)
        lines = _placed(found, printed, boxes)
        if not ordinary and rightward.has_any(units):
            lines = rightward.as_read(lines, self._ask.letter(textpage, placing))
        seen = Printed.of(textpage, lines)
        turned = bool(placing.across[1] or placing.down[0])
        doubt = self._letters.doubt(seen, "" if ordinary else units, turned=turned)
        if doubt.no_letters:
            return {"text": "", "lines": []}
        self._finder.forget()
        laid = self._laid(page, textpage, lines, placing) if len(printed) < self._limits.page_lines else None
        marks = {"hidden": self._hides(page, seen, placing), "lying": doubt.other_letters}
        if downward.may_run(units):
            marks["downward"] = self._running.is_downward(textpage, units)
        answer = (laid or _written(lines)) | marks
        return {**answer, "cut": True} if cut else answer

    def _hides(self, page: OpenPage, seen: Printed, placing: Placing) -> bool:
        """Whether some of the print of a page is not seen."""
        watch = hidden.Watch(page, placing)
        watch.see(seen, self._ask.shades(seen))
        if watch.finds(self._finder.fills, remarks.places(page.raw, placing) if page.notes else []):
            return True
        if not self._finder.later:
            return False
        under = covered.covered(page, seen, self._finder.later, placing)
        return bool(under.by_pictures) or under.printed_over or watch.sees_none_of(under.by_areas)

    def _laid(
        self, page: OpenPage, textpage: calls.Handle, lines: columns.Lines, placing: Placing
    ) -> dict[str, Any] | None:
        """The page's text with its tables in rows, where it has tables, or with its columns one after the other."""
        rulings = self._finder.rulings(page, placing)
        letter = self._ask.letter(textpage, placing)
        flow = tabling.flow(lines, rulings, letter) if rulings.enough or parted.may_head(lines) else None
        if flow is not None:
            return {"text": "".join(flow.texts), "lines": flow.places, "tables": flow.tables}
        moved = columns.ordered(lines, letter)
        return None if moved is lines else _written(moved)


def _placed(
    found: list[cleaning.RawLine], printed: list[cleaning.RawLine], boxes: list[Tenths | None]
) -> columns.Lines:
    """All lines, those that are printed with their places."""
    if len(found) == len(printed):
        return list(zip(found, boxes, strict=True))
    places = iter(boxes)
    return [(line, next(places, None) if line.first >= 0 else None) for line in found]


def _written(lines: columns.Lines) -> dict[str, Any]:
    """The text of lines and their places in it."""
    texts: list[str] = []
    places: list[int] = []
    at = 0
    for line, box in lines:
        texts.append(line.text)
        end = at + len(line.text)
        if box is not None:
            places += (at, end, *box)
        at = end + 1
    return {"text": "\n".join(texts), "lines": places}


def is_mostly_picture(page: OpenPage) -> bool:
    """Whether one image covers half of the page or more (images inside nested forms are not looked for)."""
    corners = calls.Numbers(4, ctypes.c_float)
    for item, kind in page.each():
        if kind == raw.FPDF_PAGEOBJ_IMAGE and calls.object_bounds(item, *corners.at):
            left, bottom, right, top = corners.values()
            if (right - left) * (top - bottom) >= _MOST_OF_A_PAGE * page.width * page.height:
                return True
    return False


def looks_blank(page: OpenPage) -> bool:
    """Whether the page as it is displayed is all of one colour."""
    longest = max(page.width, page.height)
    if longest <= 0:
        return False
    pixels = page.look(_LOOK_RESOLUTION_PX / longest).pixels
    return pixels.count(pixels[:1]) == len(pixels)
