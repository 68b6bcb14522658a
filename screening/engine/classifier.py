"""The shipped classifier: what every word, word part and word order weighs for every label, as plain arrays."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.engine import words
from screening.engine.results import Assertion
from screening.engine.tuned import Heads
from screening.engine.vectors import CLOSE_SIZE, WIDE_SIZE

SHIPPED = Path(__file__).with_name("data")
FORMAT = 3
ASSERTIONS = tuple(Assertion)
RAISING = sum(status.raises for status in ASSERTIONS)
"""The raising assertions stand first."""
FIRST_LABELS = ("flag", "about", *(str(assertion) for assertion in ASSERTIONS))
"""The labels before the signals: raises a flag, speaks of any signal, and the ten assertions."""
_FADING = 1.5
"""How fast likeness fades with distance; chosen by grouped cross-validation on the corpus."""
_DECISIONS = ("words_only", "with_wide", "with_both")
_STEPS = 127
"""A coordinate is kept in so many steps to either side of zero, as far as any landmark goes in any direction."""
_WORD_STEPS = 31
"""The same for what a word feature weighs: a passage has a hundred of them, and what rounding takes evens out."""

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

    `middle` and `projection` turn a vector into coordinates (256 of them) of length one; `places` are those of
    the learned passages; a label's score is the sum of its `weights`, faded by distance, plus `offset`.
    `slope` makes up for what the weights lost when they were rounded for the file; see `_packed`.
    """

    middle: Floats
    projection: Floats
    places: Floats
    weights: Floats
    offset: Floats
    slope: Floats | float = 0.0

    def coordinates(self, vectors: Floats) -> Floats:
        turned = (vectors - self.middle) @ self.projection
        lengths = np.sqrt((turned * turned).sum(axis=1, keepdims=True))
        return np.asarray(turned / np.maximum(lengths, 1e-6), dtype=np.float32)

    def scores(self, vectors: Floats) -> Floats:
        """Vectors by labels."""
        there = self.coordinates(vectors)
        found = nearness(there, self.places) @ self.weights + self.offset
        if not isinstance(self.slope, float):
            found += there @ self.slope
        return np.asarray(found, dtype=np.float32)


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
    wide: Landmarks
    """For vectors of the quick encoder."""
    close: Heads
    """For vectors of the slow encoder, which is asked about what stays open."""
    quick: Layer
    """From the first labels, by words without context, to whether a passage may matter at all."""
    words_only: Decision
    with_wide: Decision
    with_both: Decision
    floors: Mapping[str, str]
    """The severity floor of each signal, from the taxonomy that this classifier was built with."""
    thresholds: Mapping[str, float]
    """`quick` (what goes on to the careful stage), `signal`, `unsure`, and one a severity for the flag. `words_only`
    and `with_wide` are the general lines where no encoder was asked, and where the quick one was asked alone;
    `signal_with_wide` is the line for a signal in both of these cases."""
    version: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        return FIRST_LABELS + self.signals


def save(classifier: Classifier, folder: Path) -> None:
    """Write classifier.npz and classifier.json; the same classifier gives the same bytes."""
    scale = np.maximum(np.abs(classifier.weights).max(axis=0), 1e-9) / _WORD_STEPS
    arrays: dict[str, NDArray[Any]] = {
        **{f"quick.{field}": getattr(classifier.quick, field) for field in Layer.__slots__},
        "weights": np.round(classifier.weights / scale).astype(np.int8).T.copy(),
        "scale": scale.astype(np.float32),
        "offset": classifier.offset,
        "worth": classifier.worth.astype(np.float16),
        **_packed("wide", classifier.wide),
        "close.weights": classifier.close.weights,
        "close.offset": classifier.close.offset,
    }
    for name in _DECISIONS:
        for part in ("assertion", "signal"):
            layer: Layer = getattr(getattr(classifier, name), part)
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


def _packed(name: str, landmarks: Landmarks) -> dict[str, NDArray[Any]]:
    """Places and weights in one byte each.

    Thousands of large weights nearly cancel out, so that their rounding alone would drown the score. But nearness is
    almost a constant plus a slope, since two places in 256 directions are nearly at right angles: exp(f(x.p - 1)) is
    exp(-f) (1 + f x.p) and little more. What rounding takes away is given back in just these two terms.
    """
    step = np.maximum(np.abs(landmarks.places).max(), 1e-9) / _STEPS
    scale = np.maximum(np.abs(landmarks.weights).max(axis=0), 1e-9) / 127
    weights = np.round(landmarks.weights / scale).astype(np.int8)
    lost = (landmarks.weights - weights * scale).astype(np.float64) * np.exp(-_FADING)
    return {
        f"{name}.middle": landmarks.middle.astype(np.float16),
        f"{name}.projection": landmarks.projection.astype(np.float16),
        f"{name}.places": np.round(landmarks.places / step).astype(np.int8),
        f"{name}.step": np.float32(step),
        f"{name}.weights": weights,
        f"{name}.scale": scale.astype(np.float32),
        f"{name}.offset": (landmarks.offset + lost.sum(axis=0)).astype(np.float32),
        f"{name}.slope": (_FADING * landmarks.places.T.astype(np.float64) @ lost).astype(np.float32),
    }


def _unpacked(name: str, arrays: Mapping[str, NDArray[Any]]) -> Landmarks:
    # A direction of all places side by side, as they are multiplied: a few vectors are weighed a third sooner.
    places = np.ascontiguousarray(arrays[f"{name}.places"].T).astype(np.float32) * arrays[f"{name}.step"]
    return Landmarks(
        middle=arrays[f"{name}.middle"].astype(np.float32),
        projection=arrays[f"{name}.projection"].astype(np.float32),
        places=places.T,
        weights=arrays[f"{name}.weights"].astype(np.float32) * arrays[f"{name}.scale"],
        offset=arrays[f"{name}.offset"].astype(np.float32),
        slope=arrays[f"{name}.slope"].astype(np.float32),
    )


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
        wide=_unpacked("wide", arrays),
        close=Heads(arrays["close.weights"], arrays["close.offset"]),
        quick=Layer(*(arrays[f"quick.{field}"].astype(np.float32) for field in Layer.__slots__)),
        **{name: decision(name) for name in _DECISIONS},
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
        "landmarks": (classifier.wide.weights.shape, (len(classifier.wide.places), labels)),
        "projection": (classifier.wide.projection.shape[:1], (WIDE_SIZE,)),
        "heads": (classifier.close.weights.shape, (CLOSE_SIZE, labels)),
    }
    for name, (found, wanted) in shapes.items():
        if found != wanted:
            raise ClassifierError(f"The classifier's {name} have the shape {found} instead of {wanted}.")
    if set(classifier.floors) != set(classifier.signals):
        raise ClassifierError("The classifier has floors for other signals than it knows.")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
