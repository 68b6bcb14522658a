"""Questionnaires by the second door: issued, listed, read with their answers, answered, submitted and reviewed."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from models.people import Person
from models.submissions import Answer, Published, Submission
from questionnaires import answering, issuing, reviewing, shelf, standing, ways
from questionnaires.answering import Given
from questionnaires.issuing import SubmissionFilter
from webapp.api.cursors import cursor, last_key, not_a_place, place
from webapp.api.door import Act, Call, Door
from webapp.api.questionnaire_shapes import (
    Acceptance,
    Answering,
    AnswerShape,
    Issue,
    NewDay,
    QuestionnaireShape,
    SendingBack,
    SubmissionQuery,
    SubmissionRow,
    SubmissionShape,
)
from webapp.api.shapes import Listed
from webapp.api.whole import Page, Rows, limit
from webapp.doors import now


def list_published(session: Session, by: Person, call: Call) -> Rows:
    rows = issuing.published(session, by=by)
    if call.asked.after:
        keys = [str(row.id) for row in rows]
        key = place(call.asked.after, 1)[0]
        if key not in keys:
            raise not_a_place()
        rows = rows[keys.index(key) + 1 :]
    shown = rows[: limit(call)]
    more = cursor(shown[-1].id) if len(rows) > len(shown) else None
    return Rows([_published(row) for row in shown], more)


def list_submissions(session: Session, by: Person, call: Call) -> Rows:
    """The newest issued first."""
    asked = call.asked
    filters = SubmissionFilter(states=None if asked.state is None else (asked.state,), supplier_id=asked.supplier)
    listed = issuing.submissions(session, by=by, filters=filters, after=last_key(asked.after), limit=limit(call))
    more = cursor(listed.rows[-1].id) if listed.more else None
    return Rows([row_of(row) for row in listed.rows], more)


def show_submission(session: Session, by: Person, call: Call) -> SubmissionShape:
    found = issuing.submission(session, call.id("submission_id"), by=by)
    return shape_of(session, found, by)


def shape_of(session: Session, found: Submission, by: Person) -> SubmissionShape:
    """The submission with the questions that are asked, in their order; to a buyer once they were submitted."""
    if by.works_for_a_buyer and found.state.is_open:
        return SubmissionShape(row_of(found), answers_shown=False, answers=())
    questionnaire = shelf.opened(session, found.questionnaire).questionnaire
    rows = standing.answers(session, found)
    return SubmissionShape(
        row_of(found),
        answers_shown=True,
        answers=tuple(
            _answer(
                rows.get(step.question.id),
                question=step.question.id, section=questionnaire.section_of[step.question.id].id,
                kind=step.question.kind, label=dict(step.question.label), required=step.required,
                answered=step.answered, refused=step.refused,
            )
            for step in ways.way(session, found).path.steps
        ),
    )  # fmt: skip


def row_of(row: Submission) -> SubmissionRow:
    """How a submission is shown in lists."""
    return SubmissionRow(
        row.id, row.questionnaire_id, row.questionnaire.name, row.supplier_id, row.site_id, row.period, row.state,
        row.version, row.due_on, row.issued_at, row.submitted_at, row.accepted_at, row.valid_until, row.answered,
        row.asked,
    )  # fmt: skip


def issue(session: Session, by: Person, call: Call) -> UUID:
    body = call.body
    made = issuing.issue(
        session, body.questionnaire, body.supplier, by=by, now=now(), due_on=body.due_on, period=body.period,
        site_id=body.site,
    )  # fmt: skip
    return made.id


def answer(session: Session, by: Person, call: Call) -> None:
    """One answer. The call's own key makes a save that is sent twice one save, as in the browser."""
    body, key = call.body, call.key[:64] or secrets.token_hex(16)
    given = Given(call.ids["question"], body.value, key, body.version, body.reason)
    answering.save_answer(session, call.id("submission_id"), given, by=by, now=now())


def submit(session: Session, by: Person, call: Call) -> None:
    answering.submit(session, call.id("submission_id"), by=by, now=now())


def recall(session: Session, by: Person, call: Call) -> None:
    answering.recall(session, call.id("submission_id"), by=by, now=now())


def extend(session: Session, by: Person, call: Call) -> None:
    issuing.extend(session, call.id("submission_id"), call.body.due_on, by=by, now=now())


def expire(session: Session, by: Person, call: Call) -> None:
    issuing.expire(session, call.id("submission_id"), by=by, now=now())


def start_review(session: Session, by: Person, call: Call) -> None:
    reviewing.start_review(session, call.id("submission_id"), by=by, now=now())


def send_back(session: Session, by: Person, call: Call) -> None:
    reviewing.send_back(session, call.id("submission_id"), by=by, now=now(), due_on=call.body.due_on)


def accept(session: Session, by: Person, call: Call) -> None:
    reviewing.accept(session, call.id("submission_id"), by=by, now=now(), valid_until=call.body.valid_until)


def _published(row: Published) -> QuestionnaireShape:
    return QuestionnaireShape(
        row.id, row.name, row.version, dict(row.title), tuple(row.languages), row.questions, row.published_at
    )


def _answer(row: Answer | None, **asked: Any) -> AnswerShape:
    if row is None:
        return AnswerShape(
            **asked, value=None, reason="", version=0, source=None, locked=False, accepted=False, answered_at=None
        )
    return AnswerShape(
        **asked, value=row.value, reason=row.reason, version=row.version, source=row.source, locked=row.locked,
        accepted=row.is_accepted, answered_at=row.answered_at,
    )  # fmt: skip


def _step(name: str, word: str, beside: str, says: str, act: Act, takes: type[Any] | None = None) -> Door:
    return Door(
        name=name, method="POST", path=f"/submissions/<uuid:submission_id>/{word}", beside=beside,
        group="Questionnaires", says=says, gives=SubmissionShape, show=show_submission, act=act, takes=takes,
    )  # fmt: skip


DOORS = (
    Door(
        name="questionnaires", method="GET", path="/questionnaires", beside="submissions.form",
        group="Questionnaires", says="The questionnaires that you may issue, the newest first.",
        gives=Listed(QuestionnaireShape), show=list_published, asks=Page,
    ),
    Door(
        name="submissions", method="GET", path="/submissions", beside="submissions.index", group="Questionnaires",
        says="Questionnaires before suppliers, the newest issued first.", gives=Listed(SubmissionRow),
        show=list_submissions, asks=SubmissionQuery,
    ),
    Door(
        name="issue", method="POST", path="/submissions", beside="submissions.issue", group="Questionnaires",
        says="Lay a questionnaire before a supplier.", gives=SubmissionShape, show=show_submission, act=issue,
        takes=Issue, makes="submission_id", status=201,
    ),
    Door(
        name="submission", method="GET", path="/submissions/<uuid:submission_id>", beside="submissions.show",
        group="Questionnaires", says="One of them, with every question that is asked and its answer.",
        gives=SubmissionShape, show=show_submission,
    ),
    Door(
        name="answer", method="PUT", path="/submissions/<uuid:submission_id>/answers/<question>",
        beside="answers.save", group="Questionnaires", says="Answer one question. For suppliers. Where somebody else "
        "answered it meanwhile, the answer is 409 with theirs, and nothing is overwritten.",
        gives=SubmissionShape, show=show_submission, act=answer, takes=Answering,
    ),
    _step("submit", "submit", "answers.submit", "Hand the answers over. What is missing is named. For suppliers.",
          submit),
    _step("recall", "recall", "answers.recall", "Take submitted answers back, to correct them. For suppliers.", recall),
    _step("extend", "extend", "submissions.extend", "Give it another day.", extend, NewDay),
    _step("expire", "expire", "submissions.expire", "End it.", expire),
    _step("start_review", "review", "reviews.start", "Begin to review it.", start_review),
    _step("send_back_submission", "send-back", "reviews.send_back", "Send it back, with what was asked.", send_back,
          SendingBack),
    _step("accept_submission", "accept", "reviews.accept", "Accept the answers as clear enough.", accept, Acceptance),
)  # fmt: skip
