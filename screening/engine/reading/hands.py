"""Hands orders to the zygotes, one at a time, and keeps count of what they cost."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace

from screening.engine.reading.keeper import Ending, Keeper, Take, ZygoteLost
from screening.engine.reading.orders import Order, Reader
from screening.engine.reasons import Reason


@dataclass(frozen=True, slots=True)
class Cost:
    """What the last document took: the most memory of a child in bytes, and its processor time in seconds."""

    resident_bytes: int = 0
    cpu_seconds: float = 0.0


class Hands:
    """The zygotes of one process, one for each reader; threads take turns.

    After a fork the new process starts zygotes of its own when it first needs one.
    """

    def __init__(self, arguments: dict[Reader, tuple[str, ...]]) -> None:
        self.cost = Cost()
        self._turn = threading.Lock()
        self._owner = os.getpid()
        self._keepers = {reader: Keeper(reader, arguments.get(reader, ())) for reader in Reader}

    def close(self) -> None:
        """End the zygotes; they may be used again."""
        if os.getpid() == self._owner:
            for keeper in self._keepers.values():
                keeper.close()

    def warm(self, readers: Iterable[Reader]) -> None:
        """Start what is not running of these, so that the next document does not wait for it."""
        with self._turn:
            self._own()
            for reader in readers:
                self._keepers[reader].start()

    def adopt(self) -> None:
        """In a forked child: use the zygotes of the process that it was forked from."""
        self._owner = os.getpid()

    @property
    def pids(self) -> tuple[int | None, ...]:
        """The process ids of the zygotes, None for one that is not running."""
        return tuple(keeper.pid for keeper in self._keepers.values())

    def started(self, reader: Reader) -> Keeper:
        """The keeper of a reader whose zygote is running, to ask what it said of itself."""
        with self._turn:
            self._own()
            if self._keepers[reader].pid is None:  # One that we were lent is not ours to look after.
                self._keepers[reader].start()
        return self._keepers[reader]

    def run(self, reader: Reader, order: Order, data: bytes, take: Take) -> Ending:
        """Carry out an order on a document; whatever happens is an Ending."""
        with self._turn:
            self._own()
            ending = self._try_twice(self._keepers[reader], order, data, take)
        self.cost = replace(
            self.cost,
            resident_bytes=max(self.cost.resident_bytes, ending.resident_bytes),
            cpu_seconds=self.cost.cpu_seconds + ending.cpu_seconds,
        )
        return ending

    def _own(self) -> None:
        """After a fork: let go of the zygotes of the process that we were forked from."""
        if os.getpid() != self._owner:
            for keeper in self._keepers.values():
                keeper.forget()
            self._owner = os.getpid()

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
