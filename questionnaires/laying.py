"""Laying a questionnaire before suppliers: before one with what the buyer fills in, or before many at once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.errors import Invalid
from models.journal import note
from models.people import Person
from models.submissions import Answer, AnswerSource, AnswerVersion, Published, Submission, SubmissionState
from models.supplychain import Supplier
from questionnaires import shelf, ways
from questionnaires.values import Json, checked


def lay(
    session: Session,
    row: Published,
    supplier: Supplier,
    *,
    by: Person,
    now: datetime,
    due_on: date | None,
    period: str,
    site_id: uuid.UUID | None = None,
    prefilled: Mapping[str, Json] | None = None,
) -> Submission:
    """Lay it before one supplier. For operations that have made sure that `by` may do so."""
    (made,) = lay_many(session, row, [supplier], by=by, now=now, due_on=due_on, period=period)
    made.site_id = site_id
    session.flush()
    if prefilled:
        _prefill(session, made, prefilled, by=by, now=now)
        made.answered, made.asked = ways.way(session, made).path.progress
    return made


def lay_many(
    session: Session,
    row: Published,
    suppliers: Sequence[Supplier],
    *,
    by: Person,
    now: datetime,
    due_on: date | None,
    period: str,
) -> list[Submission]:
    """Lay it before each of these suppliers, all alike. For operations that have made sure that `by` may do so.

    The way through a questionnaire without answers is the same for all, and is walked once.
    """
    answered, asked = shelf.opened(session, row).guide.path({}).progress
    made = [
        Submission(
            questionnaire=row, supplier=supplier, period=period.strip()[:40], due_on=due_on,
            state=SubmissionState.DRAFT, issued_by_id=by.id, issued_at=now, answered=answered, asked=asked,
            stamp=ways.new_stamp(), screening_tries=0,
        )
        for supplier in suppliers
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    for each in made:
        note(
            session, "submission.issued", each.id, organisation_id=each.supplier.buyer_id, actor_id=by.id, at=now,
            digest=row.digest,
        )  # fmt: skip
    return made


def _prefill(session: Session, made: Submission, given: Mapping[str, Json], *, by: Person, now: datetime) -> None:
    questions = shelf.opened(session, made.questionnaire).questionnaire.questions
    for name, value in given.items():
        if name not in questions:
            raise Invalid("The questionnaire has no such question: choose one from the list.", field=name)
        kept = checked(questions[name], value)
        if kept is None:
            continue
        row = Answer(
            submission_id=made.id, question=name, value=kept, source=AnswerSource.PREFILLED, locked=True,
            answered_by_id=by.id, answered_at=now, version=1, reason="",
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add(
            AnswerVersion(
                answer_id=row.id,
                submission_id=made.id,
                version=1,
                value=kept,
                source=AnswerSource.PREFILLED,
                client_key=f"prefilled-{name}"[:64],
                answered_by_id=by.id,
                answered_at=now,
                reason="",
            )
        )
    session.flush()
