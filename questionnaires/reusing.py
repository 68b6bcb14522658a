"""Answer once: what the supplier answered before is offered again with its source, to be accepted one by one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Invalid, NotFound
from models.people import Person
from models.submissions import Answer, AnswerSource, Submission
from models.supplychain import Supplier
from questionnaires import shelf
from questionnaires.answering import Given, Saved, save_answer
from questionnaires.definition import Kind, Question
from questionnaires.issuing import submission
from questionnaires.standing import answers
from questionnaires.values import Json, checked

GOOD_FOR = timedelta(days=730)
"""Older answers are not offered: 24 months, the default of our content model; no scheme's rule."""

NEVER = (Kind.CONSENT, Kind.FILE, Kind.COMPUTED)
"""Consent is given anew each time; files and computed values have their own ways."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An earlier answer that fits a question which is still open."""

    question: str
    value: Json
    reason: str
    answer_id: uuid.UUID
    where: Mapping[str, str]
    """The title of the questionnaire in which it was given, by language."""
    buyer: str
    """For whom it was given: the supplier's own customer."""
    at: datetime


def offers(session: Session, found: Submission, *, now: datetime) -> dict[str, Offer]:
    """The newest earlier answer for each question that has none, by question.

    What was said about one customer's own way of buying is never offered to another.
    """
    questions = shelf.opened(session, found.questionnaire).questionnaire.questions
    standing = {name for name, row in answers(session, found).items() if row.value is not None or row.locked}
    made: dict[str, Offer] = {}
    for row, source in _earlier(session, found, now):
        question = questions.get(row.question)
        if question is None or row.question in standing or row.question in made:
            continue
        if not _may_travel(question, source, found):
            continue
        value = _fitting(question, row.value)
        if value is not None:
            made[row.question] = Offer(
                row.question, value, row.reason, row.id, source.questionnaire.title, source.supplier.buyer.name,
                row.answered_at,
            )  # fmt: skip
    return made


def reuse(
    session: Session,
    submission_id: uuid.UUID,
    question: str,
    answer_id: uuid.UUID,
    *,
    key: str,
    by: Person,
    now: datetime,
) -> Saved:
    """Accept one offer. Raises NotFound when it is not on offer (any more)."""
    found = submission(session, submission_id, by=by)
    offer = offers(session, found, now=now).get(question)
    if offer is None or offer.answer_id != answer_id:
        raise NotFound()
    row = answers(session, found).get(question)
    given = Given(
        question, offer.value, key, expected=row.version if row else 0, reason=offer.reason,
        source=AnswerSource.REUSED, source_answer_id=answer_id,
    )  # fmt: skip
    return save_answer(session, submission_id, given, by=by, now=now)


def last_time(session: Session, found: Submission) -> dict[str, Answer]:
    """The answers of the submission before this one, for the same buyer and questionnaire, by question."""
    query = (
        select(Submission)
        .where(
            Submission.supplier_id == found.supplier_id,
            Submission.id != found.id,
            Submission.submitted_at.is_not(None),
            Submission.issued_at <= found.issued_at,
        )
        .order_by(Submission.issued_at.desc())
        .limit(20)
    )
    for row in session.scalars(query):
        if row.questionnaire.name == found.questionnaire.name:
            return {name: answer for name, answer in answers(session, row).items() if answer.value is not None}
    return {}


def _earlier(session: Session, found: Submission, now: datetime) -> Iterator[tuple[Answer, Submission]]:
    query = (
        select(Answer, Submission)
        .join(Submission, Submission.id == Answer.submission_id)
        .join(Supplier, Supplier.id == Submission.supplier_id)
        .where(
            Supplier.organisation_id == found.supplier.organisation_id,
            Submission.id != found.id,
            Submission.submitted_at.is_not(None),
            Answer.locked.is_(False),
            Answer.value.is_not(None),
            Answer.answered_at >= now - GOOD_FOR,
        )
        .order_by(Answer.answered_at.desc(), Answer.id.desc())
        .limit(20_000)
    )
    yield from (tuple(row) for row in session.execute(query))  # type: ignore[misc]


def _may_travel(question: Question, source: Submission, found: Submission) -> bool:
    if question.kind in NEVER:
        return False
    about_the_buyer = any(ref.startswith("BUY.") for ref in question.refs)
    return not about_the_buyer or source.supplier_id == found.supplier_id


def _fitting(question: Question, value: Json) -> Json:
    try:
        return checked(question, value)
    except Invalid:
        return None
