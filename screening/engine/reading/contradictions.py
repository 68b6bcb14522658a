"""Tells a PDF whose own structure contradicts itself: two programs may then show two different texts of one file.

Looks at the words that hold a file together (objects, streams, tables of places, ends), not at what is printed.
What every program writes differently but reads alike is no contradiction; see ISO 32000-1, 7.3.8, 7.5.2 to 7.5.6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BLANK = b" \t\r\n\x00\x0c"
_OBJECT = re.compile(rb"(\d{1,10})[ \t\r\n\x00\x0c]{1,4}\d{1,5}[ \t\r\n\x00\x0c]{1,4}obj(?![\x80-\xff])")
_HEADER = re.compile(rb"%PDF-\d")
_STARTED = re.compile(rb"stream[ \t]*[\r\n]")
_SMALL_REFERENCE = re.compile(rb"\d 0 r[ \t\r\n\]/>]")
_SECTION = re.compile(rb"(\d{1,10})[ \t]+(\d{1,10})[ \t\r\n]+")
_ENTRY_BYTES = 20
_MOST_ENTRIES = 200_000
_FEW_ASTRAY = 2
_NEAR = 1024
"""A header may stand so far into a file."""
_MOST_BYTES = 32 * 1024 * 1024
"""A larger file is left to the readers: it would cost more than it tells."""


def contradicts_itself(data: bytes) -> bool:
    """Whether the file's structure leaves it open what belongs to the document."""
    if len(data) > _MOST_BYTES or not (header := _HEADER.search(data, 0, _NEAR)):
        return False
    return (
        _has_bent_streams(data)
        or _has_bent_objects(data, header.start())
        or _has_bent_ends(data)
        or _has_wrong_places(data, header.start())
    )


def _places(data: bytes, word: bytes) -> Iterator[int]:
    at = data.find(word)
    while at >= 0:
        yield at
        at = data.find(word, at + len(word))


def _is_noted_out(data: bytes, at: int) -> bool:
    """Whether a word follows directly upon a percent sign, which makes the rest of its line a remark."""
    return data[at - 1 : at] == b"%"


def _has_bent_streams(data: bytes) -> bool:
    """A stream that does not begin on a line of its own, does not end before the next, or whose end is noted out."""
    open_one = False
    for at in _places(data, b"stream"):
        if data[at - 3 : at] == b"end":
            open_one = False
            if _is_noted_out(data, at - 3):
                return True
        elif _follows_details(data, at):
            if open_one or not _STARTED.match(data, at):
                return True
            open_one = True
    return open_one or any(_follows_details(data, at) for at in _places(data, b"STREAM"))


def _follows_details(data: bytes, at: int) -> bool:
    return data[max(0, at - 12) : at].rstrip(_BLANK).endswith(b">>")


def _has_bent_objects(data: bytes, header: int) -> bool:
    """An object before the file's first line, one whose end is noted out, or a reference in the wrong case."""
    if _OBJECT.search(data, 0, header) or data.find(b"%endobj") >= 0:
        return True
    return any(_SMALL_REFERENCE.match(data, at - 1) for at in _places(data, b" 0 r"))


def _has_bent_ends(data: bytes) -> bool:
    """Tables of places and ends of the file that do not go in pairs, or a table with nothing in it."""
    tables = [at for at in _places(data, b"xref") if data[at - 1 : at] in (b"\n", b"\r")]
    trailers = sum(data[at - 1 : at] in (b"\n", b"\r", b" ") for at in _places(data, b"trailer"))
    if len(tables) > trailers or any(data[at + 4 : at + 24].split()[:1] == [b"trailer"] for at in tables):
        return True
    return data.count(b"startxref") > data.count(b"%%EOF") > 0


def _has_wrong_places(data: bytes, header: int) -> bool:
    """A table of places of which a few lead astray though the rest is right, or that gives the place of a free object.

    Where many lead astray the file was damaged on its way, and every program looks for the objects itself.
    """
    right = wrong = freed = 0
    tables = [at for at in _places(data, b"xref") if data[at - 1 : at] in (b"\n", b"\r")]
    for number, place, in_use in _entries(data, tables):
        if not in_use:
            freed += len(tables) == 1 and number > 0 and _heads(data, place, number)
        elif _heads(data, place, number) or (header and _heads(data, place + header, number)):
            right += 1
        else:
            wrong += place > 0
    return 0 < wrong <= min(_FEW_ASTRAY, right) or freed > 0


def _heads(data: bytes, place: int, number: int) -> bool:
    """Whether the object of this number begins at this place, or after a few blanks, so that every program sees it."""
    match = _OBJECT.match(data[place : place + 40].lstrip(_BLANK))
    return match is not None and int(match[1]) == number and not _is_noted_out(data, place)


def _entries(data: bytes, tables: list[int]) -> Iterator[tuple[int, int, bool]]:
    """Number, place and whether it is in use, of every object in the tables of places."""
    for table in tables:
        at = table + 4
        while data[at : at + 1] and data[at : at + 1] in _BLANK:
            at += 1
        while section := _SECTION.match(data, at):
            first, count = int(section[1]), min(int(section[2]), _MOST_ENTRIES)
            at = section.end()
            for index in range(count):
                entry = data[at : at + _ENTRY_BYTES]
                if len(entry) < 18 or not entry[:10].isdigit():
                    return
                yield first + index, int(entry[:10]), entry[17:18] == b"n"
                at += _ENTRY_BYTES
