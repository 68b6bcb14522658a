"""Names of files inside archives: read in any encoding, and made safe to show. They are never used as paths."""

from __future__ import annotations

import re
import struct
import unicodedata
import zipfile
from collections.abc import Sequence

from screening.engine.reading.papers.encodings import decoded

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075
"""The extra field in which Info-ZIP keeps a name in UTF-8 (APPNOTE 4.6.9)."""
_LONGEST = 500
_DRIVE = re.compile(r"^[A-Za-z]:")
_JUNK = ("__MACOSX", "Thumbs.db", "desktop.ini")


def is_unsafe(name: str) -> bool:
    """Whether a name leads out of the folder that an archive would be unpacked into."""
    return ".." in name.replace("\\", "/").split("/")


def is_junk(name: str) -> bool:
    """What systems put beside people's files; a folder that is screened leaves hidden files out too."""
    parts = [part for part in name.split("/") if part]
    return any(part in _JUNK for part in parts) or (bool(parts) and parts[-1].startswith("."))


def safe(name: str) -> str:
    """The name with `/` between folders, without drives, control and direction signs, of limited length."""
    plain = _DRIVE.sub("", name.replace("\\", "/"))
    kept = "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    short = "/".join(part for part in kept.replace("!/", "_/").split("/") if part not in ("", ".", ".."))
    return (short if len(short) <= _LONGEST else "…" + short[-_LONGEST + 1 :]) or "file"


def of_zip(entries: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The names of a ZIP's entries. Old names say nothing of their encoding: all of them together decide."""
    raws = [_raw(entry) for entry in entries]
    foreign = b"\n".join(raw for raw in raws if isinstance(raw, bytes) and not raw.isascii())
    spelled = iter(decoded(foreign).split("\n") if foreign else ())
    names = []
    for entry, raw in zip(entries, raws, strict=True):
        if isinstance(raw, str):
            names.append(raw)
        elif raw.isascii():
            names.append(raw.decode("ascii"))
        else:
            names.append(next(spelled, entry.filename))
    return names


def of_tar(name: str) -> str:
    """A TAR's name: bytes that are no UTF-8 come as half letters."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return decoded(name.encode("utf-8", "surrogateescape"))
    return name


def _raw(entry: zipfile.ZipInfo) -> str | bytes:
    """The name as text where the entry says how it is written, else its bytes."""
    if entry.flag_bits & _UTF8_FLAG:
        return entry.filename
    at = 0
    while at + 4 <= len(entry.extra):
        kind, size = struct.unpack_from("<HH", entry.extra, at)
        if kind == _UNICODE_PATH and size > 5:
            return entry.extra[at + 9 : at + 4 + size].decode("utf-8", "replace")
        at += 4 + size
    try:
        return entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
