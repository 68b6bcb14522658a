"""The worker processes of a bulk screening: each reads in its own cage and judges with its own engine.

A worker that dies takes no document with it: its document is given to another, and after three deaths it is
set aside with its reason. The parent itself opens no document.
"""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from screening.bulk import rows
from screening.bulk.gathering import Source
from screening.engine import unfolding
from screening.engine.members import Unpacked
from screening.engine.pipeline import Judge, screen_document
from screening.engine.reading import Cage, FolderMemory, Guard, Limits, Recognition
from screening.engine.reading.judging import LOCKED
from screening.engine.reasons import Reason
from screening.engine.results import Screened, State

TRIES = 3
_LOCKED = (State.NEEDS_PASSWORD,)


@dataclass(frozen=True, slots=True)
class Kit:
    """What a worker is given: how to make its screener (a function that can be sent), and what it may do."""

    make_screener: Callable[[], Judge]
    passwords: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    recognition: Recognition = field(default_factory=Recognition)
    recognised: Path | None = None
    """Folder that remembers what was recognised on scans."""


@dataclass(frozen=True, slots=True)
class Hello:
    """What a worker says when it is ready."""

    engine_version: str
    guard: Guard
    recognises: str = ""
    """Name of the program that recognises text on scans; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """What a worker says when the engine cannot be loaded."""

    why: str


@dataclass(frozen=True, slots=True)
class Result:
    source: Source
    size: int
    changed_ns: int
    rows: rows.Row


def work(kit: Kit, line: Connection) -> None:
    """The life of a worker: takes sources from the line and answers with results, until the line closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The parent decides when to stop.
    try:
        screener = kit.make_screener()
    except Exception as error:  # noqa: BLE001  Whatever it is, the person at the terminal must hear of it.
        line.send(Unfit(f"{type(error).__name__}: {error}"))
        return
    memory = FolderMemory(kit.recognised) if kit.recognised is not None else None
    with Cage(kit.limits, recognition=kit.recognition, memory=memory) as cage:
        line.send(Hello(screener.version, cage.prove().guard, cage.recognises))
        while True:
            try:
                source = line.recv()
            except EOFError:
                return
            line.send(screen_source(source, kit, cage, screener))


def screen_source(source: Source, kit: Kit, cage: Cage, screener: Judge) -> Result:
    """Read and judge one file and the files inside it, trying the passwords where it is locked."""
    began = time.monotonic()
    try:
        status = source.path.stat()
        data = source.path.read_bytes() if status.st_size <= kit.limits.file_bytes else b""
    except OSError:
        return Result(source, -1, 0, rows.unread(source.name, State.REJECTED, Reason.CANNOT_ACCESS))
    if status.st_size > kit.limits.file_bytes:
        too_large = rows.unread(source.name, State.OVER_LIMIT, Reason.TOO_LARGE)
        return Result(source, status.st_size, status.st_mtime_ns, too_large)
    opener = _Opener(kit.passwords, cage, screener)
    found: list[rows.Row] = []
    for opened in unfolding.unfold(
        source.name, data, screen=opener.screen, unpack=opener.unpack, room=unfolding.Room.of(kit.limits)
    ):
        checksum = hashlib.sha256(opened.data).hexdigest() if opened.data or opened.name == source.name else ""
        found.append(rows.record(opened.name, checksum, opened.screened, time.monotonic() - began))
        began = time.monotonic()
    return Result(source, status.st_size, status.st_mtime_ns, rows.together([found[-1], *found[:-1]]))


class _Opener:
    """Opens a file and the files inside it, trying the passwords where one is locked."""

    def __init__(self, passwords: tuple[str, ...], cage: Cage, screener: Judge) -> None:
        self._passwords, self._cage, self._screener = passwords, cage, screener

    def screen(self, data: bytes) -> Screened:
        screened = screen_document(data, cage=self._cage, screener=self._screener)
        for password in self._passwords:
            if screened.reading.state not in _LOCKED:
                break
            screened = screen_document(data, cage=self._cage, screener=self._screener, password=password)
        return screened

    def unpack(self, data: bytes, first: int) -> Unpacked:
        """A batch of the files inside; where some are locked, the password is taken that opens most of them."""
        best = self._cage.unpack(data, first=first)
        for password in self._passwords:
            locked = sum(member.reason in LOCKED for member in best.members) + (best.reason in LOCKED)
            if not locked:
                break
            tried = self._cage.unpack(data, first=first, password=password)
            still = sum(member.reason in LOCKED for member in tried.members) + (tried.reason in LOCKED)
            best = tried if still < locked else best
        return best


class _Worker:
    """One process with the parent's end of its line and what it is busy with."""

    def __init__(self, kit: Kit) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=work, args=(kit, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.busy: Source | None = None
        self.hello: Hello | None = None

    def give(self, source: Source) -> None:
        self.busy = source
        self.line.send(source)

    def end(self) -> None:
        if self.line.closed:
            return
        self.line.close()
        self.process.join(timeout=5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


class Stillborn(Exception):
    """Workers do not come to life: the engine cannot be loaded here."""


class Crew:
    """`count` workers and the sources they are still to screen."""

    def __init__(self, kit: Kit, count: int) -> None:
        self._kit = kit
        self._workers = [_Worker(kit) for _ in range(count)]
        self._deaths: dict[Source, int] = {}
        self._stillbirths = 0

    def hello(self) -> Hello:
        """Wait until the first worker is ready. Raises Stillborn."""
        while True:
            ready = next((worker.hello for worker in self._workers if worker.hello is not None), None)
            if ready is not None:
                return ready
            self._listen([])

    def screen(self, sources: Iterable[Source]) -> Iterator[Result]:
        """Results as they are ready, in any order; every source comes back exactly once."""
        waiting = iter(sources)
        again: list[Source] = []
        while True:
            for worker in self._workers:
                if worker.hello is not None and worker.busy is None and (source := _next(again, waiting)) is not None:
                    self._try_to_give(worker, source)
            if not again and all(worker.busy is None for worker in self._workers):
                source = _next(again, waiting)
                if source is None:
                    return
                again.append(source)
            yield from self._listen(again)

    def _listen(self, again: list[Source]) -> list[Result]:
        """Wait until some worker says something or ends, and give back the results among it."""
        lines = wait([worker.line for worker in self._workers])
        heard = [self._hear(worker, again) for worker in list(self._workers) if worker.line in lines]
        return [result for result in heard if result is not None]

    def _try_to_give(self, worker: _Worker, source: Source) -> None:
        # A worker that has just died says so by its closed line, and `busy` says what it was to do.
        with contextlib.suppress(OSError):
            worker.give(source)

    def _hear(self, worker: _Worker, again: list[Source]) -> Result | None:
        try:
            said = worker.line.recv()
        except (EOFError, OSError):
            return self._bury(worker, again)
        if isinstance(said, Result):
            worker.busy = None
            return said
        if isinstance(said, Unfit):
            raise Stillborn(f"The engine cannot be loaded ({said.why}): run `salient doctor`.")
        worker.hello = said
        return None

    def _bury(self, worker: _Worker, again: list[Source]) -> Result | None:
        source = worker.busy
        worker.end()
        if worker.hello is None:
            self._stillbirths += 1
            if self._stillbirths >= TRIES:
                raise Stillborn("The workers end before they can begin: run `salient doctor` to see what is missing.")
        self._workers[self._workers.index(worker)] = _Worker(self._kit)
        if source is None:
            return None
        self._deaths[source] = self._deaths.get(source, 0) + 1
        if self._deaths[source] < TRIES:
            again.append(source)
            return None
        given_up = rows.unread(source.name, State.REJECTED, Reason.FAILED_REPEATEDLY)
        return Result(source, -1, 0, given_up)

    def end(self) -> None:
        """End all workers. May be called twice."""
        for worker in self._workers:
            worker.end()


def _next(again: list[Source], waiting: Iterator[Source]) -> Source | None:
    return again.pop() if again else next(waiting, None)
