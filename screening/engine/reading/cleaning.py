"""Cleans a page's text: nothing that a database refuses or a screen cannot show, and lines kept as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_LINE_HYPHEN = "\ufffe"
"""pdfium's sign for a hyphen at the end of a line; the line break after it is left out by pdfium."""
_LINES = re.compile("([^\r\n\ufffe]*)(\r\n|\r|\n|\ufffe|\\Z)")
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U00010000-\U0010ffff]|\r(?!\n)|(?<!\r)\n"
)
"""What makes a page need the slower way: any sign to clean, any break but the usual one, any wide sign."""


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


def lines(raw: str) -> Iterator[RawLine]:
    """The lines of a raw page text; a hyphen at a line's end is kept, and so is the break after it."""
    dirty = _ODD.search(raw) is not None
    wide = dirty and max(raw) > "\uffff"
    at = 0
    for body, end in _pieces(raw) if dirty else _usual_pieces(raw):
        bare = body.strip()
        text = clean(body) if dirty else body
        if end == _LINE_HYPHEN:
            text += "-"
        size = _units(body) if wide else len(body)
        if not bare:
            yield RawLine(-1, -1, text)
        elif len(bare) == len(body):
            yield RawLine(at, at + size - 1, text)
        else:
            yield RawLine(at + body.index(bare[0]), at + size - 1 - (len(body) - len(body.rstrip())), text)
        at += size + len(end)


def _pieces(raw: str) -> Iterator[tuple[str, str]]:
    return ((found[1], found[2]) for found in _LINES.finditer(raw) if found[0])


def _usual_pieces(raw: str) -> Iterator[tuple[str, str]]:
    return ((body, "\r\n") for body in raw.removesuffix("\r\n").split("\r\n"))


def _units(text: str) -> int:
    """Its length in UTF-16 units, in which signs beyond the basic plane count twice."""
    return len(text) + sum(sign > "\uffff" for sign in text)
