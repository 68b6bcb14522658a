"""Raises what a document itself lists as a finding: an open, graded row of a table of findings says so by itself."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from screening.engine import headers, own_word
from screening.engine.headers import Column
from screening.engine.results import Judgement, Passage, TableKind
from screening.engine.rows import BETWEEN_CELLS
from screening.engine.weighed import Weighed

NOTE = "The document lists this among its findings, with a grade."
SURE = 0.9
"""The probability that such a row gets at least; the rest is for tables that were misread."""
_CALM = 0.05
"""What the engine holds for less likely than this stays as it is: "Fire drill held in May | Low"."""
_LEAST_SIGNAL = 0.02
_GRADE_WORDS, _FEWEST_WORDS, _FEWEST_LETTERS = 3, 3, 8
_MOST_IN_LONG = 100
_AROUND = " .:;()[]*"
_OWN = frozenset({"self_assessment", "statement"})


@dataclass(frozen=True, slots=True)
class _Lexicon:
    grades: frozenset[str]
    closed: frozenset[str]


def finding_of(passage: Passage) -> str | None:
    """The words of the finding, where a passage is a row of a table of findings that is graded and not closed."""
    header, cells = passage.before.split(BETWEEN_CELLS), passage.text.split(BETWEEN_CELLS)
    if not passage.in_table or len(cells) < 2 or headers.kind_of(header) is not TableKind.FINDINGS:
        return None
    lexicon = _lexicon()
    graded = [place for place, cell in enumerate(cells) if _opens_with(cell, lexicon.grades)]
    if not graded or any(_opens_with(cell, lexicon.closed) for cell in cells):
        return None
    columns = headers.columns_of(header)
    # Empty cells are left out of a passage: only a full row can be read by its columns.
    place = columns.index(Column.FINDING) if len(cells) == len(header) else cells.index(max(cells, key=len))
    words = cells[place].strip()
    enough = len(words.split()) >= _FEWEST_WORDS or (not words.isascii() and len(words) >= _FEWEST_LETTERS)
    return words if enough and place not in graded else None


def judge_listed(
    found: Sequence[Passage],
    judged: list[Judgement],
    weigh: Callable[[Sequence[Passage]], Weighed],
    signals: Sequence[str],
    *,
    floors: Mapping[str, str],
    shortly: bool,
) -> None:
    """Raise such rows in `judged` that were not raised. With `shortly`, as in a long document, only so many of them."""
    rows = [
        (place, words)
        for place, passage in enumerate(found)
        if passage.in_table and not judged[place].flag and judged[place].score >= _CALM
        if (words := finding_of(passage)) is not None
    ]
    for place, words in rows[: _MOST_IN_LONG if shortly else None]:
        named = judged[place].signals or _likeliest(replace(found[place], text=words, before=""), weigh, signals)
        if named:
            own = found[place].document_type in _OWN
            judged[place] = own_word.raised(judged[place], named, own=own, score=SURE, note=NOTE, floors=floors)


def _likeliest(
    passage: Passage, weigh: Callable[[Sequence[Passage]], Weighed], signals: Sequence[str]
) -> tuple[str, ...]:
    """The signal that the finding most likely points to; none where it is about no matter of ours."""
    shares = weigh([passage]).signals[0]
    best = int(shares.argmax())
    return (signals[best],) if shares[best] >= _LEAST_SIGNAL else ()


def _opens_with(cell: str, words: frozenset[str]) -> bool:
    """Whether a short cell is one of these words, or opens with one: "Major", "major NC", "Critical (repeated)"."""
    small = [word.strip(_AROUND) for word in cell.casefold().split()]
    return 0 < len(small) <= _GRADE_WORDS and any(" ".join(small[:count]) in words for count in (1, 2))


@cache
def _lexicon() -> _Lexicon:
    raw = tomllib.loads(Path(__file__).with_name("lexicon").joinpath("grades.toml").read_text(encoding="utf-8"))
    return _Lexicon(*(frozenset(word.casefold() for word in raw[name]) for name in ("grades", "closed")))
