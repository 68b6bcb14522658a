"""Reads the pages of a PDF with pdfium: fast, and only ever inside a caged child."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
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
    fonts,
    forms,
    hidden,
    parted,
    remarks,
    rightward,
    tabling,
)
from screening.engine.reading.limits import Limits
from screening.engine.reading.pieces import LetterBox
from screening.engine.reading.placing import Placing, Tenths
from screening.engine.reading.rulings import Finder
from screening.engine.reasons import Reason
from screening.engine.results import PageStatus

_LOOK_RESOLUTION_PX = 400
_AT_ONCE = 128
"""Lines whose places are asked for in one go."""
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


def _units(textpage: Any) -> str:
    """The page's text, one unit (UTF-16) for each of pdfium's characters."""
    count = raw.FPDFText_CountChars(textpage)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(textpage, 0, count, buffer)
    if written == count + 1:
        return bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
    units = (raw.FPDFText_GetUnicode(textpage, index) & 0xFFFF for index in range(count))
    packed = (ctypes.c_ushort * count)(*units)
    return bytes(packed).decode("utf-16-le", "surrogatepass")


class PageReader:
    """Reads one open page after the other; holds the small buffers that pdfium writes into."""

    def __init__(self, document: pdfium.PdfDocument, limits: Limits) -> None:
        self._document, self._limits = document, limits
        self._corners = calls.Numbers(4, ctypes.c_float)
        self._ends = calls.Numbers(8 * _AT_ONCE, ctypes.c_float)
        self._finder = Finder()
        self._letters = fonts.Letters()
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
        page = self._document[number - 1]
        try:
            return self._read(page, number)
        finally:
            page.close()

    def _read(self, page: pdfium.PdfPage, number: int) -> dict[str, Any]:
        width, height = (side if math.isfinite(side) else 0.0 for side in page.get_size())
        answer: dict[str, Any] = {"page": number, "width": round(width, 1), "height": round(height, 1)}
        textpage = raw.FPDFText_LoadPage(page.raw)
        if not textpage:
            return {**answer, "status": PageStatus.FAILED, "reason": Reason.PAGE_FAILED}
        try:
            answer |= self._text(page, textpage, width, height)
        finally:
            raw.FPDFText_ClosePage(textpage)
        answer["pictures"] = len(answer["text"]) < _LITTLE_TEXT and is_mostly_picture(page)
        self._add_remarks(page, answer, width, height)
        self._form(page, answer)
        if not answer["text"].strip():
            reason = Reason.BLANK if looks_blank(page) else Reason.IMAGES_ONLY
            return {**answer, "status": PageStatus.NO_TEXT, "reason": reason}
        return {**answer, "status": PageStatus.READ}

    def _add_remarks(self, page: pdfium.PdfPage, answer: dict[str, Any], width: float, height: float) -> None:
        """Add what people wrote onto the page; not where the page itself is unread, which a note must not conceal."""
        if raw.FPDFPage_GetAnnotCount(page.raw) <= 0:
            return
        self.attached += attached.count_on_page(page.raw)
        if answer["pictures"] and len(answer["text"]) < _LITTLE_TEXT:
            return
        for words, place, is_seen in remarks.remarks(page.raw, Placing.of(page.raw, width, height)):
            text = answer["text"]
            if len(text) + len(words) > self._limits.page_characters or words in text:
                continue
            answer["text"] = f"{text}\n\n{words}" if text else words
            answer["noted"] = True
            answer["hidden"] = answer.get("hidden", False) or not is_seen
            if place is not None:
                end = len(answer["text"])
                answer["lines"] += (end - len(words), end, *place)

    def _form(self, page: pdfium.PdfPage, answer: dict[str, Any]) -> None:
        """Add what was typed into the page's form fields: it is seen on the page but is not in its text."""
        if self._document.formenv is None:
            return
        typed = list(forms.fields(self._document.formenv.raw, page.raw, self._limits.fields - len(self.fields)))
        self.fields.update(typed)

    def _text(self, page: pdfium.PdfPage, textpage: Any, width: float, height: float) -> dict[str, Any]:
        units = _units(textpage)
        cut = len(units) > self._limits.page_characters
        placing = Placing.of(page.raw, width, height)
        handle = calls.address(textpage)
        found = list(cleaning.lines(units[: self._limits.page_characters]))
        printed = [line for line in found if line.first >= 0][: self._limits.page_lines]
        boxes = iter(self._boxes(handle, printed, placing))
        lines = [(line, next(boxes, None) if line.first >= 0 else None) for line in found]
        if rightward.has_any(units):
            lines = rightward.as_read(lines, self._letter(handle, placing))
        turned = bool(placing.across[1] or placing.down[0])
        doubt = self._letters.doubt(handle, units, lines, turned=turned)
        if doubt.no_letters:
            return {"text": "", "lines": []}
        watch = hidden.Watch(handle, placing, width, height)
        watch.see((line.first, line.last, box) for line, box in lines if box is not None)
        self._finder.forget()
        laid = self._laid(page, handle, lines, placing) if len(printed) < self._limits.page_lines else None
        answer = (laid or _written(lines)) | {"hidden": False, "lying": doubt.other_letters}
        if not answer["hidden"]:
            answer["hidden"] = watch.finds(page, self._finder.fills, remarks.places(page.raw, placing))
        if not answer["hidden"] and self._finder.later:
            under = covered.covered(
                calls.address(page.raw), handle, lines, self._finder.later, placing, (width, height)
            )
            bare = bool(under.by_pictures) or under.printed_over
            answer["hidden"] = bare or watch.sees_none_of(page, under.by_areas)
        return {**answer, "cut": True} if cut else answer

    def _laid(
        self, page: pdfium.PdfPage, textpage: int, lines: columns.Lines, placing: Placing
    ) -> dict[str, Any] | None:
        """The page's text with its tables in rows, where it has tables, or with its columns one after the other."""
        rulings = self._finder.rulings(calls.address(page.raw), placing)
        letter = self._letter(textpage, placing)
        flow = tabling.flow(lines, rulings, letter) if rulings.enough or parted.may_head(lines) else None
        if flow is not None:
            return {"text": "".join(flow.texts), "lines": flow.places, "tables": flow.tables}
        moved = columns.ordered(lines, letter)
        return None if moved is lines else _written(moved)

    def _letter(self, textpage: int, placing: Placing) -> LetterBox:
        """Asks for the place of a letter by its index."""
        ask, at, read, tenths = calls.letter_box, self._corners.at[0], self._corners.values, placing.tenths

        def letter(index: int) -> Tenths | None:
            if not ask(textpage, index, at):
                return None
            x0, top, x1, bottom = read()
            return tenths(x0, bottom, x1, top)

        return letter

    def _boxes(self, textpage: int, lines: Sequence[cleaning.RawLine], placing: Placing) -> list[Tenths | None]:
        """The places of lines: each from its first to its last letter, at the height of their fonts.

        Two questions a line. Asking pdfium for the rectangles of the line (three of them on average, in
        our measurements) takes three times as long.
        """
        found: list[Tenths | None] = []
        for start in range(0, len(lines), _AT_ONCE):
            told: list[int] = []
            at, ask = self._ends.at[0], calls.letter_box
            for first, last, _ in lines[start : start + _AT_ONCE]:
                told.append((1 + (last > first and ask(textpage, last, at + 16))) if ask(textpage, first, at) else 0)
                at += 32
            boxes = placing.rows(_joined(told, self._ends.values()))
            found += [box if known else None for known, box in zip(told, boxes, strict=True)] if 0 in told else boxes
        return found


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


def _joined(told: Sequence[int], ends: Sequence[float]) -> list[float]:
    """The corners (left, top, right, bottom) of lines from those of their first and last letters.

    `told` says for each line how many of its two letters have corners.
    """
    joined: list[float] = []
    each = iter(ends)
    letters = zip(each, each, each, each, strict=False)
    for known, (left, top, right, bottom), (x0, y1, x1, y0) in zip(told, letters, letters, strict=False):
        if known < 2:
            joined += (left, top, right, bottom)
        else:
            joined += (
                x0 if x0 < left else left,
                y1 if y1 > top else top,
                x1 if x1 > right else right,
                y0 if y0 < bottom else bottom,
            )
    return joined


def is_mostly_picture(page: pdfium.PdfPage) -> bool:
    """Whether one image covers half of the page or more (images inside nested forms are not looked for)."""
    handle, corners = calls.address(page.raw), calls.Numbers(4, ctypes.c_float)
    width, height = page.get_size()
    for index in range(calls.count_objects(handle)):
        item = calls.get_object(handle, index)
        if calls.object_kind(item) == raw.FPDF_PAGEOBJ_IMAGE and calls.object_bounds(item, *corners.at):
            left, bottom, right, top = corners.values()
            if (right - left) * (top - bottom) >= _MOST_OF_A_PAGE * width * height:
                return True
    return False


def looks_blank(page: pdfium.PdfPage) -> bool:
    """Whether the page as it is displayed is all of one colour."""
    pixels = look(page)
    return pixels is not None and pixels.count(pixels[:1]) == len(pixels)


def look(page: pdfium.PdfPage) -> bytes | None:
    """A small grey picture of the page as it is displayed, row by row without padding."""
    width, height = page.get_size()
    longest = max(width, height)
    if not math.isfinite(longest) or longest <= 0:
        return None
    bitmap = page.render(scale=_LOOK_RESOLUTION_PX / longest, grayscale=True)
    rows, stride = bytes(bitmap.buffer), bitmap.stride
    return b"".join(rows[y * stride : y * stride + bitmap.width] for y in range(bitmap.height))
