"""The words of headers and footers of sheets, without the codes that dress them and count pages (ECMA-376, 18.3.1)."""

from __future__ import annotations

import re

ELEMENTS = frozenset({"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"})
_CODE = re.compile(r"&(?:(?P<and>&)|(?P<part>[LCRlcr])|\"[^\"]*\"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d{1,3} ?|[A-Za-z+-])")
"""One code: a part of the line begins, a font, a colour, a size, or something that the program fills in."""
_COUNT = "\x1c"
"""Where a page number stands; such a sign cannot be in a file (XML 1.0, 2.2)."""
_MOST_AROUND = 3
"""Words around a page number, as in "page 1 of 2"."""


def words(told: str) -> str:
    """What stands there besides page numbers, names of the file and days, its parts a line each; often nothing."""
    text = _CODE.sub(_instead, told)
    return "\n".join(line for part in text.split("\n") if (line := _line(part)))


def _instead(code: re.Match[str]) -> str:
    if code["and"]:
        return "&"
    return "\n" if code["part"] else _COUNT if code[0] in ("&P", "&N") else " "


def _line(part: str) -> str:
    """A part with its words; empty where it has none, or none but those around a page number."""
    words = part.replace(_COUNT, " ").split()
    is_number = _COUNT in part and len(words) <= _MOST_AROUND
    return "" if is_number or not any(map(str.isalpha, part)) else " ".join(words)
