"""Following plans up: which of them climb the ladder, with letters to whom it concerns, and days for a calendar."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.operations.plan_letters import tell_of_climbing
from models.operations.plan_steps import write_down
from models.operations.planning import visible
from models.operations.scope import Slice, sees
from models.people import Person
from models.plan_life import OPEN, PlanState
from models.plan_policy import DEFAULT, Policy
from models.plan_records import Escalation
from models.plans import Plan

MOST = 2000
"""Plans that a calendar names."""


@dataclass(frozen=True, slots=True)
class Day:
    """Of an open plan with a running clock what a calendar needs."""

    id: uuid.UUID
    state: PlanState
    clock_on: date
    version: int


def with_a_day(session: Session, *, by: Person, limit: int = MOST) -> Slice[Day]:
    """Every open plan with a running clock that the person may see, the earliest day first."""
    query = select(Plan.id, Plan.state, Plan.clock_on, Plan.version).join(Plan.supplier)
    query = query.where(sees(by), *visible(by), Plan.state.in_(OPEN), Plan.clock_on.is_not(None))
    rows = session.execute(query.order_by(Plan.clock_on, Plan.id).limit(limit + 1))
    days = [Day(key, state, day, version) for key, state, day, version in rows if day is not None]
    return Slice.cut(days, limit)


def climb(session: Session, *, now: datetime, policy: Policy = DEFAULT, limit: int = 200) -> int:
    """Lift every plan that has been overdue for long enough to the rung that it has earned. Answers how many climbed.

    May run as often as wanted, in several processes: a plan that stands on its rung already is left alone.
    """
    today = now.date()
    first = today - timedelta(days=policy.escalate_after[0])
    query = (
        select(Plan)
        .join(Plan.supplier)
        .where(
            Plan.state.in_(OPEN - {PlanState.DRAFT}), Plan.clock_on <= first, Plan.level < len(policy.escalate_after)
        )
        .order_by(Plan.clock_on, Plan.id)
        .limit(limit)
        .with_for_update(of=Plan, skip_locked=True)
    )
    climbed = []
    for row in session.scalars(query).all():
        late = 0 if row.clock_on is None else (today - row.clock_on).days
        if policy.level(late) > row.level:
            _lift(session, row, policy.level(late), late, now)
            climbed.append(row)
    tell_of_climbing(session, climbed, by=None, now=now)
    return len(climbed)


def _lift(session: Session, row: Plan, level: int, late: int, now: datetime) -> None:
    dates = row.dates()
    row.level = level
    session.add(Escalation(plan_id=row.id, level=level, at=now, by_id=None, reason="", days_late=late))
    session.flush()
    write_down(session, row, "plan.escalated", before=row.state, dates=dates, by=None, now=now, level=level)
