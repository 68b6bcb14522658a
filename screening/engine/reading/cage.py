"""The only door through which a document's bytes are opened: a limited child process for each document.

The child cannot reach the network, start programs, write files or look at other documents; it has a bound on
memory, time and pages. Whatever it does (crash, hang, lie), the caller gets a `Reading` with a reason.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self

from screening.engine.members import Unpacked
from screening.engine.reading import judging
from screening.engine.reading.answers import Told
from screening.engine.reading.frames import PNG_SIGNATURE, Garbage
from screening.engine.reading.guard import Guard
from screening.engine.reading.inside import Inside
from screening.engine.reading.keeper import Ending, Keeper, Take, ZygoteLost
from screening.engine.reading.kinds import Kind, kind_of
from screening.engine.reading.limits import Limits
from screening.engine.reading.orders import Order, Reader, Task
from screening.engine.reasons import Reason
from screening.engine.results import Page, PageStatus, Reading

_MOST_DEATHS = 3
"""So many pages of one document may kill the reader before the rest of it is left unread."""
_WIDEST_PX = 6000


class CannotDraw(Exception):
    """A page cannot be drawn; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Proof:
    """What holds a child of this cage, as tried out."""

    guard: Guard
    refused: tuple[str, ...]
    """Of `network`, `program`, `fork`, `write`, `delete`, `kill`: what was refused when tried."""
    folders_closed: bool
    """Whether the kernel lets children see nothing but their own program, Python and the fonts."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What the last document took: the most memory of a child in bytes, and its processor time in seconds."""

    resident_bytes: int = 0
    cpu_seconds: float = 0.0


class Cage:
    """Reads and draws documents in limited children. One for each worker process; threads take turns.

    After a fork the new process starts zygotes of its own when it first needs one.
    """

    def __init__(self, limits: Limits | None = None, *, kernel_filter: bool = True) -> None:
        self.limits = limits or Limits()
        self.cost = Cost()
        self._kernel_filter = kernel_filter
        self._turn = threading.Lock()
        self._owner = os.getpid()
        self._keepers = {reader: Keeper(reader) for reader in Reader}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the zygotes; the cage may be used again."""
        if os.getpid() == self._owner:
            for keeper in self._keepers.values():
                keeper.close()

    def warm(self) -> None:
        """Start what is not running, so that the next document does not wait for it."""
        with self._turn:
            for keeper in self._keepers.values():
                keeper.start()

    def adopt(self) -> None:
        """In a forked child: use the zygotes of the process it was forked from, which must leave them alone meanwhile.

        That process has to close the cage when the child ended half-way, or when its `pids` became others here.
        """
        self._owner = os.getpid()

    @property
    def pids(self) -> tuple[int | None, ...]:
        """The process ids of the zygotes, None for one that is not running."""
        return tuple(keeper.pid for keeper in self._keepers.values())

    def prove(self) -> Proof:
        """Try out in a child what must be refused, and say what was."""
        told: dict[str, Any] = {}

        def take(message: dict[str, Any] | bytes) -> None:
            if isinstance(message, dict):
                told.update(message)

        self._run(Reader.PDFIUM, self._order(Task.PROVE), b"-", take)
        closed = self._keepers[Reader.PDFIUM].folders_closed
        return Proof(Guard(told["guard"]), tuple(told["refused"]), closed)

    def read(self, data: bytes, password: str | None = None) -> Reading:
        """All that can be read of a document, with a status for every page. Never raises for what is in it."""
        if not data:
            return judging.unread(Reason.EMPTY_FILE)
        if len(data) > self.limits.file_bytes:
            return judging.unread(Reason.TOO_LARGE)
        self.cost = Cost()
        kind = kind_of(data)
        if kind is None:
            return judging.unread(Reason.NOT_SUPPORTED)
        if kind is not Kind.PDF:
            return self._read_paper(data, password)
        told, why = self._first_look(data, password)
        if told.stop in judging.LOCKED or why is Reason.TOO_MANY_PAGES:
            return judging.unread(why or told.stop or Reason.BROKEN)
        return judging.reading(*self._second_look(data, password, told, why))

    def _read_paper(self, data: bytes, password: str | None) -> Reading:
        """An Office file, text, mail or archive: one reader, one look."""
        told = Told(self.limits, kind="")
        ending = self._run(Reader.PAPERS, self._order(Task.READ, password=password), data, self._reading(told))
        if told.too_much_text:
            return judging.unread(Reason.TOO_MUCH_TEXT)
        return judging.reading(told, told.stop or ending.reason)

    def unpack(self, data: bytes, *, first: int = 1, password: str | None = None) -> Unpacked:
        """A batch of the files inside a document, from number `first` on. Never raises for what is in it."""
        kind = kind_of(data)
        if kind is None or kind is Kind.PICTURE or len(data) > self.limits.file_bytes:
            return Unpacked(())
        inside = Inside(self.limits)
        answer_bytes = self.limits.file_bytes + 2 * self.limits.batch_bytes
        order = self._order(Task.UNPACK, first_page=first, password=password)
        order = replace(order, limits=replace(self.limits, answer_bytes=answer_bytes))
        ending = self._run(Reader.PDFIUM if kind is Kind.PDF else Reader.PAPERS, order, data, inside.take)
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
        if kind_of(data) is not Kind.PDF:
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
        ending = self._run(Reader.PDFIUM, order, data, take)
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
            for number, page in second.pages.items():
                if number in told.pages:
                    page_before = told.pages[number]
                    told.pages[number] = judging.better(told.pages[number], page)
                    if told.pages[number] is not page_before:
                        told.tables.pop(number, None)  # Their places are in the text that was not believed.
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
        with self._turn:
            if os.getpid() != self._owner:
                for keeper in self._keepers.values():
                    keeper.forget()
                self._owner = os.getpid()
            ending = self._try_twice(self._keepers[reader], order, data, take)
        self.cost = replace(
            self.cost,
            resident_bytes=max(self.cost.resident_bytes, ending.resident_bytes),
            cpu_seconds=self.cost.cpu_seconds + ending.cpu_seconds,
        )
        return ending

    def _try_twice(self, keeper: Keeper, order: Order, data: bytes, take: Take) -> Ending:
        """A zygote that was killed from outside is no fault of the document: it gets one more."""
        try:
            return keeper.run(order, data, take)
        except ZygoteLost:
            pass
        try:
            return keeper.run(order, data, take)
        except ZygoteLost:
            return Ending(Reason.READER_DIED)
