"""Learns to hold answers against evidence, from the project's own pairs, and measures how well that is done."""

from __future__ import annotations

import json
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
from screening.comparing.leanings import answer_inputs, opening, weigh_answers, weigh_once
from screening.comparing.weighing import Held, Pair, hold, read_together
from screening.engine import classifier
from screening.engine.asking import question_inputs
from screening.engine.classifier import SHIPPED, Floats, Layer
from screening.engine.results import Passage
from screening.engine.screener import Screener
from screening.training import cards, encoding
from screening.training.cards import FOLDER, MIXED_WEIGHT, RELATIONS

FROZEN = Path(__file__).with_name("evaluation") / "pairs.jsonl"
QUESTION_STRENGTH, ANSWER_STRENGTH, PASSAGE_STRENGTH, RELATED_STRENGTH, CLASH_STRENGTH = 0.01, 0.003, 0.03, 0.1, 0.3
"""How freely each layer bends; chosen by cross-validation over whole cards."""
_FOLDS = 6
_LOUDER = 4.0
"""How an answer opens is one number beside a thousand."""
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
    apart: NDArray[np.bool_]
    """The slow encoder was never taught these pairs: what it says of them can be believed."""
    more: More


@dataclass(frozen=True, slots=True)
class More:
    """Answers without a passage: first all that assure and then all that admit."""

    questions: Floats
    answers: Floats
    opens: Floats
    """1 where the answer opens with a yes, -1 with a no."""
    means: Places


def prepare(screener: Screener, folder: Path = FOLDER) -> Lesson:
    """Weigh all pairs of the cards, and each answer against passages of other matters."""
    known = cards.examples(folder)
    held = hold([each.pair for each in known], screener, together=False)
    apart = [i for i, each in enumerate(known) if each.apart]  # The others are known to it: what it says is no news.
    read = read_together([known[i].pair for i in apart], [held[i] for i in apart], screener)
    for i, one in zip(apart, read, strict=True):
        held[i] = one
    return Lesson(
        held=held,
        truth=np.array([each.relation for each in known]),
        group=np.array([each.card for each in known]),
        weight=np.array([1.0 if each.own else MIXED_WEIGHT for each in known]),
        admits=np.array([each.admits for each in known]),
        harm=np.array([each.harm for each in known]),
        means=np.array([each.means for each in known]),
        apart=np.array([each.apart for each in known]),
        more=_more(screener, folder),
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
    """The layers, from these pairs or from all. The last four learn from leanings of unseen cards."""
    places = np.arange(len(lesson.held)) if places is None else places
    held, group = [lesson.held[i] for i in places], lesson.group[places]
    leanings = np.zeros((len(places), 3), dtype=np.float32)
    for learn, ask in GroupKFold(_FOLDS).split(places, groups=group):
        part = _leanings(lesson, places[learn])
        leanings[ask] = Layers(*part, *part[:2], *part[:2]).leanings([held[i] for i in ask])
    truth, weight = lesson.truth[places], lesson.weight[places]
    topic, sides = layers.topic_rows(held, leanings), layers.side_rows(held, leanings)
    apart = np.array([one.together is not None for one in held])
    read = layers.with_together(topic[apart], sides[apart], [held[i] for i in np.flatnonzero(apart)])
    return Layers(
        *_leanings(lesson, places),
        *_relations(topic, sides, truth, weight),
        *_relations(*read, truth[apart], weight[apart]),
    )


def _relations(topic: Floats, sides: Floats, truth: Places, weight: NDArray[np.float64]) -> tuple[Layer, Layer]:
    """The layers for related and for a clash."""
    related = truth < 2
    # All three relations count alike, however many pairs of each were written.
    even = np.where(related, 2 * weight[~related].sum() / weight[related].sum(), 1.0) * weight
    return (
        _layer(topic, related, RELATED_STRENGTH, even),
        _layer(sides[related], truth[related] == 0, CLASH_STRENGTH),
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
    """Accuracy and calibration on the cards' own pairs, each card by layers that had not seen it.

    Only cards that the slow encoder was never taught are counted.
    """
    found = np.zeros((len(lesson.held), 3), dtype=np.float32)
    for learn, held_out in GroupKFold(folds).split(lesson.held, groups=lesson.group):
        ask = held_out[lesson.apart[held_out]]
        found[ask] = train(lesson, learn).probabilities([lesson.held[i] for i in ask])
    counted = (lesson.weight == 1) & lesson.apart
    return figures(lesson.truth[counted], found[counted])


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
