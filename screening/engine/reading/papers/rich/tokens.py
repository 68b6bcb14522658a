"""Cuts the bytes of a rich text into braces, control words, signs and letters; it ends whatever the bytes are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?[0-9]{1,10})?[0-9]* ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|([^\\{}\r\n]+)", re.DOTALL
)
"""A word may have a number, and a blank after it belongs to it (RTF 1.9, syntax). A sign that is none is left out."""
_LONGEST = 1 << 16
"""Bytes of letters that are given at once."""


class Kind(IntEnum):
    """What a token is; the numbers are those of the groups of the pattern."""

    WORD = 1
    BYTE = 3
    SIGN = 4
    BRACE = 5
    LETTERS = 6
    BINARY = 7


class Token(NamedTuple):
    kind: Kind
    body: bytes
    """The word, the sign, the brace, the letters, or the one byte that two digits stand for."""
    number: int | None = None
    """Behind a word."""


_BRACES = {brace: Token(Kind.BRACE, brace) for brace in (b"{", b"}")}


def tokens(data: bytes) -> Iterator[Token]:
    """All tokens in their order. Bytes that `bin` announces are given as they are, as many of them as there are."""
    at = 0
    while at < len(data):
        for match in _TOKEN.finditer(data, at):
            kind = match.lastindex or 0
            if kind <= 2:
                name, told = match[1], match[2]
                number = None if told is None else int(told)
                if name == b"bin":
                    at = match.end() + max(0, number or 0)
                    yield Token(Kind.BINARY, data[match.end() : at])
                    break
                yield Token(Kind.WORD, name, number)
            elif kind == Kind.BYTE:
                yield Token(Kind.BYTE, bytes((int(match[3], 16),)))
            elif kind == Kind.LETTERS:
                for start in range(match.start(), match.end(), _LONGEST):
                    yield Token(Kind.LETTERS, data[start : min(start + _LONGEST, match.end())])
            elif kind == Kind.BRACE:
                yield _BRACES[match[5]]
            else:
                yield Token(Kind.SIGN, match[4])
        else:
            return
