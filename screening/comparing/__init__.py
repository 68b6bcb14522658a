"""Holds a supplier's own answer against a passage of evidence: contradicted, supported, or neither."""

from screening.comparing.comparing import Comparer, Kind, Relation
from screening.comparing.weighing import Pair

__all__ = ["Comparer", "Kind", "Pair", "Relation"]
