"""Reads the project's own cards: answers, passages of evidence, and how each passage stands to each answer."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from screening.comparing.weighing import Pair

FOLDER = Path(__file__).with_name("pairs")
RELATIONS = ("contradicts", "supports", "unrelated")
"""In the order of the columns everywhere."""
MIXED_WEIGHT = 0.5
_MIXED = 2
"""So many passages about other matters are held against each answer, so that an unrelated finding is no clash."""
_LEANS = {"assures": 0, "admits": 1, "evades": -1}
_FINDS = {"calm": 0, "harm": 1, "neither": -1}
_MEANS = {"fine": 0, "harm": 1, "open": -1}


@dataclass(frozen=True, slots=True)
class Example:
    """One pair of a card, or of two cards where `own` is False."""

    pair: Pair
    relation: int
    """Its place in `RELATIONS`."""
    card: int
    """The number of its card: what must not be parted when something is measured."""
    own: bool
    admits: int
    """1 where the answer admits harm, 0 where it assures, -1 where it evades."""
    harm: int
    """1 where the passage finds harm, 0 where it finds its absence, -1 where it does neither."""
    means: int
    """1 where a yes to the question admits harm, 0 where it assures, -1 where it is no question of yes or no."""
    apart: bool
    """The slow encoder is never taught it."""


def cards(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The project's cards: a question, answers that assure and admit, passages, and each relation."""
    return [json.loads(line) for line in (folder / "cards.jsonl").read_text(encoding="utf-8").splitlines()]


def kept_apart(card: dict[str, Any]) -> bool:
    """Whether the slow encoder is never taught this card: a fifth, always the same ones, whole matters at a time."""
    return int(hashlib.sha256(card["matter"].encode()).hexdigest(), 16) % 5 == 0


def examples(folder: Path = FOLDER) -> list[Example]:
    """All pairs of the cards, and each answer with passages about other matters, drawn by lot."""
    known, lot = cards(folder), random.Random(3)  # noqa: S311  A fair draw, no secret.
    return [each for number in range(len(known)) for each in _of_card(known, number, lot)]


def _of_card(known: list[dict[str, Any]], number: int, lot: random.Random) -> Iterator[Example]:
    card = known[number]
    apart = kept_apart(card)
    # What is never taught is mixed with its like alone.
    others = [
        passage
        for other in known
        if other["matter"] != card["matter"] and kept_apart(other) == apart
        for passage in other["passages"]
        if passage["finds"] != "neither"
    ]
    for side, answer in enumerate(card["answers"]):
        mixed = [(passage, RELATIONS[2], False) for passage in lot.sample(others, _MIXED)]
        for passage, relation, own in [(p, p["relations"][side], True) for p in card["passages"]] + mixed:
            yield Example(
                pair=_pair(card, answer, passage),
                relation=RELATIONS.index(relation),
                card=number,
                own=own,
                admits=_LEANS[answer["leans"]],
                harm=_FINDS[passage["finds"]] if own else -1,
                means=_MEANS[card["yes"]],
                apart=apart,
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
