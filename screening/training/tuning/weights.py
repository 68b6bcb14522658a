"""Reads the weights and the vocabulary of the slow encoder's model file, and writes weights as the file keeps them."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from screening.engine.tuned import Layout

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

MATRICES = ("q", "k", "v", "ao", "fi", "fo")
"""Of one layer: query, key, value, what attention puts out, into the wide middle, and out of it."""
NORMS = ("aln", "oln")
_BLOCK = 32
_PACKED = np.dtype([("step", "<f2"), ("pairs", "u1", 16)])
"""Thirty-two weights in four bits each, with one step for all of them."""
_SPACE = "\u2581"


class Model:
    """A model file. Matrices come out as inputs by outputs, the other way round than in the file."""

    def __init__(self, path: Path) -> None:
        self._data = np.memmap(path, dtype=np.uint8, mode="r")
        self.layout = Layout(self._data)

    def numbers(self, name: str) -> Floats:
        first, length = self.layout.tensors[name]
        return np.frombuffer(self._data, "<f4", length // 4, first).astype(np.float32)

    def matrix(self, name: str, inputs: int) -> Floats:
        first, length = self.layout.tensors[name]
        blocks = np.frombuffer(self._data, _PACKED, length // _PACKED.itemsize, first)
        low, high = blocks["pairs"] & 15, blocks["pairs"] >> 4
        steps = np.concatenate([low, high], axis=1).astype(np.float32) - 8
        rows = steps * blocks["step"].astype(np.float32)[:, None]
        return np.ascontiguousarray(rows.reshape(-1, inputs).T)

    def layer(self, number: int) -> dict[str, Floats]:
        """The weights of one layer: `q.w`, `q.b`, ..., `oln.b`."""
        wide = {"fo": self.layout.inner}
        found = {f"{m}.w": self.matrix(f"l{number}.{m}.w", wide.get(m, self.layout.width)) for m in MATRICES}
        found |= {f"{m}.b": self.numbers(f"l{number}.{m}.b") for m in MATRICES}
        return found | {f"{norm}.{part}": self.numbers(f"l{number}.{norm}.{part}") for norm in NORMS for part in "wb"}


def packed(matrix: Floats) -> Bytes:
    """Inputs by outputs, as the file keeps them: in each block the weight farthest from zero becomes step -8."""
    blocks = np.ascontiguousarray(matrix.T).reshape(-1, _BLOCK)
    farthest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=1)[:, None], axis=1)[:, 0]
    step = (farthest / -8).astype(np.float16)
    inverse = np.where(step == 0, 0, 1 / np.where(step == 0, 1, step.astype(np.float32)))
    steps = np.clip(np.floor(blocks * inverse[:, None] + 8.5), 0, 15).astype(np.uint8)
    found = np.empty(len(blocks), dtype=_PACKED)
    found["step"], found["pairs"] = step, steps[:, :16] | (steps[:, 16:] << 4)
    return found.view(np.uint8)


def rounded(matrix: Floats) -> Floats:
    """The matrix as it will be once it was packed."""
    blocks = np.ascontiguousarray(matrix.T).reshape(-1, _BLOCK)
    most, least = blocks.max(axis=1, keepdims=True), blocks.min(axis=1, keepdims=True)
    farthest = np.where(most > -least, most, least)
    step = (farthest / -8).astype(np.float16).astype(np.float32)
    step[step == 0] = 1
    steps = np.clip(np.floor(blocks / step + 8.5), 0, 15) - 8
    return np.ascontiguousarray((steps * step).astype(np.float32).reshape(matrix.T.shape).T)


class Pieces:
    """Cuts a text into the numbers of the pieces that the encoder knows: the likeliest cut of each word."""

    def __init__(self, model: Model) -> None:
        data, layout = model._data, model.layout
        starts = np.frombuffer(data, "<u4", layout.count + 1, layout.starts).tolist()
        scores = np.frombuffer(data, "<f4", layout.count, layout.scores).tolist()
        letters = bytes(data[layout.letters])
        self.layout = layout
        self._pieces: dict[str, tuple[int, float]] = {}
        for number, score in enumerate(scores):
            piece = letters[starts[number] : starts[number + 1]].decode("utf-8", "surrogateescape")
            if piece and number != layout.unknown:
                self._pieces.setdefault(piece, (number, score))
        self._longest = max(map(len, self._pieces))
        self._strange = min(scores) - 10
        self._instead = dict(_replacements(data.data, layout))
        self._known: dict[str, list[int]] = {}

    def of(self, text: str, most: int) -> list[int]:
        """At most so many numbers, those for beginning and end among them."""
        plain = "".join(self._instead.get(letter, letter) for letter in "passage: " + text)
        words = [_SPACE + word for word in plain.split(" ") if word]
        found: list[int] = []
        for word in words:
            if word not in self._known:
                self._known[word] = self._cut(word)
            found += self._known[word]
        return [self.layout.begin, *found[: most - 2], self.layout.end]

    def _cut(self, word: str) -> list[int]:
        best: list[tuple[float, int, int]] = [(0.0, -1, -1)] + [(-1e30, -1, -1)] * len(word)
        for first in range(len(word)):
            so_far = best[first][0]
            for last in range(first + 1, min(len(word), first + self._longest) + 1):
                number, score = self._pieces.get(word[first:last], (-1, 0.0))
                if number >= 0 and so_far + score > best[last][0]:
                    best[last] = (so_far + score, number, first)
            if so_far + self._strange > best[first + 1][0]:
                best[first + 1] = (so_far + self._strange, self.layout.unknown, first)
        found, place = [], len(word)
        while place:
            found.append(best[place][1])
            place = best[place][2]
        return found[::-1]


def _replacements(data: memoryview, layout: Layout) -> list[tuple[str, str]]:
    place, found = layout.replacements, []
    for _ in range(layout.replaced):
        letter, count = struct.unpack_from("<IB", data, place)
        instead = struct.unpack_from(f"<{count}I", data, place + 5)
        found.append((chr(letter), "".join(map(chr, instead))))
        place += 5 + 4 * count
    return found
