"""Figures about plans, each with the plans behind it: on time, how long, whether it helped, how often again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from statistics import median

from sqlalchemy import func, select
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
class Closed:
    """Of a plan that ended only what figures need: a year may close a hundred thousand. Fields as of `Plan`."""

    id: uuid.UUID
    supplier_id: uuid.UUID
    state: PlanState
    closed_as: Closure | None
    opened_at: datetime
    closed_at: datetime
    evidence_at: datetime | None
    due_on: date | None
    paused_days: int
    effect_due_on: date | None
    repeats_id: uuid.UUID | None

    @property
    def on_time(self) -> bool:
        """Whether the evidence that led to closing was sent by the agreed day, with its pauses."""
        sent = self.evidence_at or self.closed_at
        return self.due_on is not None and sent.date() <= self.due_on + timedelta(days=self.paused_days)


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
    others: dict[uuid.UUID, list[Closed]] = {}
    for row in everybody:
        if row.supplier_id != supplier.id:
            others.setdefault(row.supplier_id, []).append(row)
    now = _figures(own, today)
    before = _figures(_closed(session, by, since - timedelta(days=days), since, supplier.id), since)
    running = select(func.count()).select_from(Plan).join(Plan.supplier).where(sees(by), *visible(by))
    running = running.where(Plan.supplier_id == supplier.id, Plan.state.not_in(ENDED))
    late = running.where(Plan.clock_on < today)
    ranges = [_figures(rows, today) for rows in others.values()]
    peers = tuple(_range([each[place].value for each in ranges]) for place in range(len(now)))
    return Card(supplier, session.scalar(running) or 0, session.scalar(late) or 0, now, before, peers)


def named(session: Session, figures: Sequence[Figure], *, by: Person) -> dict[uuid.UUID, Plan]:
    """The plans behind the figures by their keys, so that a page can say which they are: 100 of each figure."""
    keys = {key for figure in figures for key in figure.behind[:SHOWN]}
    query = select(Plan).join(Plan.supplier).where(sees(by), *visible(by), Plan.id.in_(keys))
    query = query.options(selectinload(Plan.actions)).order_by(Plan.id)
    return {row.id: row for row in session.scalars(query)} if keys else {}


def _figures(rows: Sequence[Closed], until: date) -> tuple[Figure, ...]:
    done = [row for row in rows if row.closed_as is Closure.DONE]
    on_time = [row for row in done if row.on_time]
    days = sorted((row.closed_at - row.opened_at).days for row in done)
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


def _share(kpi: Kpi, some: Sequence[Closed], all_of: Sequence[Closed]) -> Figure:
    value = len(some) / len(all_of) if all_of else None
    return Figure(kpi, value, len(all_of), tuple(row.id for row in some))


def _range(values: Sequence[float | None]) -> tuple[float, float] | None:
    known = [value for value in values if value is not None]
    return (min(known), max(known)) if len(known) >= FEWEST_PEERS else None


def _closed(session: Session, by: Person, since: date, until: date, supplier_id: uuid.UUID | None) -> list[Closed]:
    columns = [getattr(Plan, each.name) for each in fields(Closed)]
    query = select(*columns).join(Plan.supplier).where(sees(by), *visible(by)).order_by(Plan.id)
    query = query.where(Plan.state.in_(ENDED), Plan.sent_at.is_not(None))
    query = query.where(Plan.closed_at >= _midnight(since), Plan.closed_at < _midnight(until))
    if supplier_id is not None:
        query = query.where(Plan.supplier_id == supplier_id)
    return [Closed(*row) for row in session.execute(query)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
