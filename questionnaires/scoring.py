"""Reading a self-assessment section by section: how complete, how well proved, how mature. Never one single figure.

Honesty is worth more than a clean sheet: who admits a problem and plans its repair stands above who says yes and
shows nothing. Every weight stands in `Weights`, is shown to whoever reads the result, and can be set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from questionnaires import rules, syntax
from questionnaires.definition import Kind, Question, Questionnaire
from questionnaires.path import Path, Step
from questionnaires.rules import Value


class Proof(StrEnum):
    """What stands behind an answer, the best of its evidence."""

    NONE = "none"
    REFUSED = "refused"
    """Looked at and found insufficient, rejected or out of date."""
    SHOWN = "shown"
    """Attached; nobody has judged it yet."""
    ACCEPTED = "accepted"


class Standing(StrEnum):
    """How an answer stands. In this order on the page."""

    UNANSWERED = "unanswered"
    ADMITTED = "admitted"
    """A problem is admitted, and no plan says how it is repaired."""
    DISPUTED = "disputed"
    """Said to be in order, but what was shown for it was refused, or something else speaks against it."""
    CLEAN = "clean"
    """Said to be in order; nothing shows it."""
    ADMITTED_WITH_PLAN = "admitted_with_plan"
    CLEAN_SHOWN = "clean_shown"
    CLEAN_PROVED = "clean_proved"


@dataclass(frozen=True, slots=True)
class Weights:
    """What each standing is worth, from 0 to 4, and how much a question counts in its section."""

    worth: Mapping[Standing, float] = field(
        default_factory=lambda: {
            Standing.UNANSWERED: 0.0,
            Standing.ADMITTED: 1.0,
            Standing.DISPUTED: 1.0,
            Standing.CLEAN: 2.0,
            Standing.ADMITTED_WITH_PLAN: 3.0,
            Standing.CLEAN_SHOWN: 3.0,
            Standing.CLEAN_PROVED: 4.0,
        }
    )
    by_severity: Mapping[str, float] = field(
        default_factory=lambda: {"critical": 3.0, "high": 2.0, "medium": 1.0, "low": 1.0}
    )
    """By the gravest signal that a question belongs to; 1 for a question with none."""
    evidence: Mapping[Proof, float] = field(
        default_factory=lambda: {Proof.NONE: 0.0, Proof.REFUSED: 0.0, Proof.SHOWN: 0.5, Proof.ACCEPTED: 1.0}
    )
    cap_with_open_critical: float = 1.0
    """A section in which somebody admits a critical problem without a plan is never called more mature than this."""


DEFAULT = Weights()

_NEXT: dict[Standing, Standing] = {
    Standing.UNANSWERED: Standing.CLEAN,
    Standing.ADMITTED: Standing.ADMITTED_WITH_PLAN,
    Standing.DISPUTED: Standing.CLEAN_PROVED,
    Standing.CLEAN: Standing.CLEAN_SHOWN,
    Standing.CLEAN_SHOWN: Standing.CLEAN_PROVED,
}
"""What a supplier can do about each standing next. An admitted problem with a plan needs time, not paper."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One question that can admit a problem, as it stands."""

    question: str
    standing: Standing
    weight: float
    severity: str | None
    """Of its gravest signal."""


@dataclass(frozen=True, slots=True)
class Change:
    """What would change the section: this question brought to that standing adds so much to its maturity."""

    question: str
    to: Standing
    gain: float


@dataclass(frozen=True, slots=True)
class SectionReading:
    """One section, read. Shares are None where nothing in the section can have one."""

    section: str
    answered: int
    asked: int
    evidence: float | None
    """Share of the answers in order, by weight, that something was shown for; accepted counts whole, unjudged half."""
    maturity: float | None
    """From 0 to 4: the weighted mean of what its questions are worth."""
    capped: bool
    judged: tuple[Judged, ...]
    changes: tuple[Change, ...]
    """The greatest gain first."""

    @property
    def completeness(self) -> float | None:
        return self.answered / self.asked if self.asked else None

    @property
    def open_risks(self) -> tuple[Judged, ...]:
        """What was admitted, or is disputed, the weightiest first."""
        risky = (Standing.ADMITTED, Standing.ADMITTED_WITH_PLAN, Standing.DISPUTED)
        return tuple(sorted((each for each in self.judged if each.standing in risky), key=lambda each: -each.weight))


def read(
    questionnaire: Questionnaire,
    path: Path,
    *,
    proofs: Mapping[str, Proof],
    severity_of: Callable[[str], str | None],
    contradicted: frozenset[str] = frozenset(),
    weights: Weights = DEFAULT,
) -> list[SectionReading]:
    """Every section that was asked, in order.

    `proofs` says what was shown, by question; `severity_of` gives the severity of a signal's code, None for what is
    no signal; `contradicted` names the questions that something else speaks against.
    """
    steps = {step.question.id: step for step in path.steps}
    planned = set(_planned(questionnaire, path.values))
    found = []
    for section in questionnaire.sections:
        own = [steps[question.id] for question in section.questions if question.id in steps]
        if not own:
            continue
        judged = []
        for step in own:
            proof = proofs.get(step.question.id, Proof.NONE)
            standing = _standing(step, path.values, proof, planned, contradicted)
            if standing is not None:
                severity = gravest(step.question, severity_of)
                judged.append(Judged(step.question.id, standing, _weight(severity, weights), severity))
        found.append(_section(section.id, own, judged, proofs, weights))
    return found


def gravest(question: Question, severity_of: Callable[[str], str | None]) -> str | None:
    """The severity of the gravest signal that a question belongs to."""
    order = ("critical", "high", "medium", "low")
    severities = {severity for code in question.refs if (severity := severity_of(code)) is not None}
    return next((severity for severity in order if severity in severities), None)


def _weight(severity: str | None, weights: Weights) -> float:
    return 1.0 if severity is None else weights.by_severity.get(severity, 1.0)


def _section(
    id_: str, steps: list[Step], judged: list[Judged], proofs: Mapping[str, Proof], weights: Weights
) -> SectionReading:
    total = sum(each.weight for each in judged)
    plain = sum(each.weight * weights.worth[each.standing] for each in judged) / total if total else None
    open_critical = any(each.standing is Standing.ADMITTED and each.severity == "critical" for each in judged)
    capped = plain is not None and open_critical and plain > weights.cap_with_open_critical
    changes = [
        Change(each.question, to, each.weight * (weights.worth[to] - weights.worth[each.standing]) / total)
        for each in judged
        if (to := _NEXT.get(each.standing)) is not None
    ]
    return SectionReading(
        section=id_,
        answered=sum(step.answered for step in steps),
        asked=len(steps),
        evidence=_evidence(judged, proofs, weights),
        maturity=weights.cap_with_open_critical if capped else plain,
        capped=capped,
        judged=tuple(judged),
        changes=tuple(sorted(changes, key=lambda change: -change.gain)),
    )


def _evidence(judged: list[Judged], proofs: Mapping[str, Proof], weights: Weights) -> float | None:
    """Only what is said to be in order can be proved: nobody needs a paper to admit a problem."""
    clean = (Standing.CLEAN, Standing.CLEAN_SHOWN, Standing.CLEAN_PROVED, Standing.DISPUTED)
    counted = [each for each in judged if each.standing in clean]
    total = sum(each.weight for each in counted)
    if not total:
        return None
    return sum(each.weight * weights.evidence[proofs.get(each.question, Proof.NONE)] for each in counted) / total


def _standing(
    step: Step, values: Mapping[str, Value], proof: Proof, planned: set[str], contradicted: frozenset[str]
) -> Standing | None:
    """How the answer stands; None for a question that can admit nothing, or that does not apply to this company."""
    question = step.question
    if question.admits is None:
        return None
    value = values.get(question.id)
    if value is None:
        return Standing.UNANSWERED
    if question.kind is Kind.YES_NO and value == "not_applicable":
        return None
    if rules.compile_rule(question.admits)(values) is True:
        return Standing.ADMITTED_WITH_PLAN if question.id in planned else Standing.ADMITTED
    if question.id in contradicted or proof is Proof.REFUSED:
        return Standing.DISPUTED
    return {Proof.SHOWN: Standing.CLEAN_SHOWN, Proof.ACCEPTED: Standing.CLEAN_PROVED}.get(proof, Standing.CLEAN)


def _planned(questionnaire: Questionnaire, values: Mapping[str, Value]) -> Iterator[str]:
    """The questions whose problem a plan was written for: those that an answered plan's own rule looks at."""
    for question in questionnaire.questions.values():
        if is_plan(question) and values.get(question.id) is not None and question.relevant:
            yield from syntax.looked_at(question.relevant)


def is_plan(question: Question) -> bool:
    """By the rule of the house, a plan is called `plan` or `<section>_plan`."""
    return question.id == "plan" or question.id.endswith("_plan")
