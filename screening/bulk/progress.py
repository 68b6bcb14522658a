"""Remembers which documents are done, so that an interrupted run can go on where it stopped.

One line a document: a checksum, a blank, and its rows as JSON; each line is on the disk before the next
document counts as done. A line that was torn by a crash fails its checksum and is forgotten.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from screening.bulk.rows import Row
from screening.engine.results import State

FILE_NAME = ".progress.jsonl"
_CHECKSUM = 16
_HEADER = "engine_version"


@dataclass(frozen=True, slots=True)
class Done:
    """Where a document's rows stand in the file, and what the document was when they were made."""

    offset: int
    length: int
    size: int
    changed_ns: int
    state: str


class Progress:
    """The done documents of one output folder, by name. Use as a context manager."""

    def __init__(self, folder: Path, engine_version: str, *, resume: bool) -> None:
        self.path = folder / FILE_NAME
        self.done: dict[str, Done] = {}
        self.started_over = False
        end = self._recover(engine_version) if resume and self.path.exists() else 0
        self._file = self.path.open("r+b" if self.path.exists() else "w+b")
        self._file.truncate(end)
        self._file.seek(end)
        if end == 0:
            self._write({_HEADER: engine_version})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def add(self, name: str, size: int, changed_ns: int, rows: Row) -> None:
        """Keep a document's rows; they are on the disk when this returns."""
        offset, length = self._write({"name": name, "size": size, "changed_ns": changed_ns, "rows": rows})
        self.done[name] = Done(offset, length, size, changed_ns, _state(rows))

    def rows_of(self, name: str) -> Row:
        """The rows of a done document. Raises KeyError for one that is not done."""
        done = self.done[name]
        end = self._file.tell()
        self._file.seek(done.offset)
        line = self._file.read(done.length)
        self._file.seek(end)
        rows: Row = _checked(line)["rows"]
        return rows

    def _write(self, message: dict[str, Any]) -> tuple[int, int]:
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        line = _checksum(body) + b" " + body + b"\n"
        offset = self._file.tell()
        self._file.write(line)
        self._file.flush()
        os.fsync(self._file.fileno())
        return offset, len(line)

    def _recover(self, engine_version: str) -> int:
        """Read what an earlier run left; gives back where its last whole line ends."""
        end = 0
        for offset, line in _lines(self.path):
            try:
                message = _checked(line)
            except ValueError:
                break
            if offset == 0 and message.get(_HEADER) != engine_version:
                self.started_over = True
                return 0
            if offset > 0:
                done = Done(offset, len(line), message["size"], message["changed_ns"], _state(message["rows"]))
                self.done[message["name"]] = done
            end = offset + len(line)
        return end


def _state(rows: Row) -> str:
    """The state of a file, or that something inside it is locked: then it is worth another try with passwords."""
    states = [str(document["state"]) for document in rows["documents"]]
    return next((state for state in states if state == State.NEEDS_PASSWORD), states[0])


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    offset = 0
    with path.open("rb") as file:
        for line in file:
            yield offset, line
            offset += len(line)


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest()[:_CHECKSUM].encode()


def _checked(line: bytes) -> dict[str, Any]:
    """The message in a line. Raises ValueError where it is torn."""
    checksum, _, body = line.rstrip(b"\n").partition(b" ")
    if not line.endswith(b"\n") or checksum != _checksum(body):
        raise ValueError("a torn line")
    message: dict[str, Any] = json.loads(body)
    return message
