"""Tells whether an answer and a passage are about the same matter, in a row of numbers with names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from screening.comparing import amounts
from screening.comparing.amounts import Amount, Match
from screening.engine import language, words
from screening.engine.classifier import ASSERTIONS, RAISING, Classifier, Floats
from screening.engine.evidence import RULES
from screening.engine.results import Assertion
from screening.engine.weighed import Weighed, vectors_of

MEASURED = ("hour", "minute", "day", "week", "month", "year", "money", "percent", "age", "degree", "people")
_CUES = ("cue_elsewhere", "cue_past", "cue_policy", "cue_unverified", "cue_potential", "cue_evidence", "cue_negation")
TOPIC = (
    "meaning_answer", "meaning_question", "meaning_both", "meaning_row", "signals_alike", "signal_shared",
    "category_shared", "words_answer", "words_question", "same_language", "words_and_language", "names_shared",
    "names_differ", "year_shared", "year_differs", "same_amount", "same_unit", "passage_any_signal", "passage_policy",
    "passage_negated", "passage_past", "passage_unverified", "passage_boilerplate", "passage_raises", "weak_language",
    "weak_and_signal", "unit_asked", "answer_long", "answer_opens", "place_differs", *_CUES,
)  # fmt: skip
"""What tells whether the two speak of the same matter."""
_CAPITALS = re.compile(r"\b[A-ZÀ-ÞŁŚŻĐİ][\wà-ÿ'-]{2,}")
_PLACE = re.compile(
    r"\b(?:unit|building|hall|block|line|site|plant|gebouw|hal|werk|halle|bâtiment|usine|nave|planta|edificio|prédio|"
    r"bina|hol|gedung|toà|tòa|xưởng)\s+(?:no\.? ?)?([A-Z]\b|\d{1,2}\b|[A-ZÀ-ÞĐ][\wà-ÿ]+)"
)
_LONG = 200.0
"""An answer of so many characters counts as long."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the engine thinks of all questions, answers, answers as rows of a checklist, and passages."""

    asked: Weighed
    said: Weighed
    replied: Weighed
    seen: Weighed
    alike: Floats
    """Pairs by four: likeness of meaning between the passage and answer, question, both together, and the row."""


def told(asked: Weighed, said: Weighed, replied: Weighed, seen: Weighed) -> Told:
    """Gather them, with the likeness of meaning of each pair."""
    questions, answers, rows, passages = (vectors_of(weighed) for weighed in (asked, said, replied, seen))
    alike = [_cosines(one, passages) for one in (answers, questions, answers + questions, rows)]
    return Told(asked, said, replied, seen, np.column_stack(alike).astype(np.float32))


class Shares:
    """How much of one text's wording is found in another, the rarer the word the more."""

    def __init__(self, learned: Classifier) -> None:
        self._worth = learned.worth
        self.signals = learned.signals
        self.families = [code.partition(".")[0] for code in learned.signals]

    def of(self, one: str, other: str) -> float:
        mine, theirs = self._bag(one), self._bag(other)
        if not mine or not theirs:
            return 0.0
        product = sum(weight * theirs.get(key, 0.0) for key, weight in mine.items())
        return float(product / (sum(w * w for w in mine.values()) * sum(w * w for w in theirs.values())) ** 0.5)

    def _bag(self, text: str) -> dict[int, float]:
        bag: dict[int, float] = {}
        for token in words.tokens(text):
            for number, weight in zip(*words.features_of(token), strict=True):
                bag[number] = max(bag.get(number, 0.0), weight * float(self._worth[number]))
        return bag

    def by_family(self, signals: Floats) -> Floats:
        """The strongest signal of each category."""
        best: dict[str, float] = {}
        for family, value in zip(self.families, signals.tolist(), strict=True):
            best[family] = max(best.get(family, 0.0), value)
        return np.array(list(best.values()), dtype=np.float32)


def topic(
    spoken: tuple[str, str, str],
    i: int,
    told: Told,
    shares: Shares,
    joint: Floats,
    found: tuple[Sequence[Amount], Sequence[Amount], Sequence[Amount]],
    matches: Sequence[Match],
    opens: bool,
) -> dict[str, float]:
    """The values of `TOPIC` for pair `i`; `spoken` is its question, answer and passage, `found` their amounts."""
    question, answer, passage = spoken
    ours, wanted, theirs = found
    said, seen = told.said, told.seen
    both = np.maximum(np.maximum(said.signals[i], told.asked.signals[i]), told.replied.signals[i])
    families = shares.by_family(both) * shares.by_family(seen.signals[i])
    names, others = _names(f"{question} . {answer}"), _names(passage)
    years, their_years = amounts.years_in((*ours, *wanted)), amounts.years_in(theirs)
    status = seen.statuses[i]
    units = {amount.kind for amount in ours} & set(MEASURED)
    weak = bool({said.languages[i], seen.languages[i]} & (language.WEAK | {None}))
    same = bool({said.languages[i], told.asked.languages[i]} & {seen.languages[i]})
    in_answer, in_both = shares.of(answer, passage), shares.of(f"{question} {answer}", passage)
    values = (
        *told.alike[i].tolist(),
        _cosine(both, seen.signals[i]),
        float(joint.max()),
        float(np.sqrt(families.max())),
        in_answer,
        in_both,
        float(same),
        in_both * same,
        float(bool(names & others)),
        float(bool(names) and bool(others) and not names & others),
        float(bool(years & their_years)),
        float(bool(years) and bool(their_years) and not years & their_years),
        float(any(match.same for match in matches)),
        float(any(match.kind in MEASURED for match in matches)),
        float(seen.signals[i].max()),
        share(status, Assertion.POLICY_PROHIBITION),
        share(status, Assertion.NEGATED),
        share(status, Assertion.HISTORICAL),
        share(status, Assertion.UNABLE_TO_VERIFY),
        share(status, Assertion.BOILERPLATE),
        float(status[:RAISING].sum()),
        float(weak),
        weak * float(joint.max()),
        float(bool(units) and not units & {amount.kind for amount in theirs}),
        min(1.0, len(answer) / _LONG),
        float(opens),
        float(_elsewhere(f"{question} {answer}", passage)),
        *(float(seen.rules[i][RULES.index(name)]) for name in _CUES),
    )
    return dict(zip(TOPIC, values, strict=True))


def share(status: Floats, which: Assertion) -> float:
    return float(status[ASSERTIONS.index(which)])


def _elsewhere(spoken: str, passage: str) -> bool:
    """Both name a building, line or site, and none of them is the same."""
    ours, theirs = set(_PLACE.findall(spoken)), set(_PLACE.findall(passage))
    return bool(ours) and bool(theirs) and not ours & theirs


def _cosines(one: Floats, other: Floats) -> Floats:
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return np.asarray((one * other).sum(axis=1) / np.maximum(1e-9, lengths), dtype=np.float32)


def _cosine(one: Floats, other: Floats) -> float:
    return float(one @ other / max(1e-9, float(np.linalg.norm(one) * np.linalg.norm(other))))


def _names(text: str) -> frozenset[str]:
    """Words in capitals that do not open a sentence: places, sites, schemes."""
    return frozenset(match[0].lower() for match in _CAPITALS.finditer(text) if _inside(text, match.start()))


def _inside(text: str, place: int) -> bool:
    before = text[:place].rstrip(" \"'“„«(")
    return bool(before) and before[-1] not in ".!?:;|"
