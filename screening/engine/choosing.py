"""Chooses, from the probabilities of all signals, those that a passage is said to point to."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST = 4
"""So many signals at most are named for one passage: a reviewer has to weigh each of them."""


def signals_of(
    signals: NDArray[np.float32],
    flag: NDArray[Any],
    named: Sequence[AbstractSet[str]],
    codes: Sequence[str],
    *,
    line: float,
    least: float,
) -> list[tuple[str, ...]]:
    """For each passage the codes of its likely signals, likeliest first; one at least where a flag is likely.

    A signal is likely from `line` on, a flag from `least` on. `signals` are probabilities, passages by signals in the
    order of `codes`; `flag` is the probability of a flag. Of the likely ones those stand first that a phrase of the
    passage has `named`.
    """
    likely: list[list[int]] = [[] for _ in range(len(signals))]
    rows, columns = np.nonzero(signals >= line)
    order = np.lexsort((columns, -signals[rows, columns], rows))
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if len(likely[row]) < _MOST:
            likely[row].append(column)
    for row in np.flatnonzero(flag >= least).tolist():
        if not likely[row]:
            likely[row].append(int(signals[row].argmax()))
    return [
        _first_named([codes[column] for column in its_own], names) for its_own, names in zip(likely, named, strict=True)
    ]


def _first_named(codes: list[str], names: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(sorted(codes, key=lambda code: code not in names))
