"""Trainings and support: proposed where findings repeat, written by both sides, with results before and after."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.errors import Invalid, NotFound, Stale
from models.findings import Finding, FindingSignal, Verdict
from models.journal import changes, note
from models.masking import masked
from models.operations import planning
from models.operations.planning import visible
from models.operations.scope import Slice, newest, sees
from models.operations.scope import supplier as supplier_seen
from models.people import Person
from models.plan_parts import PlanFinding
from models.plans import Closure, Plan
from models.supplychain import Site, Supplier
from models.taxonomy import shipped
from models.trainings import FEWEST, HelpKind, Training

REPEATED = 2
"""Plans for the same signal from which on help is proposed."""

LOOK_BACK = timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody writes about a training. Texts name groups and organisations, never workers."""

    signal: str
    title: str
    kind: HelpKind = HelpKind.TRAINING
    audience: str = ""
    given_by: str = ""
    consent: bool = False
    site_id: uuid.UUID | None = None
    planned_on: date | None = None
    held_on: date | None = None
    people: int | None = None
    measure: str = ""
    before_value: float | None = None
    after_value: float | None = None
    measured_on: date | None = None
    declined: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Help that nobody has decided about yet: the signal came up in so many plans of one supplier."""

    supplier: Supplier
    signal: str
    plans: int
    plan_id: uuid.UUID
    """The latest of them."""


def trainings(
    session: Session,
    *,
    by: Person,
    supplier_id: uuid.UUID | None = None,
    plan_id: uuid.UUID | None = None,
    after: uuid.UUID | None = None,
    limit: int = 100,
) -> Slice[Training]:
    """What the person may see, the newest first; of one supplier or plan where that is asked for."""
    query = select(Training).join(Training.supplier).where(sees(by))
    for column, value in ((Training.supplier_id, supplier_id), (Training.plan_id, plan_id)):
        if value is not None:
            query = query.where(column == value)
    last = training(session, after, by=by) if after is not None else None
    return newest(session, query, Training.added_at, last=last, limit=limit)


def training(session: Session, training_id: uuid.UUID, *, by: Person) -> Training:
    """One of them. Raises NotFound."""
    found = session.scalar(select(Training).join(Training.supplier).where(Training.id == training_id, sees(by)))
    if found is None:
        raise NotFound()
    return found


def add(
    session: Session,
    supplier_id: uuid.UUID,
    draft: Draft,
    *,
    plan_id: uuid.UUID | None = None,
    by: Person,
    now: datetime,
) -> Training:
    """Write down a training for a supplier, and the plan that it belongs to. Raises NotFound, Invalid."""
    supplier = supplier_seen(session, supplier_id, by=by)
    if plan_id is not None and planning.plan(session, plan_id, by=by).supplier_id != supplier.id:
        raise NotFound()
    kept = _checked(session, supplier, draft, now.date())
    found = Training(supplier=supplier, plan_id=plan_id, added_by_id=by.id, added_at=now, **asdict(kept))
    session.add(found)
    session.flush()
    _note(session, "training.added", found, by=by, now=now, signal=found.signal, state=found.state.value)
    return found


def change(
    session: Session, training_id: uuid.UUID, draft: Draft, *, by: Person, now: datetime, version: int
) -> Training:
    """Write it anew: planned, held, measured or not needed after all. Raises NotFound, Invalid, Stale."""
    query = select(Training).join(Training.supplier).where(Training.id == training_id, sees(by))
    found = session.scalar(query.with_for_update(of=Training).execution_options(populate_existing=True))
    if found is None:
        raise NotFound()
    if found.version != version:
        raise Stale("This training has changed since you opened it: look at the new version and try again.")
    kept, before = _checked(session, found.supplier, draft, now.date()), _said(found)
    for name, value in asdict(kept).items():
        setattr(found, name, value)
    session.flush()
    _note(session, "training.changed", found, by=by, now=now, **changes(before, _said(found)))
    return found


def draft_of(found: Training) -> Draft:
    """What is written about it now."""
    return Draft(**{name: getattr(found, name) for name in Draft.__slots__})


def proposals(session: Session, *, by: Person, today: date, supplier_id: uuid.UUID | None = None) -> list[Proposal]:
    """Signals for which a supplier has had plans again and again, without help that was decided on since.

    Only plans that the person may see count, so that a supplier is told nothing that was not sent to it.
    """
    query = (
        select(Supplier, FindingSignal.signal, func.count(Plan.id.distinct()), func.max(Plan.opened_at))
        .join(Plan, Plan.supplier_id == Supplier.id)
        .join(PlanFinding, PlanFinding.plan_id == Plan.id)
        .join(Finding, Finding.id == PlanFinding.finding_id)
        .join(FindingSignal, FindingSignal.finding_id == Finding.id)
        .where(
            sees(by), *visible(by), FindingSignal.place == 0, Finding.verdict == Verdict.CONFIRMED,
            Plan.opened_at >= _moment(today - LOOK_BACK),
            or_(Plan.closed_as.is_(None), Plan.closed_as == Closure.DONE),
        )
        .group_by(Supplier.id, FindingSignal.signal)
        .having(func.count(Plan.id.distinct()) >= REPEATED)
    )  # fmt: skip
    if supplier_id is not None:
        query = query.where(Supplier.id == supplier_id)
    rows = session.execute(query).all()
    decided = _decided(session, [row[0].id for row in rows])
    left = [row for row in rows if decided.get((row[0].id, row[1]), row[3] - timedelta(1)) < row[3]]
    made = [Proposal(row[0], row[1], row[2], _latest(session, row[0].id, row[1], by)) for row in left]
    return sorted(made, key=lambda row: (-row.plans, row.supplier.name.casefold(), row.signal))


def found_again(session: Session, rows: Sequence[Training], *, by: Person) -> dict[uuid.UUID, int]:
    """For each training that was held: plans for its signal at its supplier that were opened afterwards."""
    held = [row for row in rows if row.held_on is not None]
    if not held:
        return {}
    query = (
        select(Training.id, func.count(Plan.id.distinct()))
        .join(Supplier, Supplier.id == Training.supplier_id)
        .join(Plan, Plan.supplier_id == Training.supplier_id)
        .join(PlanFinding, PlanFinding.plan_id == Plan.id)
        .join(FindingSignal, FindingSignal.finding_id == PlanFinding.finding_id)
        .where(
            Training.id.in_([row.id for row in held]), FindingSignal.signal == Training.signal,
            func.date(Plan.opened_at) > Training.held_on, sees(by), *visible(by),
        )
        .group_by(Training.id)
    )  # fmt: skip
    return dict.fromkeys([row.id for row in held], 0) | {row[0]: row[1] for row in session.execute(query)}


def helpers(session: Session, *, by: Person) -> list[str]:
    """Who has given help before, as far as the person may see, by name: where to ask again."""
    query = select(Training.given_by).join(Training.supplier).where(sees(by), Training.given_by != "").distinct()
    return sorted(session.scalars(query.limit(200)), key=str.casefold)


def sites(session: Session, supplier: Supplier) -> list[Site]:
    """The places of work of a supplier, by name."""
    rows = session.scalars(select(Site).where(Site.organisation_id == supplier.organisation_id))
    return sorted(rows, key=lambda row: row.name.casefold())


def _checked(session: Session, supplier: Supplier, draft: Draft, today: date) -> Draft:
    """The draft as it is kept. Raises Invalid that names the field."""
    texts = {name: getattr(draft, name).strip() for name in ("title", "audience", "given_by", "measure", "declined")}
    for name, text in texts.items():
        if masked(text) != text:
            raise Invalid(
                "Name a role or a group, and no person: nobody is to be found by what stands here.", field=name
            )
    if draft.signal not in shipped().signals:
        raise Invalid("Choose a signal from the list.", field="signal")
    if not texts["title"]:
        raise Invalid("Say what is taught, or what help is given.", field="title")
    if draft.site_id is not None and draft.site_id not in {row.id for row in sites(session, supplier)}:
        raise NotFound()
    _check_holding(draft, today)
    _check_results(draft, texts["measure"], today)
    return replace(draft, **texts)


def _check_holding(draft: Draft, today: date) -> None:
    if draft.kind is HelpKind.OUTSIDE and (draft.planned_on or draft.held_on) and not draft.consent:
        raise Invalid("First ask those concerned: nobody is referred without wanting it.", field="consent")
    if draft.people is not None and draft.people < 1:
        raise Invalid("Say how many took part, from one on.", field="people")
    if draft.held_on is None:
        return
    if draft.held_on > today:
        raise Invalid("It can only have been held by today: put a later day under planned.", field="held_on")
    if draft.people is None:
        raise Invalid("Say how many took part, from one on.", field="people")
    if draft.declined.strip():
        raise Invalid("It was held: leave the reason empty for which it is not needed.", field="declined")


def _check_results(draft: Draft, measure: str, today: date) -> None:
    values = (draft.before_value, draft.after_value)
    if all(value is None for value in values):
        return
    if any(value is not None and not math.isfinite(value) for value in values):
        raise Invalid("Write a number.", field="before_value")
    if not measure:
        raise Invalid("Say what the two numbers count, such as right answers in per cent.", field="measure")
    if draft.people is None or draft.people < FEWEST:
        raise Invalid(
            "With fewer than five people a result says something about each of them: leave both numbers empty.",
            field="before_value",
        )
    if draft.measured_on is not None and draft.measured_on > today:
        raise Invalid("It can only have been counted by today.", field="measured_on")


def _said(found: Training) -> dict[str, object]:
    """What the journal compares: states, days and numbers, without the words that were typed."""
    names = ("signal", "kind", "planned_on", "held_on", "people", "before_value", "after_value", "measured_on")
    said: dict[str, object] = {name: str(getattr(found, name)) for name in names}
    return said | {"state": found.state.value}


def _decided(session: Session, supplier_ids: Sequence[uuid.UUID]) -> dict[tuple[uuid.UUID, str], datetime]:
    query = (
        select(Training.supplier_id, Training.signal, func.max(Training.added_at))
        .where(Training.supplier_id.in_(supplier_ids))
        .group_by(Training.supplier_id, Training.signal)
    )
    return {(supplier_id, signal): at for supplier_id, signal, at in session.execute(query)}


def _latest(session: Session, supplier_id: uuid.UUID, signal: str, by: Person) -> uuid.UUID:
    query = (
        select(Plan.id)
        .join(PlanFinding, PlanFinding.plan_id == Plan.id)
        .join(FindingSignal, FindingSignal.finding_id == PlanFinding.finding_id)
        .where(Plan.supplier_id == supplier_id, FindingSignal.signal == signal, *visible(by))
        .order_by(Plan.opened_at.desc(), Plan.id.desc())
        .limit(1)
    )
    return session.scalars(query).one()


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _note(session: Session, act: str, found: Training, *, by: Person, now: datetime, **detail: object) -> None:
    note(session, act, found.id, organisation_id=found.supplier.buyer_id, actor_id=by.id, at=now, **detail)
