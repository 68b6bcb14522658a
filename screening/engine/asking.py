"""Tells whether a yes to a question would admit harm: "Are exits locked?" and "Are exits free?" want other answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from screening.engine.classifier import SHIPPED, Floats, Layer
from screening.engine.results import Passage
from screening.engine.weighed import Weighed, odds, vectors_of

_MOST_REMEMBERED = 5000
ARRAYS, TOLD = "comparing.npz", "comparing.json"
"""The layer was learned together with those that hold answers against evidence, and lies in their file."""


class Questions:
    """What a yes to each question means. Questions of a form come back in every audit, and are remembered."""

    def __init__(self, layer: Layer, weigh: Callable[[Sequence[Passage]], Weighed]) -> None:
        self._layer, self._weigh = layer, weigh
        self._known: dict[tuple[str, str | None], float] = {}

    def yes_admits(self, question: str, of_language: str | None) -> float:
        """The log-odds that a yes admits harm; one question at a time, so that it is always judged alike."""
        key = question, of_language
        if key not in self._known:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            weighed = self._weigh([Passage(question, language=of_language)])
            self._known[key] = float(self._layer.logits(question_inputs(weighed))[0, 0])
        return self._known[key]


def load(version: str, folder: Path = SHIPPED) -> Layer | None:
    """The layer that was learned on the classifier of this version; None where there is none."""
    try:
        told = json.loads((folder / TOLD).read_text(encoding="utf-8"))
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            layer = Layer(*(arrays[f"question.{part}"] for part in Layer.__slots__))
    except (OSError, ValueError, KeyError):
        return None
    return layer if told.get("classifier") == version else None


def question_inputs(asked: Weighed) -> Floats:
    """Rows of numbers that tell whether a yes to this question would admit harm."""
    return np.hstack([odds(asked), vectors_of(asked), np.sqrt(asked.signals), asked.rules])
