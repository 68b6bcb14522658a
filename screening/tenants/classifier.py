"""A team's own classifier as plain numbers: how it is applied, stored and checked. Nothing in its files can run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from screening.engine.vectors import Vectors
from screening.tenants import reading
from screening.tenants.examples import Example
from screening.tenants.lines import Form, Lines
from screening.tenants.reading import Floats, Grammar
from screening.tenants.ridge import Mix, Weights

FORMAT = 1
ARRAYS, TOLD = "classifier.npz", "classifier.json"


class ClassifierFault(Exception):
    """A classifier's files are missing, damaged or of another format, or it cannot be used here."""


@dataclass(frozen=True, slots=True)
class Predicted:
    """The labels of one text, likeliest first, and the probability of every label."""

    id: Any
    labels: tuple[str, ...]
    scores: dict[str, float]


@dataclass(frozen=True, slots=True)
class Classifier:
    labels: tuple[str, ...]
    spaceless: bool
    """Learned from scripts without spaces between words."""
    grammar: Grammar
    mix: Mix
    weights: Weights
    lines: Lines
    version: str = ""
    """The first letters of the arrays' hash; empty before it is stored."""

    @property
    def needs_vectors(self) -> bool:
        return any(name in self.weights.blocks for name in self.grammar.landmarks)

    @property
    def needs_slow(self) -> bool:
        """Whether it learned with the slow encoder too."""
        return any(name in self.weights.blocks for name in reading.SENSES)

    def predict(
        self, rows: Sequence[Example], *, vectors: Vectors | None = None, slow: Vectors | None = None
    ) -> list[Predicted]:
        """One prediction a row, in order. Rows of one `doc` are taken as neighbours, in the order given.

        Raises ClassifierFault where a sentence encoder, which it learned with, is not installed.
        """
        if not rows:
            return []
        threadpool_limits(limits=1, user_api="blas")
        scores = self.scores(rows, vectors, slow)
        likely, given = self.lines.probabilities(scores), self.lines.given(scores)
        return [self._told(rows[i], likely[i], given[i]) for i in range(len(rows))]

    def scores(self, rows: Sequence[Example], vectors: Vectors | None, slow: Vectors | None) -> Floats:
        """Rows by labels, before calibration."""
        quick = _at_hand(vectors, Vectors.wide) if self.needs_vectors else None
        slow = _at_hand(slow, Vectors.untaught) if self.needs_slow else None
        raw = reading.read(rows, quick, slow, spaceless=self.spaceless)
        return self.weights.scores(reading.blocks_of(raw, self.grammar))

    def _told(self, row: Example, likely: Floats, given: NDArray[np.bool_]) -> Predicted:
        order = np.argsort(-likely, kind="stable")
        labels = tuple(self.labels[j] for j in order if given[j])
        return Predicted(row.id, labels, {self.labels[j]: round(float(likely[j]), 4) for j in order})


def _at_hand(vectors: Vectors | None, usual: Callable[[], Vectors]) -> Vectors:
    encoder = vectors if vectors is not None else usual()
    if not encoder.available:
        raise ClassifierFault("This classifier compares meaning, and the sentence encoder is not installed here.")
    return encoder


def save(classifier: Classifier, folder: Path) -> str:
    """Write a classifier's two files and give back its version; the same classifier gives the same bytes."""
    grammar, drawn = classifier.grammar, classifier.lines
    arrays: dict[str, NDArray[Any]] = {
        "columns": grammar.columns.astype(np.int32),
        "worth": grammar.worth,
        "offset": classifier.weights.offset,
        "slope": drawn.slope,
        "shift": drawn.shift,
        "line": drawn.line,
        **{f"weights.{name}": part.astype(np.float16) for name, part in classifier.weights.blocks.items()},
        **{f"middle.{name}": part for name, part in grammar.middles.items() if name in classifier.weights.blocks},
        **{
            f"landmarks.{name}": part.astype(np.float16)
            for name, part in grammar.landmarks.items()
            if name in classifier.weights.blocks
        },
    }
    # Likeness is multiplied by large weights of either sign, which half a number would spoil.
    arrays |= {
        f"weights.{name}": classifier.weights.blocks[name] for name in grammar.landmarks if f"weights.{name}" in arrays
    }
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / ARRAYS, **arrays)  # type: ignore[arg-type]
    digest = _digest(folder / ARRAYS)
    told = {
        "format": FORMAT,
        "sha256": digest,
        "labels": list(classifier.labels),
        "spaceless": classifier.spaceless,
        "split": grammar.split,
        "form": str(drawn.form),
        "hold": classifier.mix.hold,
        "shares": dict(classifier.mix.shares),
    }
    (folder / TOLD).write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return digest[:12]


def load(folder: Path) -> Classifier:
    """Read and check a classifier. Raises ClassifierFault; runs nothing that the files contain."""
    try:
        told = json.loads((folder / TOLD).read_text(encoding="utf-8"))
        digest = _digest(folder / ARRAYS)
    except (OSError, ValueError) as error:
        raise ClassifierFault(f"There is no classifier that can be read in the folder {folder.name}.") from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise ClassifierFault("The classifier has another format than this version reads: train it again.")
    if told.get("sha256") != digest:
        raise ClassifierFault("The classifier's numbers are not those that its description names: train it again.")
    try:
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            return _assembled(told, {name: arrays[name] for name in arrays.files}, digest)
    except (KeyError, ValueError, TypeError) as error:
        raise ClassifierFault("The classifier's description lacks a part: train it again.") from error


def _assembled(told: dict[str, Any], arrays: dict[str, NDArray[Any]], digest: str) -> Classifier:
    def those(kind: str) -> dict[str, Floats]:
        found = {name.partition(".")[2]: part for name, part in arrays.items() if name.startswith(f"{kind}.")}
        return {name: found[name].astype(np.float32) for name in reading.BLOCKS if name in found}

    grammar = Grammar(
        arrays["columns"].astype(np.int64), arrays["worth"], int(told["split"]), those("middle"), those("landmarks")
    )
    return Classifier(
        labels=tuple(told["labels"]),
        spaceless=bool(told["spaceless"]),
        grammar=grammar,
        mix=Mix({str(name): float(share) for name, share in told["shares"].items()}, float(told["hold"])),
        weights=Weights(those("weights"), arrays["offset"]),
        lines=Lines(Form(told["form"]), arrays["slope"], arrays["shift"], arrays["line"]),
        version=digest[:12],
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
