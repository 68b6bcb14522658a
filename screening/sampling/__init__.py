"""Hunts for what was missed: draws passages that were not flagged, and says how many of all may hide a finding."""

from screening.sampling.drawing import Drawn, draw, shares, strata_of
from screening.sampling.estimating import Estimate, Stratum, enough, estimate
from screening.sampling.intervals import needed

__all__ = ["Drawn", "Estimate", "Stratum", "draw", "enough", "estimate", "needed", "shares", "strata_of"]
