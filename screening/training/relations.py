"""Learns to hold answers against evidence, from the project's own pairs, and measures how well that is done."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from screening.comparing import layers
from screening.comparing.layers import Layers
from screening.comparing.weighing import Held, Pair, answer_inputs, hold, weigh_answers
from screening.engine.classifier import SHIPPED, Floats, Layer
from screening.engine.screener import Screener

FOLDER = Path(__file__).with_name("pairs")
FROZEN = Path(__file__).with_name("evaluation") / "pairs.jsonl"
RELATIONS = ("contradicts", "supports", "unrelated")
ANSWER_STRENGTH, PASSAGE_STRENGTH, RELATED_STRENGTH, CLASH_STRENGTH = 0.003, 0.03, 0.3, 0.3
"""How freely each layer bends; chosen by cross-validation over whole cards."""
_MIXED = 2
"""So many passages about other matters are held against each answer, so that an unrelated finding is no clash."""
_MIXED_WEIGHT = 0.5
_FOLDS = 10
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lesson:
    """Pairs with all that does not depend on a fold. One card is one group."""

    held: list[Held]
    truth: Places
    """Which of `RELATIONS` each pair is."""
    group: Places
    weight: NDArray[np.float64]
    admits: Places
    """1 where the answer of the pair admits harm, 0 where it assures."""
    harm: Places
    """1 where the passage finds harm, 0 where it finds its absence, -1 where it does neither."""
    more_answers: Floats
    """Answers without a passage: inputs of the answer layer, first all that assure and then all that admit."""


def cards(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The project's cards: a question, answers that assure and admit, passages, and each relation."""
    return [json.loads(line) for line in (folder / "cards.jsonl").read_text(encoding="utf-8").splitlines()]


def prepare(screener: Screener, folder: Path = FOLDER) -> Lesson:
    """Weigh all pairs of the cards, and each answer against passages of other matters."""
    known, lot = cards(folder), random.Random(3)  # noqa: S311  A fair draw, no secret.
    pairs: list[Pair] = []
    rows: list[tuple[int, int, float, int, int]] = []
    passages = [(card, passage) for card in known for passage in card["passages"]]
    for group, card in enumerate(known):
        others = [p for c, p in passages if c["matter"] != card["matter"] and p["relations"][0] != "unrelated"]
        for side, answer in enumerate(card["answers"]):
            for passage in card["passages"]:
                pairs.append(_pair(card, answer, passage))
                rows.append((RELATIONS.index(passage["relations"][side]), group, 1.0, side, _harm(passage)))
            for passage in lot.sample(others, _MIXED):
                pairs.append(_pair(card, answer, passage))
                rows.append((2, group, _MIXED_WEIGHT, side, -1))
    truth, groups, weights, sides, harms = zip(*rows, strict=True)
    return Lesson(
        held=hold(pairs, screener),
        truth=np.array(truth),
        group=np.array(groups),
        weight=np.array(weights),
        admits=np.array(sides),
        harm=np.array(harms),
        more_answers=_more_answers(screener, folder),
    )


def _pair(card: dict[str, Any], answer: dict[str, str], passage: dict[str, str]) -> Pair:
    return Pair(
        card["question"],
        answer["text"],
        passage["text"],
        question_language=card["language"],
        answer_language=answer["language"],
        passage_language=passage["language"],
    )


def _harm(passage: dict[str, Any]) -> int:
    """The first answer of a card assures: what contradicts it finds harm."""
    return {"contradicts": 1, "supports": 0, "unrelated": -1}[passage["relations"][0]]


def _more_answers(screener: Screener, folder: Path) -> Floats:
    lines = (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    said = [(row["question"], row[kind], row["language"]) for kind in ("assuring", "admitting") for row in rows]
    return answer_inputs(*weigh_answers(said, screener))


def train(lesson: Lesson, places: Places | None = None) -> Layers:
    """The four layers, from these pairs or from all. The last two learn from leanings of unseen cards."""
    places = np.arange(len(lesson.held)) if places is None else places
    held, group = [lesson.held[i] for i in places], lesson.group[places]
    admits, finds = np.zeros(len(places), dtype=np.float32), np.zeros(len(places), dtype=np.float32)
    for learn, ask in GroupKFold(_FOLDS).split(places, groups=group):
        part = _leanings(lesson, places[learn])
        admits[ask], finds[ask] = Layers(*part, *part).leanings([held[i] for i in ask])
    answer, passage = _leanings(lesson, places)
    related = lesson.truth[places] < 2
    return Layers(
        answer=answer,
        passage=passage,
        related=_layer(layers.topic_rows(held, finds), related, RELATED_STRENGTH, lesson.weight[places]),
        clash=_layer(
            layers.side_rows(held, admits, finds)[related], lesson.truth[places][related] == 0, CLASH_STRENGTH
        ),
    )


def _leanings(lesson: Lesson, places: Places) -> tuple[Layer, Layer]:
    """The layers for answers and for passages. A card's texts come up in several pairs, each counted once."""
    answers = np.stack([lesson.held[i].answer for i in places])
    more, half = lesson.more_answers, len(lesson.more_answers) // 2
    answer = _layer(
        *_once(np.vstack([answers, more]), np.concatenate([lesson.admits[places], np.repeat([0, 1], half)])),
        ANSWER_STRENGTH,
    )
    clear = places[lesson.harm[places] >= 0]
    passages = np.stack([lesson.held[i].passage for i in clear])
    return answer, _layer(*_once(passages, lesson.harm[clear]), PASSAGE_STRENGTH)


def _once(rows: Floats, answers: Places) -> tuple[Floats, Places]:
    _, first = np.unique(rows, axis=0, return_index=True)
    return rows[np.sort(first)], answers[np.sort(first)]


def _layer(rows: Floats, truth: NDArray[Any], strength: float, weight: NDArray[np.float64] | None = None) -> Layer:
    scaler = StandardScaler().fit(rows)
    spread = np.where(scaler.scale_ > 1e-6, scaler.scale_, 1.0)
    fitted = LogisticRegression(C=strength, max_iter=3000).fit((rows - scaler.mean_) / spread, truth, weight)
    parts = (scaler.mean_, spread, fitted.coef_.T, fitted.intercept_)
    return Layer(*(np.asarray(part, dtype=np.float32) for part in parts))


def cross_validated(lesson: Lesson, folds: int = 5) -> dict[str, float]:
    """Accuracy and calibration on the cards' own pairs, each card by layers that had not seen it."""
    found = np.zeros((len(lesson.held), 3), dtype=np.float32)
    for learn, ask in GroupKFold(folds).split(lesson.held, groups=lesson.group):
        found[ask] = train(lesson, learn).probabilities([lesson.held[i] for i in ask])
    own = lesson.weight == 1
    return figures(lesson.truth[own], found[own])


def figures(truth: Places, found: Floats) -> dict[str, float]:
    """Shares between 0 and 1; the expected calibration error is over ten equal bins of the given relation's score."""
    given, score = found.argmax(axis=1), found.max(axis=1)
    right = given == truth
    bins = np.minimum((score * 10).astype(int), 9)
    gaps = [abs(score[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    told = {"pairs": float(len(truth)), "accuracy": round(float(right.mean()), 4)}
    told |= {f"recall_{name}": round(float(right[truth == i].mean()), 4) for i, name in enumerate(RELATIONS)}
    return told | {"calibration_error": round(float(sum(gaps)), 4)}


def frozen(screener: Screener, learned: Layers, path: Path = FROZEN) -> dict[str, float] | None:
    """The same figures on the frozen pairs, of which nothing was learned; None where they are not at hand."""
    if not path.is_file():
        return None
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    pairs = [Pair(row["question"], row["answer"], row["passage"]) for row in rows]
    truth = np.array([RELATIONS.index(row["relation"]) for row in rows])
    return figures(truth, learned.probabilities(hold(pairs, screener)))


def build(folder: Path = SHIPPED, screener: Screener | None = None) -> None:
    """Learn from all cards and write the layers beside the shipped classifier."""
    screener = screener or Screener.load(folder)
    layers.save(train(prepare(screener)), folder, classifier=screener.learned.version)


def measured(screener: Screener, chosen: Sequence[str] = ("cards", "frozen")) -> dict[str, dict[str, float] | None]:
    """What `make evaluate` prints: cross-validated on the cards, and on the frozen pairs with the shipped layers."""
    told: dict[str, dict[str, float] | None] = {}
    if "cards" in chosen:
        told["cards_cross_validated"] = cross_validated(prepare(screener))
    if "frozen" in chosen:
        told["frozen"] = frozen(screener, layers.load())
    return told
