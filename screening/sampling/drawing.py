"""Draws the passages that a person reads although they were not flagged, so that each group gets its share."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

BANDS = (0.01, 0.05, 0.2)
"""Borders between the groups of scores; misses are likelier near the line, so each group is drawn from."""
_OTHERS = "other"
_FEWEST = 0.02
"""A language with a smaller share of the passages than this shares a group with others like it."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A passage that was drawn, and how likely it was to be drawn: the share of its stratum that was."""

    id: str
    stratum: str
    probability: float


def strata_of(passages: Sequence[tuple[str, str | None, float]]) -> dict[str, list[str]]:
    """Passages (id, language, score) in groups by language and band of score, such as `nl 0.05-0.2`."""
    languages = Counter(language or "unsure" for _, language, _ in passages)
    seldom = {language for language, count in languages.items() if count < _FEWEST * len(passages)}
    strata: dict[str, list[str]] = {}
    for key, language, score in passages:
        name = language or "unsure"
        strata.setdefault(f"{_OTHERS if name in seldom else name} {band(score)}", []).append(key)
    return dict(sorted(strata.items()))


def band(score: float) -> str:
    """The band of a score in words: `0.05-0.2`."""
    borders = (0, *BANDS, 1)
    place = sum(score >= border for border in BANDS)
    return f"{borders[place]}-{borders[place + 1]}"


def draw(strata: Mapping[str, Sequence[str]], size: int, seed: str) -> tuple[Drawn, ...]:
    """`size` passages at most, from each stratum in proportion to what it holds, and one at least.

    The passages are those whose identifier, hashed together with the seed, comes first: whoever knows the seed can
    draw again and get the same ones, in whatever order the passages are given. Raises ValueError where the size
    does not reach for one from each stratum, or identifiers repeat.
    """
    held = {name: list(ids) for name, ids in strata.items() if ids}
    everything = [key for ids in held.values() for key in ids]
    if len(set(everything)) != len(everything):
        raise ValueError("Two passages have the same identifier.")
    counts = shares({name: len(ids) for name, ids in held.items()}, size)
    return tuple(
        Drawn(key, name, counts[name] / len(ids))
        for name, ids in sorted(held.items())
        for key in sorted(ids, key=lambda key: _lot(seed, key))[: counts[name]]
    )


def shares(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """How many to draw from each stratum: its proportional part, rounded up, so that none is short.

    Rounding down would leave a stratum with less than its part, and widen the interval by that ratio.
    """
    total = sum(sizes.values())
    if size < len(sizes):
        raise ValueError(f"Draw at least {len(sizes)} passages: one from each group of language and score.")
    if size >= total:
        return dict(sizes)
    base = size
    while sum(parts := [math.ceil(base * count / total) for count in sizes.values()]) > size:
        base -= 1
    return dict(zip(sizes, parts, strict=True))


def _lot(seed: str, key: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{key}".encode()).digest()
