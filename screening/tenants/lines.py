"""Draws the line above which a label is given, from scores of texts that the classifier had not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from screening.tenants.reading import Floats

PULLS = (5.0, 20.0, 80.0, 1e9)
"""Against so many positive examples the common line weighs in a label's own line; the last is the common line."""
_FEWEST = 3
_HALVES = 16
Flags = NDArray[np.bool_]


class Form(StrEnum):
    """How many labels a text has, as seen in the examples."""

    ONE = "one"
    """Exactly one on every text: the likeliest is given."""
    SOME = "some"
    """At least one on every text: the likeliest is always given."""
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Lines:
    """How scores become probabilities and labels. One number a label."""

    form: Form
    slope: Floats
    shift: Floats
    """A label's probability is 1 / (1 + exp(-(slope x score + shift))); with one label a text, their softmax."""
    line: Floats

    def probabilities(self, scores: Floats) -> Floats:
        """Rows by labels, between 0 and 1."""
        logits = scores * self.slope + self.shift
        if self.form is Form.ONE:
            raised = np.exp(logits - logits.max(axis=1, keepdims=True))
            return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)

    def given(self, scores: Floats) -> Flags:
        """Rows by labels: whether each label is given."""
        likely = self.probabilities(scores)
        best = np.zeros(likely.shape, dtype=bool)
        if self.form is not Form.ANY:
            best[np.arange(len(likely)), likely.argmax(axis=1)] = True
        return best if self.form is Form.ONE else best | (likely >= self.line)


def form_of(truth: Flags) -> Form:
    """What the examples look like; one in a hundred without a label is taken for a slip."""
    counts = truth.sum(axis=1)
    if (counts == 1).all():
        return Form.ONE
    return Form.SOME if (counts > 0).mean() >= 0.99 else Form.ANY


def draw(scores: Floats, truth: Flags, folds: Sequence[NDArray[np.int64]]) -> Lines:
    """Calibrate, then choose each label's line, pulled to the common one as far as the folds say is best."""
    form = form_of(truth)
    slope, shift = (_temperature if form is Form.ONE else _logistic)(scores, truth)
    plain = Lines(form, slope, shift, np.full(truth.shape[1], 0.5, dtype=np.float32))
    if form is Form.ONE:
        return plain
    likely = plain.probabilities(scores)

    def tried(pull: float) -> float:
        given = np.zeros_like(truth)
        for ask in folds:
            learn = np.setdiff1d(np.arange(len(truth)), ask)
            line = _pulled(likely[learn], truth[learn], pull)
            given[ask] = Lines(form, slope, shift, line).given(scores[ask])
        return quality(truth, given)

    best = max(PULLS, key=tried)
    return Lines(form, slope, shift, _pulled(likely, truth, best))


def quality(truth: Flags, given: Flags) -> float:
    """The mean of macro-F1 and micro-F1: neither the rare labels nor the many rows alone decide."""
    hits, both = (truth & given).sum(axis=0), truth.sum(axis=0) + given.sum(axis=0)
    known = truth.sum(axis=0) > 0
    macro = float((2 * hits[known] / np.maximum(both[known], 1)).mean()) if known.any() else 0.0
    return (macro + 2 * float(hits.sum()) / max(1, float(both.sum()))) / 2


def _pulled(likely: Floats, truth: Flags, pull: float) -> Floats:
    common = _best_line(likely.ravel(), truth.ravel())
    positives = truth.sum(axis=0)
    own = np.array([_steady_line(likely[:, j], truth[:, j], common) for j in range(truth.shape[1])])
    return np.asarray((positives * own + pull * common) / (positives + pull), dtype=np.float32)


def _steady_line(likely: Floats, truth: Flags, common: float) -> float:
    """The mean of the best lines on many halves of the rows, which swings less than the best on all."""
    if truth.sum() < _FEWEST:
        return common
    chance = np.random.default_rng(7)
    lines = []
    for _ in range(_HALVES):
        half = chance.random(len(truth)) < 0.5
        if truth[half].any():
            lines.append(_best_line(likely[half], truth[half]))
    return float(np.mean(lines)) if lines else common


def _best_line(likely: Floats, truth: Flags) -> float:
    """The line with the best F1, half-way between two scores."""
    order = np.argsort(-likely, kind="stable")
    hits = np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + truth.sum())
    place = int(np.argmax(f1))
    after = min(place + 1, len(order) - 1)
    return float((likely[order[place]] + likely[order[after]]) / 2)


def _logistic(scores: Floats, truth: Flags) -> tuple[Floats, Floats]:
    """Slope and shift of each label by Newton's method, held near a slope of 4 so that few examples bend it little."""
    count = truth.shape[1]
    slope, shift = np.full(count, 4.0), np.zeros(count)
    for j in range(count):
        x, y = scores[:, j].astype(np.float64), truth[:, j].astype(np.float64)
        theta = np.array([4.0, 0.0])
        for _ in range(25):
            p = 1 / (1 + np.exp(-np.clip(theta[0] * x + theta[1], -30, 30)))
            w = np.maximum(p * (1 - p), 1e-6)
            gradient = np.array([(x * (p - y)).sum() + (theta[0] - 4), (p - y).sum() + 0.01 * theta[1]])
            across = (w * x).sum()
            hessian = np.array([[(w * x * x).sum() + 1, across], [across, w.sum() + 0.01]])
            step = np.linalg.solve(hessian, gradient)
            theta -= np.clip(step, -4, 4)
            if np.abs(step).max() < 1e-6:
                break
        slope[j], shift[j] = max(theta[0], 0.1), theta[1]
    return slope.astype(np.float32), shift.astype(np.float32)


def _temperature(scores: Floats, truth: Flags) -> tuple[Floats, Floats]:
    """One slope for all labels: the one that makes the right labels likeliest."""
    right = truth.argmax(axis=1)

    def loss(slope: float) -> float:
        logits = slope * scores.astype(np.float64)
        top = logits.max(axis=1)
        return float(
            (top + np.log(np.exp(logits - top[:, None]).sum(axis=1)) - logits[np.arange(len(right)), right]).sum()
        )

    best = min(np.geomspace(0.5, 50, 60).tolist(), key=loss)
    count = truth.shape[1]
    return np.full(count, best, dtype=np.float32), np.zeros(count, dtype=np.float32)
