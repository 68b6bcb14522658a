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
from scipy.linalg import cho_factor, cho_solve
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from models import taxonomy
from screening.engine import evidence, tuned
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
from screening.engine.meaning import Encoders, Meant
from screening.engine.results import Passage
from screening.engine.screener import Screener, families, marks
from screening.engine.tuned import Heads
from screening.engine.vectors import Vectors
from screening.training import corpus, features, thresholds
from screening.training.corpus import Labelled
from screening.training.unseen import Places, Unseen

WORD_RIDGE, VECTOR_RIDGE = 0.5, 0.3
"""How strongly weights are held near zero; chosen by grouped cross-validation on the corpus."""
DIRECTIONS = 256
"""So many directions of the sentence vectors hold nearly all that tells passages apart."""
INNER_FOLDS = 5
_LAYER_STRENGTH = 0.05
_THREADS = 2
"""Of the number library for what takes longest; the last digits depend on it."""
_FIRST = len(FIRST_LABELS)


@dataclass(frozen=True, slots=True)
class Lesson:
    """Labelled passages with all that does not depend on a fold."""

    rows: list[Labelled]
    signals: tuple[str, ...]
    matrix: features.Matrix
    alike: Floats
    """Passages by passages: how much their words have in common."""
    worth: Floats
    wide: Floats
    """Vectors of the quick encoder."""
    heads: Heads
    close: Floats
    """What the heads of the slow encoder say of the passages that it was never taught; nothing of the others."""
    apart: NDArray[np.bool_]
    """Which passages those are."""
    targets: Floats
    """Passages by labels, +1 or -1."""
    groups: list[int]

    @property
    def strata(self) -> list[str]:
        return [f"{row.language} {row.flag}" for row in self.rows]

    @property
    def flags(self) -> NDArray[np.bool_]:
        return np.array([row.flag for row in self.rows])


def prepare(rows: list[Labelled], encoders: Encoders) -> Lesson:
    """Count features and encode the passages. Raises RuntimeError without the sentence encoders."""
    # The last digits of a sum depend on how many threads add it up.
    threadpool_limits(limits=1, user_api="blas")
    rows = _half_untyped(rows)
    signals = tuple(sorted(taxonomy.shipped().signals))
    found = [row.passage for row in rows]
    counted = features.count(found)
    worth = features.rarity(counted)
    truth = np.array([
        [row.flag, bool(row.signals), *(row.assertion is a for a in ASSERTIONS), *(s in row.signals for s in signals)]
        for row in rows
    ])  # fmt: skip
    matrix, heads, apart = features.weighed(counted, worth), tuned.heads(), np.array(corpus.kept_apart(rows))
    return Lesson(
        rows=rows,
        signals=signals,
        matrix=matrix,
        alike=(matrix @ matrix.T).toarray(),
        worth=worth,
        wide=encoders.wide.of([passage.text for passage in found]),
        heads=heads,
        close=_heard(found, apart, heads, encoders),
        apart=apart,
        targets=(truth * 2 - 1).astype(np.float32),
        groups=corpus.groups(rows),
    )


def _heard(found: list[Passage], apart: NDArray[np.bool_], heads: Heads, encoders: Encoders) -> Floats:
    scores = np.zeros((len(found), len(heads.offset)), dtype=np.float32)
    scores[apart] = heads.scores(encoders.close.of([found[i].text for i in np.flatnonzero(apart)]))
    return scores


def _half_untyped(rows: list[Labelled]) -> list[Labelled]:
    """The passages, half of them as if nobody knew what kind of document they stand in: often nobody does.

    A pair that differs by a small word is treated alike, so that the kind of document never tells its halves apart.
    """
    return [
        row if group % 2 else replace(row, passage=replace(row.passage, document_type=None))
        for row, group in zip(rows, corpus.groups(rows), strict=True)
    ]


def folds(lesson: Lesson, places: Places, count: int) -> list[tuple[Places, Places]]:
    """Grouped and stratified folds of these passages: minimal pairs stay together, languages are spread."""
    strata, groups = lesson.strata, lesson.groups
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=7)
    split = splitter.split(places, [strata[i] for i in places], [groups[i] for i in places])
    return [(places[learn], places[ask]) for learn, ask in split]


@dataclass(frozen=True, slots=True)
class Part:
    """A fold: the linear part that learned from some passages, to be asked about the others."""

    learn: Places
    ask: Places
    linear: Classifier


def train(lesson: Lesson, places: Places | None = None) -> Classifier:
    """A classifier from these passages of the lesson, or from all of them."""
    places = np.arange(len(lesson.rows)) if places is None else places
    return finished(lesson, _linear(lesson, places), unseen(lesson, parts(lesson, places)))


def parts(lesson: Lesson, places: Places) -> list[Part]:
    """The linear part of each fold of these passages."""
    return [Part(learn, ask, _linear(lesson, learn)) for learn, ask in folds(lesson, places, INNER_FOLDS)]


def finished(lesson: Lesson, linear: Classifier, known: Unseen) -> Classifier:
    """The linear part with layers on top and thresholds, learned from passages that linear parts had not seen.

    Where the slow encoder has a say, from those only that it was never taught.
    """
    fresh = known.among(np.flatnonzero(lesson.apart))
    learned = replace(
        linear,
        quick=_layer(known.quick, lesson.flags[known.places]),
        words_only=_decision(lesson, known, Meant(), linear),
        with_wide=_decision(lesson, known, Meant(known.by_wide), linear),
        with_both=_decision(lesson, fresh, Meant(fresh.by_wide, fresh.by_close), linear),
    )
    lines = thresholds.choose(learned, known, [lesson.rows[i] for i in known.places], lesson.apart[known.places])
    return replace(learned, thresholds=lines)


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
        wide=_landmarks(lesson.wide[places], lesson.targets[places]),
        close=lesson.heads,
        quick=blank,
        words_only=nothing,
        with_wide=nothing,
        with_both=nothing,
        floors={code: str(known[code].floor) for code in lesson.signals},
        thresholds={},
    )


def _shares(alike: Floats, targets: Floats, strength: float) -> Floats:
    """How much the likeness to each passage counts for each label.

    Ridge regression in its dual form, for all labels at once: with fewer passages than features it gives the
    same weights as the usual form, sooner. `alike` is used up.
    """
    alike[np.diag_indices_from(alike)] += np.float32(strength)
    with threadpool_limits(limits=_THREADS, user_api="blas"):
        factor = cho_factor(alike, lower=True, overwrite_a=True, check_finite=False)
        return np.asarray(cho_solve(factor, targets.astype(np.float32), check_finite=False), dtype=np.float32)


def _landmarks(vectors: Floats, targets: Floats) -> Landmarks:
    """Kernel ridge over the vectors' strongest directions."""
    middle = vectors.mean(axis=0)
    spread = (vectors - middle).astype(np.float64)
    _, directions = np.linalg.eigh(spread.T @ spread)
    projection = np.ascontiguousarray(directions[:, ::-1][:, :DIRECTIONS]).astype(np.float32)
    blank = np.empty((0, 0), dtype=np.float32)
    places = Landmarks(middle, projection, blank, blank, blank).coordinates(vectors)
    offset = targets.mean(axis=0)
    shares = _shares(nearness(places, places), targets - offset, VECTOR_RIDGE)
    return Landmarks(middle, projection, places, shares.astype(np.float32), offset.astype(np.float32))


def unseen(lesson: Lesson, parted: Sequence[Part]) -> Unseen:
    """What the linear part of each fold says of the passages that it is asked about."""
    found = [_asked(lesson, part) for part in parted]
    return Unseen(
        np.concatenate([one.places for one in found]),
        np.concatenate([one.quick for one in found]),
        np.concatenate([one.by_words for one in found]),
        np.concatenate([one.by_wide for one in found]),
        np.concatenate([one.by_close for one in found]),
        np.concatenate([one.inputs for one in found]),
        [seen for one in found for seen in one.seen],
    )


def _asked(lesson: Lesson, part: Part) -> Unseen:
    screener = Screener(part.linear, Encoders(Vectors(), Vectors()))
    passages = [lesson.rows[i].passage for i in part.ask]
    seen = screener.observe(passages)
    by_words = np.asarray(lesson.matrix[part.ask] @ part.linear.weights + part.linear.offset, dtype=np.float32)
    return Unseen(
        places=part.ask,
        quick=screener.quick_scores(passages),
        by_words=by_words,
        by_wide=part.linear.wide.scores(lesson.wide[part.ask]),
        by_close=lesson.close[part.ask],
        inputs=screener.inputs(seen, by_words),
        seen=seen,
    )


def _decision(lesson: Lesson, known: Unseen, meant: Meant, linear: Classifier) -> Decision:
    named, measured = marks(known.seen, {code: i for i, code in enumerate(linear.signals)})
    inputs = meant.inputs(known.inputs)
    pairs = evidence.signal_rows(known.by_words[:, _FIRST:], meant.signals(), named, measured, families(linear.signals))
    truth = lesson.targets[known.places][:, _FIRST:] > 0
    return Decision(
        assertion=_layer(inputs, np.array([ASSERTIONS.index(lesson.rows[i].assertion) for i in known.places])),
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
