"""Measures what a second process adds, and whether the memory of a worker stays flat, from bytes to findings.

Usage: python -m tests.bench.bench_pace [FOLDER] [--rounds N]

One process is held to one core, then two to a core each, every one with its own cage and engine, all with the same
documents. How much more two do is told by processor time (what they take from each other while both run) and by the
clock, which says something on an idle machine alone. Memory is that of the worker after the first round and after the
last, and of its heaviest child.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

from screening.engine.pipeline import screen_document
from screening.engine.reading import Cage
from screening.engine.screener import Screener
from tests.bench.processor import reports, resident, seconds, shared

ROUNDS = 3
BAR = 1.8
"""Two processes do at least so many times what one does."""
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Worked:
    """What one process did: pages, processor seconds, seconds by the clock, bytes of memory."""

    pages: int
    spent: float
    clock: float
    first_bytes: int
    last_bytes: int
    child_bytes: int


def work(folder: Path, rounds: int, core: int, together: Barrier, line: Connection) -> None:
    """Screen all documents again and again, once the other processes are ready too."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})
    screener, files = Screener.load(), reports(folder)
    with Cage() as cage:
        screen_document(files[0], cage=cage, screener=screener)
        together.wait()
        began, clock = seconds(cage), time.monotonic()
        pages, held, child = 0, [], 0
        for _ in range(rounds):
            for data in files:
                pages += len(screen_document(data, cage=cage, screener=screener).reading.pages)
                child = max(child, cage.cost.resident_bytes)
            held.append(resident())
        line.send(Worked(pages, seconds(cage) - began, time.monotonic() - clock, held[0], held[-1], child))


def run(folder: Path, processes: int, rounds: int) -> list[Worked]:
    """So many processes at the same time, each on a core of its own."""
    context = multiprocessing.get_context("spawn")
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))
    together = context.Barrier(processes)
    lines, crew = [], []
    for number in range(processes):
        ours, theirs = context.Pipe(duplex=False)
        core = cores[number % len(cores)]
        crew.append(context.Process(target=work, args=(folder, rounds, core, together, theirs)))
        crew[-1].start()
        theirs.close()
        lines.append(ours)
    done: list[Worked] = [line.recv() for line in lines]
    for process in crew:
        process.join()
    return done


def told(one: Worked, two: list[Worked]) -> dict[str, float]:
    """The figures of a run."""
    pages = sum(each.pages for each in two)
    return {
        "pages_per_core_second": round(one.pages / one.spent, 1),
        "two_processes_by_processor_time": round(pages / max(each.spent for each in two) / (one.pages / one.spent), 2),
        "two_processes_by_the_clock": round(pages / max(each.clock for each in two) / (one.pages / one.clock), 2),
        "bar": BAR,
        "pages_of_one": one.pages,
        "worker_mib_after_first_round": round(one.first_bytes / MEBIBYTE),
        "worker_mib_after_last_round": round(one.last_bytes / MEBIBYTE),
        "heaviest_child_mib": round(one.child_bytes / MEBIBYTE),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=shared() / "documents" / "reports")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    if not reports(arguments.folder):
        print(f"left out: no PDF in {arguments.folder}", file=sys.stderr)
        return 0
    (one,) = run(arguments.folder, 1, arguments.rounds)
    figures = told(one, run(arguments.folder, 2, arguments.rounds))
    print(json.dumps(figures))
    for name, value in figures.items():
        print(f"{name.replace('_', ' '):36} {value:8}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
