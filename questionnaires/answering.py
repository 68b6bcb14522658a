"""Answering: one answer at a time, never lost and never overwritten unseen, until all of it is submitted."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import new_key
from models.errors import Conflict, Invalid, NotFound
from models.journal import note
from models.operations import stating
from models.operations.scope import allow
from models.people import Person, Role
from models.submissions import Answer, AnswerSource, AnswerVersion, Submission, SubmissionState
from questionnaires import shelf, ways
from questionnaires.definition import Question, Questionnaire
from questionnaires.issuing import submission
from questionnaires.standing import Missing, asked_back, missing
from questionnaires.stating import put_in_words
from questionnaires.values import LONGEST, Json, checked, value_of
from questionnaires.ways import Way

LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Standing:
    """An answer as it stands, for whoever was about to overwrite it. Outlives the transaction."""

    value: Json
    reason: str
    version: int
    name: str
    """Of the person who gave it."""
    at: datetime


class OtherAnswer(Conflict):
    """Somebody else answered this question meanwhile. `theirs` is what stands there now; nothing was overwritten."""

    def __init__(self, question: Question, theirs: Standing, mine: Json) -> None:
        super().__init__("Somebody else answered this meanwhile: look at both answers and choose.")
        self.question, self.theirs, self.mine = question, theirs, mine


class Incomplete(Invalid):
    """Something still stands between the answers and submitting them; nothing was submitted."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__("Some questions still wait for an answer: they are listed here.")
        self.missing = tuple(missing)


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as somebody gives it. `expected` is the version that they saw: 0 where there was none.

    `key` is made where the answer was typed, so that one that is sent twice is saved once.
    """

    question: str
    value: Json
    key: str
    expected: int
    reason: str = ""
    source: AnswerSource = AnswerSource.TYPED
    source_answer_id: uuid.UUID | None = None
    source_document_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer as it is kept now, and the way that all answers make. `is_new` False: it was there already."""

    answer: Answer
    question: Question
    questionnaire: Questionnaire
    way: Way
    is_new: bool


def save_answer(
    session: Session,
    submission_id: uuid.UUID,
    given: Given | Callable[[Questionnaire], Given],
    *,
    by: Person,
    now: datetime,
) -> Saved:
    """Keep one answer; None as its value takes an answer back. What still has to be read from a form is a function.

    The same key a second time changes nothing. Raises Invalid for a value that does not fit, OtherAnswer where
    somebody else answered since, and Conflict while the questionnaire is locked. An answer against a constraint is
    kept and shown as such: it stands in the way of submitting, not of saving.
    """
    allow(by, Role.SUPPLIER_USER)
    found = submission(session, submission_id, by=by, lock=True)
    opened = shelf.opened(session, found.questionnaire)
    given = given if isinstance(given, Given) else given(opened.questionnaire)
    question = opened.questionnaire.questions.get(given.question)
    if question is None:
        raise NotFound()
    before = ways.way(session, found)
    row = session.scalar(select(Answer).where(Answer.submission_id == found.id, Answer.question == question.id))
    if _was_saved(session, found, row, given.key) and row is not None:
        return Saved(row, question, opened.questionnaire, before, is_new=False)
    kept, reason = checked(question, given.value), given.reason.replace("\x00", "").strip()
    _refuse(found, row, question, reason, given, kept)
    if row is not None and row.value == kept and row.reason == reason:
        return Saved(row, question, opened.questionnaire, before, is_new=False)
    _begin(session, found, by=by, now=now)
    row = _write(session, found, row, given, kept, reason, by=by, now=now)
    found.stamp = ways.new_stamp()
    after = ways.onward(before, opened.guide, {question.id: value_of(question, kept)}, found.stamp)
    found.answered, found.asked = after.path.progress
    _answer_what_was_asked_back(session, found, question.id, by=by, now=now)
    session.flush()
    return Saved(row, question, opened.questionnaire, ways.remember(found, after), is_new=True)


def submit(session: Session, submission_id: uuid.UUID, *, by: Person, now: datetime) -> Submission:
    """Hand the answers over. From then on they are locked until a reviewer asks back, or they are recalled.

    Raises Incomplete with everything that is missing or against a constraint, and what was asked back and not answered.
    """
    allow(by, Role.SUPPLIER_USER)
    found = submission(session, submission_id, by=by, lock=True)
    opened = shelf.opened(session, found.questionnaire)
    path = opened.guide.path(ways.values_now(session, found, opened.questionnaire))
    lacking = missing(session, found, path)
    if lacking:
        raise Incomplete(lacking)
    before = found.state
    if before is SubmissionState.DRAFT:
        found.move(SubmissionState.IN_PROGRESS)
    found.move(SubmissionState.SUBMITTED)
    found.submitted_by_id, found.submitted_at = by.id, now
    found.answered, found.asked = path.progress
    put_in_words(session, found, opened.questionnaire, path, by=by)
    session.flush()
    stating.ask(session, found, now=now)
    _note(session, "submission.submitted", found, by=by, now=now, state=[before.value, found.state.value])
    return found


def recall(session: Session, submission_id: uuid.UUID, *, by: Person, now: datetime) -> Submission:
    """Take submitted answers back, to correct them. The reviewer sees that they were recalled."""
    allow(by, Role.SUPPLIER_USER)
    found = submission(session, submission_id, by=by, lock=True)
    before = found.state
    found.move(SubmissionState.IN_PROGRESS)
    _note(session, "submission.recalled", found, by=by, now=now, state=[before.value, found.state.value])
    return found


def refuse_locked(found: Submission) -> None:
    """Raises Conflict while the supplier may not write."""
    if found.state in (SubmissionState.SUBMITTED, SubmissionState.UNDER_REVIEW):
        raise Conflict("These answers are with the reviewer: recall them before you change anything.")
    if not found.state.is_open:
        raise Conflict("This questionnaire is closed: nothing can be changed any more.")


def _refuse(found: Submission, row: Answer | None, question: Question, reason: str, given: Given, kept: Json) -> None:
    refuse_locked(found)
    if not 0 < len(given.key) <= LONGEST_KEY:
        raise Invalid("The page was open too long, or came from somewhere else: reload it.", field=question.id)
    if len(reason) > LONGEST:
        raise Invalid(
            "This answer is too long: shorten it, or send it as a document and say where to look.", field=question.id
        )
    if row is None:
        return
    if row.locked:
        raise Conflict("Your customer filled this in, so it cannot be changed here: write a remark if it is wrong.")
    if row.version != given.expected and (row.value, row.reason) != (kept, reason):
        theirs = Standing(row.value, row.reason, row.version, row.answered_by.name, row.answered_at)
        raise OtherAnswer(question, theirs, kept)


def _was_saved(session: Session, found: Submission, row: Answer | None, key: str) -> bool:
    """Whether this very save came before. Raises Invalid where its key was used for another question."""
    query = select(AnswerVersion.answer_id).where(
        AnswerVersion.submission_id == found.id, AnswerVersion.client_key == key
    )
    known = session.scalar(query)
    if known is not None and (row is None or known != row.id):
        raise Invalid("The page was open too long, or came from somewhere else: reload it.")
    return known is not None


def _begin(session: Session, found: Submission, *, by: Person, now: datetime) -> None:
    if found.state is SubmissionState.DRAFT:
        found.move(SubmissionState.IN_PROGRESS)
        found.opened_at = now
        _note(session, "submission.opened", found, by=by, now=now)


def _write(
    session: Session, found: Submission, row: Answer | None, given: Given, kept: Json, reason: str,
    *, by: Person, now: datetime,
) -> Answer:  # fmt: skip
    if row is None:
        row = Answer(id=new_key(), submission_id=found.id, question=given.question, version=0, locked=False)
        session.add(row)
    row.value, row.reason, row.source = kept, reason, given.source
    row.source_answer_id, row.source_document_id = given.source_answer_id, given.source_document_id
    row.answered_by_id, row.answered_at, row.version = by.id, now, row.version + 1
    session.add(
        AnswerVersion(
            answer_id=row.id,
            submission_id=found.id,
            version=row.version,
            value=kept,
            reason=reason,
            source=given.source,
            client_key=given.key,
            answered_by_id=by.id,
            answered_at=now,
        )
    )
    return row


def _answer_what_was_asked_back(
    session: Session, found: Submission, question: str, *, by: Person, now: datetime
) -> None:
    if found.state is not SubmissionState.CHANGES_REQUESTED:
        return
    for row in asked_back(session, found):
        if row.question == question and row.waits:
            row.answer(by=by, reply="", at=now)


def _note(session: Session, act: str, found: Submission, *, by: Person, now: datetime, **detail: object) -> None:
    note(session, act, found.id, organisation_id=found.supplier.buyer_id, actor_id=by.id, at=now, **detail)
