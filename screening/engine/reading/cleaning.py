"""Cleans a page's text: nothing that a database refuses or a screen cannot show, and lines kept as printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import repeat
from typing import NamedTuple

_LINE_HYPHEN = "\ufffe"
"""pdfium's sign for a hyphen at the end of a line; the line break after it is left out by pdfium."""
_LINES = re.compile("([^\r\n\ufffe]*)(\r\n|\r|\n|\ufffe|\\Z)")
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

_BREAK = "\r\n"
_ORDINARY = re.compile("[\t\n\r -~\xa0-\u058f\u0900-\ud7ff\uf900-\ufb1c\ufe30-\ufe4f\uff01-\uffef]*")
"""Signs that nobody here asks about: not cleaned, not wide, without a use of their own, and read from left to right."""


def clean(text: str) -> str:
    """The text without control characters (newline and tab stay), surrogates and non-characters."""
    return _UNWANTED.sub(_instead, text) if _UNWANTED.search(text) else text


def _instead(unwanted: re.Match[str]) -> str:
    sign = unwanted.group()
    if "\ud800" <= sign <= "\udfff":
        return "\ufffd"
    return " " if sign in "\x0b\x0c\x85" else ""


class RawLine(NamedTuple):
    """A line as the reader gave it: where it stands there, and what it says when cleaned."""

    first: int
    """Index of its first letter in the reader's own counting (UTF-16 units), or -1 on a blank line."""
    last: int
    """Index of its last letter."""
    text: str


def is_ordinary(raw: str) -> bool:
    """Whether a page, as nearly all do, holds ordinary signs, usual line breaks and hyphens at line ends alone."""
    signs = raw.replace(_LINE_HYPHEN, "-") if _LINE_HYPHEN in raw else raw
    return _ORDINARY.fullmatch(signs) is not None and raw.count("\r") == raw.count("\n") == raw.count(_BREAK)


def lines(raw: str, *, ordinary: bool | None = None) -> list[RawLine]:
    """The lines of a raw page text; a hyphen at a line's end is kept, and so is the break after it.

    `ordinary` says whether it is, where that is known already.
    """
    if not (is_ordinary(raw) if ordinary is None else ordinary):
        return list(_odd_lines(raw))
    bodies = raw.removesuffix(_BREAK).split(_BREAK)
    if _LINE_HYPHEN not in raw:
        return _usual_lines(zip(bodies, bodies, repeat(2), strict=False))
    pieces = []
    for body in bodies:
        *broken, rest = body.split(_LINE_HYPHEN)
        pieces += [(part, part + "-", 1) for part in broken]
        pieces.append((rest, rest, 2))
    return _usual_lines(pieces[:-1] if raw.endswith(_LINE_HYPHEN) else pieces)


def _usual_lines(pieces: Iterable[tuple[str, str, int]]) -> list[RawLine]:
    """The lines of an ordinary text: of each what the reader gave, what it says, and how far on the next one begins."""
    new = partial(tuple.__new__, RawLine)  # Half the time of calling the class.
    found: list[RawLine] = []
    at = 0
    for body, text, step in pieces:
        size, length = len(body), len(body.strip())
        if not length:
            found.append(new((-1, -1, text)))
        elif length == size:
            found.append(new((at, at + size - 1, text)))
        else:
            first = at + size - len(body.lstrip())
            found.append(new((first, first + length - 1, text)))
        at += size + step
    return found


def _odd_lines(raw: str) -> Iterator[RawLine]:
    """The lines of any text, sign by sign."""
    wide = max(raw, default="") > "\uffff"
    at = 0
    for match in _LINES.finditer(raw):
        if not match[0]:
            continue
        body, end = match[1], match[2]
        bare, size = body.strip(), _units(body) if wide else len(body)
        text = clean(body) + ("-" if end == _LINE_HYPHEN else "")
        if not bare:
            yield RawLine(-1, -1, text)
        else:
            yield RawLine(at + body.index(bare[0]), at + size - 1 - (len(body) - len(body.rstrip())), text)
        at += size + len(end)


def _units(text: str) -> int:
    """Its length in UTF-16 units, in which signs beyond the basic plane count twice."""
    return len(text) + sum(sign > "\uffff" for sign in text)
