"""The parent's side of the cage: starts the zygote, hands a document over, and listens with one eye on the clock."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from screening.engine.reading import child
from screening.engine.reading.frames import Frames, Garbage
from screening.engine.reading.limits import Limits
from screening.engine.reading.orders import Order, Reader
from screening.engine.reading.zygote import KILL
from screening.engine.reasons import Reason

_START_SECONDS = 60.0
_GRACE_SECONDS = 10.0
_PIPE_BYTES = 1 << 20
_PIECE = 1 << 18
_NEAR_THE_LIMIT = 0.6
"""A child that died while holding this share of its memory is taken to have died of it."""
_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "OMP_THREAD_LIMIT": "1",
    # A child lives shortly and gives nothing back: asking the system for memory less often makes it 15 % faster.
    "GLIBC_TUNABLES": ":".join(
        (
            "glibc.malloc.mmap_threshold=268435456",
            "glibc.malloc.trim_threshold=268435456",
            "glibc.malloc.top_pad=1048576",
        )
    ),
}
_ROOT = Path(__file__).resolve().parents[3]
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from screening.engine.reading.zygote import main; main(sys.argv[1:])"
)

Take = Callable[[dict[str, Any] | bytes], float | None]
"""Takes one message; may give back how many seconds the order may take in all from now on."""


class ZygoteLost(Exception):
    """The zygote went away or does not answer; a new one may be started."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How an order ended; `reason` is None where the child did all of it."""

    reason: Reason | None
    resident_bytes: int = 0
    cpu_seconds: float = 0.0


class Keeper:
    """Holds one zygote. Not for several threads at once: the cage sees to that."""

    def __init__(self, reader: Reader, arguments: tuple[str, ...] = ()) -> None:
        self._reader, self._arguments = reader, arguments
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self.folders_closed = False
        self.recognises = ""
        """Name of the program that recognises words, where this zygote has one."""

    def _started(self) -> socket.socket:
        if self._control is not None:
            return self._control
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  Our own program, our own words.
                [
                    sys.executable,
                    "-I",
                    "-c",
                    _PROGRAM,
                    str(_ROOT),
                    self._reader.value,
                    str(theirs.fileno()),
                    *self._arguments,
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=_ENVIRONMENT,
                cwd="/",
                start_new_session=True,
            )
        self._control = ours
        ready = self._status(_START_SECONDS)
        self.folders_closed = bool(ready.get("folders"))
        self.recognises = str(ready.get("recognises", ""))
        return ours

    def start(self) -> None:
        """Start the zygote, unless it is running. Raises ZygoteLost."""
        if self._process is not None and self._process.poll() is not None:
            self.close()
        self._started()

    @property
    def pid(self) -> int | None:
        """The zygote's process id, while there is one."""
        return self._process.pid if self._process is not None else None

    def close(self) -> None:
        """End the zygote and any child of it."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._control = self._process = None

    def forget(self) -> None:
        """Let go of a zygote that belongs to the process we were forked from."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.returncode = 0  # Not ours to wait for.
        self._control = self._process = None

    def run(self, order: Order, data: bytes, take: Take) -> Ending:
        """Carry out an order on a document. Raises ZygoteLost; whatever the child does is an Ending."""
        control = self._started()
        hears, speaks = os.pipe()
        try:
            _widen(speaks)
            with _as_file(data) as document:
                try:
                    socket.send_fds(control, [order.line()], [document, speaks])
                except OSError as error:
                    raise self._lost() from error
                finally:
                    os.close(speaks)
            trouble = self._listen(hears, order.limits, take)
        finally:
            os.close(hears)
        if trouble is not None:
            with contextlib.suppress(OSError):
                control.sendall(KILL + b"\n")
        status = self._status(_GRACE_SECONDS)
        return _ending(status, trouble, order.limits)

    def _listen(self, hears: int, limits: Limits, take: Take) -> Reason | None:
        """Take messages until the child closes its end; gives back why it must be killed, or None."""
        frames = Frames(limits.answer_bytes)
        began = time.monotonic()
        allowed = limits.seconds
        watch = select.poll()
        watch.register(hears, select.POLLIN)
        while True:
            left = began + allowed - time.monotonic()
            if left <= 0:
                return Reason.TOOK_TOO_LONG
            if not watch.poll(left * 1000):
                continue
            piece = os.read(hears, _PIECE)
            if not piece:
                return None
            try:
                for message in frames.feed(piece):
                    allowed = take(message) or allowed
            except Garbage:
                return Reason.READER_DIED

    def _status(self, seconds: float) -> dict[str, Any]:
        """The next line that the zygote says."""
        if self._control is None:
            raise self._lost()
        self._control.settimeout(seconds)
        line = b""
        try:
            while not line.endswith(b"\n"):
                piece = self._control.recv(4096)
                if not piece:
                    raise self._lost()
                line += piece
        except OSError as error:
            raise self._lost() from error
        status: dict[str, Any] = json.loads(line)
        return status

    def _lost(self) -> ZygoteLost:
        self.close()
        return ZygoteLost(self._reader.value)


def _ending(status: dict[str, Any], trouble: Reason | None, limits: Limits) -> Ending:
    resident = int(status["resident_kib"]) * 1024
    cpu = float(status["cpu"])
    if trouble is not None:
        return Ending(trouble, resident, cpu)
    if status["exit"] == child.DONE:
        return Ending(None, resident, cpu)
    if status["exit"] == child.OUT_OF_MEMORY or resident > _NEAR_THE_LIMIT * limits.memory:
        return Ending(Reason.TOO_MUCH_MEMORY, resident, cpu)
    if cpu >= limits.wall_clock(limits.pages):
        return Ending(Reason.TOOK_TOO_LONG, resident, cpu)
    return Ending(Reason.READER_DIED, resident, cpu)


def _widen(pipe: int) -> None:
    """Let the child speak on while the parent is busy; only Linux can."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


@contextlib.contextmanager
def _as_file(data: bytes) -> Iterator[int]:
    """A handle to the bytes that a child can map but, where the system can seal it, not change."""
    in_memory = hasattr(os, "memfd_create")
    with os.fdopen(_sealable(), "w+b") if in_memory else tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        if in_memory:
            seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
            fcntl.fcntl(file.fileno(), fcntl.F_ADD_SEALS, seals)
        yield file.fileno()


def _sealable() -> int:
    return os.memfd_create("document", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
