"""Gathers what speaks for each relation between an answer and a passage, in rows of numbers with names.

Three questions are asked. Do the two speak of the same matter (signals, meaning, shared words)? Does each of them
say that harm is there or that it is not (assertion, and what a yes to the question would mean)? And do the figures
that both state agree?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from screening.comparing import amounts, bounds, leanings, matters
from screening.comparing.amounts import Amount, Match
from screening.comparing.matters import MEASURED, TOPIC, Shares, Told
from screening.comparing.pairs import Pair
from screening.comparing.together import Together
from screening.engine import language
from screening.engine.asking import question_inputs
from screening.engine.classifier import ASSERTIONS, Floats
from screening.engine.evidence import RULES
from screening.engine.results import Assertion, Passage
from screening.engine.screener import Screener

__all__ = ["MEASURED", "SIDES", "TOPIC", "Held", "Pair", "hold"]

SIDES = (
    "meaning_answer", "words_answer", "meaning_beyond_question", "words_beyond_question", "negations",
    "amount_agrees", "amount_differs", "amount_beyond", "amount_below", "bound_kept", "bound_broken",
    "answer_yes", "answer_no", "passage_negates", "same_language",
)  # fmt: skip
"""What tells, beside the leaning of each, whether they agree."""
_TELLING = 30
"""An answer of so many characters tells its language by itself."""


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that was seen in one pair: rows for the layers, and the parts that a reason can be made of."""

    topic: tuple[float, ...]
    sides: tuple[float, ...]
    question: Floats
    """What tells whether a yes to the question admits harm."""
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
    together: tuple[float, ...] | None = None
    """What the slow encoder says of both, read together: see `together.Together.of`; None where it is absent."""


def hold(pairs: Sequence[Pair], screener: Screener, *, together: bool = True) -> list[Held]:
    """One row a pair, in order; the engine weighs each distinct text once. Both are read together only if so asked."""
    if not pairs:
        return []
    tongues = [_answer_language(p) for p in pairs]
    questions = [Passage(p.question, language=_language(p.question, p.question_language)) for p in pairs]
    passages = [
        Passage(p.passage, language=_language(p.passage, p.passage_language), document_type="audit") for p in pairs
    ]
    asked, seen = leanings.weigh_once(questions, screener), leanings.weigh_once(passages, screener)
    answers = [(p.question, p.answer, tongue) for p, tongue in zip(pairs, tongues, strict=True)]
    told = matters.told(asked, *leanings.weigh_answers(answers, screener), seen)
    inputs = (
        question_inputs(asked),
        leanings.answer_inputs(told.said, told.replied),
        leanings.passage_inputs(seen),
    )
    shares = Shares(screener.learned)
    held = [_held(pair, i, told, shares, (inputs[0][i], inputs[1][i], inputs[2][i])) for i, pair in enumerate(pairs)]
    return read_together(pairs, held, screener) if together else held


def read_together(pairs: Sequence[Pair], held: Sequence[Held], screener: Screener) -> list[Held]:
    """The same, with what the slow encoder says of both texts as one."""
    read = Together(screener.encoders.close).of(pairs)
    if read is None:
        return list(held)
    return [replace(one, together=tuple(row.tolist())) for one, row in zip(held, read, strict=True)]


def _answer_language(pair: Pair) -> str | None:
    """A short answer is in the language of its question: "No" could be in five."""
    if pair.answer_language:
        return pair.answer_language
    own = language.language_of(pair.answer) if len(pair.answer) >= _TELLING else None
    return own or _language(f"{pair.question} {pair.answer}", pair.question_language)


def _language(text: str, told: str | None) -> str | None:
    return told or language.language_of(text)


def _held(pair: Pair, i: int, told: Told, shares: Shares, inputs: tuple[Floats, Floats, Floats]) -> Held:
    said, seen = told.said, told.seen
    ours = amounts.amounts_in(pair.answer, said.languages[i])
    wanted = amounts.amounts_in(pair.question, told.asked.languages[i])
    theirs = amounts.amounts_in(pair.passage, seen.languages[i])
    found = amounts.matches(ours, theirs)
    joint = np.sqrt(np.maximum(said.signals[i], told.asked.signals[i]) * seen.signals[i])
    opens = leanings.opening(pair.answer, said.languages[i])
    spoken = (pair.question, pair.answer, pair.passage)
    topic = matters.topic(spoken, i, told, shares, joint, (ours, wanted, theirs), found, any(opens))
    kept = bounds.kept(bounds.side_of(f"{pair.question} {pair.answer}"), found, theirs)
    return Held(
        topic=tuple(topic.values()),
        sides=_sides(i, told, topic, [match for match in found if match.kind in MEASURED], kept, opens),
        question=inputs[0],
        answer=inputs[1],
        passage=inputs[2],
        matches=found,
        shared=shares.signals[int(joint.argmax())] if joint.max() > 0.2 else "",
        answer_says=ASSERTIONS[int(said.statuses[i].argmax())],
        passage_says=ASSERTIONS[int(seen.statuses[i].argmax())],
        years=_years((*ours, *wanted), theirs),
    )


def _sides(
    i: int, told: Told, topic: dict[str, float], measured: Sequence[Match], kept: int, opens: tuple[float, float]
) -> tuple[float, ...]:
    same = any(match.same for match in measured)
    differs = bool(measured) and not same
    negated = Assertion.NEGATED
    return (
        topic["meaning_answer"],
        topic["words_answer"],
        topic["meaning_answer"] - topic["meaning_question"],
        topic["words_answer"] - topic["words_question"],
        matters.share(told.said.statuses[i], negated) * matters.share(told.seen.statuses[i], negated),
        float(same),
        float(differs),
        float(differs and any(match.passage.value > match.answer.value for match in measured)),
        float(differs and any(match.passage.value < match.answer.value for match in measured)),
        float(kept > 0),
        float(kept < 0),
        *opens,
        float(told.seen.rules[i][RULES.index("cue_negation")]),
        topic["same_language"],
    )


def _years(ours: Sequence[Amount], theirs: Sequence[Amount]) -> tuple[int, int] | None:
    one, other = amounts.years_in(ours), amounts.years_in(theirs)
    return (max(one), max(other)) if one and other and not one & other else None
