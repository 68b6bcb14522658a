"""Takes away from a process everything that reading a document does not need.

In force, from strongest to weakest: the kernel's filter (`seccomp`), else Python's own audit hook
(`audit_hook`), which stops Python code but not native code. `Guard` says which, so that operators can see it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import sys
import sysconfig
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from screening.engine.reading import landlock, seccomp

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4
_OPEN_FILES = 32
_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/X11/fonts")
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
_REFUSED = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.kill",
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod",
    "os.chown", "shutil.", "ftplib.", "smtplib.", "urllib.", "webbrowser.", "pty.",
)  # fmt: skip


class Guard(StrEnum):
    SECCOMP = "seccomp"
    AUDIT_HOOK = "audit_hook"


@dataclass(frozen=True, slots=True)
class Proof:
    """What holds a child of a cage, as tried out."""

    guard: Guard
    refused: tuple[str, ...]
    """Of `network`, `program`, `fork`, `write`, `delete`, `kill`: what was refused when tried."""
    folders_closed: bool
    """Whether the kernel lets children see nothing but their own program, Python and the fonts."""


def close_folders() -> bool:
    """Let this process and its children read only their own program, Python and the fonts.

    False where the kernel has no Landlock.
    """
    own = Path(__file__).resolve().parents[2]
    python = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    shared = sysconfig.get_config_var("LIBDIR")
    folders = [own, *map(Path, sorted(python)), *map(Path, _FONTS + _LIBRARIES)]
    return landlock.shut([*folders, Path(shared)] if shared else folders)


def lock_up(*, memory: int, cpu_seconds: int, kernel_filter: bool = True) -> Guard:
    """Bound this process for good, before it sees a byte of a document. Says what is in force."""
    for kind, bound in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # A stricter bound from outside stays in force.
            resource.setrlimit(kind, (bound, bound))
    if platform.system() == "Linux":
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if kernel_filter and seccomp.shut():
        return Guard.SECCOMP
    sys.addaudithook(_refuse)
    return Guard.AUDIT_HOOK


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_REFUSED):
        raise PermissionError(event)
    flags = arguments[2] if event == "open" and len(arguments) == 3 else 0
    if isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND):
        raise PermissionError(event)
