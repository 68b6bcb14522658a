"""What is learned depends on the passages alone, and pairs are never torn apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from screening.engine import classifier
from screening.engine.meaning import Encoders
from screening.engine.results import Assertion, Judgement, Passage
from screening.engine.vectors import CLOSE_SIZE, Floats, Vectors
from screening.training import corpus, measures
from screening.training.corpus import Labelled


class _Letters:
    """Stands for the slow encoder, which would take minutes: counts letters."""

    def encode(self, texts: list[str]) -> Floats:
        rows = np.zeros((len(texts), CLOSE_SIZE), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text:
                row[ord(letter) % CLOSE_SIZE] += 1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def some(language: str) -> list[Labelled]:
    """Three hundred passages of a language, without those whose twin is not among them."""
    rows = [row for row in corpus.load() if row.language == language][:300]
    while len(whole := [row for row in rows if row.pair is None or row.pair in {other.id for other in rows}]) < len(
        rows
    ):
        rows = whole
    return rows


@pytest.fixture
def encoders() -> Encoders:
    found = Encoders(close=Vectors(_Letters(), size=CLOSE_SIZE))
    if not found.wide.available:
        pytest.skip("the sentence encoder is not installed")
    return found


def test_the_same_passages_give_the_same_classifier(encoders: Encoders, tmp_path: Path) -> None:
    from screening.training import train  # Seconds to load, and every process collects this file.

    rows = some("tr")
    versions = set()
    for name in ("first", "second"):
        classifier.save(train.train(train.prepare(rows, encoders)), tmp_path / name)
        versions.add(classifier.load(tmp_path / name).version)
    assert len(versions) == 1


def test_layers_of_a_fold_learn_nothing_from_the_passages_that_are_asked(encoders: Encoders) -> None:
    from screening.training import train

    rows = some("th")
    lesson = train.prepare(rows, encoders)
    parted = train.parts(lesson, np.arange(len(rows)))
    unseen = train.unseen(lesson, parted)
    assert sorted(unseen.places.tolist()) == list(range(len(rows)))
    for part in parted:
        assert not set(part.learn.tolist()) & set(part.ask.tolist())
        assert not set(unseen.without(part.ask).places.tolist()) & set(part.ask.tolist())


def test_minimal_pairs_share_a_group() -> None:
    rows = corpus.load()
    group = dict(zip((row.id for row in rows), corpus.groups(rows), strict=True))
    pairs = [row for row in rows if row.pair]
    assert pairs
    assert all(group[row.id] == group[row.pair] for row in pairs if row.pair)


def test_measures_count_what_they_say() -> None:
    def row(name: str, assertion: Assertion) -> Labelled:
        return Labelled(name, Passage("x", language="en"), ("FL.DOC",), assertion)

    rows = [row("a", Assertion.FINDING_CONFIRMED), row("b", Assertion.FINDING_ALLEGED), row("c", Assertion.NEGATED)]
    hit = Judgement(("FL.DOC",), ("FL",), Assertion.FINDING_CONFIRMED, flag=True, severity="critical", score=1.0)
    miss = Judgement(("HR.MAX",), ("HR",), Assertion.NEGATED, score=0.0)
    found = measures.measure(rows, [hit, miss, hit], {"FL.DOC": "critical", "HR.MAX": "medium"})
    assert (found.flag_precision, found.flag_recall, found.flag_f1) == (0.5, 0.5, 0.5)
    assert (found.critical_recall, found.negated_flagged) == (0.5, 1.0)
    assert (found.signal_f1, found.category_f1) == (0.5, 0.5)
    assert found.calibration_error == pytest.approx(0.6667, abs=0.001)
