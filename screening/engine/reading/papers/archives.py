"""Lists and unpacks archives (ZIP, TAR, and single packed files) within bounds, in memory alone.

Nothing is ever written by a name from an archive. An entry that would lead out of its folder makes the whole
archive refused; links and devices are no files; hidden files of systems are left out as they are in folders.
"""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from screening.engine.reading.kinds import Kind, kind_of
from screening.engine.reading.limits import Limits
from screening.engine.reading.papers import names
from screening.engine.reading.papers.pager import TooMuch, Unreadable
from screening.engine.reading.papers.parts import BROKEN_ZIP
from screening.engine.reasons import Reason

_BROKEN = (*BROKEN_ZIP, tarfile.TarError, lzma.LZMAError, OverflowError, IndexError, UnicodeError)
_HEAD = 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_UNIX, _LINK = 3, 0o120000


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in an archive; `reason` says why it cannot be taken out."""

    number: int
    name: str
    size: int
    reason: Reason | None = None
    body: bytes | None = None
    """Only when it was asked for."""


class Counted(io.RawIOBase):
    """A packed stream, unpacked as it is read; what is too much of it raises TooMuch."""

    def __init__(self, stream: Any, packed: int, limits: Limits) -> None:
        self._stream, self._packed, self._limits = stream, packed, limits
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        self._given += len(piece)
        check_size(self._given, self._packed, self._limits)
        return len(piece)


def check_size(size: int, packed: int, limits: Limits) -> None:
    """Raises TooMuch where something unpacks to more than is allowed, by itself or against its packed size."""
    if size > limits.unpacked_bytes or (size > limits.harmless_bytes and size > limits.ratio * max(1, packed)):
        raise TooMuch(Reason.UNPACKS_TOO_LARGE)


def entries(
    data: bytes, kind: Kind, limits: Limits, *, first: int | None = None, password: str | None = None
) -> Iterator[Entry]:
    """The files of an archive, numbered from 1; from number `first` on with their bytes, if it is given.

    Raises Unreadable where the archive is damaged or unsafe, TooMuch where it is too much.
    """
    try:
        if kind is Kind.ZIP:
            yield from _of_zip(data, limits, first, password)
        else:
            yield from _of_stream(data, kind, limits, first)
    except _BROKEN as error:
        raise Unreadable(Reason.BROKEN) from error


def _of_zip(data: bytes, limits: Limits, first: int | None, password: str | None) -> Iterator[Entry]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
        if len(infos) > limits.members:
            raise TooMuch(Reason.TOO_MANY_MEMBERS)
        called = names.of_zip(infos)
        if any(map(names.is_unsafe, called)):
            raise Unreadable(Reason.UNSAFE_NAME)
        check_size(sum(info.file_size for info in infos), len(data), limits)
        number = 0
        for info, name in zip(infos, called, strict=True):
            if name.endswith(("/", "\\")) or names.is_junk(name):
                continue
            number += 1
            entry = Entry(number, names.safe(name), info.file_size, _refusal(info, limits, password))
            wanted = first is not None and number >= first and entry.reason is None
            yield _with_body(archive, info, entry, limits, password) if wanted else entry


def _refusal(info: zipfile.ZipInfo, limits: Limits, password: str | None) -> Reason | None:
    if info.create_system == _UNIX and (info.external_attr >> 16) & 0o170000 == _LINK:
        return Reason.NO_FILE
    if info.flag_bits & 1 and not password:
        return Reason.ENCRYPTED
    if info.compress_type not in _METHODS:
        return Reason.NOT_SUPPORTED
    return Reason.TOO_LARGE if info.file_size > limits.file_bytes else None


def try_password(data: bytes, password: str) -> None:
    """Raises Unreadable where the password does not open the first locked entry of a ZIP."""
    with contextlib.suppress(*_BROKEN), zipfile.ZipFile(io.BytesIO(data)) as archive:
        locked = next((info for info in archive.infolist() if info.flag_bits & 1), None)
        if locked is None:
            return
        try:
            archive.open(locked, pwd=password.encode()).close()
        except RuntimeError as error:
            raise Unreadable(Reason.WRONG_PASSWORD) from error


def _with_body(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, entry: Entry, limits: Limits, password: str | None
) -> Entry:
    try:
        with archive.open(info, pwd=password.encode() if password else None) as file:
            body = file.read(limits.file_bytes + 1)
    except RuntimeError:  # The library's word for a wrong password.
        return Entry(entry.number, entry.name, entry.size, Reason.WRONG_PASSWORD)
    except _BROKEN:
        return Entry(entry.number, entry.name, entry.size, Reason.BROKEN)
    if len(body) > limits.file_bytes:
        return Entry(entry.number, entry.name, len(body), Reason.TOO_LARGE)
    check_size(len(body), info.compress_size, limits)
    return Entry(entry.number, entry.name, len(body), None, body)


def _of_stream(data: bytes, kind: Kind, limits: Limits, first: int | None) -> Iterator[Entry]:
    name = ""
    if kind is Kind.TAR:
        stream: Any = io.BytesIO(data)
    else:
        stream = _unpacking(data, kind, limits)
        head = stream.peek(_HEAD)[:_HEAD]
        if kind_of(head) is not Kind.TAR:
            name = _gzip_name(data) if kind is Kind.GZIP else ""
            body = stream.read(limits.file_bytes + 1)
            size = len(body)
            reason = Reason.TOO_LARGE if size > limits.file_bytes else None
            yield Entry(1, names.safe(name or "content"), size, reason, body if first and not reason else None)
            return
    yield from _of_tar(stream, limits, first)


def _unpacking(data: bytes, kind: Kind, limits: Limits) -> io.BufferedReader:
    packed = io.BytesIO(data)
    if kind is Kind.GZIP:
        stream: Any = gzip.GzipFile(fileobj=packed)
    elif kind is Kind.BZIP2:
        stream = bz2.BZ2File(packed)
    else:
        stream = lzma.LZMAFile(packed)  # noqa: SIM115  It reads from memory; there is nothing to close.
    return io.BufferedReader(cast(Any, Counted(stream, len(data), limits)), 1 << 16)


def _of_tar(stream: Any, limits: Limits, first: int | None) -> Iterator[Entry]:
    number = 0
    total = 0
    with tarfile.open(fileobj=stream, mode="r|", errors="surrogateescape", encoding="utf-8") as archive:
        for info in archive:
            name = names.of_tar(info.name)
            if names.is_unsafe(name):
                raise Unreadable(Reason.UNSAFE_NAME)
            if info.isdir() or names.is_junk(name):
                continue
            number += 1
            total += info.size
            if number > limits.members:
                raise TooMuch(Reason.TOO_MANY_MEMBERS)
            check_size(total, total, limits)
            reason = None if info.isreg() else Reason.NO_FILE
            if reason is None and info.size > limits.file_bytes:
                reason = Reason.TOO_LARGE
            body = None
            if first is not None and number >= first and reason is None:
                file = archive.extractfile(info)
                body = file.read() if file is not None else b""
            yield Entry(number, names.safe(name), info.size, reason, body)


def _gzip_name(data: bytes) -> str:
    """The name that a gzip file keeps of what it holds (RFC 1952), where it comes first of its extras."""
    if len(data) > 10 and data[3] & 0x08 and not data[3] & 0x04:
        return data[10 : data.find(b"\0", 10, 10 + 300)].decode("latin-1").rsplit("/", 1)[-1]
    return ""


BROKEN = (*_BROKEN, zlib.error)
"""What may be raised by looking into a damaged archive."""
