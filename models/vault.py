"""The file store: every file under the hash of its bytes, so that nothing is kept twice and nothing changes unseen."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from models.errors import Invalid, NotFound, OutOfSpace

CHUNK = 1 << 20
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Stored:
    sha256: str
    size: int
    """In bytes."""


class Vault(Protocol):
    """A folder on this machine or an S3-compatible store; both keep a file under its SHA-256."""

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Keep the stream; durable when this returns. Raises Invalid above `limit` bytes, OutOfSpace when full."""

    def get(self, sha256: str) -> bytes:
        """The bytes. Raises NotFound when there is no such file or its bytes no longer fit its hash."""

    def has(self, sha256: str) -> bool: ...

    def delete(self, sha256: str) -> None:
        """Remove the file; a file that is not there is no error."""

    def hashes(self) -> Iterator[str]:
        """Every file that is kept, for finding files without a row and rows without a file."""

    def clear_partial(self, *, before: datetime) -> int:
        """Remove what was being taken in when a process was killed before then; answers how many files that were."""


def checked(sha256: str) -> str:
    """The hash, if it is one: what is not can never become part of a path."""
    if not _HASH.fullmatch(sha256):
        raise NotFound()
    return sha256


def too_large(limit: int) -> Invalid:
    megabytes = limit // (1024 * 1024)
    return Invalid(f"The file is larger than {megabytes} MB: split it, or leave out the photographs.", field="file")


class FolderVault:
    """The default vault: a folder on this machine, spread over 256 subfolders."""

    def __init__(self, root: Path) -> None:
        self._root = root
        (root / "incoming").mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """See `Vault.put`. The file is written aside, synced, and only then given its name."""
        try:
            with tempfile.NamedTemporaryFile(dir=self._root / "incoming", delete=False) as incoming:
                try:
                    stored = self._copy(stream, incoming, limit)
                    self._keep(Path(incoming.name), stored.sha256)
                finally:
                    Path(incoming.name).unlink(missing_ok=True)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise OutOfSpace(
                    "The store is full: nothing was kept. Tell the operator and try again later."
                ) from None
            raise
        return stored

    def get(self, sha256: str) -> bytes:
        try:
            data = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise NotFound() from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise NotFound()
        return data

    def has(self, sha256: str) -> bool:
        return self._path(sha256).exists()

    def delete(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)

    def hashes(self) -> Iterator[str]:
        for path in sorted(self._root.glob("[0-9a-f][0-9a-f]/*")):
            yield path.name

    def clear_partial(self, *, before: datetime) -> int:
        """See `Vault.clear_partial`. A file that is still being written has been touched since."""
        cleared = 0
        for path in (self._root / "incoming").iterdir():
            with contextlib.suppress(FileNotFoundError):  # It was finished, and renamed, this very moment.
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    cleared += 1
        return cleared

    def _path(self, sha256: str) -> Path:
        return self._root / checked(sha256)[:2] / sha256

    def _keep(self, incoming: Path, sha256: str) -> None:
        target = self._path(sha256)
        target.parent.mkdir(exist_ok=True, mode=0o700)
        incoming.replace(target)
        for folder in (target.parent, self._root):
            _sync_folder(folder)

    @staticmethod
    def _copy(stream: BinaryIO, target: BinaryIO | tempfile._TemporaryFileWrapper[bytes], limit: int) -> Stored:
        digest, size = hashlib.sha256(), 0
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise too_large(limit)
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
        return Stored(digest.hexdigest(), size)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
