"""Starts the processes of the kill tests by forking one that has loaded the product: so a start costs no import.

Run as `python -m tests.queue.forge HANDLE`, it reads orders from a socket, one line of JSON each, and answers with the
process id. It waits for its children, so that none of them stays behind as a name without a process.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from webapp.commands.run import LIBRARY_THREADS

ROOT = Path(__file__).parents[2]
_PIECE = 1 << 16


class Process:
    """A process that was forged, as `subprocess.Popen` shows one."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        try:
            self._handle: int | None = os.pidfd_open(pid)
        except ProcessLookupError:  # It ended before we looked.
            self._handle = None

    def poll(self) -> int | None:
        """None while it runs. How it ended, only the forge knows: 0 stands for that it did."""
        return 0 if self._has_ended(0) else None

    def wait(self, timeout: float | None = None) -> int:
        if not self._has_ended(timeout):
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return 0

    def send_signal(self, number: int) -> None:
        if self._handle is not None:
            signal.pidfd_send_signal(self._handle, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _has_ended(self, seconds: float | None) -> bool:
        if self._handle is not None and select.select([self._handle], [], [], seconds)[0]:
            os.close(self._handle)
            self._handle = None
        return self._handle is None


class Forge:
    """The process that forks, seen from a test. Loads the product when the first process is asked for."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        command = [sys.executable, "-m", "tests.queue.forge", str(theirs.fileno())]
        environ = os.environ | dict.fromkeys(LIBRARY_THREADS, "1")  # No threads, for it forks; as in the product.
        self._process = subprocess.Popen(command, cwd=ROOT, env=environ, pass_fds=[theirs.fileno()])
        theirs.close()

    def start(self, program: str, environ: dict[str, str], log: Path) -> Process:
        """A process that leads a group of its own, and runs one of the programs of `_loaded`."""
        order = {"program": program, "environ": environ, "log": str(log)}
        self._socket.sendall(json.dumps(order).encode() + b"\n")
        answer = self._socket.recv(_PIECE)
        assert answer, "the forge has ended"
        return Process(int(answer))

    def close(self) -> None:
        self._socket.close()
        self._process.wait(30)


def main() -> None:
    """Fork what is ordered until the socket closes."""
    orders = socket.socket(fileno=int(sys.argv[1]))
    programs = _loaded()
    told, tell = socket.socketpair()
    tell.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(tell.fileno())
    while True:
        ready = select.select([orders, told], [], [])[0]
        if told in ready:
            told.recv(_PIECE)
            _bury()
        if orders in ready:
            line = _line(orders)
            if not line:
                return
            order = json.loads(line)
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                for end in (orders, told, tell):
                    end.close()
                _become(programs[order["program"]], order["environ"], order["log"])
            orders.sendall(str(pid).encode())


def _loaded() -> dict[str, Callable[[], None]]:
    """Everything that the processes need, loaded before they are forked."""
    from sqlalchemy.orm import configure_mappers

    from tests.queue import clock_process, worker_process
    from webapp import factory  # noqa: F401  The web server loads it when it starts.
    from webapp.commands.run import queue, web
    from webapp.tools import warm_reader

    configure_mappers()
    warm_reader()
    return {
        "clock": clock_process.main,
        "worker": worker_process.main,
        "queue": lambda: queue.main([], standalone_mode=False),
        "web": lambda: web.main([], standalone_mode=False),
    }


def _line(orders: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        more = orders.recv(_PIECE)
        if not more:
            return b""
        line += more
    return line


def _bury() -> None:
    """Wait for the children that have ended."""
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                return
        except ChildProcessError:
            return


def _become(program: Callable[[], None], environ: dict[str, str], log: str) -> None:
    """In the child: run the program as if it had been started with this environment and this log."""
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(environ)
        handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        program()
        code = 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
