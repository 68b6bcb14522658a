"""Reading what suppliers answered: accepted answer by answer, asked back where it is not clear, and settled."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.discussion import AnswerEvidence, AskedBack
from models.errors import Conflict, Invalid, NotFound
from models.journal import note
from models.operations.scope import allow
from models.people import Person, Role
from models.submissions import Answer, EvidenceVerdict, Submission, SubmissionState
from questionnaires import shelf
from questionnaires.helping import LONGEST_REMARK
from questionnaires.issuing import submission
from questionnaires.standing import asked_back

REVIEWERS = (Role.REVIEWER, Role.COMPLIANCE, Role.ADMIN)

GOOD_FOR = timedelta(days=365)
"""How long accepted answers count, unless the reviewer says otherwise. Our default, no scheme's."""


def start_review(session: Session, submission_id: uuid.UUID, *, by: Person, now: datetime) -> Submission:
    """Take a submitted questionnaire up. Raises Conflict when it was recalled, or somebody else has begun."""
    found = _locked(session, submission_id, by=by)
    before = found.state
    found.move(SubmissionState.UNDER_REVIEW)
    _note(session, "submission.review_started", found, by=by, now=now, state=[before.value, found.state.value])
    return found


def ask_back(
    session: Session, submission_id: uuid.UUID, question: str, *, text: str, by: Person, now: datetime
) -> AskedBack:
    """Ask about one answer. The supplier sees it once the questionnaire is sent back."""
    found = _under_review(session, submission_id, by=by)
    if question not in shelf.opened(session, found.questionnaire).questionnaire.questions:
        raise NotFound()
    words = text.replace("\x00", "").strip()[:LONGEST_REMARK]
    if not words:
        raise Invalid("Say what is not clear, so that the supplier knows what to answer.", field="text")
    for earlier in asked_back(session, found):
        if earlier.question == question:
            earlier.settle(by=by, at=now)
    row = AskedBack(submission_id=found.id, question=question, text=words, asked_by_id=by.id, asked_at=now, reply="")
    session.add(row)
    answer = _answer(session, found, question)
    if answer is not None:
        answer.accepted_version = answer.accepted_by_id = None
    session.flush()
    _note(session, "answer.asked_back", found, by=by, now=now, question=question)
    return row


def withdraw(session: Session, submission_id: uuid.UUID, asked_id: uuid.UUID, *, by: Person, now: datetime) -> None:
    """Take a question back, or settle one that was answered."""
    found = _under_review(session, submission_id, by=by)
    row = next((each for each in asked_back(session, found) if each.id == asked_id), None)
    if row is None:
        raise NotFound()
    row.settle(by=by, at=now)
    _note(session, "answer.settled", found, by=by, now=now, question=row.question)


def accept_answer(
    session: Session, submission_id: uuid.UUID, question: str, *, version: int, by: Person, now: datetime
) -> Answer:
    """Accept one answer as it was seen. Raises Conflict when it has changed since."""
    found = _under_review(session, submission_id, by=by)
    answer = _answer(session, found, question)
    if answer is None:
        raise NotFound()
    if answer.version != version:
        raise Conflict("The supplier has changed this answer since you looked at it: look at it again.")
    answer.accepted_version, answer.accepted_by_id = version, by.id
    for row in asked_back(session, found):
        if row.question == question:
            row.settle(by=by, at=now)
    session.flush()
    _note(session, "answer.accepted", found, by=by, now=now, question=question, version=version)
    return answer


def judge_evidence(
    session: Session,
    submission_id: uuid.UUID,
    evidence_id: uuid.UUID,
    verdict: EvidenceVerdict,
    *,
    reason: str = "",
    by: Person,
    now: datetime,
) -> AnswerEvidence:
    """Say whether a document shows what it is to show. Raises Invalid for a refusal without its reason."""
    found = _under_review(session, submission_id, by=by)
    row = session.get(AnswerEvidence, evidence_id)
    if row is None or row.submission_id != found.id:
        raise NotFound()
    row.judge(verdict, reason=reason[:LONGEST_REMARK], by=by, at=now)
    _note(session, "evidence.judged", found, by=by, now=now, document=str(row.document_id), verdict=verdict.value)
    return row


def send_back(
    session: Session, submission_id: uuid.UUID, *, by: Person, now: datetime, due_on: date | None = None
) -> Submission:
    """Lay the questions that were asked back before the supplier. Raises Conflict when nothing was asked."""
    found = _under_review(session, submission_id, by=by)
    waiting = [row for row in asked_back(session, found) if row.waits]
    if not waiting:
        raise Conflict("Nothing was asked back: ask about an answer first, or accept the questionnaire.")
    before = found.state
    found.move(SubmissionState.CHANGES_REQUESTED)
    if due_on is not None:
        if due_on < now.date():
            raise Invalid("The due date has passed already: choose a later day.", field="due_on")
        found.due_on = due_on
    _note(
        session, "submission.changes_requested", found, by=by, now=now, state=[before.value, found.state.value],
        questions=[row.question for row in waiting],
    )  # fmt: skip
    return found


def accept(
    session: Session, submission_id: uuid.UUID, *, by: Person, now: datetime, valid_until: date | None = None
) -> Submission:
    """Accept the whole: it has been read. Raises Conflict while a question waits for the supplier.

    Accepting says that the answers are clear enough to work with. It says nothing about whether all is well.
    """
    found = _under_review(session, submission_id, by=by)
    rows = asked_back(session, found)
    if any(row.waits for row in rows):
        raise Conflict("You asked something back that the supplier has not seen yet: send it back, or withdraw it.")
    if valid_until is not None and valid_until < now.date():
        raise Invalid(
            "The day until which the answers count has passed already: choose a later one.", field="valid_until"
        )
    for row in rows:
        row.settle(by=by, at=now)
    before = found.state
    found.accepted_by_id, found.accepted_at = by.id, now
    found.valid_until = valid_until or (now + GOOD_FOR).date()
    found.move(SubmissionState.ACCEPTED)
    _note(session, "submission.accepted", found, by=by, now=now, state=[before.value, found.state.value])
    return found


def _locked(session: Session, submission_id: uuid.UUID, *, by: Person) -> Submission:
    allow(by, *REVIEWERS)
    return submission(session, submission_id, by=by, lock=True)


def _under_review(session: Session, submission_id: uuid.UUID, *, by: Person) -> Submission:
    """Deciding about a submitted questionnaire begins its review, so that nobody has to press a button first."""
    found = _locked(session, submission_id, by=by)
    if found.state is SubmissionState.SUBMITTED:
        raise Conflict("Begin the review first: then the supplier knows that somebody is reading.")
    if found.state is not SubmissionState.UNDER_REVIEW:
        raise Conflict("The questionnaire has moved on since you looked at it: open it again to see where it is.")
    return found


def _answer(session: Session, found: Submission, question: str) -> Answer | None:
    return session.scalar(select(Answer).where(Answer.submission_id == found.id, Answer.question == question))


def _note(session: Session, act: str, found: Submission, *, by: Person, now: datetime, **detail: object) -> None:
    note(session, act, found.id, organisation_id=found.supplier.buyer_id, actor_id=by.id, at=now, **detail)
