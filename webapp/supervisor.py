"""Keeps processes running: starts them, starts again what died, and ends them all without leaving any behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from webapp.processes import signal_group

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a dead process is started again; doubled each time it dies soon after its start."""

SETTLED = 20.0
"""Seconds of life after which a process counts as well again."""

WARM, COLD = 4.0, 7.0
"""Seconds after the first request to stop at which it is repeated, and at which the rest is ended by force."""

ERROR = "Error: "
"""How a command of ours begins the sentence with which it gives up."""

LARGEST_LOG = 5 * 1024 * 1024


@dataclass(slots=True)
class Child:
    name: str
    arguments: tuple[str, ...]
    """What follows `salient` on its command line."""
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    pause: float = FIRST_PAUSE
    again_at: float | None = None

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass(slots=True)
class Supervisor:
    """Runs `salient ...` commands as children. `say` gets a sentence for everything that a person should know."""

    say: Callable[[str], None]
    environ: dict[str, str]
    logs: Path | None = None
    """The folder for what the children write; None lets them write to this terminal."""
    children: list[Child] = field(default_factory=list)

    def start(self, name: str, *arguments: str) -> Child:
        child = Child(name, arguments)
        self.children.append(child)
        self._launch(child)
        return child

    def look(self) -> None:
        """Start again what died, each after its pause. To be called a few times a second."""
        for child in self.children:
            if child.again_at is not None:
                if time.monotonic() >= child.again_at:
                    self._launch(child)
            elif not child.is_alive:
                self._plan_restart(child)

    def stop(self, children: Sequence[Child] | None = None) -> None:
        """Ask these children (or all) to end, again if they do not, and at last end them with all that is theirs."""
        chosen = self.children if children is None else children
        for child in chosen:
            child.again_at = None
        began, asked = time.monotonic(), 0
        while alive := [child for child in chosen if child.is_alive]:
            elapsed = time.monotonic() - began
            if asked == 0 or (asked == 1 and elapsed > WARM):
                asked += 1
                for child in alive:
                    _signal(child, signal.SIGTERM)
            if elapsed > COLD:
                for child in alive:
                    _end_by_force(child)
                return
            time.sleep(0.02)

    def _launch(self, child: Child) -> None:
        child.again_at, child.began = None, time.monotonic()
        # With -P a folder called `webapp` in the place where somebody stands cannot take our place.
        command = [sys.executable, "-P", "-m", "webapp", *child.arguments, "--parent", str(os.getpid())]
        output = self._output(child)
        try:
            child.process = subprocess.Popen(  # noqa: S603 The command is ours, word for word.
                command,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        finally:
            if output is not None:
                output.close()

    def _plan_restart(self, child: Child) -> None:
        if time.monotonic() - child.began > SETTLED:
            child.pause = FIRST_PAUSE
        ending = _ending(child.process.returncode if child.process is not None else 1)
        where = f" Its log is {self._log_of(child)}." if self.logs else ""
        why = _last_words(self._log_of(child)) if self.logs else ""
        self.say(f"{child.name} {ending}{why}; it is started again in {child.pause:.1f} s.{where}")
        child.again_at = time.monotonic() + child.pause
        child.pause = min(child.pause * 2, LONGEST_PAUSE)

    def _log_of(self, child: Child) -> Path:
        return (self.logs or Path()) / f"{child.name}.log"

    def _output(self, child: Child) -> IO[bytes] | None:
        if self.logs is None:
            return None
        self.logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._log_of(child)
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return path.open("ab")


def _signal(child: Child, number: signal.Signals) -> None:
    if child.process is not None and child.is_alive:
        child.process.send_signal(number)


def _end_by_force(child: Child) -> None:
    if child.process is not None:
        signal_group(child.process.pid, signal.SIGKILL)
        child.process.wait()


def _last_words(log: Path) -> str:
    """The sentence with which one of our commands ended, if that is the last thing in its log."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 2000))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    last = next((line for line in reversed(lines) if line.strip()), "")
    return f" ({last.removeprefix(ERROR).rstrip('.')})" if last.startswith(ERROR) else ""


def _ending(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
