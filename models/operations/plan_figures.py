"""Figures about plans, each with the plans behind it: on time, how long, whether it helped, how often again."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from models.operations.plan_steps import BUYER
from models.operations.planning import visible
from models.operations.scope import allow, sees
from models.people import Person
from models.plan_life import ENDED, PlanState
from models.plans import Closure, Plan
from models.supplychain import Supplier

FEWEST_PEERS = 5
"""Suppliers that must stand behind a range of others, so that nobody's figures can be guessed from it."""

MOST = 20_000

SHOWN = 100
"""Plans that a page lists behind one figure."""


class Kpi(StrEnum):
    """Which figure. What exactly each counts is said on the page, and in `_figures`."""

    ON_TIME = "on_time"
    MEDIAN_DAYS = "median_days"
    LATEST_TENTH = "latest_tenth"
    HELPED = "helped"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `value` is a share from 0 to 1, or a number of days; None without a plan to count."""

    kpi: Kpi
    value: float | None
    of: int
    """How many plans are counted."""
    behind: tuple[uuid.UUID, ...]
    """The plans that speak for it: those on time, those that helped; for days, all that are counted."""


@dataclass(frozen=True, slots=True)
class Card:
    """How one supplier stands, with its trend against the time before, and the range of the others."""

    supplier: Supplier
    open: int
    overdue: int
    figures: tuple[Figure, ...]
    before: tuple[Figure, ...]
    peers: tuple[tuple[float, float] | None, ...]
    """For each figure the lowest and highest of the others; None with fewer than five of them."""


def figures(
    session: Session, *, by: Person, since: date, until: date, supplier_id: uuid.UUID | None = None
) -> tuple[Figure, ...]:
    """The figures of the plans closed from `since` on and before `until`. Dropped drafts never count."""
    allow(by, *BUYER)
    return _figures(_closed(session, by, since, until, supplier_id), until)


def card(session: Session, supplier: Supplier, *, by: Person, today: date, days: int = 365) -> Card:
    """The scorecard of one supplier over the last `days`, beside the same time before."""
    allow(by, *BUYER)
    since = today - timedelta(days=days)
    everybody = _closed(session, by, since, today + timedelta(days=1), None)
    own = [row for row in everybody if row.supplier_id == supplier.id]
    others: dict[uuid.UUID, list[Plan]] = {}
    for row in everybody:
        if row.supplier_id != supplier.id:
            others.setdefault(row.supplier_id, []).append(row)
    now = _figures(own, today)
    before = _figures(_closed(session, by, since - timedelta(days=days), since, supplier.id), since)
    running = list(
        session.scalars(_seen(by).where(Plan.supplier_id == supplier.id, Plan.state.not_in(ENDED)).limit(MOST))
    )
    ranges = [_figures(rows, today) for rows in others.values()]
    peers = tuple(_range([each[place].value for each in ranges]) for place in range(len(now)))
    return Card(supplier, len(running), sum(row.is_overdue(today) for row in running), now, before, peers)


def named(session: Session, figures: Sequence[Figure], *, by: Person) -> dict[uuid.UUID, Plan]:
    """The plans behind the figures by their keys, so that a page can say which they are: 100 of each figure."""
    keys = {key for figure in figures for key in figure.behind[:SHOWN]}
    query = _seen(by).where(Plan.id.in_(keys)).options(selectinload(Plan.actions))
    return {row.id: row for row in session.scalars(query)} if keys else {}


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of a board: how many open plans, and how many of them are late."""

    key: str
    """Of the supplier, the category of signals or the age: what tells lanes of the same name apart."""
    name: str
    open: int
    overdue: int
    oldest_days: int


def board(session: Session, *, by: Person, today: date, how: str) -> list[Lane]:
    """Open plans by `supplier`, by `signal` (category) or by `age`, the most overdue first."""
    allow(by, *BUYER)
    query = _seen(by).where(Plan.state.not_in(ENDED)).options(selectinload(Plan.findings)).limit(MOST)
    lanes: dict[str, list[Plan]] = {}
    for row in session.scalars(query):
        for key in _keys(row, how, today):
            lanes.setdefault(key, []).append(row)
    made = [_lane(key, rows[0].supplier.name if how == "supplier" else key, rows, today) for key, rows in lanes.items()]
    return sorted(made, key=lambda lane: (-lane.overdue, -lane.open, lane.name))


def _keys(row: Plan, how: str, today: date) -> Iterable[str]:
    if how == "supplier":
        return [str(row.supplier_id)]
    if how == "signal":
        return sorted({code.split(".")[0] for finding in row.findings for code in finding.signals})
    days = (today - row.opened_at.date()).days
    return [next(name for name, most in AGES if days <= most)]


AGES = (("0-30", 30), ("31-90", 90), ("91-180", 180), ("181-", 10**6))
"""Days since the finding was confirmed."""


def _lane(key: str, name: str, rows: Sequence[Plan], today: date) -> Lane:
    oldest = max((today - row.opened_at.date()).days for row in rows)
    return Lane(key, name, len(rows), sum(row.is_overdue(today) for row in rows), oldest)


def _figures(rows: Sequence[Plan], until: date) -> tuple[Figure, ...]:
    done = [row for row in rows if row.closed_as is Closure.DONE]
    on_time = [row for row in done if _was_on_time(row)]
    days = sorted((_closed_at(row) - row.opened_at).days for row in done)
    looked = [row for row in done if row.state is PlanState.EFFECTIVE or (row.effect_due_on or date.max) < until]
    helped = [row for row in looked if row.state is PlanState.EFFECTIVE]
    again = [row for row in rows if row.repeats_id is not None]
    ids = tuple(row.id for row in done)
    return (
        _share(Kpi.ON_TIME, on_time, done),
        Figure(Kpi.MEDIAN_DAYS, float(median(days)) if days else None, len(done), ids),
        Figure(Kpi.LATEST_TENTH, percentile(days, 90), len(done), ids),
        _share(Kpi.HELPED, helped, looked),
        _share(Kpi.AGAIN, again, rows),
    )


def percentile(values: Sequence[int], per_cent: int) -> float | None:
    """The nearest-rank percentile of sorted values: the smallest that so many per cent do not exceed."""
    if not values:
        return None
    return float(values[max(0, -(-len(values) * per_cent // 100) - 1)])


def _was_on_time(row: Plan) -> bool:
    """Whether the evidence that led to closing was sent by the agreed day, with its pauses."""
    day = row.runs_until
    sent = row.evidence_at or row.closed_at
    return day is not None and sent is not None and sent.date() <= day


def _closed_at(row: Plan) -> datetime:
    return row.closed_at or row.opened_at


def _share(kpi: Kpi, some: Sequence[Plan], all_of: Sequence[Plan]) -> Figure:
    value = len(some) / len(all_of) if all_of else None
    return Figure(kpi, value, len(all_of), tuple(row.id for row in some))


def _range(values: Sequence[float | None]) -> tuple[float, float] | None:
    known = [value for value in values if value is not None]
    return (min(known), max(known)) if len(known) >= FEWEST_PEERS else None


def _seen(by: Person) -> Select[Plan]:
    return select(Plan).join(Plan.supplier).where(sees(by), *visible(by)).order_by(Plan.id)


def _closed(session: Session, by: Person, since: date, until: date, supplier_id: uuid.UUID | None) -> list[Plan]:
    query = _seen(by).where(Plan.state.in_(ENDED), Plan.sent_at.is_not(None)).limit(MOST)
    if supplier_id is not None:
        query = query.where(Plan.supplier_id == supplier_id)
    return [row for row in session.scalars(query) if row.closed_at and since <= row.closed_at.date() < until]
