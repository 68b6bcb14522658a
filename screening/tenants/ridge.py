"""Learns what each feature weighs for each label: ridge regression over blocks of features, for all labels at once.

With few rows the equations are solved exactly in the rows' likeness to each other; with many, by conjugate
gradients, which need no more memory than the features.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve as solve_exactly

from screening.tenants.reading import Floats, Grammar, likeness

EXACT = 6000
"""Rows up to which the equations are solved exactly: their likeness then takes 144 MB."""
_ROUNDS = 80
_GOOD_ENOUGH = 1e-5


@dataclass(frozen=True, slots=True)
class Mix:
    """How much each block of features counts, and how strongly weights are held near zero."""

    shares: Mapping[str, float]
    hold: float


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned: for each block its weights (features by labels), and what every row starts from."""

    blocks: dict[str, Floats]
    offset: Floats

    def scores(self, blocks: Mapping[str, Any]) -> Floats:
        """Rows by labels."""
        total = sum(blocks[name] @ weights for name, weights in self.blocks.items())
        return np.asarray(total + self.offset, dtype=np.float32)


def whitening(grammar: Grammar) -> dict[str, Floats]:
    """For each block of meaning what turns likeness to landmarks into plain features (Nystroem's method)."""
    found = {}
    for name, marks in grammar.landmarks.items():
        sizes, directions = np.linalg.eigh(likeness(marks, marks).astype(np.float64))
        sizes = np.maximum(sizes, 1e-4)
        found[name] = (directions / np.sqrt(sizes)).astype(np.float32)
    return found


def whitened(blocks: Mapping[str, Any], white: Mapping[str, Floats]) -> dict[str, Any]:
    """The blocks as plain features, whose inner products are likenesses."""
    return {name: block @ white[name] if name in white else block for name, block in blocks.items()}


def gram(block: Any) -> Floats:
    """Rows by rows: how alike they are in one block."""
    product = block @ block.T
    return np.asarray(product.toarray() if hasattr(product, "toarray") else product, dtype=np.float32)


def mixed(grams: Mapping[str, Floats], mix: Mix) -> Floats:
    """The likeness in all blocks together."""
    total = np.zeros_like(next(iter(grams.values())))
    for name, share in mix.shares.items():
        if share:
            total += np.float32(share) * grams[name]
    return total


def dual(alike: Floats, targets: Floats, hold: float) -> Floats:
    """How much each row counts for each label, given how alike the rows are."""
    held = alike.copy()
    held[np.diag_indices_from(held)] += hold
    return np.asarray(solve_exactly(held, targets, assume_a="pos", overwrite_a=True, check_finite=False))


def learn(blocks: Mapping[str, Any], targets: Floats, mix: Mix) -> Weights:
    """Weights for whitened blocks; `targets` is rows by labels, +1 or -1."""
    offset = targets.mean(axis=0)
    used = {name: blocks[name] for name, share in mix.shares.items() if share}
    if len(targets) > EXACT:
        return _by_gradients(used, targets - offset, offset, mix)
    alike = np.zeros((len(targets), len(targets)), dtype=np.float32)
    for name, block in used.items():
        alike += gram(block) * np.float32(mix.shares[name])
    counts = dual(alike, targets - offset, mix.hold)
    weights = {name: np.asarray(mix.shares[name] * (block.T @ counts)) for name, block in used.items()}
    return Weights({name: block.astype(np.float32) for name, block in weights.items()}, offset.astype(np.float32))


def _by_gradients(blocks: Mapping[str, Any], targets: Floats, offset: Floats, mix: Mix) -> Weights:
    """Conjugate gradients (Hestenes and Stiefel 1952), each label with steps of its own.

    Features are taken from their mean: what all rows share would make the steps many times as many.
    """
    means = {name: np.asarray(block.mean(axis=0), dtype=np.float32).ravel() for name, block in blocks.items()}

    def weighed(name: str, counts: Floats) -> Floats:
        total = blocks[name].T @ counts - means[name][:, None] * counts.sum(axis=0)
        return np.asarray(np.float32(mix.shares[name]) * total, dtype=np.float32)

    def applied(counts: Floats) -> Floats:
        total = np.float32(mix.hold) * counts
        for name, block in blocks.items():
            weights = weighed(name, counts)
            total += block @ weights - means[name] @ weights
        return np.asarray(total, dtype=np.float32)

    counts = _solved(applied, targets)
    weights = {name: weighed(name, counts) for name in blocks}
    shift = sum((means[name] @ part for name, part in weights.items()), np.zeros_like(offset))
    return Weights(weights, np.asarray(offset - shift, dtype=np.float32))


def _solved(applied: Callable[[Floats], Floats], targets: Floats) -> Floats:
    counts, rest = np.zeros_like(targets), targets.copy()
    direction, size = rest.copy(), _inner(rest, rest)
    first = np.maximum(size, 1e-12)
    for _ in range(_ROUNDS):
        turned = applied(direction)
        step = np.asarray(size / np.maximum(_inner(direction, turned), 1e-12), dtype=np.float32)
        counts += step * direction
        rest -= step * turned
        new = _inner(rest, rest)
        if float((new / first).max()) < _GOOD_ENOUGH:
            break
        direction = np.asarray(rest + new / np.maximum(size, 1e-12) * direction, dtype=np.float32)
        size = new
    return counts


def _inner(one: Floats, other: Floats) -> NDArray[np.float32]:
    """The product of like columns, one number a label."""
    return np.asarray((one * other).sum(axis=0), dtype=np.float32)
