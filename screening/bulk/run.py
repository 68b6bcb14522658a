"""Runs a bulk screening from paths to result files; it can be stopped at any moment and taken up again."""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from screening.bulk import report, writing
from screening.bulk.gathering import Source, gather
from screening.bulk.progress import Progress
from screening.bulk.tally import Tally
from screening.bulk.workers import Crew, Hello, Kit
from screening.engine.pipeline import Judge
from screening.engine.reading import Limits, Recognition
from screening.engine.results import State

LIMITS = (
    "Tables are read where lines or shaded rows are drawn; a table parted by blanks alone is read as lines of text.",
    "Tables on scans are read as lines of text. Without a program for text recognition scans are reported as unread.",
    "Old Word and PowerPoint files (DOC, PPT), and programs, sound and film are reported as unread.",
)
"""What this version leaves out, stated in every run.json and report."""
FORMATS = ("jsonl", "csv", "html")

Told = Callable[[int, int], None]
"""Is told how many documents are done, of how many."""


def load_screener() -> Judge:
    """The engine's screener, with everything that it needs."""
    from screening.engine.screener import Screener

    return Screener.load()


def load_screener_of_everything() -> Judge:
    """The engine's screener, which tells of the passages without a signal too."""
    from screening.engine.screener import Screener

    return Screener.load(every=True)


@dataclass(frozen=True, slots=True)
class Options:
    out: Path
    jobs: int = 0
    """Worker processes; 0 is one for each processor of this machine."""
    formats: tuple[str, ...] = FORMATS
    all_passages: bool = False
    passages: bool = False
    """Write passages.jsonl too: every passage that raised no flag, to draw samples from."""
    passwords: tuple[str, ...] = ()
    resume: bool = False
    limits: Limits = field(default_factory=Limits)
    recognition: Recognition = field(default_factory=Recognition)
    make_screener: Callable[[], Judge] = load_screener


@dataclass(frozen=True, slots=True)
class Outcome:
    tally: Tally
    skipped: int
    """Documents that an earlier run had done."""
    started_over: bool
    """An earlier run was of another engine version, so that it was not taken up."""
    seconds: float
    hello: Hello


def screen(paths: Sequence[Path], options: Options, *, told: Told | None = None) -> Outcome:
    """Screen every file of these paths and write the results. Raises NothingThere, Stillborn, OSError."""
    began = time.monotonic()
    options.out.mkdir(parents=True, exist_ok=True)
    sources = gather(paths, without=options.out)
    crew = Crew(_kit(options), _jobs(options, len(sources)))
    try:
        hello = crew.hello()
        with Progress(options.out, _header(hello, options), resume=options.resume) as progress:
            left = [source for source in sources if not _is_done(source, progress, bool(options.passwords))]
            for done, result in enumerate(crew.screen(left), start=len(sources) - len(left) + 1):
                progress.add(result.source.name, result.size, result.changed_ns, result.rows)
                if told is not None:
                    told(done, len(sources))
            crew.end()
            names = [source.name for source in sources]
            tally = Tally()
            for rows in writing.documents(progress, names):
                tally.add(rows)
            seconds = time.monotonic() - began
            outcome = Outcome(tally, len(sources) - len(left), progress.started_over, seconds, hello)
            _write(options, progress, names, outcome)
    finally:
        crew.end()
    return outcome


def _kit(options: Options) -> Kit:
    recognised = options.out / ".recognised"
    return Kit(_maker(options), options.passwords, options.limits, options.recognition, recognised)


def _header(hello: Hello, options: Options) -> str:
    """What an earlier run must have been to be taken up: one that kept no passages has none to write."""
    return f"{hello.engine_version}{'+passages' if options.passages else ''}"


def _maker(options: Options) -> Callable[[], Judge]:
    everything = options.passages and options.make_screener is load_screener
    return load_screener_of_everything if everything else options.make_screener


def _jobs(options: Options, documents: int) -> int:
    return max(1, min(options.jobs or os.cpu_count() or 1, documents))


def _is_done(source: Source, progress: Progress, has_passwords: bool) -> bool:
    """Whether an earlier run read this very file; locked ones are tried again when there are passwords."""
    done = progress.done.get(source.name)
    if done is None or (has_passwords and done.state == State.NEEDS_PASSWORD):
        return False
    try:
        status = source.path.stat()
    except OSError:
        return False
    return (done.size, done.changed_ns) == (status.st_size, status.st_mtime_ns)


def _write(options: Options, progress: Progress, names: list[str], outcome: Outcome) -> None:
    run = _run(options, outcome)
    if "jsonl" in options.formats:
        writing.write_rows(options.out, progress, names, all_passages=options.all_passages)
        if options.passages:
            writing.write_passages(options.out, progress, names)
    if "csv" in options.formats:
        writing.write_spreadsheet(options.out, progress, names)
    if "html" in options.formats:
        with writing.replacing(options.out / "report.html") as file:
            file.write(report.page(outcome.tally, outcome.hello.engine_version, LIMITS, folder=_common_folder(names)))
    writing.write_run(options.out, run)


def _common_folder(names: list[str]) -> str:
    """The deepest folder in which all files lie; empty where there is none."""
    try:
        return os.path.commonpath([os.path.dirname(name) for name in names])  # noqa: PTH120  Names, not paths here.
    except ValueError:
        return ""


def _run(options: Options, outcome: Outcome) -> dict[str, Any]:
    counts = outcome.tally.counts()
    pages = counts["pages"] if not outcome.skipped else None
    return {
        "engine_version": outcome.hello.engine_version,
        "settings": {
            "jobs": options.jobs or os.cpu_count() or 1,
            "formats": list(options.formats),
            "all_passages": options.all_passages,
            "passwords": len(options.passwords),
            "resume": options.resume,
        },
        "counts": counts,
        "done_before": outcome.skipped,
        "seconds": round(outcome.seconds, 3),
        "pages_per_second": None if pages is None else round(pages / max(outcome.seconds, 1e-9), 1),
        "peak_memory_bytes": {
            "parent": _peak(resource.RUSAGE_SELF),
            "largest_child": _peak(resource.RUSAGE_CHILDREN),
        },
        "cage": outcome.hello.guard.value,
        "text_recognition": outcome.hello.recognises or None,
        "limits": list(LIMITS),
    }


def _peak(who: int) -> int:
    """Most resident memory in bytes: Linux counts in KiB, macOS in bytes."""
    most = resource.getrusage(who).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
