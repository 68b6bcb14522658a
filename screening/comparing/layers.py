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

FORMAT = 3
ARRAYS, TOLD = "comparing.npz", "comparing.json"
_LEAST, _MOST = -3.0, 3.0
_QUARTER = np.float32(0.25)
"""Of the log-odds: so the scores of the slow encoder come."""
_NAMES = ("question", "answer", "passage", "related", "clash", "related_together", "clash_together")
TOPIC_INPUTS = (*TOPIC, "passage_sure", "answer_sure")
SIDE_INPUTS = (
    *SIDES, "leans", "passage_lean", "answer_lean", "yes_means_harm", "opening_leans", "opening_and_passage",
    "negation_means_harm", "negation_and_answer", "negation_and_opening",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layers:
    """Logistic layers: would a yes admit harm, does the answer admit it, does the passage find it; are they related, do
    they clash; and the same two where the slow encoder read both together."""

    question: Layer
    answer: Layer
    passage: Layer
    related: Layer
    clash: Layer
    related_together: Layer
    clash_together: Layer
    version: str = ""

    def probabilities(self, held: Sequence[Held]) -> Floats:
        """Pairs by (contradicts, supports, unrelated); a row adds up to one."""
        leanings = self.leanings(held)
        topic, sides = topic_rows(held, leanings), side_rows(held, leanings)
        if any(one.together is None for one in held):
            related, clash = self.related.logits(topic), self.clash.logits(sides)
        else:
            topic, sides = with_together(topic, sides, held)
            related, clash = self.related_together.logits(topic), self.clash_together.logits(sides)
        related, clash = squash(related)[:, 0], squash(clash)[:, 0]
        return np.column_stack([related * clash, related * (1 - clash), 1 - related]).astype(np.float32)

    def leanings(self, held: Sequence[Held]) -> Floats:
        """Log-odds that a yes to each question, that each answer, admits, and that each passage finds harm.

        Pairs by three; kept within three.
        """
        means = _kept(self.question.logits(np.stack([one.question for one in held]))[:, 0])
        admits = _kept(self.answer.logits(answer_rows(held, means))[:, 0])
        finds = _kept(self.passage.logits(np.stack([one.passage for one in held]))[:, 0])
        return np.column_stack([means, admits, finds]).astype(np.float32)


def answer_rows(held: Sequence[Held], means: Floats) -> Floats:
    """Inputs of the layer that says whether an answer admits: its own, then how it opens and what that means."""
    rows = np.array([one.sides for one in held], dtype=np.float32)
    opens = rows[:, SIDES.index("answer_yes")] - rows[:, SIDES.index("answer_no")]
    return with_opening(np.stack([one.answer for one in held]), opens, means)


def with_opening(answers: Floats, opens: Floats, means: Floats) -> Floats:
    """`opens` is 1 for a yes and -1 for a no; `means` the log-odds that a yes admits harm. The last three columns."""
    return np.column_stack([answers, opens, opens * means, means]).astype(np.float32)


def topic_rows(held: Sequence[Held], leanings: Floats) -> Floats:
    """Inputs of the layer that says whether two texts are related; columns as in `TOPIC_INPUTS`."""
    rows = np.array([one.topic for one in held], dtype=np.float32)
    return np.column_stack([rows, np.abs(leanings[:, 2]), np.abs(leanings[:, 1])]).astype(np.float32)


def side_rows(held: Sequence[Held], leanings: Floats) -> Floats:
    """Inputs of the layer that says whether related texts clash; columns as in `SIDE_INPUTS`."""
    rows = np.array([one.sides for one in held], dtype=np.float32)
    means, admits, finds = leanings.T
    opens = rows[:, SIDES.index("answer_yes")] - rows[:, SIDES.index("answer_no")]
    negates = rows[:, SIDES.index("passage_negates")]
    # Where a yes would admit harm, a passage that negates finds none.
    denial = -means * (2 * negates - 1)
    return np.column_stack(
        [rows, admits * finds, finds, admits, means, means * opens, means * opens * finds, denial, denial * admits,
         negates * opens]
    ).astype(np.float32)  # fmt: skip


def with_together(topic: Floats, sides: Floats, held: Sequence[Held]) -> tuple[Floats, Floats]:
    """Both rows with a last column: the log-odds that the two are related, and that they clash, as read together."""
    clash, agree, apart = np.array([one.together for one in held], dtype=np.float32).T / _QUARTER
    return (
        np.column_stack([topic, np.logaddexp(clash, agree) - apart]),
        np.column_stack([sides, clash - agree]),
    )


def _kept(odds: Floats) -> Floats:
    return np.asarray(np.clip(odds, _LEAST, _MOST), dtype=np.float32)


def squash(logits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)


def save(layers: Layers, folder: Path, *, classifier: str) -> None:
    """Write comparing.npz and comparing.json. `classifier` is the version whose judgements were learned from."""
    arrays: dict[str, NDArray[Any]] = {
        f"{name}.{part}": getattr(getattr(layers, name), part) for name in _NAMES for part in Layer.__slots__
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
        layers = {name: Layer(*(arrays[f"{name}.{part}"] for part in Layer.__slots__)) for name in _NAMES}
    return Layers(**layers, version=digest[:12])


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
