"""Says whether a passage of evidence contradicts or supports a supplier's own answer, how likely that is, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from screening.comparing import layers
from screening.comparing.layers import Layers
from screening.comparing.weighing import MEASURED, TOPIC, Held, Pair, hold
from screening.engine.results import Assertion
from screening.engine.screener import Screener

_CLEAR = 0.6
"""Log-odds beyond which an answer or a passage is said to lean to one side."""
_SAID = {
    Assertion.FINDING_CONFIRMED: "a finding",
    Assertion.FINDING_ALLEGED: "an allegation",
    Assertion.SELF_DISCLOSED: "an admission",
    Assertion.RISK_POTENTIAL: "a risk",
    Assertion.UNABLE_TO_VERIFY: "something that could not be verified",
    Assertion.NEGATED: "that nothing was found",
    Assertion.POLICY_PROHIBITION: "a rule or commitment",
    Assertion.REMEDIATED: "something put right",
    Assertion.HISTORICAL: "something past",
    Assertion.BOILERPLATE: "no finding",
}


class Kind(StrEnum):
    CONTRADICTS = "contradicts"
    SUPPORTS = "supports"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True)
class Relation:
    """How a passage stands to an answer. It points a person to two texts; it settles nothing."""

    relation: Kind
    score: float
    """The probability of this relation, 0 to 1, measured on pairs that the layers had not seen."""
    why: str
    """One to four short sentences in English: the reasons in the order of their weight."""


class Comparer:
    """Compares answers with evidence. Build it once a process; not safe to share between threads.

    The same pairs in one call give the same relations, whatever was compared before. No text leaves the process.
    """

    def __init__(self, screener: Screener, learned: Layers) -> None:
        self._screener = screener
        self._layers = learned
        self.version = f"comparing-{learned.version}+{screener.version}"

    @classmethod
    def load(cls, screener: Screener | None = None) -> Comparer:
        """The comparer with the shipped layers, on a screener that is there already. Raises ClassifierError."""
        return cls(screener or Screener.load(), layers.load())

    def compare(
        self,
        question: str,
        answer: str,
        passage: str,
        *,
        question_language: str | None = None,
        answer_language: str | None = None,
        passage_language: str | None = None,
    ) -> Relation:
        """One pair. Languages are ISO 639-1 codes; without them they are found out."""
        pair = Pair(question, answer, passage, question_language, answer_language, passage_language)
        return self.compare_all([pair])[0]

    def compare_all(self, pairs: Sequence[Pair]) -> list[Relation]:
        """One relation a pair, in order. Many at once are quicker than one by one."""
        if not pairs:
            return []
        held = hold(pairs, self._screener)
        likely = self._layers.probabilities(held)
        leanings = self._layers.leanings(held)
        return [
            _relation(pairs[i], held[i], likely[i].tolist(), float(leanings[i, 1]), float(leanings[i, 2]))
            for i in range(len(pairs))
        ]


def _relation(pair: Pair, held: Held, likely: list[float], admits: float, finds: float) -> Relation:
    if not pair.answer.strip() or not pair.passage.strip():
        return Relation(Kind.UNRELATED, 1.0, "One of the two texts is empty.")
    best = int(np.argmax(likely))
    kind = tuple(Kind)[best]
    reasons = _unrelated(held) if kind is Kind.UNRELATED else _related(kind, held, admits, finds)
    return Relation(kind, round(likely[best], 4), " ".join(reasons))


def _related(kind: Kind, held: Held, admits: float, finds: float) -> list[str]:
    """Figures first: what a person can check at a glance. Nothing is said that speaks for the other relation."""
    agree = kind is Kind.SUPPORTS
    reasons = [
        f'The same amount is in both ("{match.answer.words}", "{match.passage.words}").'
        if match.same
        else f'Answer: "{match.answer.words}"; passage: "{match.passage.words}" ({match.kind}).'
        for match in held.matches[:2]
        if (match.same and agree) or (not match.same and match.kind in MEASURED)
    ]
    if held.shared:
        reasons.append(f"Both are about {held.shared}.")
    return reasons + _sides(held, admits, finds, agree=agree)


def _sides(held: Held, admits: float, finds: float, *, agree: bool) -> list[str]:
    """What each says; where the two leanings do not show the relation, the surer one and how the other stands to it."""
    if max(abs(admits), abs(finds)) < _CLEAR:
        return [f"Neither leans clearly by itself; read together, they seem to {'agree' if agree else 'clash'}."]
    answer = f"The answer {_leaning(admits, 'admits a problem', 'says that all is well')}."
    passage = f"The passage {_leaning(finds, 'reports a problem', 'reports none')}"
    if min(abs(admits), abs(finds)) >= _CLEAR and (admits * finds > 0) == agree:
        return [answer, f"{passage}; it reads as {_SAID[held.passage_says]}."]
    if abs(admits) >= abs(finds):
        return [answer, f"The passage seems to speak {'for' if agree else 'against'} it."]
    return [f"{passage}.", f"The answer seems to say {'the same' if agree else 'the opposite'}."]


def _leaning(odds: float, harm: str, calm: str) -> str:
    return harm if odds > 0 else calm


def _unrelated(held: Held) -> list[str]:
    if held.years:
        return [f"The answer is about {held.years[0]}, the passage about {held.years[1]}."]
    if held.topic[TOPIC.index("names_differ")]:
        return ["They name different places or parties."]
    if held.shared:
        return [f"Both touch on {held.shared}, but the passage neither confirms nor refutes the answer."]
    return ["They share no matter that the engine knows, and little wording or meaning."]
