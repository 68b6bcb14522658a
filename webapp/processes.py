"""Small facts about processes: who ends with whom, and how to end one for certain."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int, *, by: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to end this process when `parent` ends, even by force. Where it cannot (macOS), nothing happens.

    `parent` is the process id that the caller knew before: had it ended already, this process ends at once.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, by, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def signal_group(pid: int, number: signal.Signals) -> None:
    """Signal a process that leads a group, and all that belong to it. Those that ended already are no error."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
