"""Watches how much memory the processes below some others hold at most, while something else is measured."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

_EVERY_SECONDS = 0.25
_READS = b"reading.zygote"
"""In the command of the processes that open documents: the ones that wait and their children for one document."""


class Watch:
    """Looks from its making until `ended` at all processes below these that open documents."""

    def __init__(self, above: list[int]) -> None:
        self._above, self._most = above, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def ended(self) -> int:
        """Stop, and say the most bytes that one of them held."""
        self._over.set()
        self._thread.join()
        return self._most

    def _run(self) -> None:
        while not self._over.wait(_EVERY_SECONDS):
            self._look()

    def _look(self) -> None:
        pending = list(self._above)
        while pending:
            process = Path(f"/proc/{pending.pop()}")
            with contextlib.suppress(OSError, ValueError):  # It may end while it is looked at.
                for task in process.joinpath("task").iterdir():
                    pending += map(int, task.joinpath("children").read_text().split())
                if _READS in process.joinpath("cmdline").read_bytes():
                    self._most = max(self._most, _held(process.joinpath("status").read_text()))


def _held(status: str) -> int:
    line = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0")
    return int(line.split()[1]) * 1024
