"""What the engine thinks of passages before any line is drawn, for those who draw lines of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from screening.engine import language
from screening.engine.classifier import Floats
from screening.engine.vectors import WIDE_SIZE


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the engine thinks of passages, a row each, for those who draw lines of their own."""

    statuses: Floats
    """The probability of each assertion, in the order of `ASSERTIONS`; a row adds up to one."""
    signals: Floats
    """The probability of each signal of the classifier."""
    rules: Floats
    """What the rules saw; columns as in `evidence.RULES`."""
    vectors: Floats
    """Sentence vectors of both encoders side by side, each of length one; zeros where one is absent."""
    languages: tuple[str | None, ...]


def odds(weighed: Weighed) -> Floats:
    """The logarithm of the probability of each status."""
    return np.asarray(np.log(np.clip(weighed.statuses, 1e-3, 1)), dtype=np.float32)


def vectors_of(weighed: Weighed) -> Floats:
    """Vectors of both encoders side by side, with zeros for the quick one in languages in which it says nothing."""
    known = np.array([tongue is not None and tongue not in language.WEAK for tongue in weighed.languages])
    vectors = weighed.vectors.copy()
    vectors[~known, :WIDE_SIZE] = 0
    return vectors
