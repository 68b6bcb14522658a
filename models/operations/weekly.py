"""The weekly look: which open critical plans nobody at the buyer has looked at for a week, and how each stands."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from models.errors import Conflict, Invalid, NotFound
from models.findings import Severity
from models.journal import note
from models.operations.plan_steps import BUYER
from models.operations.scope import allow, sees
from models.people import Person, Role
from models.plan_life import OPEN
from models.plan_records import WeeklyLook
from models.plans import Plan

WEEK = timedelta(days=7)
"""How long a look at a critical plan counts. Our own default, no scheme's."""

MOST = 200


@dataclass(frozen=True, slots=True)
class Looked:
    """One open critical plan, and the last look at it, if there was one."""

    plan: Plan
    last: WeeklyLook | None
    is_due: bool


def critical(session: Session, *, by: Person, now: datetime) -> list[Looked]:
    """Every open critical plan of the buyer, those first that wait longest for a look."""
    allow(by, *BUYER)
    query = (
        select(Plan)
        .join(Plan.supplier)
        .where(sees(by), Plan.severity == Severity.CRITICAL, Plan.state.in_(OPEN))
        .options(selectinload(Plan.findings), selectinload(Plan.actions))
        .order_by(Plan.opened_at, Plan.id)
        .limit(MOST)
    )
    plans = session.scalars(query).all()
    looks = _last(session, [row.id for row in plans])
    rows = [Looked(row, looks.get(row.id), _is_due(_when(looks.get(row.id)), now)) for row in plans]
    return sorted(rows, key=lambda row: (row.last is not None, row.last.at if row.last else row.plan.opened_at))


def look(session: Session, plan_id: uuid.UUID, text: str, *, by: Person, now: datetime) -> WeeklyLook:
    """Record that the plan was looked at and how it stands. The supplier is not told; the journal is.

    Raises NotFound, Invalid without words, Conflict for a plan that is not critical, or has ended.
    """
    allow(by, *BUYER)
    found = session.scalar(select(Plan).join(Plan.supplier).where(Plan.id == plan_id, sees(by)))
    if found is None:
        raise NotFound()
    if found.severity is not Severity.CRITICAL or found.state not in OPEN:
        raise Conflict("Only critical plans that are open are looked at every week.")
    if not text.strip():
        raise Invalid("Say how the plan stands, and what is next.", field="note")
    made = WeeklyLook(plan_id=found.id, by_id=by.id, at=now, note=text.strip())
    session.add(made)
    session.flush()
    note(session, "plan.looked_at", made.id, organisation_id=by.organisation_id, actor_id=by.id, at=now,
         plan=str(found.id))  # fmt: skip
    return made


def waiting_for(session: Session, person: Person, *, told_at: datetime | None, now: datetime) -> tuple[int, bool]:
    """How many looks wait for the person, and whether one of them has come due since `told_at`.

    At a buyer: of the plans that the person answers for; the compliance team is told of all.
    """
    if person.role not in BUYER:
        return 0, False
    query = (
        select(Plan.id, Plan.opened_at, func.max(WeeklyLook.at))
        .join(Plan.supplier)
        .outerjoin(WeeklyLook, WeeklyLook.plan_id == Plan.id)
        .where(sees(person), Plan.severity == Severity.CRITICAL, Plan.state.in_(OPEN))
        .group_by(Plan.id, Plan.opened_at)
        .limit(MOST)
    )
    if person.role is not Role.COMPLIANCE:
        query = query.where(Plan.accountable_id == person.id)
    rows = [(opened_at, last) for _id, opened_at, last in session.execute(query) if _is_due(last, now)]
    return len(rows), any(_has_come(opened_at, last, told_at) for opened_at, last in rows)


def _has_come(opened_at: datetime, last: datetime | None, told_at: datetime | None) -> bool:
    if told_at is None:
        return True
    return opened_at > told_at if last is None else last.date() + WEEK > told_at.date()


def _when(look: WeeklyLook | None) -> datetime | None:
    return None if look is None else look.at


def _is_due(last: datetime | None, now: datetime) -> bool:
    """By days, so that what was looked at in the afternoon is due on the same morning a week later."""
    return last is None or now.date() >= last.date() + WEEK


def _last(session: Session, plan_ids: list[uuid.UUID]) -> dict[uuid.UUID, WeeklyLook]:
    newest = (
        select(WeeklyLook.plan_id, func.max(WeeklyLook.at).label("at"))
        .where(WeeklyLook.plan_id.in_(plan_ids))
        .group_by(WeeklyLook.plan_id)
        .subquery()
    )
    same = (WeeklyLook.plan_id == newest.c.plan_id) & (WeeklyLook.at == newest.c.at)
    return {row.plan_id: row for row in session.scalars(select(WeeklyLook).join(newest, same))}
