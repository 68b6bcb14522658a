"""What is said and taken about questionnaires by the second door, field by field."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from models.submissions import AnswerSource, SubmissionState
from questionnaires.definition import Kind
from webapp.api.shapes import said
from webapp.api.whole import Page


@dataclass(frozen=True, slots=True)
class QuestionnaireShape:
    """A questionnaire as it was published; a change is a new version."""

    id: UUID
    name: str
    version: str
    title: dict[str, str] = field(metadata=said("By language."))
    languages: tuple[str, ...]
    questions: int
    published_at: datetime


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """One questionnaire before one supplier."""

    id: UUID
    questionnaire: UUID
    questionnaire_name: str
    supplier: UUID
    site: UUID | None
    period: str
    state: SubmissionState
    version: int = field(metadata=said("Grows with each change of state."))
    due_on: date | None
    issued_at: datetime
    submitted_at: datetime | None
    accepted_at: datetime | None
    valid_until: date | None
    answered: int = field(metadata=said("Of the questions asked."))
    asked: int


@dataclass(frozen=True, slots=True)
class AnswerShape:
    """A question that is asked, and the answer to it as it stands."""

    question: str
    section: str
    kind: Kind
    label: dict[str, str] = field(metadata=said("The question, by language."))
    required: bool
    answered: bool
    refused: bool = field(metadata=said("Whether the answer does not fit with another one."))
    value: Any = field(
        metadata=said("As the reference of questionnaires describes for its kind; null where there is none.")
    )
    reason: str = field(metadata=said("Why it does not apply, or a word to the answer."))
    version: int = field(metadata=said("0 where there is no answer: what a new answer names as the one that was seen."))
    source: AnswerSource | None
    locked: bool = field(metadata=said("Filled in by the buyer."))
    accepted: bool = field(metadata=said("Whether a reviewer accepted it as it stands."))
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class SubmissionShape:
    """A questionnaire before a supplier, with every question that is asked on the way of its answers."""

    submission: SubmissionRow
    answers_shown: bool = field(
        metadata=said("False for a buyer while the supplier is at work: then `answers` is empty.")
    )
    answers: tuple[AnswerShape, ...]


@dataclass(frozen=True, slots=True)
class SubmissionQuery(Page):
    """Which questionnaires."""

    state: SubmissionState | None = None
    supplier: UUID | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """What is laid before whom, by when."""

    questionnaire: UUID
    supplier: UUID
    due_on: date | None = None
    period: str = field(default="", metadata=said("In your words, such as 2026.", most=40))
    site: UUID | None = None


@dataclass(frozen=True, slots=True)
class Answering:
    """An answer, as its supplier gives it."""

    value: Any = field(
        metadata=said("As the reference of questionnaires describes for its kind; null takes an answer back.")
    )
    version: int = field(metadata=said("The version that you saw; 0 where there was none."))
    reason: str = field(default="", metadata=said("Why it does not apply, or a word to the answer.", most=50_000))


@dataclass(frozen=True, slots=True)
class NewDay:
    """The day by which it is to be done."""

    due_on: date


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How long the answers count."""

    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class SendingBack:
    """By when it is to be answered."""

    due_on: date | None = None
