"""Gathers what speaks for each relation between an answer and a passage, in a row of numbers with names.

Three questions are asked. Do the two speak of the same matter (signals, meaning, shared words)? Does each of them
say that harm is there or that it is not (assertion)? And do the figures that both state agree?
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from screening.comparing import amounts
from screening.comparing.amounts import Amount, Match
from screening.engine import assertion, language, words
from screening.engine.classifier import ASSERTIONS, RAISING, Classifier
from screening.engine.results import Assertion, Passage
from screening.engine.screener import Screener, Weighed
from screening.engine.vectors import SIZE

Floats = NDArray[np.float32]

MEASURED = ("hour", "minute", "day", "week", "month", "year", "money", "percent", "age", "degree", "people")
TOPIC = (
    "meaning_answer", "meaning_question", "meaning_both", "signals_alike", "signal_shared", "category_shared",
    "words_answer", "words_question", "names_shared", "names_differ", "year_shared", "year_differs", "same_amount",
    "same_unit", "passage_any_signal", "passage_policy", "passage_negated", "passage_raises", "weak_language",
    "unit_asked",
)  # fmt: skip
"""What tells whether the two speak of the same matter."""
SIDES = (
    "meaning_answer", "words_answer", "meaning_beyond_question", "words_beyond_question", "negations",
    "amount_agrees", "amount_differs", "amount_beyond", "amount_below", "answer_yes", "answer_no",
)  # fmt: skip
"""What tells, beside the leaning of each, whether they agree."""
_TELLING = 60
"""An answer of so many characters tells its language by itself."""
_CAPITALS = re.compile(r"\b[A-ZÀ-ÞŁŚŻĐİ][\wà-ÿ'-]{2,}")


@dataclass(frozen=True, slots=True)
class Pair:
    """A supplier's own answer with its question, and a passage of evidence. Languages are ISO 639-1, None if unsure."""

    question: str
    answer: str
    passage: str
    question_language: str | None = None
    answer_language: str | None = None
    passage_language: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that was seen in one pair: rows for the layers, and the parts that a reason can be made of."""

    topic: tuple[float, ...]
    sides: tuple[float, ...]
    answer: Floats
    """What tells whether the answer assures or admits."""
    passage: Floats
    """What tells whether the passage finds harm or its absence."""
    matches: tuple[Match, ...]
    shared: str
    """The signal that both most likely speak of; empty where there is hardly any."""
    answer_says: Assertion
    passage_says: Assertion
    years: tuple[int, int] | None
    """A year of the answer and another one of the passage, where no year is in both."""


def hold(pairs: Sequence[Pair], screener: Screener) -> list[Held]:
    """One row a pair, in order; the engine weighs all texts in three batches."""
    if not pairs:
        return []
    tongues = [_answer_language(p) for p in pairs]
    questions = [Passage(p.question, language=_language(p.question, p.question_language)) for p in pairs]
    passages = [
        Passage(p.passage, language=_language(p.passage, p.passage_language), document_type="audit") for p in pairs
    ]
    asked, seen = screener.weigh(questions), screener.weigh(passages)
    said, replied = weigh_answers([(p.question, p.answer, tongues[i]) for i, p in enumerate(pairs)], screener)
    shares = _Shares(screener.learned)
    leaning = answer_inputs(said, replied)
    return [_held(pairs[i], i, asked, said, seen, shares, leaning[i]) for i in range(len(pairs))]


def weigh_answers(said: Sequence[tuple[str, str, str | None]], screener: Screener) -> tuple[Weighed, Weighed]:
    """Each answer (question, answer, language) weighed with its question before it, and as a row of a checklist."""
    kind = "self_assessment"
    plain = [Passage(answer, question, language=tongue, document_type=kind) for question, answer, tongue in said]
    cells = [
        Passage(f"{question} | {answer}", language=t, document_type=kind, in_table=True) for question, answer, t in said
    ]
    return screener.weigh(plain), screener.weigh(cells)


def answer_inputs(plain: Weighed, cells: Weighed) -> Floats:
    """Rows of numbers that tell whether an answer assures or admits."""
    return np.hstack([_odds(plain.statuses), _odds(cells.statuses), _vectors(plain), _vectors(cells)])


def passage_inputs(seen: Weighed) -> Floats:
    """Rows of numbers that tell whether a passage finds harm or its absence."""
    return _odds(seen.statuses)


def _odds(statuses: Floats) -> Floats:
    return np.asarray(np.log(np.clip(statuses, 1e-3, 1)), dtype=np.float32)


def _vectors(weighed: Weighed) -> Floats:
    """Vectors, and rows of zeros in languages in which they say nothing."""
    if weighed.vectors is None:
        return np.zeros((len(weighed.statuses), SIZE), dtype=np.float32)
    known = np.array([[tongue is not None and tongue not in language.WEAK] for tongue in weighed.languages])
    return np.asarray(weighed.vectors * known, dtype=np.float32)


def _answer_language(pair: Pair) -> str | None:
    """A short answer is in the language of its question: "No" could be in five."""
    if pair.answer_language or len(pair.answer) >= _TELLING:
        return _language(pair.answer, pair.answer_language)
    return _language(f"{pair.question} {pair.answer}", pair.question_language)


def _language(text: str, told: str | None) -> str | None:
    return told or language.language_of(text)


class _Shares:
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


def _held(pair: Pair, i: int, asked: Weighed, said: Weighed, seen: Weighed, shares: _Shares, leaning: Floats) -> Held:
    ours = amounts.amounts_in(pair.answer, said.languages[i])
    wanted = amounts.amounts_in(pair.question, asked.languages[i])
    theirs = amounts.amounts_in(pair.passage, seen.languages[i])
    found = amounts.matches(ours, theirs)
    joint = np.sqrt(np.maximum(said.signals[i], asked.signals[i]) * seen.signals[i])
    topic = dict(
        zip(TOPIC, _topic(pair, i, asked, said, seen, shares, joint, (ours, wanted, theirs), found), strict=True)
    )
    return Held(
        topic=tuple(topic.values()),
        sides=_sides(pair, i, said, seen, topic, [match for match in found if match.kind in MEASURED]),
        answer=leaning,
        passage=passage_inputs(seen)[i],
        matches=found,
        shared=shares.signals[int(joint.argmax())] if joint.max() > 0.2 else "",
        answer_says=ASSERTIONS[int(said.statuses[i].argmax())],
        passage_says=ASSERTIONS[int(seen.statuses[i].argmax())],
        years=_years((*ours, *wanted), theirs),
    )


def _topic(
    pair: Pair,
    i: int,
    asked: Weighed,
    said: Weighed,
    seen: Weighed,
    shares: _Shares,
    joint: Floats,
    found: tuple[Sequence[Amount], Sequence[Amount], Sequence[Amount]],
    matches: Sequence[Match],
) -> tuple[float, ...]:
    ours, wanted, theirs = found
    both = np.maximum(said.signals[i], asked.signals[i])
    families = _by_family(both, shares) * _by_family(seen.signals[i], shares)
    names, others = _names(f"{pair.question} . {pair.answer}"), _names(pair.passage)
    years, their_years = amounts.years_in((*ours, *wanted)), amounts.years_in(theirs)
    status = seen.statuses[i]
    spoken = f"{pair.question} {pair.answer}"
    units = {amount.kind for amount in ours} & set(MEASURED)
    weak = {said.languages[i], seen.languages[i]} & (language.WEAK | {None})
    return (
        _alike(_vectors(said), _vectors(seen), i),
        _alike(_vectors(asked), _vectors(seen), i),
        _alike(_vectors(asked) + _vectors(said), _vectors(seen), i),
        _cosine(both, seen.signals[i]),
        float(joint.max()),
        float(np.sqrt(families.max())),
        shares.of(pair.answer, pair.passage),
        shares.of(spoken, pair.passage),
        float(bool(names & others)),
        float(bool(names) and bool(others) and not names & others),
        float(bool(years & their_years)),
        float(bool(years) and bool(their_years) and not years & their_years),
        float(any(match.same for match in matches)),
        float(any(match.kind in MEASURED for match in matches)),
        float(seen.signals[i].max()),
        _share(status, Assertion.POLICY_PROHIBITION),
        _share(status, Assertion.NEGATED),
        float(status[:RAISING].sum()),
        float(bool(weak)),
        float(bool(units) and not units & {amount.kind for amount in theirs}),
    )


def _sides(
    pair: Pair, i: int, said: Weighed, seen: Weighed, topic: dict[str, float], measured: Sequence[Match]
) -> tuple[float, ...]:
    yes, no = _opening(pair.answer, said.languages[i])
    same = any(match.same for match in measured)
    differs = bool(measured) and not same
    return (
        topic["meaning_answer"],
        topic["words_answer"],
        topic["meaning_answer"] - topic["meaning_question"],
        topic["words_answer"] - topic["words_question"],
        _share(said.statuses[i], Assertion.NEGATED) * _share(seen.statuses[i], Assertion.NEGATED),
        float(same),
        float(differs),
        float(differs and any(match.passage.value > match.answer.value for match in measured)),
        float(differs and any(match.passage.value < match.answer.value for match in measured)),
        yes,
        no,
    )


def _opening(answer: str, of_language: str | None) -> tuple[float, float]:
    """Whether an answer opens with a yes, or with a no."""
    known = assertion.lexicon().get(of_language or "en", {})
    opening = answer.lower().lstrip()[:14]
    tokens = words.tokens(opening)
    first = tokens[0] if tokens else ""
    yes = any(_opens(opening, first, word) for word in known.get("yes", ()))
    no = any(_opens(opening, first, word) for word in (*known.get("no", ()), *known.get("negation", ())[:4]))
    return float(yes), float(no)


def _opens(opening: str, first: str, word: str) -> bool:
    return first == word or (not word.isascii() and opening.startswith(word)) or opening.startswith(word + " ")


def _alike(one: Floats, other: Floats, i: int) -> float:
    return _cosine(one[i], other[i])


def _cosine(one: Floats, other: Floats) -> float:
    return float(one @ other / max(1e-9, float(np.linalg.norm(one) * np.linalg.norm(other))))


def _by_family(signals: Floats, shares: _Shares) -> Floats:
    best: dict[str, float] = {}
    for family, value in zip(shares.families, signals.tolist(), strict=True):
        best[family] = max(best.get(family, 0.0), value)
    return np.array(list(best.values()), dtype=np.float32)


def _share(status: Floats, which: Assertion) -> float:
    return float(status[ASSERTIONS.index(which)])


def _names(text: str) -> frozenset[str]:
    """Words in capitals that do not open a sentence: places, sites, schemes."""
    return frozenset(match[0].lower() for match in _CAPITALS.finditer(text) if _inside(text, match.start()))


def _inside(text: str, place: int) -> bool:
    before = text[:place].rstrip(" \"'“„«(")
    return bool(before) and before[-1] not in ".!?:;|"


def _years(ours: Sequence[Amount], theirs: Sequence[Amount]) -> tuple[int, int] | None:
    one, other = amounts.years_in(ours), amounts.years_in(theirs)
    return (max(one), max(other)) if one and other and not one & other else None
