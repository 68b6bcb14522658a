"""Compares the sketches of two texts; `screening.engine.sketches` makes them and says what they are."""

from __future__ import annotations

from array import array

NEAR = 0.8
"""From this share of common word sequences on, two texts count as near-identical."""


def likeness(one: bytes, other: bytes) -> float:
    """The estimated share, 0 to 1, of word sequences that two texts have in common.

    It is the share of equal 32-bit numbers in their sketches.
    """
    numbers, others = array("I", one), array("I", other)
    return sum(map(int.__eq__, numbers, others)) / max(1, len(numbers))
