"""Learns to hold answers against evidence, from the project's own pairs, and measures how well that is done."""

from __future__ import annotations

import json
import random
import sys
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
from screening.comparing.leanings import answer_inputs, opening, question_inputs, weigh_answers, weigh_once
from screening.comparing.weighing import Held, Pair, hold
from screening.engine import classifier
from screening.engine.classifier import SHIPPED, Floats, Layer
from screening.engine.results import Passage
from screening.engine.screener import Screener
from screening.training import encoding

FOLDER = Path(__file__).with_name("pairs")
FROZEN = Path(__file__).with_name("evaluation") / "pairs.jsonl"
RELATIONS = ("contradicts", "supports", "unrelated")
QUESTION_STRENGTH, ANSWER_STRENGTH, PASSAGE_STRENGTH, RELATED_STRENGTH, CLASH_STRENGTH = 0.01, 0.003, 0.03, 0.1, 0.3
"""How freely each layer bends; chosen by cross-validation over whole cards."""
_MIXED = 2
"""So many passages about other matters are held against each answer, so that an unrelated finding is no clash."""
_MIXED_WEIGHT = 0.5
_FOLDS = 6
_LOUDER = 4.0
"""How an answer opens is one number beside a thousand."""
_LEANS = {"assures": 0, "admits": 1, "evades": -1}
_FINDS = {"calm": 0, "harm": 1, "neither": -1}
_MEANS = {"fine": 0, "harm": 1, "open": -1}
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
    """1 where the answer of the pair admits harm, 0 where it assures, -1 where it evades."""
    harm: Places
    """1 where the passage finds harm, 0 where it finds its absence, -1 where it does neither."""
    means: Places
    """1 where a yes to the question admits harm, 0 where it assures, -1 where it is no question of yes or no."""
    more: More


@dataclass(frozen=True, slots=True)
class More:
    """Answers without a passage: first all that assure and then all that admit."""

    questions: Floats
    answers: Floats
    opens: Floats
    """1 where the answer opens with a yes, -1 with a no."""
    means: Places


def cards(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The project's cards: a question, answers that assure and admit, passages, and each relation."""
    return [json.loads(line) for line in (folder / "cards.jsonl").read_text(encoding="utf-8").splitlines()]


def prepare(screener: Screener, folder: Path = FOLDER) -> Lesson:
    """Weigh all pairs of the cards, and each answer against passages of other matters."""
    known, lot = cards(folder), random.Random(3)  # noqa: S311  A fair draw, no secret.
    pairs: list[Pair] = []
    rows: list[tuple[int, int, float, int, int, int]] = []
    passages = [(card, passage) for card in known for passage in card["passages"]]
    for group, card in enumerate(known):
        others = [p for c, p in passages if c["matter"] != card["matter"] and p["finds"] != "neither"]
        for side, answer in enumerate(card["answers"]):
            own = [(passage, RELATIONS.index(passage["relations"][side]), 1.0) for passage in card["passages"]]
            for passage, which, weight in own + [(p, 2, _MIXED_WEIGHT) for p in lot.sample(others, _MIXED)]:
                pairs.append(_pair(card, answer, passage))
                harm = _FINDS[passage["finds"]] if weight == 1 else -1
                rows.append((which, group, weight, _LEANS[answer["leans"]], harm, _MEANS[card["yes"]]))
    truth, groups, weights, sides, harms, means = zip(*rows, strict=True)
    return Lesson(
        held=hold(pairs, screener),
        truth=np.array(truth),
        group=np.array(groups),
        weight=np.array(weights),
        admits=np.array(sides),
        harm=np.array(harms),
        means=np.array(means),
        more=_more(screener, folder),
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


def _more(screener: Screener, folder: Path) -> More:
    lines = (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    said = [(row["question"], row[kind], row["language"]) for kind in ("assuring", "admitting") for row in rows]
    opens = np.array([yes - no for yes, no in (opening(answer, tongue) for _, answer, tongue in said)])
    # What an assuring answer opens with, an admitting one does not.
    toward = opens[: len(rows)] - opens[len(rows) :]
    return More(
        questions=question_inputs(weigh_once([Passage(q, language=tongue) for q, _, tongue in said], screener)),
        answers=answer_inputs(*weigh_answers(said, screener)),
        opens=opens.astype(np.float32),
        means=np.tile(np.where(toward > 0, 0, np.where(toward < 0, 1, -1)), 2),
    )


def train(lesson: Lesson, places: Places | None = None) -> Layers:
    """The five layers, from these pairs or from all. The last two learn from leanings of unseen cards."""
    places = np.arange(len(lesson.held)) if places is None else places
    held, group = [lesson.held[i] for i in places], lesson.group[places]
    leanings = np.zeros((len(places), 3), dtype=np.float32)
    for learn, ask in GroupKFold(_FOLDS).split(places, groups=group):
        part = _leanings(lesson, places[learn])
        leanings[ask] = Layers(*part, *part[:2]).leanings([held[i] for i in ask])
    truth, weight = lesson.truth[places], lesson.weight[places]
    related = truth < 2
    # All three relations count alike, however many pairs of each were written.
    even = np.where(related, 2 * weight[~related].sum() / weight[related].sum(), 1.0) * weight
    sides = layers.side_rows(held, leanings)[related]
    return Layers(
        *_leanings(lesson, places),
        related=_layer(layers.topic_rows(held, leanings), related, RELATED_STRENGTH, even),
        clash=_layer(sides, truth[related] == 0, CLASH_STRENGTH),
    )


def _leanings(lesson: Lesson, places: Places) -> tuple[Layer, Layer, Layer]:
    """The layers for questions, answers and passages. A card's texts come up in several pairs, each counted once."""
    more, held = lesson.more, lesson.held
    asked = places[lesson.means[places] >= 0]
    question = _layer(
        *_once(
            np.vstack([np.stack([held[i].question for i in asked]), more.questions[more.means >= 0]]),
            np.concatenate([lesson.means[asked], more.means[more.means >= 0]]),
        ),
        QUESTION_STRENGTH,
    )
    said = places[lesson.admits[places] >= 0]
    chosen = [held[i] for i in said]
    means = question.logits(np.vstack([np.stack([one.question for one in chosen]), more.questions]))[:, 0]
    means = np.clip(means, -3, 3)
    rows = np.vstack(
        [
            layers.answer_rows(chosen, means[: len(said)]),
            layers.with_opening(more.answers, more.opens, means[len(said) :]),
        ]
    )
    half = len(more.answers) // 2
    answer = _layer(
        *_once(rows, np.concatenate([lesson.admits[said], np.repeat([0, 1], half)])), ANSWER_STRENGTH, louder=3
    )
    clear = places[lesson.harm[places] >= 0]
    passages = np.stack([held[i].passage for i in clear])
    return question, answer, _layer(*_once(passages, lesson.harm[clear]), PASSAGE_STRENGTH)


def _once(rows: Floats, answers: Places) -> tuple[Floats, Places]:
    first: dict[bytes, int] = {}
    for i, row in enumerate(rows):
        first.setdefault(row.tobytes(), i)
    places = np.array(list(first.values()), dtype=np.int64)
    return rows[places], answers[places]


def _layer(
    rows: Floats, truth: NDArray[Any], strength: float, weight: NDArray[np.float64] | None = None, louder: int = 0
) -> Layer:
    """A logistic layer; the last columns, `louder` of them, are held back less than the others."""
    scaler = StandardScaler().fit(rows)
    spread = np.where(scaler.scale_ > 1e-6, scaler.scale_, 1.0)
    spread[len(spread) - louder :] /= _LOUDER
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
    screener = screener or Screener(classifier.load(folder), encoding.encoders())
    layers.save(train(prepare(screener)), folder, classifier=screener.learned.version)


def measured(screener: Screener, chosen: Sequence[str] = ("cards", "frozen")) -> dict[str, dict[str, float] | None]:
    """What `make evaluate` prints: cross-validated on the cards, and on the frozen pairs with the shipped layers."""
    told: dict[str, dict[str, float] | None] = {}
    if "cards" in chosen:
        told["cards_cross_validated"] = cross_validated(prepare(screener))
    if "frozen" in chosen:
        told["frozen"] = frozen(screener, layers.load())
    return told


def main() -> int:
    """Build the layers anew on the shipped classifier: `python -m screening.training.relations`."""
    build()
    print(f"built on classifier {Screener.load().learned.version}: {SHIPPED / layers.ARRAYS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
