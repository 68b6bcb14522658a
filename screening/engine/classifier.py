"""The shipped classifier: what every word, word part and word order weighs for every label, as plain arrays."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.engine import words
from screening.engine.results import Assertion

SHIPPED = Path(__file__).with_name("data")
FORMAT = 1
ASSERTIONS = tuple(Assertion)
RAISING = sum(status.raises for status in ASSERTIONS)
"""The raising assertions stand first."""
FIRST_LABELS = ("flag", "about", *(str(assertion) for assertion in ASSERTIONS))
"""The labels before the signals: raises a flag, speaks of any signal, and the ten assertions."""
VECTOR_SIZE = 512
_FADING = 1.5
"""How fast likeness fades with distance; chosen by grouped cross-validation on the corpus."""
_STEPS = 400
"""Coordinates of unit vectors in 256 dimensions seldom exceed 0.3, so eight bits hold them in steps of 1/400."""

Floats = NDArray[np.float32]


class ClassifierError(Exception):
    """The files of a classifier are missing, damaged, or of another format; the text says which."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A logistic layer: standardise the inputs, weigh, add, and squash. Columns are outputs."""

    middle: Floats
    spread: Floats
    weights: Floats
    offset: Floats

    def logits(self, inputs: Floats) -> Floats:
        return np.asarray(((inputs - self.middle) / self.spread) @ self.weights + self.offset, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Landmarks:
    """What a sentence vector means by its nearness to the vectors of all passages that were learned from.

    `middle` and `projection` turn a vector into coordinates (512 to fewer) of length one; `places` are those of
    the learned passages; a label's score is the sum of its `weights`, faded by distance, plus `offset`.
    """

    middle: Floats
    projection: Floats
    places: Floats
    weights: Floats
    offset: Floats

    def coordinates(self, vectors: Floats) -> Floats:
        turned = (vectors - self.middle) @ self.projection
        lengths = np.sqrt((turned * turned).sum(axis=1, keepdims=True))
        return np.asarray(turned / np.maximum(lengths, 1e-6), dtype=np.float32)

    def scores(self, vectors: Floats) -> Floats:
        """Vectors by labels."""
        near = nearness(self.coordinates(vectors), self.places)
        return np.asarray(near @ self.weights + self.offset, dtype=np.float32)


def nearness(one: Floats, other: Floats) -> Floats:
    """From 1 for the same place down to 0.05 for the opposite one: a Gaussian of the distance."""
    near = np.asarray(one @ other.T, dtype=np.float32)
    near -= 1
    near *= _FADING
    return np.exp(near, out=near)


@dataclass(frozen=True, slots=True)
class Decision:
    """The calibrated layers on top of words (and vectors): the assertion, and each single signal.

    The probability of a flag is that of the five raising assertions together: in folds it ranks better than a
    layer of its own (AUC .90 against .89), and flag and assertion can never contradict each other.
    """

    assertion: Layer
    signal: Layer

    def flag(self, inputs: Floats) -> Floats:
        """The probability that a reviewer would flag each passage."""
        logits = self.assertion.logits(inputs).astype(np.float64)
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(shares[:, :RAISING].sum(axis=1) / shares.sum(axis=1), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Classifier:
    """All that was learned. `worth` says how rare, hence how telling, a feature is."""

    signals: tuple[str, ...]
    weights: Floats
    """Features by labels: the twelve first labels, then the signals."""
    offset: Floats
    worth: Floats
    landmarks: Landmarks
    quick: Layer
    """From the first labels, by words without context, to whether a passage may matter at all."""
    with_vectors: Decision
    words_only: Decision
    floors: Mapping[str, str]
    """The severity floor of each signal, from the taxonomy that this classifier was built with."""
    thresholds: Mapping[str, float]
    """`quick` (what goes on to the careful stage), `signal`, `unsure`, one a severity for the flag, and `words_only`:
    the lowest line for a flag without a sentence vector."""
    version: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        return FIRST_LABELS + self.signals


def save(classifier: Classifier, folder: Path) -> None:
    """Write classifier.npz and classifier.json; the same classifier gives the same bytes."""
    scale = np.maximum(np.abs(classifier.weights).max(axis=0), 1e-9) / 127
    arrays: dict[str, NDArray[Any]] = {
        **{f"quick.{field}": getattr(classifier.quick, field) for field in Layer.__slots__},
        "weights": np.round(classifier.weights / scale).astype(np.int8).T.copy(),
        "scale": scale.astype(np.float32),
        "offset": classifier.offset,
        "worth": classifier.worth.astype(np.float16),
        "landmarks.middle": classifier.landmarks.middle.astype(np.float16),
        "landmarks.projection": classifier.landmarks.projection.astype(np.float16),
        "landmarks.places": np.round(classifier.landmarks.places * _STEPS).clip(-127, 127).astype(np.int8),
        "landmarks.weights": classifier.landmarks.weights.astype(np.float16),
        "landmarks.offset": classifier.landmarks.offset,
    }
    for name, decision in (("with_vectors", classifier.with_vectors), ("words_only", classifier.words_only)):
        for part in ("assertion", "signal"):
            layer: Layer = getattr(decision, part)
            arrays |= {f"{name}.{part}.{field}": getattr(layer, field) for field in Layer.__slots__}
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / "classifier.npz", **arrays)  # type: ignore[arg-type]
    digest = _digest(folder / "classifier.npz")
    told = {
        "format": FORMAT,
        "size": words.SIZE,
        "sha256": digest,
        "signals": list(classifier.signals),
        "floors": dict(classifier.floors),
        "thresholds": {name: round(value, 4) for name, value in classifier.thresholds.items()},
    }
    (folder / "classifier.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def load(folder: Path = SHIPPED) -> Classifier:
    """Read and check a classifier. Raises ClassifierError; runs nothing that the files contain."""
    try:
        told = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        digest = _digest(folder / "classifier.npz")
    except (OSError, ValueError) as error:
        raise ClassifierError(f"The classifier in {folder.name} cannot be read: {error}") from error
    if (told.get("format"), told.get("size")) != (FORMAT, words.SIZE):
        raise ClassifierError("The classifier has another format than this version of the engine reads.")
    if told.get("sha256") != digest:
        raise ClassifierError("The classifier's arrays are not those that its description names.")
    with np.load(folder / "classifier.npz", allow_pickle=False) as arrays:
        classifier = _assembled(told, {name: arrays[name] for name in arrays.files}, digest)
    _check(classifier)
    return classifier


def _assembled(told: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], digest: str) -> Classifier:
    def decision(name: str) -> Decision:
        return Decision(*(
            Layer(*(arrays[f"{name}.{part}.{field}"].astype(np.float32) for field in Layer.__slots__))
            for part in ("assertion", "signal")
        ))  # fmt: skip

    return Classifier(
        signals=tuple(told["signals"]),
        weights=np.ascontiguousarray(arrays["weights"].T).astype(np.float32) * arrays["scale"],
        offset=arrays["offset"].astype(np.float32),
        worth=arrays["worth"].astype(np.float32),
        landmarks=Landmarks(
            middle=arrays["landmarks.middle"].astype(np.float32),
            projection=arrays["landmarks.projection"].astype(np.float32),
            places=np.asarray(arrays["landmarks.places"] / _STEPS, dtype=np.float32),
            weights=arrays["landmarks.weights"].astype(np.float32),
            offset=arrays["landmarks.offset"].astype(np.float32),
        ),
        quick=Layer(*(arrays[f"quick.{field}"].astype(np.float32) for field in Layer.__slots__)),
        with_vectors=decision("with_vectors"),
        words_only=decision("words_only"),
        floors=told["floors"],
        thresholds=told["thresholds"],
        version=digest[:12],
    )


def _check(classifier: Classifier) -> None:
    labels = len(classifier.labels)
    shapes = {
        "weights": (classifier.weights.shape, (words.SIZE, labels)),
        "offset": (classifier.offset.shape, (labels,)),
        "worth": (classifier.worth.shape, (words.SIZE,)),
        "landmarks": (classifier.landmarks.weights.shape, (len(classifier.landmarks.places), labels)),
        "projection": (classifier.landmarks.projection.shape[:1], (VECTOR_SIZE,)),
    }
    for name, (found, wanted) in shapes.items():
        if found != wanted:
            raise ClassifierError(f"The classifier's {name} have the shape {found} instead of {wanted}.")
    if set(classifier.floors) != set(classifier.signals):
        raise ClassifierError("The classifier has floors for other signals than it knows.")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Scorer:
    """Adds up what the words of many passages weigh, for a choice of labels. Remembers every word it met.

    Memory stays flat: after `_MOST_WORDS` distinct words the memory is emptied and begins anew, which changes
    nothing but the time. Not safe to share between threads.
    """

    _MOST_WORDS = 60_000

    def __init__(self, weights: Floats, offset: Floats, worth: Floats) -> None:
        # The last column carries the square of a feature's worth, so that lengths add up beside the scores.
        self._features = np.hstack([weights * worth[:, None], (worth * worth)[:, None]]).astype(np.float32)
        self._offset = offset
        self._forget()

    def _forget(self) -> None:
        self._vocabulary = words.Vocabulary()
        self._rows = np.empty((0, self._features.shape[1]), dtype=np.float32)
        self._hashes = np.empty(0, dtype=np.uint32)

    def scores(self, texts: Sequence[str], contexts: Sequence[tuple[str, str | None]] | None = None) -> Floats:
        """Texts by labels. `contexts` gives the text before and the kind of document for each text."""
        if not texts:
            return np.empty((0, len(self._offset)), dtype=np.float32)
        if len(self._vocabulary) > self._MOST_WORDS:
            self._forget()
        run = self._vocabulary.read(texts)
        self._learn_new_words()
        total = _sums(self._rows[run.ids], run.starts)
        hashes = self._hashes[run.ids]
        for owner, features, weight in words.neighbours(hashes, run.starts):
            starts = np.searchsorted(owner, np.arange(len(texts) + 1))
            found = _sums(self._features[features], starts)
            total[:, :-1] += weight * found[:, :-1]
            total[:, -1] += weight * weight * found[:, -1]
        if contexts is not None:
            for row, (before, document_type) in enumerate(contexts):
                total[row] += self._row(*words.context_of(before, document_type))
        lengths = np.sqrt(np.maximum(total[:, -1:], 1e-6))
        return np.asarray(total[:, :-1] / lengths + self._offset, dtype=np.float32)

    def word_weights(self, text: str, label: int) -> list[tuple[str, float]]:
        """What each word of one text adds to one label, by itself."""
        run = self._vocabulary.read([text])
        self._learn_new_words()
        rows = self._rows[run.ids]
        length = float(np.sqrt(max(rows[:, -1].sum(), 1e-6)))
        return [(self._vocabulary.words[i], float(w) / length) for i, w in zip(run.ids, rows[:, label], strict=True)]

    def _learn_new_words(self) -> None:
        new = self._vocabulary.words[len(self._rows) :]
        if new:
            rows = np.stack([self._row(*words.features_of(word)) for word in new])
            self._rows = np.vstack([self._rows, rows])
            self._hashes = np.array(self._vocabulary.hashes, dtype=np.uint32)

    def _row(self, numbers: Sequence[int], weights: Sequence[float]) -> Floats:
        if not numbers:
            return np.zeros(self._features.shape[1], dtype=np.float32)
        share = np.array(weights, dtype=np.float32)
        found = self._features[numbers]
        row = share @ found
        row[-1] = (share * share) @ found[:, -1]
        return row


def _sums(rows: Floats, starts: NDArray[np.int64]) -> Floats:
    """The sum of rows[starts[i]:starts[i + 1]] for each i; zeros for an empty stretch."""
    total = np.zeros((len(starts) - 1, rows.shape[1]), dtype=np.float32)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        total[filled] = np.add.reduceat(rows, starts[filled], axis=0)
    return total
