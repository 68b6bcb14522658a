"""The only door through which a document's bytes are opened: a limited child process for each document.

The child cannot reach the network, start programs, write files or look at other documents; it has a bound on
memory, time and pages. Whatever it does (crash, hang, lie), the caller gets a `Reading` with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from screening.engine.members import Unpacked
from screening.engine.reading import judging, scans, shown
from screening.engine.reading.answers import Told
from screening.engine.reading.frames import PNG_SIGNATURE, Garbage
from screening.engine.reading.guard import Guard, Proof
from screening.engine.reading.hands import Cost, Hands
from screening.engine.reading.inside import Inside
from screening.engine.reading.keeper import Ending, Take
from screening.engine.reading.kinds import Kind, kind_of
from screening.engine.reading.limits import Limits
from screening.engine.reading.orders import Order, Reader, Task
from screening.engine.reading.recognising import Engine
from screening.engine.reading.scans import NO_RECOGNITION, Memory, Recognition
from screening.engine.reasons import Doubt, Reason
from screening.engine.results import Page, PageStatus, Reading

_MOST_DEATHS = 3
"""So many pages of one document may kill the reader before the rest of it is left unread."""
_WIDEST_PX = 6000


class CannotDraw(Exception):
    """A page cannot be drawn; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Cage:
    """Reads and draws documents in limited children. One for each worker process; threads take turns.

    After a fork the new process starts zygotes of its own when it first needs one.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        kernel_filter: bool = True,
        recognition: Recognition = NO_RECOGNITION,
        memory: Memory | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self._recognition, self._memory = recognition, memory
        self._kernel_filter = kernel_filter
        self._hands = Hands({Reader.PICTURES: recognition.arguments})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the zygotes; the cage may be used again."""
        self._hands.close()

    def warm(self, readers: Iterable[Reader] = tuple(Reader)) -> None:
        """Start what is not running, so that the next document does not wait for it."""
        self._hands.warm(readers)

    def adopt(self) -> None:
        """In a forked child: use the zygotes of the process it was forked from, which must leave them alone meanwhile.

        That process has to close the cage when the child ended half-way, or when its `pids` became others here.
        """
        self._hands.adopt()

    @property
    def cost(self) -> Cost:
        """What the last document took."""
        return self._hands.cost

    @property
    def pids(self) -> tuple[int | None, ...]:
        """The process ids of the zygotes, None for one that is not running."""
        return self._hands.pids

    def prove(self) -> Proof:
        """Try out in a child what must be refused, and say what was."""
        told: dict[str, Any] = {}

        def take(message: dict[str, Any] | bytes) -> None:
            if isinstance(message, dict):
                told.update(message)

        self._run(Reader.PDFIUM, self._order(Task.PROVE), b"-", take)
        closed = self._hands.started(Reader.PDFIUM).folders_closed
        return Proof(Guard(told["guard"]), tuple(told["refused"]), closed)

    def read(self, data: bytes, password: str | None = None) -> Reading:
        """All that can be read of a document, with a status for every page. Never raises for what is in it."""
        if not data:
            return judging.unread(Reason.EMPTY_FILE)
        if len(data) > self.limits.file_bytes:
            return judging.unread(Reason.TOO_LARGE)
        self._hands.cost = Cost()
        kind = kind_of(data)
        if kind is None:
            return judging.unread(Reason.NOT_SUPPORTED)
        if kind is Kind.PICTURE:
            heard = self._recognise(data)
            return judging.reading(heard.told, heard.told.stop or heard.why)
        if kind is not Kind.PDF:
            return self._read_paper(data, password)
        told, why = self._first_look(data, password)
        if told.stop in judging.LOCKED or why is Reason.TOO_MANY_PAGES:
            return judging.unread(why or told.stop or Reason.BROKEN)
        told, why = self._second_look(data, password, told, why)
        reading = judging.reading(told, why)
        scans_found = scans.wanted(reading.pages, self.limits)
        if not scans_found or not self.recognises:
            return reading
        told.recognised(
            scans.recognised(
                scans_found,
                lambda numbers, width: self.draw_pages(data, numbers, width, password),
                lambda picture: self._recognise(picture).answers,
                self.limits,
            )
        )
        return judging.reading(told, why)

    @property
    def recognises(self) -> str:
        """Name of the program that recognises words on pictures; empty where there is none."""
        if self._recognition.engine is Engine.NONE:
            return ""
        return self._hands.started(Reader.PICTURES).recognises

    def _recognise(self, picture: bytes) -> scans.Heard:
        """What is printed on a picture, remembered by its hash."""
        limits = replace(self.limits, memory=self.limits.recognition_memory, seconds=self.limits.recognition_seconds)
        order = replace(self._order(Task.READ), limits=limits)

        def run(take: Take) -> Reason | None:
            return self._run(Reader.PICTURES, order, picture, take).reason

        return scans.heard(picture, run, self.limits, self._memory, self.recognises)

    def _read_paper(self, data: bytes, password: str | None) -> Reading:
        """An Office file, text, mail or archive: one reader, one look."""
        told = Told(self.limits, kind="")
        ending = self._run(Reader.PAPERS, self._order(Task.READ, password=password), data, self._reading(told))
        if told.too_much_text:
            return judging.unread(Reason.TOO_MUCH_TEXT)
        if told.shown and self.recognises:

            def pictures(first: int) -> Unpacked:
                return self._taken_out(Task.SHOWN, Reader.PAPERS, data, first, password)

            shown.read(told, pictures, self._recognise, self.limits)
        return judging.reading(told, told.stop or ending.reason)

    def unpack(self, data: bytes, *, first: int = 1, password: str | None = None) -> Unpacked:
        """A batch of the files inside a document, from number `first` on. Never raises for what is in it."""
        kind = kind_of(data)
        if kind is None or kind is Kind.PICTURE or len(data) > self.limits.file_bytes:
            return Unpacked(())
        reader = Reader.PDFIUM if kind is Kind.PDF else Reader.PAPERS
        return self._taken_out(Task.UNPACK, reader, data, first, password)

    def _taken_out(self, task: Task, reader: Reader, data: bytes, first: int, password: str | None) -> Unpacked:
        inside = Inside(self.limits)
        answer_bytes = self.limits.file_bytes + 2 * self.limits.batch_bytes
        order = self._order(task, first_page=first, password=password)
        order = replace(order, limits=replace(self.limits, answer_bytes=answer_bytes))
        ending = self._run(reader, order, data, inside.take)
        return inside.unpacked(ending.reason)

    def draw(self, data: bytes, page_number: int, width_px: int, password: str | None = None) -> bytes:
        """A page as it is displayed, as PNG of this width. Raises CannotDraw."""
        pictures, reason = self._draw(data, (page_number,), width_px, password)
        if page_number not in pictures:
            raise CannotDraw(reason or Reason.PAGE_FAILED)
        return pictures[page_number]

    def draw_pages(
        self, data: bytes, numbers: Sequence[int], width_px: int, password: str | None = None
    ) -> dict[int, bytes]:
        """Pictures of several pages for the price of opening the document once; those that fail are left out.

        A picture of too many pixels is made smaller.
        """
        return self._draw(data, tuple(dict.fromkeys(numbers)), width_px, password)[0]

    def _draw(
        self, data: bytes, numbers: tuple[int, ...], width_px: int, password: str | None
    ) -> tuple[dict[int, bytes], Reason | None]:
        if not 1 <= width_px <= _WIDEST_PX:
            raise ValueError(f"a width of {width_px} pixels is outside 1 to {_WIDEST_PX}")
        kind = kind_of(data)
        if kind not in (Kind.PDF, Kind.PICTURE):
            return {}, Reason.NOT_SUPPORTED if data else Reason.EMPTY_FILE
        pictures: dict[int, bytes] = {}
        left = list(reversed(numbers))
        told = Told(self.limits)

        def take(message: dict[str, Any] | bytes) -> None:
            if isinstance(message, dict) and "undrawn" not in message:
                told.take(message)
            elif not left:
                raise Garbage("more pictures than asked for")
            elif isinstance(message, dict):
                left.pop()
            elif message.startswith(PNG_SIGNATURE):
                pictures[left.pop()] = message
            else:
                raise Garbage("no picture")

        order = self._order(Task.DRAW, pages=numbers, width_px=width_px, password=password)
        ending = self._run(Reader.PDFIUM if kind is Kind.PDF else Reader.PICTURES, order, data, take)
        return pictures, told.stop or ending.reason

    def _first_look(self, data: bytes, password: str | None) -> tuple[Told, Reason | None]:
        """Every page by the quick reader; a page that kills it is left out and the next one tried."""
        told = Told(self.limits)
        for _ in range(_MOST_DEATHS):
            first = len(told.pages) + 1
            order = self._order(Task.READ, first_page=first, password=password)
            ending = self._run(Reader.PDFIUM, order, data, self._reading(told))
            if told.count is not None and told.count > self.limits.pages:
                return told, Reason.TOO_MANY_PAGES
            if told.too_much_text:
                return told, Reason.TOO_MUCH_TEXT
            if ending.reason is None or told.count is None or ending.reason is Reason.TOOK_TOO_LONG:
                return told, ending.reason
            killer = len(told.pages) + 1
            if killer > told.count:
                return told, None
            told.pages[killer] = Page(killer, PageStatus.FAILED, reason=ending.reason)
            if killer == told.count:
                return told, None
        return told, ending.reason

    def _second_look(
        self, data: bytes, password: str | None, told: Told, why: Reason | None
    ) -> tuple[Told, Reason | None]:
        """Ask the slower reader about a document or about pages for which one reader's word is not enough."""
        doubtful = judging.doubtful(tuple(told.pages.values()))
        if told.count and not doubtful:
            return told, why
        pages = tuple(doubtful[: self.limits.second_readings]) if told.count else None
        second = Told(self.limits)
        order = self._order(Task.READ, pages=pages, password=password)
        ending = self._run(Reader.PLUMBER, order, data, self._reading(second))
        if told.count:
            if second.count is not None and second.count != told.count:  # Which of them does a person see?
                told.doubt(doubtful, Doubt.READERS_DISAGREE)
            for number, page in second.pages.items():
                if number in told.pages:
                    page_before = told.pages[number]
                    told.pages[number] = judging.better(page_before, page)
                    if told.pages[number] is not page_before:
                        told.tables.pop(number, None)  # Their places are in the text that was not believed.
                    if number not in told.noted and judging.disagree(page_before, page):
                        told.doubt([number], Doubt.READERS_DISAGREE)
            return told, why
        if second.count is not None and second.count > self.limits.pages:
            return told, Reason.TOO_MANY_PAGES
        if second.pages:
            return second, ending.reason
        locked = second.stop if second.stop in judging.LOCKED else None
        return told, locked or why or told.stop or ending.reason or second.stop or Reason.NO_PAGES

    def _reading(self, told: Told) -> Take:
        """Takes messages into `told`, and lengthens the time once the number of pages is known."""

        def take(message: dict[str, Any] | bytes) -> float | None:
            told.take(message)
            return None if told.count is None else self.limits.wall_clock(told.count)

        return take

    def _order(self, task: Task, **details: Any) -> Order:
        return Order(task=task, limits=self.limits, kernel_filter=self._kernel_filter, **details)

    def _run(self, reader: Reader, order: Order, data: bytes, take: Take) -> Ending:
        return self._hands.run(reader, order, data, take)
