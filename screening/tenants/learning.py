"""Learns a team's classifier: settings chosen by cross-validation that keeps documents whole, the same every time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from screening.engine.vectors import Vectors
from screening.tenants import lines, reading, ridge
from screening.tenants.classifier import Classifier
from screening.tenants.examples import DataError, Example, documents
from screening.tenants.lines import Flags, Form
from screening.tenants.reading import Floats
from screening.tenants.ridge import Mix

TUNED_ON = 4000
"""Settings are chosen on at most so many rows, of whole documents: more of them change the choice little."""
LETTERS_FOR_SLOW = 2_000_000
"""In more text than this, some 20,000 passages, the slow encoder is not asked: it takes 50 ms a passage."""
FOLDS = 5
FEWEST = 20
START = Mix(
    {
        "text": 1.0,
        "meaning": 1.0,
        "peaks": 0.5,
        "setting": 0.5,
        "around": 0.3,
        "place": 0.3,
        "sense": 0.5,
        "beside": 0.3,
    },
    1.0,
)
"""Where the search begins; chosen on labelled texts of other kinds, and changed by what the folds say."""
_OF_NEIGHBOURS = frozenset({"setting", "around", "place", "beside"})
_STEPS = (0.0, 0.5, 2.0)
_WORTH_IT = 0.0005
Told = Callable[[str], None]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Learned:
    """The classifier, and what the folds said of texts that it had not seen."""

    classifier: Classifier
    scores: Floats
    """Rows by labels, each row by a part that had not seen its document."""
    given: Flags
    """The labels that the lines give for those scores. The lines were drawn from the same scores."""


def learn(
    rows: Sequence[Example],
    *,
    vectors: Vectors | None = None,
    slow: Vectors | None = None,
    told: Told = lambda _: None,
) -> Learned:
    """A classifier from labelled rows. `told` hears how far it is.

    `slow` is the slow encoder, without which texts are compared by words and by the quick one alone.

    Raises DataError where there are too few rows, documents or labels to learn from and measure on.
    """
    # The last digits of a sum depend on how many threads add it up.
    threadpool_limits(limits=1, user_api="blas")
    labels = tuple(sorted({label for row in rows for label in row.labels}))
    _check(rows, labels)
    vectors = vectors if vectors is not None else Vectors.wide()
    truth = np.array([[label in row.labels for label in labels] for row in rows])
    targets = np.where(truth, 1, -1).astype(np.float32)
    told("Reading the texts")
    spaceless = reading.is_spaceless([row.text for row in rows])
    asks_slow = slow is not None and slow.available and sum(len(row.text) for row in rows) <= LETTERS_FOR_SLOW
    raw = reading.read(rows, vectors if vectors.available else None, slow if asks_slow else None, spaceless=spaceless)
    grammar = reading.grammar_of(raw)
    white = ridge.whitening(grammar)
    blocks = ridge.whitened(reading.blocks_of(raw, grammar), white)
    mix = _chosen(rows, blocks, targets, told)
    told("Measuring on folds")
    folds = folds_of(rows, FOLDS if len(rows) <= ridge.EXACT else 3)
    scores = _unseen(blocks, targets, mix, folds)
    drawn = lines.draw(scores, truth, folds)
    told("Learning from all rows")
    weights = ridge.learn(blocks, targets, mix)
    folded = {name: white[name] @ part if name in white else part for name, part in weights.blocks.items()}
    classifier = Classifier(labels, spaceless, grammar, mix, replace(weights, blocks=folded), drawn)
    return Learned(classifier, scores, drawn.given(scores))


def folds_of(rows: Sequence[Example], count: int) -> list[Places]:
    """The places of the rows of each fold; documents stay whole, and the largest are dealt out first."""
    docs = documents(rows)
    chance = np.random.default_rng(7)
    order = sorted(chance.permutation(len(docs)).tolist(), key=lambda i: -len(docs[i]))
    held: list[list[int]] = [[] for _ in range(min(count, len(docs)))]
    for i in order:
        min(held, key=len).extend(docs[i])
    return [np.array(sorted(fold), dtype=np.int64) for fold in held]


def _check(rows: Sequence[Example], labels: Sequence[str]) -> None:
    if len(rows) < FEWEST:
        raise DataError(f"{len(rows)} rows are too few to learn from and to measure on: give at least {FEWEST}.")
    if not labels:
        raise DataError("No row has a label, so there is nothing to learn.")
    if len(documents(rows)) < 2:
        raise DataError("All rows are of one document: give rows of at least two, or leave out `doc`.")


def _chosen(rows: Sequence[Example], blocks: Mapping[str, Any], targets: Floats, told: Told) -> Mix:
    """Walk from the start, one setting at a time, as long as the folds say that it gets better."""
    places = _some(rows)
    some = [rows[i] for i in places]
    grams = {name: ridge.gram(blocks[name][places]) for name in _usable(rows, blocks)}
    folds = folds_of(some, 4)
    asked = targets[places]

    def tried(mix: Mix) -> float:
        return _worth(asked > 0, _from_grams(ridge.mixed(grams, mix), asked, mix.hold, folds))

    mix = Mix({name: START.shares[name] for name in grams}, START.hold)
    best = tried(mix)
    told(f"Choosing settings: {best:.3f}")
    for name in ("hold", *sorted(grams, key=lambda name: reading.BLOCKS.index(name)), "hold"):
        for step in _STEPS if name != "hold" else (0.5, 2.0, 4.0):
            candidate = _changed(mix, name, step)
            if any(candidate.shares.values()) and (found := tried(candidate)) > best + _WORTH_IT:
                mix, best = candidate, found
        told(f"Choosing settings: {best:.3f}")
    return mix


def _usable(rows: Sequence[Example], blocks: Mapping[str, Any]) -> list[str]:
    """Blocks that can say something: neighbours only in documents of several rows, pieces only of long texts."""
    several = len(documents(rows)) < 0.6 * len(rows)
    long = sum(len(row.text) > 2 * reading.PIECE for row in rows) > 0.2 * len(rows)
    return [
        name
        for name in blocks
        if (several or name not in _OF_NEIGHBOURS) and (long or name != "peaks")
    ]  # fmt: skip


def _changed(mix: Mix, name: str, step: float) -> Mix:
    if name == "hold":
        return Mix(mix.shares, mix.hold * step)
    return Mix({**mix.shares, name: mix.shares[name] * step}, mix.hold)


def _some(rows: Sequence[Example]) -> Places:
    """Places of whole documents, drawn by lot, up to `TUNED_ON` rows."""
    docs = documents(rows)
    chosen: list[int] = []
    for i in np.random.default_rng(11).permutation(len(docs)).tolist():
        if len(chosen) + len(docs[i]) <= TUNED_ON or not chosen:
            chosen += docs[i]
    return np.array(sorted(chosen), dtype=np.int64)


def _from_grams(alike: Floats, targets: Floats, hold: float, folds: Sequence[Places]) -> Floats:
    scores = np.zeros_like(targets)
    for ask in folds:
        known = np.setdiff1d(np.arange(len(targets)), ask)
        offset = targets[known].mean(axis=0)
        counts = ridge.dual(alike[np.ix_(known, known)], targets[known] - offset, hold)
        scores[ask] = alike[np.ix_(ask, known)] @ counts + offset
    return scores


def _unseen(blocks: Mapping[str, Any], targets: Floats, mix: Mix, folds: Sequence[Places]) -> Floats:
    scores = np.zeros_like(targets)
    used = {name: blocks[name] for name, share in mix.shares.items() if share}
    for ask in folds:
        known = np.setdiff1d(np.arange(len(targets)), ask)
        weights = ridge.learn({name: block[known] for name, block in used.items()}, targets[known], mix)
        scores[ask] = weights.scores({name: block[ask] for name, block in used.items()})
    return scores


def _worth(truth: Flags, scores: Floats) -> float:
    """How well scores order the labels: accuracy with one label a text, else the best F1 of each label."""
    if lines.form_of(truth) is Form.ONE:
        return float((scores.argmax(axis=1) == truth.argmax(axis=1)).mean())
    best = [_best_f1(scores[:, j], truth[:, j]) for j in range(truth.shape[1]) if truth[:, j].sum() >= 5]
    return (float(np.mean(best)) if best else 0.0) / 2 + _best_f1(scores.ravel(), truth.ravel()) / 2


def _best_f1(scores: Floats, truth: Flags) -> float:
    hits = np.cumsum(truth[np.argsort(-scores, kind="stable")])
    return float((2 * hits / (np.arange(1, len(hits) + 1) + truth.sum())).max())
