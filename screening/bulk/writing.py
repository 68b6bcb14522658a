"""Writes the result files of a bulk screening, always in the same order, with no more than one document in memory."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO, cast

from screening.bulk import spreadsheet
from screening.bulk.copies import Copies
from screening.bulk.progress import Progress
from screening.bulk.rows import Row

_UNFLAGGED = ("file", "page", "start", "end", "quote", "before", "language", "score", "flag", "in_table", "signals")
ROW_FILES = ("documents", "pages", "findings", "tables", "caps", "forms")


@contextlib.contextmanager
def replacing(path: Path, *, bom: bool = False) -> Iterator[TextIO]:
    """A text file that takes its name only when it is whole and on the disk."""
    half = path.with_name(f".{path.name}.part")
    with half.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        yield cast(TextIO, file)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def documents(progress: Progress, names: Iterable[str]) -> Iterator[Row]:
    """The rows of the done documents of these names, one document at a time."""
    for name in names:
        if name in progress.done:
            yield progress.rows_of(name)


def _with_signal(rows: Row) -> list[Row]:
    return [passage for passage in rows["passages"] if passage["signals"]]


def flagged(rows: Row) -> list[Row]:
    return [finding for finding in rows["passages"] if finding["flag"]]


def write_passages(folder: Path, progress: Progress, names: list[str]) -> None:
    """Write passages.jsonl: every passage that raised no flag, with what drawing a sample needs."""
    with replacing(folder / "passages.jsonl") as file:
        for rows in documents(progress, names):
            for row in rows["passages"]:
                if not row["flag"]:
                    file.write(json.dumps({name: row[name] for name in _UNFLAGGED}, ensure_ascii=False) + "\n")


def write_rows(folder: Path, progress: Progress, names: list[str], *, all_passages: bool) -> None:
    """Write the JSON Lines files."""
    with contextlib.ExitStack() as stack:
        files = {name: stack.enter_context(replacing(folder / f"{name}.jsonl")) for name in ROW_FILES}
        copies = Copies()
        for rows in documents(progress, names):
            told = [copies.told(document) for document in rows["documents"]]
            shown = {**rows, "documents": told, "findings": _with_signal(rows) if all_passages else flagged(rows)}
            for name, file in files.items():
                for row in shown[name]:
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_spreadsheet(folder: Path, progress: Progress, names: list[str]) -> None:
    """Write findings.csv: flagged findings only, as a spreadsheet opens it."""
    with replacing(folder / "findings.csv", bom=True) as file:
        spreadsheet.write(file, (finding for rows in documents(progress, names) for finding in flagged(rows)))


def write_run(folder: Path, run: Row) -> None:
    with replacing(folder / "run.json") as file:
        file.write(json.dumps(run, ensure_ascii=False, indent=2) + "\n")
