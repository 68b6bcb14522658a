"""Learns upper layers and heads: small batches of passages of like length, Adam, a rate that warms and fades."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from screening.engine.tuned import LENGTH
from screening.training.tuning.layers import Floats, Shape, Trace, Weights
from screening.training.tuning.weights import MATRICES, rounded

EPOCHS, RATE, HEAD_RATE = 4, 5e-4, 4e-3
"""How often each passage is seen, and how far a step goes: tried on a fold with fewer layers only.

A pair is seen half as often: its answer and its passage come back in the other pairs of its card.
"""
BATCH = 1200
"""Tokens, padding included."""
_WARMING, _DECAY = 0.1, 0.01
_FIRST, _SECOND = 0.9, 0.98
_DROPPED = 0.1
"""The share of a vector's numbers that the heads must do without, each time others."""
ROUNDED_FROM = 0.5
"""From here on the layers learn with their weights rounded as the file will keep them."""
_TINY = 1e-7
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Targets:
    """What each text is. A passage: yes or no (a flag, about any signal), one of the assertions, any of the signals.

    An answer with a passage of evidence: one of the relations. The labels stand in that order.
    """

    firsts: Floats
    assertion: Places
    assertions: int
    signals: Floats
    relation: Places
    """-1 for a passage by itself; of the others, nothing else is learned."""
    relations: int

    def seen_in(self, number: int, places: Places) -> Places:
        """Which of these are seen in the round of this number: every passage, and every other pair."""
        is_pair = self.relation[places] >= 0
        kept: Places = places[~is_pair | (np.cumsum(is_pair) % 2 == number % 2)]
        return kept

    def usual(self, places: Places) -> Floats:
        """The log-odds of each label where nothing else is known, from how often it is given."""
        pairs, alone = (places[(self.relation[places] >= 0) == pair] for pair in (True, False))
        said = np.bincount(self.assertion[alone], minlength=self.assertions)
        held = np.bincount(self.relation[pairs], minlength=self.relations)
        counts = np.concatenate([self.firsts[alone].sum(axis=0), said, self.signals[alone].sum(axis=0), held])
        of = np.repeat([len(alone), len(pairs)], [len(counts) - self.relations, self.relations])
        return np.asarray(np.log((counts + 1) / (of - counts + 1)), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class States:
    """What the lower layers, which stay as they are, make of each token: one long run, cut by `starts`."""

    tokens: NDArray[np.float16]
    starts: Places

    @property
    def lengths(self) -> Places:
        return np.diff(self.starts)

    def padded(self, places: Places) -> tuple[Floats, NDArray[np.bool_]]:
        lengths = self.lengths[places]
        there = np.arange(lengths.max())[None, :] < lengths[:, None]
        found = np.zeros((*there.shape, self.tokens.shape[1]), dtype=np.float32)
        for row, place in enumerate(places):
            found[row, : lengths[row]] = self.tokens[self.starts[place] : self.starts[place + 1]]
        return found, there


@dataclass(slots=True)
class Pupil:
    """The layers that learn, from the lowest up, and the heads."""

    shape: Shape
    layers: list[Weights]
    heads: Weights
    used: list[Weights] = field(default_factory=list)
    """The layers as they are used: with their weights rounded, once that has begun."""

    def vectors(self, states: Floats, there: NDArray[np.bool_]) -> tuple[Floats, list[Trace]]:
        traces = []
        for weights in self.used or self.layers:
            states, trace = self.shape.forward(weights, states, there)
            traces.append(trace)
        return np.einsum("btw,bt->bw", states, _shares(there)), traces

    def scores(self, vectors: Floats) -> Floats:
        """Log-odds for each label, from vectors of any length."""
        unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        found: Floats = unit * LENGTH @ self.heads["weights"] + self.heads["offset"]
        return found

    def round(self) -> None:
        self.used = [layer | {f"{name}.w": rounded(layer[f"{name}.w"]) for name in MATRICES} for layer in self.layers]


def begin(shape: Shape, layers: list[Weights], usual: Floats, chance: np.random.Generator) -> Pupil:
    """Heads that know only how often each label is given, on layers as they were installed."""
    weights = chance.normal(0, 0.02, (len(layers[0]["oln.b"]), len(usual))).astype(np.float32)
    return Pupil(shape, layers, {"weights": weights, "offset": usual.copy()})


def learn(
    pupil: Pupil, states: States, targets: Targets, places: Places, tell: Callable[[str], None], *, epochs: int = EPOCHS
) -> None:
    """Teach the pupil these passages. `tell` is given a line now and then, with the minutes left."""
    chance = np.random.default_rng(1)
    rounds = [targets.seen_in(number, places) for number in range(epochs)]
    plan = [batch for seen in rounds for batch in batches(states.lengths, seen, chance)]
    adam, losses, began = _Adam(pupil), [], time.monotonic()
    for step, batch in enumerate(plan):
        if step >= ROUNDED_FROM * len(plan):
            pupil.round()
        loss, change = _step(pupil, states, targets, batch, chance)
        losses.append(loss)
        warm = min(1, (step + 1) / (_WARMING * len(plan)))
        adam.move(change, warm * (1 - (step + 1) / len(plan)))
        if (step + 1) % 50 == 0:
            left = (time.monotonic() - began) / (step + 1) * (len(plan) - step - 1) / 60
            tell(f"step {step + 1} of {len(plan)}, loss {np.mean(losses[-50:]):.3f}, {left:.0f} minutes left")
    pupil.round()


def batches(
    lengths: Places, places: Places, chance: np.random.Generator | None = None, size: int = BATCH
) -> Iterator[Places]:
    """Passages of like length together; with `chance` in any order, and never quite the same together."""
    spread = chance.uniform(0, 6, len(places)) if chance else np.zeros(len(places))
    run = places[np.argsort(lengths[places] + spread, kind="stable")]
    cuts, longest, count = [0], 0, 0
    for place, length in enumerate(lengths[run]):
        longest, count = max(longest, int(length)), count + 1
        if longest * count > size and count > 1:
            cuts.append(place)
            longest, count = int(length), 1
    parts = np.split(run, cuts[1:])
    yield from (parts[i] for i in chance.permutation(len(parts))) if chance else parts


def _shares(there: NDArray[np.bool_]) -> Floats:
    return np.asarray(there / there.sum(axis=1, keepdims=True), dtype=np.float32)


def _step(
    pupil: Pupil, states: States, targets: Targets, batch: Places, chance: np.random.Generator
) -> tuple[float, dict[tuple[int, str], Floats]]:
    """The loss on one batch, and how it changes with every weight: heads are number -1."""
    inputs, there = states.padded(batch)
    vectors, traces = pupil.vectors(inputs, there)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / length
    kept = ((chance.random(unit.shape) >= _DROPPED) / (1 - _DROPPED)).astype(np.float32)
    seen = unit * LENGTH * kept
    loss, toward = _loss(seen @ pupil.heads["weights"] + pupil.heads["offset"], targets, batch)
    change = {(-1, "weights"): seen.T @ toward, (-1, "offset"): toward.sum(axis=0)}
    back = (toward @ pupil.heads["weights"].T) * kept
    back = (back - unit * (back * unit).sum(axis=1, keepdims=True)) * LENGTH / length
    states_back = (back[:, None, :] * _shares(there)[:, :, None]).astype(np.float32)
    used = pupil.used or pupil.layers
    for number in range(len(used) - 1, -1, -1):
        states_back, found = pupil.shape.backward(used[number], states_back, traces[number])
        change |= {(number, name): value for name, value in found.items()}
    return loss, change


def _loss(scores: Floats, targets: Targets, batch: Places) -> tuple[float, Floats]:
    """Mean loss of the flag and the assertion, or of the relation, and how the whole loss changes with each score."""
    pairs = targets.relation[batch] >= 0
    alone, held = batch[~pairs], batch[pairs]
    first, most = targets.firsts.shape[1], scores.shape[1] - targets.relations
    last = first + targets.assertions
    toward = np.zeros_like(scores)
    firsts = _squashed(scores[~pairs, :first])
    toward[~pairs, :first] = firsts - targets.firsts[alone]
    toward[~pairs, first:last], unsaid = _one_of(scores[~pairs, first:last], targets.assertion[alone])
    toward[~pairs, last:most] = _squashed(scores[~pairs, last:most]) - targets.signals[alone]
    toward[pairs, most:], unheld = _one_of(scores[pairs, most:], targets.relation[held])
    right = np.where(targets.firsts[alone, 0] > 0, firsts[:, 0], 1 - firsts[:, 0])
    loss = unsaid + unheld - np.log(np.maximum(right, _TINY)).sum()
    return float(loss) / len(batch), np.asarray(toward / np.float32(len(batch)), dtype=np.float32)


def _one_of(scores: Floats, truth: Places) -> tuple[Floats, float]:
    """How the loss changes with the scores of labels of which one is right, and the loss added up."""
    rows = np.arange(len(truth))
    odds = np.exp(scores - scores.max(axis=1, keepdims=True, initial=0))
    odds /= odds.sum(axis=1, keepdims=True)
    loss = -np.log(np.maximum(odds[rows, truth], _TINY)).sum()
    odds[rows, truth] -= 1
    return odds, float(loss)


def _squashed(scores: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-scores)), dtype=np.float32)


class _Adam:
    """Moves every weight by the mean of its recent changes, over their usual size."""

    def __init__(self, pupil: Pupil) -> None:
        self._weights = {(-1, name): weights for name, weights in pupil.heads.items()}
        for number, layer in enumerate(pupil.layers):
            self._weights |= {(number, name): weights for name, weights in layer.items()}
        self._mean = {key: np.zeros_like(weights) for key, weights in self._weights.items()}
        self._square = {key: np.zeros_like(weights) for key, weights in self._weights.items()}
        self._steps = 0

    def move(self, change: dict[tuple[int, str], Floats], share: float) -> None:
        self._steps += 1
        whole = np.sqrt(sum(float((found * found).sum()) for found in change.values()))
        held = np.float32(min(1, 1 / (whole + 1e-6)))
        for key, weights in self._weights.items():
            found, mean, square = change[key] * held, self._mean[key], self._square[key]
            mean += (1 - _FIRST) * (found - mean)
            square += (1 - _SECOND) * (found * found - square)
            size = np.sqrt(square / (1 - _SECOND**self._steps)) + 1e-8
            rate = (HEAD_RATE if key[0] < 0 else RATE) * share
            weights -= (rate / (1 - _FIRST**self._steps) * mean / size).astype(np.float32)
            if weights.ndim == 2:
                weights *= np.float32(1 - rate * _DECAY)


def encoded(shape: Shape, layers: Sequence[Weights], states: Floats, there: NDArray[np.bool_]) -> Floats:
    """What these layers make of the tokens."""
    for weights in layers:
        states, _ = shape.forward(weights, states, there)
    return states
