"""Finds the files that a bulk screening is asked to read, in an order that never changes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


class NothingThere(Exception):
    """A path that was named does not exist; the text says which."""


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A file to read: the name that stands in the results, and where it is."""

    name: str
    path: Path


def gather(paths: Iterable[Path], *, without: Path | None = None) -> list[Source]:
    """Every file of these files and folders, once, sorted by name. Raises NothingThere.

    Hidden files (a dot before the name) and what lies in the folder `without` (the results) are left out.
    Links inside folders are not followed, so that a folder can neither loop nor lead elsewhere.
    """
    left_out = without.resolve() if without is not None else None
    found: dict[Path, Source] = {}
    for path in paths:
        if not path.exists():
            raise NothingThere(f"There is no file or folder {path}.")
        for file in _below(path, left_out) if path.is_dir() else (path,):
            found.setdefault(file.resolve(), Source(_printable(file), file))
    return sorted(found.values())


def _below(folder: Path, left_out: Path | None) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and (here / name).resolve() != left_out
        )
        for name in files:
            file = here / name
            if not name.startswith(".") and file.is_file() and not file.is_symlink():
                yield file


def _printable(path: Path) -> str:
    """The path as valid text: bytes that are no UTF-8 are shown as escapes."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
