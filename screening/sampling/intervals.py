"""How surely a share is known from a few answers: exact limits for one count, and safe ones for several strata.

Sources: C. Clopper and E. Pearson, *The use of confidence or fiducial limits illustrated in the case of the
binomial*, Biometrika 26 (1934), for one count; W. Hoeffding, *On the distribution of the number of successes in
independent trials*, Annals of Mathematical Statistics 27 (1956), for the pooled count; H. Chernoff, *A measure of
asymptotic efficiency for tests of a hypothesis based on the sum of observations*, ibid. 23 (1952), for the weighted
sum. Drawing without putting back only makes the counts less variable: W. Hoeffding, *Probability inequalities for
sums of bounded random variables*, Journal of the American Statistical Association 58 (1963).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LARGEST_RISK = 0.2
"""Hoeffding's comparison holds in the tails; with more risk a limit would lie too near the middle for it."""
_TILTS = np.geomspace(0.02, 60, 80)
_HALVINGS = 45
_JUST_BELOW_ONE = 1 - 1e-15

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counts:
    """Strata side by side: how many passages each holds, how many were drawn, how many of those were missed."""

    sizes: Numbers
    drawn: Numbers
    missed: Numbers

    @property
    def weights(self) -> Numbers:
        return np.asarray(self.sizes / self.sizes.sum())

    @property
    def stretch(self) -> tuple[float, float]:
        """How far the draw is from proportional: least and most of a stratum's weight over its share of the draw."""
        if (self.drawn == 0).any():
            return 0.0, np.inf
        ratio = self.weights / (self.drawn / self.drawn.sum())
        return float(ratio.min()), float(ratio.max())


def highest(missed: float, drawn: float, risk: float) -> float:
    """The share above which so few missed ones would be seen with a chance of at most `risk` (Clopper-Pearson)."""
    return 1.0 if missed >= drawn else _beta_quantile(missed + 1, drawn - missed, 1 - risk)


def lowest(missed: float, drawn: float, risk: float) -> float:
    """The share below which so many missed ones would be seen with a chance of at most `risk`."""
    return 0.0 if missed <= 0 else _beta_quantile(missed, drawn - missed + 1, risk)


def _beta_quantile(hits: float, misses: float, share: float) -> float:
    from scipy.special import betaincinv  # A quarter of a second that a worker's start need not take.

    return float(betaincinv(hits, misses, share))


def needed(bound: float, *, confidence: float = 0.95, missed: int = 0) -> int:
    """How many to draw, in proportion to the strata, so that the limit is `bound` when `missed` of them are missed.

    Raises ValueError for a bound that is no share between 0 and 1.
    """
    if not 0 < bound < 1:
        raise ValueError("The bound is a share between 0 and 1, such as 0.01 for one in a hundred.")
    risk, low, high = checked_risk(confidence), missed, max(2 * missed, 1)
    while highest(missed, high, risk) > bound:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if highest(missed, middle, risk) > bound else (low, middle)
    return high


def checked_risk(confidence: float) -> float:
    """The risk that goes with a confidence. Raises ValueError outside 0.8 to 0.9999."""
    if not 1 - LARGEST_RISK <= confidence <= 0.9999:
        raise ValueError("The confidence lies between 0.8 and 0.9999; 0.95 is usual.")
    return 1 - confidence


def pooled_limits(counts: Counts, risk: float) -> tuple[float, float]:
    """Limits, each wrong with a chance of at most `risk`, for a draw that is nearly proportional to the strata.

    The number missed in the whole draw is a sum of independent yes-or-no trials with unlike chances; its tails are
    thinner than those of the binomial with the same mean (Hoeffding 1956), so the exact binomial limits hold. Where
    rounding made a stratum's share of the draw differ from its weight, the limits are stretched by that ratio.
    """
    least, most = counts.stretch
    missed, drawn = counts.missed.sum(), counts.drawn.sum()
    return least * lowest(missed, drawn, risk), min(1.0, most * highest(missed, drawn, risk))


def tilted_limits(counts: Counts, risk: float) -> tuple[float, float]:
    """Limits, each wrong with a chance of at most `risk`, for any draw, however unlike the strata.

    For every tilt the chance of so low (so high) a weighted sum has Chernoff's bound; the limit is the largest
    (smallest) share that the bound still allows, whatever the share of each stratum, and the best tilt is taken.
    A stratum of which nothing was drawn counts as missed in full above, and not at all below.
    """
    known = counts.drawn > 0
    if not known.any():
        return 0.0, 1.0
    weights, drawn = counts.weights[known], counts.drawn[known]
    steps = weights / drawn
    seen = float(steps @ counts.missed[known])
    tilts = (_TILTS / steps.max())[:, None]
    high = _most(weights, drawn, -np.expm1(-tilts * steps), np.log(risk) - tilts[:, 0] * seen).min()
    low = _least(weights, drawn, np.expm1(tilts * steps), np.log(risk) + tilts[:, 0] * seen).max()
    return float(low), min(1.0, float(high) + float(counts.weights[~known].sum()))


def _most(weights: Numbers, drawn: Numbers, slopes: Numbers, bars: Numbers) -> Numbers:
    """For each tilt the largest weighted share with sum of drawn x log(1 - share x slope) at or above its bar.

    `slopes` is tilts by strata. The constraint is concave, so that the shares of the strata at the optimum follow
    from one multiplier, which is found by halving.
    """

    def shares(multipliers: Numbers) -> Numbers:
        return np.asarray(np.clip(1 / slopes - multipliers[:, None] * drawn / weights, 0, 1))

    def allowed(multipliers: Numbers) -> NDArray[np.bool_]:
        return np.asarray(np.log1p(-shares(multipliers) * slopes * _JUST_BELOW_ONE) @ drawn >= bars)

    return np.asarray(shares(_last_refused(allowed, (weights / (drawn * slopes)).max(axis=1))) @ weights)


def _least(weights: Numbers, drawn: Numbers, slopes: Numbers, bars: Numbers) -> Numbers:
    """For each tilt the smallest weighted share with sum of drawn x log(1 + share x slope) at or above its bar."""

    def shares(multipliers: Numbers) -> Numbers:
        return np.asarray(np.clip(multipliers[:, None] * drawn / weights - 1 / slopes, 0, 1))

    def allowed(multipliers: Numbers) -> NDArray[np.bool_]:
        return np.asarray(np.log1p(shares(multipliers) * slopes) @ drawn >= bars)

    return np.asarray(shares(_last_refused(allowed, ((1 + 1 / slopes) * weights / drawn).max(axis=1))) @ weights)


def _last_refused(allowed: Callable[[Numbers], NDArray[np.bool_]], most: Numbers) -> Numbers:
    """The largest multipliers found that are still refused; 0 where even that is allowed.

    This side of the border makes the largest share a little larger and the smallest a little smaller.
    """
    low, high = np.zeros_like(most), most
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        fine = allowed(middle)
        low, high = np.where(fine, low, middle), np.where(fine, middle, high)
    return low
