"""Cleans a page's text: nothing that a database refuses or a screen cannot show, and lines kept as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE_HYPHEN = "\ufffe"
"""pdfium's sign for a hyphen at the end of a line; the line break after it is left out by pdfium."""
_LINES = re.compile("([^\r\n\ufffe]*)(\r\n|\r|\n|\ufffe|\\Z)")
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without control characters (newline and tab stay), surrogates and non-characters."""
    return _UNWANTED.sub(_instead, text) if _UNWANTED.search(text) else text


def _instead(unwanted: re.Match[str]) -> str:
    sign = unwanted.group()
    if "\ud800" <= sign <= "\udfff":
        return "\ufffd"
    return " " if sign in "\x0b\x0c\x85" else ""


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as the reader gave it: where it stands there, and what it says when cleaned."""

    first: int
    """Index of its first letter in the reader's own counting (UTF-16 units), or -1 on a blank line."""
    last: int
    """Index of its last letter."""
    text: str


def lines(raw: str) -> Iterator[RawLine]:
    """The lines of a raw page text; a hyphen at a line's end is kept, and so is the break after it."""
    wide = not raw.isascii() and max(raw, default="") > "\uffff"
    at = 0
    for found in _LINES.finditer(raw):
        body, end = found.groups()
        if not body and not end:
            continue
        text = clean(body) + "-" if end == _LINE_HYPHEN else clean(body)
        bare = body.strip()
        if bare:
            first = at + body.index(bare[0])
            last = at + _units(body.rstrip(), wide) - 1
            yield RawLine(first, last, text)
        else:
            yield RawLine(-1, -1, text)
        at += _units(body, wide) + len(end)


def _units(text: str, wide: bool) -> int:
    """Its length in UTF-16 units, in which signs beyond the basic plane count twice."""
    return len(text) + sum(sign > "\uffff" for sign in text) if wide else len(text)
