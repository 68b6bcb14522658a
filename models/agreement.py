"""How far people agree beyond what chance alone would give, and how surely a share is known: plain sums."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Pair = tuple[bool, bool]
"""What two people said of the same thing."""

_Z = 1.959963984540054
"""The 97.5th percentile of the normal distribution, for limits that hold in 95 of 100 cases."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of how many things two people judged, and what came of it."""

    pairs: int
    same: int
    kappa: float | None
    """Cohen's kappa, -1 to 1: 0 is no better than chance. None where chance alone would make them agree always."""


def agreement(pairs: Iterable[Pair]) -> Agreement:
    """J. Cohen, *A coefficient of agreement for nominal scales*, Educ. and Psychological Measurement 20 (1960)."""
    seen: Sequence[Pair] = list(pairs)
    count, same = len(seen), sum(one == other for one, other in seen)
    if not count:
        return Agreement(0, 0, None)
    first, second = sum(one for one, _ in seen) / count, sum(other for _, other in seen) / count
    by_chance = first * second + (1 - first) * (1 - second)
    if by_chance >= 1:
        return Agreement(count, same, None)
    return Agreement(count, same, (same / count - by_chance) / (1 - by_chance))


@dataclass(frozen=True, slots=True)
class Share:
    """A share with the limits between which the true one lies in 95 of 100 cases."""

    part: int
    whole: int
    share: float | None
    low: float
    high: float


def share(part: int, whole: int) -> Share:
    """E. Wilson, *Probable inference, the law of succession, and statistical inference*, JASA 22 (1927)."""
    if not whole:
        return Share(part, whole, None, 0.0, 1.0)
    rate, extra = part / whole, _Z**2 / whole
    middle = (rate + extra / 2) / (1 + extra)
    reach = _Z / (1 + extra) * math.sqrt(rate * (1 - rate) / whole + extra / (4 * whole))
    return Share(part, whole, rate, max(0.0, middle - reach), min(1.0, middle + reach))


def differs(one: Share, other: Share) -> bool:
    """Whether the limits of two shares do not meet: a sign of change that is hardly chance."""
    return bool(one.whole and other.whole) and (one.low > other.high or other.low > one.high)
