"""One layer of a transformer, forward and backward, in plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

Floats = NDArray[np.float32]
Weights = dict[str, Floats]
_FAR = np.float32(-1e9)
_HALF_ROOT, _BELL = np.float32(0.5**0.5), np.float32((2 * np.pi) ** -0.5)


class Normed(NamedTuple):
    """What normalising a row needs to be gone back through."""

    rows: Floats
    inverse: Floats


@dataclass(frozen=True, slots=True)
class Trace:
    """What a layer computed on its way, for the way back."""

    inputs: Floats
    query: Floats
    key: Floats
    value: Floats
    shares: Floats
    context: Floats
    attended: Floats
    after_attention: Normed
    middle: Floats
    gate: Floats
    gated: Floats
    after_middle: Normed


@dataclass(frozen=True, slots=True)
class Shape:
    """Texts by tokens by width, and what the layers of a model share."""

    heads: int
    least: float

    def apart(self, rows: Floats, like: Floats) -> Floats:
        """Tokens by width, as texts by heads by tokens by width of a head."""
        texts, tokens, width = like.shape
        return rows.reshape(texts, tokens, self.heads, width // self.heads).transpose(0, 2, 1, 3)

    def together(self, heads: Floats) -> Floats:
        texts, count, tokens, width = heads.shape
        return np.ascontiguousarray(heads.transpose(0, 2, 1, 3)).reshape(texts * tokens, count * width)

    def normalised(self, rows: Floats, scale: Floats, offset: Floats) -> tuple[Floats, Normed]:
        centred = rows - rows.mean(axis=-1, keepdims=True)
        inverse = 1 / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + self.least)
        centred *= inverse
        return centred * scale + offset, Normed(centred, inverse)

    def forward(self, weights: Weights, inputs: Floats, there: NDArray[np.bool_]) -> tuple[Floats, Trace]:
        """Texts by tokens by width, after the layer; `there` says which tokens are no padding."""
        flat = inputs.reshape(-1, inputs.shape[2])
        query, key, value = (self.apart(flat @ weights[f"{m}.w"] + weights[f"{m}.b"], inputs) for m in "qkv")
        shares: Floats = (query @ key.transpose(0, 1, 3, 2)) * np.float32(query.shape[3] ** -0.5)
        shares += np.where(there, np.float32(0), _FAR)[:, None, None, :]
        shares -= shares.max(axis=-1, keepdims=True)
        np.exp(shares, out=shares)
        shares /= shares.sum(axis=-1, keepdims=True)
        context = self.together(shares @ value)
        attended, first = self.normalised(
            flat + context @ weights["ao.w"] + weights["ao.b"], weights["aln.w"], weights["aln.b"]
        )
        middle: Floats = attended @ weights["fi.w"] + weights["fi.b"]
        gate: Floats = np.float32(0.5) * (1 + erf(middle * _HALF_ROOT))
        gated: Floats = middle * gate
        found, second = self.normalised(
            attended + gated @ weights["fo.w"] + weights["fo.b"], weights["oln.w"], weights["oln.b"]
        )
        trace = Trace(flat, query, key, value, shares, context, attended, first, middle, gate, gated, second)
        return found.reshape(inputs.shape), trace

    def backward(self, weights: Weights, toward: Floats, trace: Trace) -> tuple[Floats, Weights]:
        """How the loss changes with the inputs and with each weight, from how it changes with what came out."""
        change: Weights = {}
        width = toward.shape[2]
        after = _through(toward.reshape(-1, width), weights["oln.w"], trace.after_middle, change, "oln")
        _weigh(change, "fo", trace.gated, after)
        bell = trace.middle * _BELL * np.exp(np.float32(-0.5) * trace.middle * trace.middle)
        middle = (after @ weights["fo.w"].T) * (trace.gate + bell)
        _weigh(change, "fi", trace.attended, middle)
        after += middle @ weights["fi.w"].T
        before = _through(after, weights["aln.w"], trace.after_attention, change, "aln")
        _weigh(change, "ao", trace.context, before)
        context = self.apart(before @ weights["ao.w"].T, toward)
        shares = context @ trace.value.transpose(0, 1, 3, 2)
        value = trace.shares.transpose(0, 1, 3, 2) @ context
        shares = trace.shares * (shares - (shares * trace.shares).sum(axis=-1, keepdims=True))
        shares *= np.float32(trace.query.shape[3] ** -0.5)
        ways = {"q": shares @ trace.key, "k": shares.transpose(0, 1, 3, 2) @ trace.query, "v": value}
        for name, heads in ways.items():
            flat = self.together(heads)
            _weigh(change, name, trace.inputs, flat)
            before = before + flat @ weights[f"{name}.w"].T
        return before.reshape(toward.shape), change


def _weigh(change: Weights, name: str, inputs: Floats, toward: Floats) -> None:
    change[f"{name}.w"], change[f"{name}.b"] = inputs.T @ toward, toward.sum(axis=0)


def _through(toward: Floats, scale: Floats, normed: Normed, change: Weights, name: str) -> Floats:
    change[f"{name}.w"], change[f"{name}.b"] = (toward * normed.rows).sum(axis=0), toward.sum(axis=0)
    scaled = toward * scale
    along = (scaled * normed.rows).mean(axis=-1, keepdims=True)
    found: Floats = normed.inverse * (scaled - scaled.mean(axis=-1, keepdims=True) - normed.rows * along)
    return found
