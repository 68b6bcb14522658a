"""Where the files of an import come from: a place that names its files in a fixed order and gives their bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from models.operations.ledger import Listed

HIDDEN = "hidden"
"""Why a file is refused that an operating system made for itself, such as `.DS_Store`."""


class SourceGone(Exception):
    """The place cannot be reached, or is not there any more. `reason` says which, in a word of the closed list."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreadable(Exception):
    """One file cannot be given, though the place is there. `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Source(Protocol):
    """A folder, or a prefix in an object store."""

    def listing(self) -> Iterator[Listed]:
        """Every file, sorted by path. Raises SourceGone."""

    def open(self, path: str) -> BinaryIO:
        """The bytes of one file, as a stream that the caller closes. Raises Unreadable, SourceGone."""


def is_hidden(path: str) -> bool:
    """Whether the file, or a folder above it, is one that operating systems hide."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.split("/"))


class FolderSource:
    """A folder on this machine, or on one that it has mounted. Links are not followed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def listing(self) -> Iterator[Listed]:
        if not self._root.is_dir():
            raise SourceGone("place_gone")
        files = [Path(place) / name for place, _, names in os.walk(self._root) for name in names]
        for file in sorted(files, key=lambda file: file.relative_to(self._root).as_posix()):
            path = file.relative_to(self._root).as_posix()
            yield Listed(path, _size(file), _why_not(file, path))

    def open(self, path: str) -> BinaryIO:
        file = self._root / path
        if not file.resolve().is_relative_to(self._root.resolve()):
            raise Unreadable("cannot_access")
        try:
            return os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW), "rb")
        except OSError:
            if not self._root.is_dir():
                raise SourceGone("place_gone") from None
            raise Unreadable("cannot_access") from None


@contextmanager
def opened(source: Source, path: str) -> Iterator[BinaryIO]:
    """The stream of one file, closed at the end of the block."""
    stream = source.open(path)
    try:
        yield stream
    finally:
        stream.close()


def _size(file: Path) -> int:
    try:
        return file.lstat().st_size
    except OSError:
        return 0


def _why_not(file: Path, path: str) -> str | None:
    if is_hidden(path):
        return HIDDEN
    if file.is_symlink() or not file.is_file():
        return "not_a_file"
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return "unprintable_name"
    return None
