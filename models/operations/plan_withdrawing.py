"""Evidence that was laid into a plan by mistake: withdrawn by the side that gave it, while nobody has judged it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.errors import Conflict, Invalid, NotAllowed
from models.operations.plan_steps import EITHER, side_of, step
from models.operations.plan_working import not_at_work
from models.people import Person
from models.plan_life import OPEN
from models.plan_parts import Evidence
from models.plan_records import Event
from models.plans import Plan

JUDGING = (
    "plan.verification_begun", "plan.sent_back", "plan.closed_in_part", "plan.closed", "plan.effect_confirmed",
    "plan.dispute_settled",
)  # fmt: skip
"""Acts by which the other side looks at what lies there: from then on its judgement stands on it."""


def withdraw(session: Session, plan_id: uuid.UUID, document_id: uuid.UUID, *, by: Person, now: datetime) -> Plan:
    """Take a file out of what counts. It stays in the record as withdrawn, with who and when; the document stays too.

    Raises Invalid for a file that is not there, NotAllowed for the other side's, Conflict once it was judged.
    """

    def change(found: Plan) -> None:
        if found.state not in OPEN:
            raise not_at_work()
        row = session.scalar(
            select(Evidence).where(
                Evidence.plan_id == found.id, Evidence.document_id == document_id, Evidence.withdrawn_at.is_(None)
            )
        )
        if row is None:
            raise Invalid("This file is not part of the plan, or was withdrawn already.", field="document")
        if side_of(row.added_by) is not side_of(by):
            raise NotAllowed("The other side gave this: only that side can withdraw it.")
        if not still_open(session, found, [row]):
            raise Conflict("This was looked at already, so it stays: say in a message what is wrong with it.")
        row.withdrawn_at, row.withdrawn_by_id = now, by.id

    return step(
        session, plan_id, "plan.evidence_withdrawn", EITHER, by=by, now=now, version=None, change=change,
        document=str(document_id),
    )  # fmt: skip


def can_withdraw(session: Session, found: Plan, rows: Sequence[Evidence], *, by: Person) -> frozenset[uuid.UUID]:
    """The documents among this evidence that the person may withdraw now."""
    own = [row for row in rows if row.withdrawn_at is None and side_of(row.added_by) is side_of(by)]
    if not own or found.state not in OPEN:
        return frozenset()
    return frozenset(row.document_id for row in still_open(session, found, own))


def still_open(session: Session, found: Plan, rows: Sequence[Evidence]) -> list[Evidence]:
    """Those that nobody has judged since they were given."""
    query = select(func.max(Event.at)).where(Event.plan_id == found.id, Event.act.in_(JUDGING))
    judged_at = session.scalar(query)
    return [row for row in rows if judged_at is None or row.added_at > judged_at]
