"""A process that is told to end with its parent does so, even where the parent is ended by force."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends a child with its parent")

ASKED = """
import os, signal, sys
from webapp.processes import die_with_parent

known = os.getpid()
if os.fork() == 0:
    die_with_parent(known + int(sys.argv[1]), by=signal.Signals(int(sys.argv[2])))
    print(os.getpid(), flush=True)
    signal.pause()
os.wait()
"""
WORKING = """
import os, signal
from webapp.worker import ScreeningWorker

class Tools:
    def adopt(self):
        print(os.getpid(), flush=True)
        signal.pause()

worker = object.__new__(ScreeningWorker)  # Without a queue server, which it would ask for work.
worker._parent, worker._tools = os.getpid(), Tools()
if os.fork() == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    worker.main_work_horse(None, None)
os.wait()
"""
LONG = 30.0
"""Seconds. Nobody waits for them but where a child lives on."""


@contextmanager
def parent(program: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """A process that runs this and waits for its child; both are ended in any case."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    with process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize(
    ("program", "arguments"),
    [(ASKED, (0, signal.SIGTERM.value)), (ASKED, (0, signal.SIGKILL.value)), (WORKING, ())],
    ids=["asked to", "by force", "in the middle of a job"],
)
def test_a_child_ends_when_its_parent_is_ended_by_force(program: str, arguments: tuple[int, ...]) -> None:
    with parent(program, *arguments) as process:
        assert process.stdout is not None
        child = os.pidfd_open(int(process.stdout.readline()))
        try:
            assert not _ends(child, seconds=0)
            process.kill()
            assert _ends(child, seconds=LONG), "the child lived on"
        finally:
            os.close(child)


def test_a_child_whose_parent_ended_before_it_asked_ends_at_once() -> None:
    with parent(ASKED, 1, signal.SIGKILL.value) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "", "the child went on"
        assert process.wait(LONG) == 0


def _ends(handle: int, *, seconds: float) -> bool:
    """Whether the process behind the handle ends within this time."""
    return bool(select.select([handle], [], [], seconds)[0])
