"""The small layers that turn what was seen in a pair into a relation: how they are applied, stored and checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.comparing.weighing import SIDES, TOPIC, Held
from screening.engine.classifier import SHIPPED, ClassifierError, Floats, Layer

FORMAT = 1
ARRAYS, TOLD = "comparing.npz", "comparing.json"
_LEAST, _MOST = -3.0, 3.0
TOPIC_INPUTS = (*TOPIC, "passage_sure")
SIDE_INPUTS = (*SIDES, "leans", "passage_lean", "answer_lean", "yes_and_harm", "no_and_harm")


@dataclass(frozen=True, slots=True)
class Layers:
    """Four logistic layers: does the answer admit, does the passage find harm, are they related, do they clash."""

    answer: Layer
    passage: Layer
    related: Layer
    clash: Layer
    version: str = ""

    def probabilities(self, held: Sequence[Held]) -> Floats:
        """Pairs by (contradicts, supports, unrelated); a row adds up to one."""
        admits, finds = self.leanings(held)
        related = squash(self.related.logits(topic_rows(held, finds)))[:, 0]
        clash = squash(self.clash.logits(side_rows(held, admits, finds)))[:, 0]
        return np.column_stack([related * clash, related * (1 - clash), 1 - related]).astype(np.float32)

    def leanings(self, held: Sequence[Held]) -> tuple[Floats, Floats]:
        """Log-odds that each answer admits, and that each passage finds harm, kept within three."""
        admits = self.answer.logits(np.stack([one.answer for one in held]))[:, 0]
        finds = self.passage.logits(np.stack([one.passage for one in held]))[:, 0]
        return np.clip(admits, _LEAST, _MOST), np.clip(finds, _LEAST, _MOST)


def topic_rows(held: Sequence[Held], finds: Floats) -> Floats:
    """Inputs of the layer that says whether two texts are related; columns as in `TOPIC_INPUTS`."""
    rows = np.array([one.topic for one in held], dtype=np.float32)
    return np.column_stack([rows, np.abs(finds)]).astype(np.float32)


def side_rows(held: Sequence[Held], admits: Floats, finds: Floats) -> Floats:
    """Inputs of the layer that says whether related texts clash; columns as in `SIDE_INPUTS`."""
    rows = np.array([one.sides for one in held], dtype=np.float32)
    yes, no = rows[:, SIDES.index("answer_yes")], rows[:, SIDES.index("answer_no")]
    return np.column_stack([rows, admits * finds, finds, admits, yes * finds, no * finds]).astype(np.float32)


def squash(logits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)


def save(layers: Layers, folder: Path, *, classifier: str) -> None:
    """Write comparing.npz and comparing.json. `classifier` is the version whose judgements were learned from."""
    arrays: dict[str, NDArray[Any]] = {
        f"{name}.{part}": getattr(getattr(layers, name), part)
        for name in ("answer", "passage", "related", "clash")
        for part in Layer.__slots__
    }
    np.savez_compressed(folder / ARRAYS, **arrays)  # type: ignore[arg-type]
    told = {
        "format": FORMAT,
        "sha256": _digest(folder / ARRAYS),
        "classifier": classifier,
        "topic": list(TOPIC_INPUTS),
        "sides": list(SIDE_INPUTS),
    }
    (folder / TOLD).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def load(folder: Path = SHIPPED) -> Layers:
    """Read and check the layers. Raises ClassifierError; runs nothing that the files contain."""
    try:
        told = json.loads((folder / TOLD).read_text(encoding="utf-8"))
        digest = _digest(folder / ARRAYS)
    except (OSError, ValueError) as error:
        raise ClassifierError("The layers for comparing are missing or damaged: run `make train`.") from error
    known = (FORMAT, digest, list(TOPIC_INPUTS), list(SIDE_INPUTS))
    if (told.get("format"), told.get("sha256"), told.get("topic"), told.get("sides")) != known:
        raise ClassifierError("The layers for comparing are not of this version of the engine: run `make train`.")
    with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
        layers = {
            name: Layer(*(arrays[f"{name}.{part}"] for part in Layer.__slots__))
            for name in ("answer", "passage", "related", "clash")
        }
    return Layers(**layers, version=digest[:12])


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
