"""Tells whether an amount in a passage keeps within what an answer calls its highest or lowest, or goes beyond it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from screening.comparing.amounts import Amount, Match

_WORDS = Path(__file__).with_name("bounds.toml")
_SLACK = 0.02
_MEASURED = frozenset({"hour", "minute", "day", "money", "percent", "age", "degree", "people", "year"})


def side_of(text: str) -> int:
    """1 where the text speaks of a highest amount, -1 of a lowest, 0 of neither or of both."""
    lowered = text.lower()
    most, least = (any(word in lowered for word in words) for words in _words())
    return int(most) - int(least)


def kept(side: int, matches: Sequence[Match], passage: Sequence[Amount]) -> int:
    """1 where all amounts of the passage keep the bound of the answer, -1 where one is beyond it, 0 without a bound.

    `side` is that of the answer with its question. A second amount in the passage that repeats the answer's own is
    often the limit quoted by an auditor, so the farthest amount counts.
    """
    if not side:
        return 0
    verdicts = []
    for match in matches:
        if match.kind in _MEASURED:
            farthest = max(side * amount.value for amount in passage if amount.kind == match.kind)
            verdicts.append(farthest <= side * match.answer.value + _SLACK * match.answer.value)
    return 0 if not verdicts else 1 if all(verdicts) else -1


@cache
def _words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    known = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    return tuple(known["most"]), tuple(known["least"])
