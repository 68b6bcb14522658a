"""Laying a questionnaire before suppliers, one or many at once, with what the buyer fills in."""

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
from questionnaires.definition import Questionnaire
from questionnaires.values import Json, checked, value_of

Kept = Mapping[str, Json]
"""Answers of the buyer, by question, in the form in which they are kept."""


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
    (made,) = lay_many(session, row, [supplier], by=by, now=now, due_on=due_on, period=period, prefilled=prefilled)
    made.site_id = site_id
    session.flush()
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
    prefilled: Mapping[str, Json] | None = None,
) -> list[Submission]:
    """Lay it before each of these suppliers, all alike. For operations that have made sure that `by` may do so.

    The way through it is the same for all, and is walked once. Raises Invalid for a value that does not fit.
    """
    opened = shelf.opened(session, row)
    given = _kept(opened.questionnaire, prefilled or {})
    values = {name: value_of(opened.questionnaire.questions[name], value) for name, value in given.items()}
    answered, asked = opened.guide.path(values).progress
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
    _fill_in(session, made, given, by=by, now=now)
    return made


def _kept(questionnaire: Questionnaire, prefilled: Mapping[str, Json]) -> Kept:
    """What the buyer fills in. What is left empty is the supplier's to answer."""
    found: dict[str, Json] = {}
    for name, value in prefilled.items():
        if name not in questionnaire.questions:
            raise Invalid("The questionnaire has no such question: choose one from the list.", field=name)
        kept = checked(questionnaire.questions[name], value)
        if kept is not None:
            found[name] = kept
    return found


def _fill_in(session: Session, made: Sequence[Submission], given: Kept, *, by: Person, now: datetime) -> None:
    """The buyer's answers, locked for the supplier, each with the first line of its history."""
    answers = [
        Answer(
            submission_id=each.id, question=name, value=value, source=AnswerSource.PREFILLED, locked=True,
            answered_by_id=by.id, answered_at=now, version=1, reason="",
        )
        for each in made
        for name, value in given.items()
    ]  # fmt: skip
    session.add_all(answers)
    session.flush()
    session.add_all(
        AnswerVersion(
            answer_id=row.id, submission_id=row.submission_id, version=1, value=row.value,
            source=AnswerSource.PREFILLED, client_key=f"prefilled-{row.question}"[:64], answered_by_id=by.id,
            answered_at=now, reason="",
        )
        for row in answers
    )  # fmt: skip
    session.flush()
