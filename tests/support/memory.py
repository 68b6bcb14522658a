"""Lets the tests write into memory instead of onto a disk: a third of their processor time was spent on files.

Every test has a vault and a database of its own: hundreds of small files each, made and thrown away. Nothing is tested
less by that: a process that is killed leaves to the next one what it wrote, on a disk as in memory, and a machine that
loses its power is no test's matter.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
"""Where Linux keeps files in memory."""

NEEDED = 4 * 2**30
"""Bytes that must be free: the most that a whole run keeps at once is about a tenth of it for each process."""


def use() -> None:
    """Make it the place for temporary files of this process and all that it starts, unless TMPDIR names another."""
    if "TMPDIR" not in os.environ and min(_free(), _available()) >= NEEDED:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # Asked for anew.


def _free() -> int:
    """Bytes that may be written there; 0 where there is no such place."""
    if not os.access(MEMORY, os.W_OK):
        return 0
    found = os.statvfs(MEMORY)
    return found.f_bavail * found.f_frsize


def _available() -> int:
    """Bytes of memory that nobody needs at this moment; 0 where the kernel does not say."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), 0)
