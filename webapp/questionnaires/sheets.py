"""What a page shows of each question: how it stands, who answered, what was said, and what is offered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from flask import g, session
from flask_babel import format_decimal
from sqlalchemy.orm import Session

from models.discussion import AnswerEvidence, AskedBack, Comment
from models.people import Person
from models.submissions import Answer, Submission
from questionnaires import helping, reusing, standing
from questionnaires.admitting import holds
from questionnaires.answering import Standing
from questionnaires.definition import Kind, Question, Questionnaire
from questionnaires.path import Step
from questionnaires.references import Source, find
from questionnaires.reusing import Offer
from questionnaires.telling import Teller
from questionnaires.values import Json
from questionnaires.ways import Way
from questionnaires.words import YES_NO_WORDS
from webapp.doors import now
from webapp.language import current
from webapp.measure_words import UNITS
from webapp.questionnaires.forms import Typed, new_key


@dataclass(frozen=True, slots=True)
class Other:
    """Two answers to one question: what stands there, and what was about to be saved."""

    theirs: Standing
    words: str
    mine: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One question on a page."""

    question: Question
    step: Step | None
    """None: it is not asked, for now."""
    row: Answer | None
    value: Json
    """What the fields show: what is kept, or what was typed and could not be saved."""
    reason: str
    expected: int
    key: str
    comments: Sequence[Comment] = ()
    evidence: Sequence[AnswerEvidence] = ()
    asked_back: AskedBack | None = None
    offer: Offer | None = None
    fault: str = ""
    other: Other | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer could not be saved, with what was typed."""

    typed: Typed
    sentence: str
    other: Standing | None = None


def language_of(questionnaire: Questionnaire, person: Person) -> str:
    """In which language a questionnaire is shown: as chosen in this browser, else the person's, else English."""
    for wanted in (session.get("answers_language"), person.language, current()):
        if wanted in questionnaire.languages:
            return str(wanted)
    return "en"


def teller(reading: Session, found: Submission, questionnaire: Questionnaire) -> Teller:
    """Writes answers in the reader's language, with the names of sites, people and documents."""
    names = {str(site.id): site.name for site in helping.sites(reading, found)}
    names |= {str(row.document_id): row.document.name for rows in _papers(reading, found).values() for row in rows}
    return Teller(language_of(questionnaire, g.person), names, {unit: str(name) for unit, name in UNITS.items()})


def sheets(
    reading: Session,
    found: Submission,
    way: Way,
    questions: Iterable[Question],
    *,
    by: Person,
    problems: Mapping[str, Problem] | None = None,
    words: Teller,
) -> list[Sheet]:
    """These questions as a page shows them, those that are not asked too: their answers may bring them up."""
    problems = problems or {}
    wanted = [question for question in questions if question.kind is not Kind.COMPUTED]
    rows = standing.answers(reading, found, [question.id for question in wanted])
    said, papers = helping.comments(reading, found, by=by, only=[row.id for row in wanted]), _papers(reading, found)
    asked = {row.question: row for row in standing.asked_back(reading, found)} if _may_see_asked(found, by) else {}
    offered = reusing.offers(reading, found, now=now()) if found.state.is_open and not by.works_for_a_buyer else {}
    steps = {step.question.id: step for step in way.path.steps}
    return [
        _sheet(
            question,
            steps.get(question.id),
            rows.get(question.id),
            problems.get(question.id),
            words,
            said.get(question.id, ()),
            papers.get(question.id, ()),
            asked.get(question.id),
            offered.get(question.id),
        )
        for question in wanted
    ]


def options(way: Way, words: Teller) -> Callable[[Question], list[tuple[str, str]]]:
    """What a question offers now, with the words for it: choices that follow from other answers come and go."""

    def offered(question: Question) -> list[tuple[str, str]]:
        if question.kind is Kind.YES_NO:
            return [(id_, words.said(labels)) for id_, labels in YES_NO_WORDS.items()]
        return [
            (choice.id, words.said(choice.label))
            for choice in question.choices
            if choice.when is None or holds(choice.when, way.path.values)
        ]

    return offered


def computed(way: Way, questions: Iterable[Question]) -> dict[str, str]:
    """What was worked out, as people read it, by question; empty while it is not known."""
    found = {}
    for question in questions:
        if question.kind is Kind.COMPUTED and question.id in way.path.values:
            value = way.path.computed.get(question.id)
            found[question.id] = "" if value is None else _worked_out(value)
    return found


def _worked_out(value: object) -> str:
    """Four figures that count, and never fewer than stand before the point: `71.09`, `0.1875`, `12,346`."""
    if not isinstance(value, Decimal):
        return str(value)
    return str(format_decimal(round(value, max(0, 3 - value.adjusted()))))


def references(question: Question, language: str) -> list[tuple[str, str]]:
    """What stands behind a question: codes and titles, rights and conventions before signals."""
    known = [found for ref in question.refs if (found := find(ref)) is not None and found.source is not Source.SIGNAL]
    return [(row.code, row.title.get(language) or row.title["en"]) for row in known]


def _papers(reading: Session, found: Submission) -> dict[str, list[AnswerEvidence]]:
    cached: dict[UUID, dict[str, list[AnswerEvidence]]] = g.setdefault("papers", {})
    if found.id not in cached:
        cached[found.id] = helping.evidence(reading, found)
    return cached[found.id]


def _may_see_asked(found: Submission, by: Person) -> bool:
    """What a reviewer asks is shown to the supplier once it was sent back, not while it is being written."""
    return by.works_for_a_buyer or found.state.is_open


def _sheet(
    question: Question, step: Step | None, row: Answer | None, problem: Problem | None, words: Teller,
    comments: Sequence[Comment], papers: Sequence[AnswerEvidence], asked: AskedBack | None, offer: Offer | None,
) -> Sheet:  # fmt: skip
    value, reason, expected = (row.value, row.reason, row.version) if row is not None else (None, "", 0)
    other = None
    if problem is not None:
        value, reason = problem.typed.value, problem.typed.reason
        if problem.other is not None:
            expected = problem.other.version
            other = Other(problem.other, words.answer(question, problem.other.value), words.answer(question, value))
    return Sheet(
        question, step, row, value, reason, expected, new_key(), comments, papers, asked, offer,
        "" if problem is None else problem.sentence, other,
    )  # fmt: skip
