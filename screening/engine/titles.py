"""Tells what kind of document this is and after which audit scheme, from the titles on its first pages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from screening.engine.stated import Fact, FactName

_TITLE_LENGTH = 2500
"""Characters of the first page in which titles are looked for."""
_LONGEST_TITLE = 120
"""A line of more characters is a sentence, and mentions a thing rather than being it."""
_FEW = 12
"""Lines at the top of the first page, where a title stands."""

Patterns = tuple[tuple[str, re.Pattern[str]], ...]


@dataclass(frozen=True, slots=True)
class _Lexicon:
    kinds: Patterns
    schemes: Patterns
    signs: tuple[str, ...]
    """Letters of which some stand wherever a scheme is named: a quick look before the eleven slow ones."""


@dataclass(frozen=True, slots=True)
class _Seen:
    line: str
    page: int
    small: str
    """The line in small letters."""

    @classmethod
    def of(cls, line: str, page: int) -> _Seen:
        return cls(line, page, _small(line))


@cache
def _lexicon() -> _Lexicon:
    path = Path(__file__).with_name("lexicon").joinpath("titles.toml")
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    kinds = tuple((row["name"], re.compile(_undotted("|".join(row["titles"])))) for row in raw["kind"])
    schemes = tuple((row["name"], re.compile("|".join(row["words"]))) for row in raw["scheme"])
    return _Lexicon(kinds, schemes, tuple(sign for row in raw["scheme"] for sign in row["signs"]))


def _small(line: str) -> str:
    """In small letters, as the lexicon has them: several times as fast as patterns that mind no capitals."""
    return _undotted(line.replace("\u0130", "i").lower())


def _undotted(text: str) -> str:
    """A Turkish capital does not tell which of the two kinds of i it stands for."""
    return text.replace("\u0131", "i")


def document_type(pages: Sequence[tuple[int, str]]) -> Fact | None:
    """The kind that a short line near the top of the first page with text names; of several, the most telling one."""
    first = next(((number, text) for number, text in pages if text.strip()), None)
    if first is None:
        return None
    lines = [_Seen.of(line, first[0]) for line in _with_broken(_lines(first[1][:_TITLE_LENGTH]))]
    for some in (lines[:_FEW], lines[_FEW:]):
        for kind, pattern in _lexicon().kinds:
            seen = next((each for each in some if pattern.search(each.small)), None)
            if seen is not None:
                return Fact(FactName.DOCUMENT_TYPE, kind, seen.page, seen.line)
    return None


def scheme(pages: Sequence[tuple[int, str]]) -> Fact | None:
    """The one scheme that is named: in the title first, else anywhere on these pages. None where several are."""
    lexicon = _lexicon()
    telling = [(number, text) for number, text in pages if any(sign in _small(text) for sign in lexicon.signs)]
    lines = list(_all_lines(telling))
    named = [(kind, seen) for seen in lines for kind, pattern in lexicon.schemes if pattern.search(seen.small)]
    top = {line for number, text in pages[:1] for line in _lines(text)[:_FEW]}
    for some in ([(kind, seen) for kind, seen in named if seen.line in top], named):
        if len({kind for kind, _ in some}) == 1:
            kind, seen = some[0]
            return Fact(FactName.SCHEME, kind, seen.page, seen.line[:_LONGEST_TITLE])
    return None


def scheme_in(text: str) -> str | None:
    """The one scheme named in a text, such as the value of a label; None for none or several."""
    found = {kind for kind, pattern in _lexicon().schemes if pattern.search(_small(text))}
    return found.pop() if len(found) == 1 else None


def _all_lines(pages: Sequence[tuple[int, str]]) -> Iterator[_Seen]:
    for number, text in pages:
        for line in text.split("\n"):
            if line.strip():
                yield _Seen.of(line.strip(), number)


def _with_broken(lines: list[str]) -> list[str]:
    """The lines, and each with the one below it: a large title in a narrow column stands on two."""
    return lines + [f"{one} {other}" for one, other in pairwise(lines[:_FEW]) if len(one) + len(other) < _LONGEST_TITLE]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip() and len(line.strip()) <= _LONGEST_TITLE]
