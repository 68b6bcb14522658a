"""Says from the reviewers' answers how large a share of the passages that were not flagged may hide a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from screening.sampling.drawing import shares
from screening.sampling.intervals import Counts, checked_risk, needed, pooled_limits, tilted_limits

NEARLY_PROPORTIONAL = 1.3
"""Up to this stretch the pooled limits are the narrower ones; decided by the draw alone, never by the answers."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """A group of passages that were not flagged, and what came of those drawn from it."""

    size: int
    """Passages in the group."""
    drawn: int
    missed: int
    """Drawn passages in which a person found what should have been flagged."""
    open: int = 0
    """Drawn passages without an answer yet; they count against us until they have one."""

    def __post_init__(self) -> None:
        if min(self.missed, self.open) < 0 or not self.missed + self.open <= self.drawn <= self.size:
            raise ValueError("A group cannot have more answers than were drawn, nor more drawn than it holds.")


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share of the passages that hide a finding, with limits that hold at least as often as `confidence` says."""

    share: float
    """The best guess; answers weighed by how many passages each stands for."""
    low: float
    high: float
    """Both limits together hold with `confidence`."""
    below: float
    """This limit alone holds with `confidence`: "fewer than this share hide a finding"."""
    confidence: float
    passages: int
    drawn: int
    missed: int
    open: int


def estimate(strata: Sequence[Stratum], confidence: float = 0.95) -> Estimate:
    """The missed share over all strata. Raises ValueError without strata, or for a confidence outside 0.8 to 0.9999.

    One stratum, and several drawn from in proportion: exact binomial limits. Otherwise Chernoff's; see `intervals`.
    The limits never promise too much, also where few were drawn; they are wider than need be rather than too narrow.
    """
    held = [stratum for stratum in strata if stratum.size]
    if not held:
        raise ValueError("There are no passages to estimate from.")
    risk = checked_risk(confidence)
    low, high = _limits(held, risk / 2)
    return Estimate(
        share=_share(held),
        low=low,
        high=high,
        below=_limits(held, risk)[1],
        confidence=confidence,
        passages=sum(stratum.size for stratum in held),
        drawn=sum(stratum.drawn for stratum in held),
        missed=sum(stratum.missed for stratum in held),
        open=sum(stratum.open for stratum in held),
    )


def enough(sizes: Mapping[str, int], bound: float, confidence: float = 0.95) -> int:
    """How many to draw from groups of these sizes, so that fewer than `bound` are hidden if none is found missed.

    Rounding in each group needs a few more than `needed` says. Raises ValueError as `needed` does.
    """
    total, size = sum(sizes.values()), max(needed(bound, confidence=confidence), len(sizes))
    while size < total:
        drawn = shares(sizes, size)
        groups = [Stratum(count, drawn[name], 0) for name, count in sizes.items()]
        if estimate(groups, confidence).below <= bound:
            return size
        size += 1
    return total


def _limits(strata: Sequence[Stratum], risk: float) -> tuple[float, float]:
    """Open answers count as missed for the upper limit and as not missed for the lower one."""
    limits = pooled_limits if _counts(strata, 0).stretch[1] <= NEARLY_PROPORTIONAL else tilted_limits
    if all(stratum.drawn == stratum.size for stratum in strata):
        return _known(strata)
    low, _ = limits(_counts(strata, 0), risk)
    _, high = limits(_counts(strata, 1), risk)
    return low, high


def _known(strata: Sequence[Stratum]) -> tuple[float, float]:
    """Every passage was read: only open answers leave anything unknown."""
    total = sum(stratum.size for stratum in strata)
    missed = sum(stratum.missed for stratum in strata)
    return missed / total, (missed + sum(stratum.open for stratum in strata)) / total


def _counts(strata: Sequence[Stratum], open_is_missed: int) -> Counts:
    return Counts(
        sizes=np.array([stratum.size for stratum in strata], dtype=np.float64),
        drawn=np.array([stratum.drawn for stratum in strata], dtype=np.float64),
        missed=np.array([stratum.missed + open_is_missed * stratum.open for stratum in strata], dtype=np.float64),
    )


def _share(strata: Sequence[Stratum]) -> float:
    answered = [(stratum, stratum.drawn - stratum.open) for stratum in strata if stratum.drawn > stratum.open]
    total = sum(stratum.size for stratum, _ in answered)
    return sum(stratum.missed / count * stratum.size for stratum, count in answered) / total if total else 0.0
