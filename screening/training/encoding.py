"""The sentence encoders for learning: on all cores, and asked about each passage once, ever."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Protocol

import numpy as np

from screening.engine import tuned
from screening.engine.classifier import Floats
from screening.engine.meaning import Encoders
from screening.engine.vectors import CLOSE_SIZE, Vectors

FOLDER = Path(__file__).resolve().parents[2] / "var" / "training"


class _Encoder(Protocol):
    def encode(self, texts: list[str]) -> Floats: ...


def encoders(folder: Path = FOLDER) -> Encoders:
    """Both encoders; what the slow one says is kept in this folder. Raises RuntimeError where it is not installed."""
    try:
        slow = tuned.encoder(os.cpu_count() or 1)
    except ImportError:
        raise RuntimeError("The slow sentence encoder is not installed: run `make venv`.") from None
    kept = Kept(slow, folder / f"close-{tuned.fingerprint()}.npz")
    return Encoders(Vectors.wide(), Vectors(kept, size=CLOSE_SIZE))


class Kept:
    """Remembers every vector in a file, by a hash of the text: no words are kept, and none is encoded twice."""

    def __init__(self, encoder: _Encoder, path: Path) -> None:
        self._encoder, self._path = encoder, path
        self._known: dict[str, Floats] = {}
        if path.is_file():
            with np.load(path, allow_pickle=False) as arrays:
                self._known = dict(zip(arrays["keys"].tolist(), arrays["rows"], strict=True))

    def encode(self, texts: list[str]) -> Floats:
        """One row a text."""
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() for text in texts]
        new = [i for i, key in enumerate(keys) if key not in self._known]
        if new:
            rows = self._encoder.encode([texts[i] for i in new])
            self._known |= {keys[i]: row for i, row in zip(new, rows, strict=True)}
            self._keep()
        return np.stack([self._known[key] for key in keys])

    def _keep(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(".part.npz")
        np.savez(part, keys=np.array(list(self._known)), rows=np.stack(list(self._known.values())))
        part.replace(self._path)
