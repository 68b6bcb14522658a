"""How a submission stands: its answers, what they were before, what was asked back, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session, joinedload

from models.discussion import AskedBack
from models.operations.scope import Slice
from models.submissions import Answer, AnswerVersion, Submission
from questionnaires.definition import Kind, Question
from questionnaires.path import Path


class Lack(StrEnum):
    """What stands between an answer and submitting it."""

    ANSWER = "answer"
    CONSTRAINT = "constraint"
    """It contradicts another answer, or cannot be."""
    REASON = "reason"
    """It is said not to apply, but not why."""
    ASKED_BACK = "asked_back"
    """The reviewer asked something, and nobody has answered."""


@dataclass(frozen=True, slots=True)
class Missing:
    question: Question
    lack: Lack


def missing(session: Session, found: Submission, path: Path) -> list[Missing]:
    """Everything that stands in the way of submitting, in the order of the questions."""
    without_reason = set(
        session.scalars(
            select(Answer.question).where(
                Answer.submission_id == found.id, Answer.reason == "", cast(Answer.value, Text) == '"not_applicable"'
            )
        )
    )
    waiting = {row.question for row in asked_back(session, found) if row.waits}
    lacking = []
    for step in path.steps:
        id_ = step.question.id
        if step.refused:
            lacking.append(Missing(step.question, Lack.CONSTRAINT))
        elif step.required and not step.answered:
            lacking.append(Missing(step.question, Lack.ANSWER))
        elif id_ in without_reason and step.question.kind is Kind.YES_NO:
            lacking.append(Missing(step.question, Lack.REASON))
        elif id_ in waiting:
            lacking.append(Missing(step.question, Lack.ASKED_BACK))
    return lacking


def answers(session: Session, found: Submission, only: Iterable[str] | None = None) -> dict[str, Answer]:
    """Every answer of the submission with who gave it, by question; or those to `only` these questions."""
    query = (
        select(Answer)
        .where(Answer.submission_id == found.id)
        .options(joinedload(Answer.answered_by))
        .order_by(Answer.question)
    )
    if only is not None:
        query = query.where(Answer.question.in_(list(only)))
    return {row.question: row for row in session.scalars(query)}


def history(
    session: Session, found: Submission, question: str, *, before: int | None = None, limit: int = 50
) -> Slice[AnswerVersion]:
    """What the answer was before, newest first; `before` is the version of the last one of the slice before."""
    query = (
        select(AnswerVersion)
        .join(Answer, Answer.id == AnswerVersion.answer_id)
        .where(Answer.submission_id == found.id, Answer.question == question)
        .order_by(AnswerVersion.version.desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(AnswerVersion.version < before)
    return Slice.cut(list(session.scalars(query)), limit)


def asked_back(session: Session, found: Submission) -> list[AskedBack]:
    """What a reviewer asked about these answers and nobody settled, oldest first."""
    query = (
        select(AskedBack)
        .where(AskedBack.submission_id == found.id, AskedBack.settled_at.is_(None))
        .order_by(AskedBack.asked_at, AskedBack.id)
    )
    return list(session.scalars(query))
