"""Keeps a warm process that forks one caged child for every document.

It is started as a program of its own with a clean environment, never forked from a process with threads; it
loads its reader once, sees no byte of a stranger's document itself and does what its parent says over one socket:
an order (a line of JSON with two file handles: the document and where to answer) or `K` to kill the child.
When the socket closes, it ends and takes its child with it.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable

from screening.engine.reading import child, guard, warming
from screening.engine.reading.orders import Order, Reader

KILL = b"K"
_HANDLES = 2
_PIECE = 1 << 16
_GLANCE_SECONDS = 0.005
_WARM: dict[Reader, Callable[..., str | None]] = {
    Reader.PDFIUM: warming.warm_pdfium,
    Reader.PLUMBER: warming.warm_plumber,
    Reader.PAPERS: warming.warm_papers,
    Reader.PICTURES: warming.warm_pictures,
}


def main(arguments: list[str]) -> None:
    """Serve orders on the inherited socket until it closes."""
    reader, handle = Reader(arguments[0]), int(arguments[1])
    control = socket.socket(fileno=handle)
    recognises = _WARM[reader](*arguments[2:]) or ""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    folders = guard.close_folders()
    gc.collect()
    gc.freeze()
    _tell(control, {"ready": reader, "folders": folders, "recognises": recognises})
    while True:
        line, handles = _order(control)
        if not line:
            return
        _tell(control, _carry_out(control, line, handles, reader))


def _tell(control: socket.socket, message: dict[str, object]) -> None:
    control.sendall(json.dumps(message).encode() + b"\n")


def _order(control: socket.socket) -> tuple[bytes, list[int]]:
    line, handles, _, _ = socket.recv_fds(control, _PIECE, _HANDLES)
    if not line:
        return b"", []
    while not line.endswith(b"\n"):
        more = control.recv(_PIECE)
        if not more:
            return b"", []
        line += more
    if line.startswith(KILL):  # A kill that arrived after its child had ended.
        return _order(control) if line == KILL + b"\n" else (line.removeprefix(KILL + b"\n"), handles)
    return line, handles


def _carry_out(control: socket.socket, line: bytes, handles: list[int], reader: Reader) -> dict[str, object]:
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        try:
            control.close()
            child.live(Order.parse(line), reader, *handles)
        finally:
            os._exit(child.FAILED)
    for handle in handles:
        os.close(handle)
    _wait(control, pid)
    _, status, usage = os.wait4(pid, 0)
    return {
        "exit": os.waitstatus_to_exitcode(status),
        "resident_kib": usage.ru_maxrss,
        "cpu": usage.ru_utime + usage.ru_stime,
        "seconds": time.monotonic() - began,
    }


def _wait(control: socket.socket, pid: int) -> None:
    """Return when the child has ended, and kill it when told to or when the parent has gone."""
    watch = select.poll()
    watch.register(control, select.POLLIN)
    ended = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None
    if ended is not None:
        watch.register(ended, select.POLLIN)
    try:
        while True:
            ready = {handle for handle, _ in watch.poll(None if ended is not None else _GLANCE_SECONDS * 1000)}
            if control.fileno() in ready:
                os.kill(pid, signal.SIGKILL)
                if not control.recv(len(KILL) + 1):
                    os.waitpid(pid, 0)
                    sys.exit(0)
                return
            if ended in ready or (ended is None and _has_ended(pid)):
                return
    finally:
        if ended is not None:
            os.close(ended)


def _has_ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


if __name__ == "__main__":
    main(sys.argv[1:])
