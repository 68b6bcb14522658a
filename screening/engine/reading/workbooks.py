"""Opens a spreadsheet that somebody filled in and sent back: in the cage; out come plain cells with their places."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from screening.engine.reading.frames import Garbage
from screening.engine.reading.hands import Hands
from screening.engine.reading.limits import MEBIBYTE, Limits
from screening.engine.reading.orders import Order, Reader, Task
from screening.engine.reasons import Reason

MOST_CELLS = 600_000
LONGEST = 40_000
"""Characters of one cell: spreadsheets hold 32,767."""

LIMITS = Limits(file_bytes=30 * MEBIBYTE, seconds=20.0, memory=700 * MEBIBYTE)
"""Somebody waits for the answer, and no form that people fill in is larger."""


class CannotOpen(Exception):
    """The file is no spreadsheet that can be read; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class RawCell:
    row: int
    column: int
    """Both counted from 0."""
    text: str
    formula: bool


@dataclass(slots=True)
class _Told:
    """What a child has said so far. Nothing of it is believed before it is checked."""

    sheets: dict[str, list[RawCell]] = field(default_factory=dict)
    count: int = 0
    stop: Reason | None = None
    ended: bool = False

    def take(self, message: dict[str, Any] | bytes) -> None:
        if isinstance(message, bytes):
            raise Garbage("bytes where cells were asked for")
        if "stop" in message:
            self.stop = _reason(message["stop"])
        elif message.get("end") is True:
            self.ended = True
        elif isinstance(message.get("sheet"), str) and isinstance(message.get("cells"), list):
            found = self.sheets.setdefault(message["sheet"][:200], [])
            self.count += len(message["cells"])
            if self.count > MOST_CELLS or len(self.sheets) > 1000:
                self.stop = Reason.TOO_MUCH_TEXT
                return
            found.extend(_cell(cell) for cell in message["cells"])
        else:
            raise Garbage("an unknown message")


class Workbooks:
    """Made once a process; its zygote starts with the first workbook. Threads take turns."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits, self._hands = limits, Hands({})

    def close(self) -> None:
        self._hands.close()

    def cells(self, data: bytes) -> dict[str, list[RawCell]]:
        """The filled cells of every sheet, by its name. Raises CannotOpen, and nothing else for what is in the file."""
        if not data or len(data) > self._limits.file_bytes:
            raise CannotOpen(Reason.TOO_LARGE if data else Reason.EMPTY_FILE)
        told = _Told()
        order = Order(task=Task.CELLS, limits=replace(self._limits))
        ending = self._hands.run(Reader.PAPERS, order, data, told.take)
        why = told.stop or ending.reason or (None if told.ended else Reason.BROKEN)
        if why is not None:
            raise CannotOpen(why)
        return told.sheets


def _cell(told: Any) -> RawCell:
    match told:
        case [int(row), int(column), str(text), bool(formula)] if 0 <= row < 2**24 and 0 <= column < 20_000:
            return RawCell(row, column, text[:LONGEST], formula)
    raise Garbage("no cell")


def _reason(told: Any) -> Reason:
    try:
        return Reason(told)
    except ValueError:
        raise Garbage("an unknown reason") from None
