"""Checks every word of a caged child's answer before anything else in the house sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from screening.engine.members import CONTAINERS
from screening.engine.reading import laid
from screening.engine.reading.cleaning import clean
from screening.engine.reading.frames import Garbage
from screening.engine.reading.limits import Limits
from screening.engine.reasons import Doubt, Reason
from screening.engine.results import Line, Page, PageStatus

KINDS = CONTAINERS | {
    "pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "xls", "rtf", "csv", "text", "html", "eml", "msg", "picture",
}  # fmt: skip
_DOUBTS = {
    "hidden": Doubt.HIDDEN_TEXT, "lying": Doubt.OTHER_LETTERS, "unseen": Doubt.PICTURES_UNREAD,
    "lacking": Doubt.PARTS_UNREAD, "downward": Doubt.ORDER_UNSURE,
}  # fmt: skip
_NUMBERS_A_LINE = 6
_FARTHEST = 10_000_000
_LARGEST_SIDE = 1_000_000.0
_PLACE = attrgetter("start", "end")


@dataclass(slots=True)
class Told:
    """What one child has told so far about one document, checked."""

    limits: Limits
    count: int | None = None
    pages: dict[int, Page] = field(default_factory=dict)
    tables: dict[int, tuple[laid.Laid, ...]] = field(default_factory=dict)
    """Of the pages that have tables."""
    noted: set[int] = field(default_factory=set)
    """Pages whose text holds what people wrote onto them: other readers do not tell that."""
    shown: dict[int, int] = field(default_factory=dict)
    """Of the pages that show pictures which may hold words: how many."""
    fields: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    """Some page was longer than a page may be."""
    too_much_text: bool = False
    """The document holds more text than is allowed; the pages after that were not listened to."""
    characters: int = 0
    stop: Reason | None = None
    ended: bool = False
    kind: str = "pdf"
    members: int = 0
    """Files inside the document."""
    refused: tuple[Reason, ...] = ()
    """Why some of them are known not to come out."""
    bent: bool = False
    """The file contradicts itself: other programs may show other words on any of its pages."""
    remark: Reason | None = None
    """Why the document is read in part only, though every page of it was."""

    def take(self, message: dict[str, Any] | bytes) -> None:
        """Add one message. Raises Garbage where it is not one of ours."""
        if isinstance(message, bytes):
            raise Garbage("a picture nobody asked for")
        if "page" in message:
            self._add(message)
        elif "count" in message:
            self.count = _whole(message["count"], 0, 2**31)
        elif "fields" in message:
            self.fields = _fields(message["fields"], self.limits)
        elif "stop" in message:
            self.stop = _reason(message["stop"])
        elif "kind" in message:
            self._describe(message)
        elif message.get("end") is True:
            self.ended = True
        else:
            raise Garbage("an unknown message")

    def _add(self, message: dict[str, Any]) -> None:
        page = page_of(message, self.limits)
        self.cut = self.cut or message.get("cut") is True
        self.characters += len(page.text)
        if self.characters > self.limits.characters:
            self.too_much_text = True
            raise Garbage("more text than allowed")
        self.pages[page.number] = page
        if self.bent:
            self.doubt([page.number], Doubt.CONTRADICTS_ITSELF)
        if message.get("noted") is True:
            self.noted.add(page.number)
        if "shown" in message:
            self.shown[page.number] = _whole(message["shown"], 1, self.limits.members)
        if "tables" in message:
            self.tables[page.number] = laid.tables_of(message["tables"], len(page.text))
        if len(self.pages) > self.limits.pages:
            raise Garbage("more pages than asked for")

    def doubt(self, numbers: list[int], doubt: Doubt) -> None:
        """Say of these pages, as far as they have a text, that it may be another one than people see."""
        for number in numbers:
            if number in self.pages and self.pages[number].text:
                self.pages[number] = self.pages[number].doubting(doubt)

    def recognised(self, pages: dict[int, tuple[Page, tuple[laid.Laid, ...]]]) -> None:
        """Put in the place of pages that are pictures what was recognised on them."""
        for number, (page, tables) in pages.items():
            self.pages[number], self.tables[number] = page, tables

    def _describe(self, message: dict[str, Any]) -> None:
        if message["kind"] not in KINDS:
            raise Garbage("an unknown kind")
        self.kind = message["kind"]
        self.members = _whole(message.get("members", 0), 0, self.limits.members)
        refused = message.get("refused", [])
        if not isinstance(refused, list) or len(refused) > len(Reason):
            raise Garbage("no reasons")
        self.refused = tuple(map(_reason, refused))
        self.bent = message.get("bent") is True
        self.remark = None if message.get("remark") is None else _reason(message["remark"])


def page_of(message: dict[str, Any], limits: Limits) -> Page:
    """A page as the child describes it. Raises Garbage."""
    try:
        status = PageStatus(message["status"])
    except (KeyError, ValueError, TypeError) as error:
        raise Garbage("no page status") from error
    text = message.get("text", "")
    if not isinstance(text, str) or len(text) > limits.page_characters * 2:
        raise Garbage("no text")
    reason = message.get("reason")
    return Page(
        number=_whole(message["page"], 1, limits.pages),
        status=status,
        text=clean(text),
        width=_side(message.get("width", 0.0)),
        height=_side(message.get("height", 0.0)),
        lines=_lines(message.get("lines", []), len(text), limits),
        doubts=_doubts(message),
        has_pictures=message.get("pictures") is True,
        reason=None if reason is None else _reason(reason),
        confidence=None if message.get("confidence") is None else _whole(message["confidence"], 0, 100) / 100,
    )


def _doubts(message: dict[str, Any]) -> tuple[Doubt, ...]:
    """The doubts that a child tells of, each by a word of its own."""
    return tuple(doubt for word, doubt in _DOUBTS.items() if message.get(word) is True)


def _lines(numbers: Any, length: int, limits: Limits) -> tuple[Line, ...]:
    if not isinstance(numbers, list) or len(numbers) % _NUMBERS_A_LINE:
        raise Garbage("no lines")
    if len(numbers) > (limits.page_lines + 1) * _NUMBERS_A_LINE:
        raise Garbage("too many lines")
    if not numbers:
        return ()
    if set(map(type, numbers)) != {int} or max(numbers) > _FARTHEST or min(numbers) < -_FARTHEST:
        raise Garbage("no numbers")
    each = iter(numbers)
    lines = [
        Line(start, end, (x0 / 10, top / 10, x1 / 10, bottom / 10))
        for start, end, x0, top, x1, bottom in zip(each, each, each, each, each, each, strict=True)
        if 0 <= start < end <= length
    ]
    return tuple(sorted(lines, key=_PLACE))


def _fields(told: Any, limits: Limits) -> dict[str, str]:
    if not isinstance(told, dict) or len(told) > limits.fields:
        raise Garbage("no form")
    if not all(isinstance(value, str) for value in told.values()):
        raise Garbage("no form")
    return {clean(name): clean(value) for name, value in told.items()}


def _whole(number: Any, least: int, most: int) -> int:
    if type(number) is not int or not least <= number <= most:
        raise Garbage("no such number")
    return number


def _side(number: Any) -> float:
    if type(number) not in (int, float):
        raise Garbage("no size")
    return float(number) if 0 <= number <= _LARGEST_SIDE else 0.0


def _reason(told: Any) -> Reason:
    try:
        return Reason(told)
    except (ValueError, TypeError) as error:
        raise Garbage("no reason of the list") from error
