"""Learns a classifier from labelled passages: linear scores first, then small calibrated layers on top.

The layers on top learn from scores that were made for passages the linear part had not seen (inner folds), so
that their probabilities hold for new text. Deterministic: on one machine the same passages give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from models import taxonomy
from screening.engine import evidence
from screening.engine.classifier import (
    ASSERTIONS,
    FIRST_LABELS,
    Classifier,
    Decision,
    Floats,
    Landmarks,
    Layer,
    nearness,
)
from screening.engine.screener import Screener, families, marks
from screening.engine.vectors import Vectors
from screening.training import corpus, features, thresholds
from screening.training.corpus import Labelled

WORD_RIDGE, VECTOR_RIDGE = 0.5, 0.3
"""How strongly weights are held near zero; chosen by grouped cross-validation on the corpus."""
DIRECTIONS = 256
"""So many directions of the sentence vectors hold nearly all that tells passages apart."""
INNER_FOLDS = 5
_LAYER_STRENGTH = 0.05
_FIRST = len(FIRST_LABELS)
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lesson:
    """Labelled passages with all that does not depend on a fold."""

    rows: list[Labelled]
    signals: tuple[str, ...]
    matrix: features.Matrix
    alike: Floats
    """Passages by passages: how much their words have in common."""
    worth: Floats
    vectors: Floats
    targets: Floats
    """Passages by labels, +1 or -1."""
    groups: list[int]

    @property
    def strata(self) -> list[str]:
        return [f"{row.language} {row.flag}" for row in self.rows]

    @property
    def flags(self) -> NDArray[np.bool_]:
        return np.array([row.flag for row in self.rows])


def prepare(rows: list[Labelled], vectors: Vectors) -> Lesson:
    """Count features and encode the passages. Raises RuntimeError without the sentence encoder."""
    # The last digits of a sum depend on how many threads add it up.
    threadpool_limits(limits=1, user_api="blas")
    signals = tuple(sorted(taxonomy.shipped().signals))
    found = [row.passage for row in rows]
    counted = features.count(found)
    worth = features.rarity(counted)
    truth = np.array([
        [row.flag, bool(row.signals), *(row.assertion is a for a in ASSERTIONS), *(s in row.signals for s in signals)]
        for row in rows
    ])  # fmt: skip
    matrix = features.weighed(counted, worth)
    return Lesson(
        rows=rows,
        signals=signals,
        matrix=matrix,
        alike=(matrix @ matrix.T).toarray(),
        worth=worth,
        vectors=vectors.of([passage.text for passage in found]),
        targets=(truth * 2 - 1).astype(np.float32),
        groups=corpus.groups(rows),
    )


def folds(lesson: Lesson, places: Places, count: int) -> list[tuple[Places, Places]]:
    """Grouped and stratified folds of these passages: minimal pairs stay together, languages are spread."""
    strata, groups = lesson.strata, lesson.groups
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=7)
    split = splitter.split(places, [strata[i] for i in places], [groups[i] for i in places])
    return [(places[learn], places[ask]) for learn, ask in split]


def train(lesson: Lesson, places: Places | None = None) -> Classifier:
    """A classifier from these passages of the lesson, or from all of them."""
    places = np.arange(len(lesson.rows)) if places is None else places
    linear = _linear(lesson, places)
    draft = Screener(linear, Vectors(_Absent()))
    word_scores, vector_scores, inputs, quick_scores = _unseen_scores(lesson, places)
    seen = draft.observe([lesson.rows[i].passage for i in places])
    both = np.hstack([inputs, evidence.scores_row(vector_scores)])
    with_vectors = _decision(lesson, places, both, word_scores, vector_scores, seen, linear)
    words_only = _decision(lesson, places, inputs, word_scores, None, seen, linear)
    quick = _layer(quick_scores, lesson.flags[places])
    learned = replace(linear, quick=quick, with_vectors=with_vectors, words_only=words_only)
    unseen = thresholds.Unseen([lesson.rows[i] for i in places], quick_scores, word_scores, vector_scores, inputs, seen)
    return replace(learned, thresholds=thresholds.choose(learned, unseen))


def _linear(lesson: Lesson, places: Places) -> Classifier:
    """The linear scores alone, with layers that say nothing yet."""
    offset = lesson.targets[places].mean(axis=0)
    shares = _shares(lesson.alike[np.ix_(places, places)], lesson.targets[places] - offset, WORD_RIDGE)
    blank = Layer(*(np.zeros(1, dtype=np.float32) for _ in range(4)))
    nothing = Decision(blank, blank)
    known = taxonomy.shipped().signals
    return Classifier(
        signals=lesson.signals,
        weights=np.asarray(lesson.matrix[places].T @ shares, dtype=np.float32),
        offset=offset,
        worth=lesson.worth,
        landmarks=_landmarks(lesson.vectors[places], lesson.targets[places]),
        quick=blank,
        with_vectors=nothing,
        words_only=nothing,
        floors={code: str(known[code].floor) for code in lesson.signals},
        thresholds={},
    )


def _shares(alike: Floats, targets: Floats, strength: float) -> NDArray[np.float64]:
    """How much the likeness to each passage counts for each label.

    Ridge regression in its dual form, for all labels at once: with fewer passages than features it gives the
    same weights as the usual form, sooner.
    """
    kernel = alike.astype(np.float64)
    kernel[np.diag_indices_from(kernel)] += strength
    return solve(kernel, targets.astype(np.float64), assume_a="pos", overwrite_a=True, check_finite=False)  # type: ignore[no-any-return]


def _landmarks(vectors: Floats, targets: Floats) -> Landmarks:
    """Kernel ridge over the vectors' strongest directions."""
    middle = vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(vectors - middle, full_matrices=False)
    projection = np.ascontiguousarray(directions[:DIRECTIONS].T).astype(np.float32)
    blank = np.empty((0, 0), dtype=np.float32)
    places = Landmarks(middle, projection, blank, blank, blank).coordinates(vectors)
    offset = targets.mean(axis=0)
    shares = _shares(nearness(places, places), targets - offset, VECTOR_RIDGE)
    return Landmarks(middle, projection, places, shares.astype(np.float32), offset.astype(np.float32))


def _unseen_scores(lesson: Lesson, places: Places) -> tuple[Floats, Floats, Floats, Floats]:
    """Word scores, vector scores, layer inputs and quick scores of each passage, by a part that has not seen it."""
    labels = lesson.targets.shape[1]
    back = {int(place): row for row, place in enumerate(places)}
    word_scores = np.zeros((len(places), labels), dtype=np.float32)
    vector_scores = np.zeros_like(word_scores)
    inputs = np.zeros((len(places), len(evidence.WORDS_ONLY)), dtype=np.float32)
    quick = np.zeros((len(places), _FIRST), dtype=np.float32)
    for learn, ask in folds(lesson, places, INNER_FOLDS):
        linear = _linear(lesson, learn)
        screener = Screener(linear, Vectors(_Absent()))
        rows = [back[int(place)] for place in ask]
        found = [lesson.rows[i].passage for i in ask]
        word_scores[rows] = lesson.matrix[ask] @ linear.weights + linear.offset
        vector_scores[rows] = linear.landmarks.scores(lesson.vectors[ask])
        inputs[rows] = screener.inputs(screener.observe(found), word_scores[rows])
        quick[rows] = screener.quick_scores(found)
    return word_scores, vector_scores, inputs, quick


def _decision(
    lesson: Lesson,
    places: Places,
    inputs: Floats,
    word_scores: Floats,
    vector_scores: Floats | None,
    seen: Sequence[evidence.Observed],
    linear: Classifier,
) -> Decision:
    rows = [lesson.rows[i] for i in places]
    place = {code: i for i, code in enumerate(linear.signals)}
    named, measured = marks(seen, place)
    meant = None if vector_scores is None else vector_scores[:, _FIRST:]
    pairs = evidence.signal_rows(word_scores[:, _FIRST:], meant, named, measured, families(linear.signals))
    truth = lesson.targets[places][:, _FIRST:] > 0
    return Decision(
        assertion=_layer(inputs, np.array([ASSERTIONS.index(row.assertion) for row in rows])),
        signal=_layer(pairs.reshape(-1, pairs.shape[2]), truth.reshape(-1)),
    )


def _layer(inputs: Floats, answers: NDArray[Any]) -> Layer:
    """A logistic layer with its standardisation."""
    scaler = StandardScaler().fit(inputs)
    spread = np.where(scaler.scale_ > 1e-6, scaler.scale_, 1.0)
    model = LogisticRegression(C=_LAYER_STRENGTH, max_iter=2000)
    model.fit((inputs - scaler.mean_) / spread, answers)
    weights, offset = model.coef_.T, model.intercept_
    if len(model.classes_) > 2 and len(model.classes_) != len(ASSERTIONS):
        whole = np.zeros((weights.shape[0], len(ASSERTIONS)))
        missing = np.full(len(ASSERTIONS), -30.0)
        whole[:, model.classes_], missing[model.classes_] = weights, offset
        weights, offset = whole, missing
    return Layer(*(np.asarray(part, dtype=np.float32) for part in (scaler.mean_, spread, weights, offset)))


class _Absent:
    """Stands in for the encoder where vectors are counted beforehand; asking it is a mistake."""

    def encode(self, texts: list[str]) -> Floats:
        raise RuntimeError(f"{len(texts)} passages were to be encoded again.")
