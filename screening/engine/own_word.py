"""Raises a passage by its document's own word: an answer that admits harm, a row that is listed as a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from screening.engine import severity
from screening.engine.results import Assertion, Judgement


def raised(
    judgement: Judgement, signals: tuple[str, ...], *, own: bool, score: float, note: str, floors: Mapping[str, str]
) -> Judgement:
    """The judgement as a flag on these signals; `note` is added to what is said of it, `score` is the least it gets.

    `own` where who wrote the document speaks of itself, which then discloses; else somebody found it.
    """
    status = Assertion.SELF_DISCLOSED if own else Assertion.FINDING_CONFIRMED
    return replace(
        judgement,
        signals=signals,
        categories=tuple(dict.fromkeys(code.partition(".")[0] for code in signals)),
        assertion=status,
        flag=True,
        severity=severity.severity_of(signals, status, None, floors=floors),
        score=max(judgement.score, score),
        explanation=replace(judgement.explanation, note=" ".join(filter(None, (judgement.explanation.note, note)))),
    )
