"""How soon a person must look at a flagged passage: rule 4 of the annotation guide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from screening.engine.results import Assertion

LEVELS = ("none", "low", "medium", "high", "critical")
MANY = 100
"""From so many people stated, a low or medium matter counts one step higher."""
_SOFTER = frozenset({Assertion.RISK_POTENTIAL, Assertion.UNABLE_TO_VERIFY})


def severity_of(signals: Sequence[str], assertion: Assertion, people: int | None, *, floors: Mapping[str, str]) -> str:
    """The highest floor among the signals, softer where no case is stated, higher where many are affected."""
    if not signals or not assertion.raises:
        return "none"
    level = max(LEVELS.index(floors[signal]) for signal in signals)
    if assertion in _SOFTER:
        level = max(1, level - 1)
    if people is not None and people >= MANY and level < LEVELS.index("high"):
        level += 1
    return LEVELS[level]
