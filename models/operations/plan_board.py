"""Open plans in lanes, by supplier, by what they are about, or by age: counted by the database, however many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, Select, Subquery, and_, case, func, select
from sqlalchemy.orm import Session

from models.findings import FindingSignal
from models.operations.plan_steps import BUYER
from models.operations.planning import visible
from models.operations.scope import allow, sees
from models.people import Organisation, Person
from models.plan_life import ENDED, OPEN
from models.plan_parts import PlanFinding
from models.plans import Plan
from models.supplychain import Supplier

SHOWN = 100
"""Lanes of a board: of more suppliers than that, those with the most overdue plans."""

AGES = (("0-30", 30), ("31-90", 90), ("91-180", 180))
"""Days since the finding was confirmed; what is older is the last lane."""
OLDER = "181-"

# Every sign of a code but its dot: taken off its end, they leave the category, in each database alike.
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of a board: how many open plans, and how many of them are late."""

    key: str
    """Of the supplier, the category of signals or the age: what tells lanes of the same name apart."""
    name: str
    open: int
    overdue: int
    oldest_days: int


@dataclass(frozen=True, slots=True)
class Board:
    """The lanes that are shown, of how many, and what all open plans together come to."""

    lanes: tuple[Lane, ...]
    of: int
    """How many lanes there are."""
    open: int
    """Open plans in all. By signal a plan may stand in several lanes."""
    overdue: int


def board(session: Session, *, by: Person, today: date, how: str, most: int = SHOWN) -> Board:
    """Open plans by `supplier`, by `signal` (category) or by `age`, the most overdue first."""
    allow(by, *BUYER)
    late = case((and_(Plan.state.in_(OPEN), Plan.clock_on < today), 1), else_=0).label("late")
    seen = [sees(by), *visible(by), Plan.state.not_in(ENDED)]
    every = select(func.count(), func.coalesce(func.sum(late), 0)).select_from(Plan).join(Plan.supplier).where(*seen)
    open_in_all, overdue = session.execute(every).one()
    lanes = _lanes(_placed(how, today).add_columns(late, Plan.opened_at).where(*seen))
    of = session.scalar(select(func.count()).select_from(lanes)) or 0
    order = (lanes.c.overdue.desc(), lanes.c.open.desc(), lanes.c.name, lanes.c.key)
    rows = session.execute(select(lanes).order_by(*order).limit(most))
    return Board(tuple(_lane(row, today) for row in rows), of, open_in_all, overdue)


def _placed(how: str, today: date) -> Select[*tuple[Any, ...]]:
    """Each plan with the key and the name of its lane; by category once in each that its findings touch."""
    if how == "signal":
        category = func.rtrim(func.rtrim(FindingSignal.signal, _LETTERS), ".")
        query = select(category.label("key"), category.label("name"), Plan.id).select_from(Plan).distinct()
        query = query.join(PlanFinding, PlanFinding.plan_id == Plan.id)
        return query.join(FindingSignal, FindingSignal.finding_id == PlanFinding.finding_id).join(Plan.supplier)
    if how == "age":
        age = case(
            *((Plan.opened_at >= _midnight(today - timedelta(days=most)), name) for name, most in AGES), else_=OLDER
        )
        return select(age.label("key"), age.label("name"), Plan.id).join(Plan.supplier)
    named = select(Supplier.id.label("key"), Organisation.name.label("name"), Plan.id)
    return named.select_from(Plan).join(Plan.supplier).join(Supplier.organisation)


def _lanes(placed: Select[*tuple[Any, ...]]) -> Subquery:
    plan = placed.subquery()
    counted = select(
        plan.c.key, plan.c.name, func.count().label("open"), func.sum(plan.c.late).label("overdue"),
        func.min(plan.c.opened_at).label("oldest"),
    )  # fmt: skip
    return counted.group_by(plan.c.key, plan.c.name).subquery()


def _lane(row: Row[Any], today: date) -> Lane:
    return Lane(str(row.key), row.name, row.open, row.overdue, (today - row.oldest.date()).days)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
