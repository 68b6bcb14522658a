"""How an act on a plan is carried out: who may, on the newest version, one at a time, and written down."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.errors import NotFound, Stale
from models.journal import note
from models.operations.scope import allow, sees
from models.people import Person, Role
from models.plan_life import PlanState, Side
from models.plan_parts import PlanMessage
from models.plan_records import Dispute, Edition, Event
from models.plans import Plan

BUYER = (Role.REVIEWER, Role.COMPLIANCE, Role.ADMIN)
SUPPLIER = (Role.SUPPLIER_USER,)
EITHER = BUYER + SUPPLIER

CHANGED = "The plan has changed since you opened this page: look at the new version and try again."

Change = Callable[[Plan], None]


def side_of(person: Person) -> Side:
    return Side.BUYER if person.works_for_a_buyer else Side.SUPPLIER


def step(
    session: Session,
    plan_id: uuid.UUID,
    act: str,
    roles: tuple[Role, ...],
    *,
    by: Person,
    now: datetime,
    version: int | None,
    change: Change,
    **detail: object,
) -> Plan:
    """Hold the plan, refuse a stale form, change it, set its clock, and write down what happened.

    `version` None is for what does not depend on what the form showed. Raises NotAllowed, NotFound, Conflict.
    """
    allow(by, *roles)
    found = held(session, plan_id, by=by)
    if version is not None and found.version != version:
        raise Stale(CHANGED)
    before, dates = found.state, found.dates()
    change(found)
    session.flush()
    found.set_clock(_answer_due(session, found))
    session.flush()  # So that the answer carries the new version, for a second act in the same transaction.
    write_down(session, found, act, before=before, dates=dates, by=by, now=now, **detail)
    return found


def held(session: Session, plan_id: uuid.UUID, *, by: Person) -> Plan:
    """The plan as it stands at this moment, held until the commit, so that two people cannot both act on it."""
    query = (
        select(Plan)
        .join(Plan.supplier)
        .where(Plan.id == plan_id, sees(by))
        .with_for_update(of=Plan)
        .execution_options(populate_existing=True)
    )
    found = session.scalar(query)
    if found is None or (side_of(by) is Side.SUPPLIER and (found.sent_at is None or found.state is PlanState.DRAFT)):
        raise NotFound()
    return found


def write_down(
    session: Session,
    found: Plan,
    act: str,
    *,
    before: PlanState,
    dates: Mapping[str, str],
    by: Person | None,
    now: datetime,
    **detail: object,
) -> None:
    """One event in the plan's own record and one entry in the journal."""
    number = session.scalar(select(func.max(Event.number)).where(Event.plan_id == found.id)) or 0
    actor_id = None if by is None else by.id
    session.add(
        Event(
            plan_id=found.id, number=number + 1, at=now, by_id=actor_id, act=act, before=before, after=found.state,
            edition=found.edition, dates=dict(dates),
        )
    )  # fmt: skip
    session.flush()
    note(
        session, act, found.id, organisation_id=found.supplier.buyer_id, actor_id=actor_id, at=now,
        state=[before.value, found.state.value], edition=found.edition, **detail,
    )  # fmt: skip


def keep_edition(
    session: Session, found: Plan, terms: Mapping[str, str], side: Side, *, by: Person, now: datetime
) -> None:
    """Keep what is agreed on as it stands now, under the plan's present number."""
    session.add(
        Edition(
            plan_id=found.id, number=found.edition, side=side, written_by_id=by.id, written_at=now, terms=dict(terms)
        )
    )
    session.flush()


def edition(session: Session, plan_id: uuid.UUID, number: int, *, by: Person) -> Edition | None:
    """One kept edition; None for a number that never was, or that the person's side was never shown."""
    if side_of(by) is Side.SUPPLIER and number in drafts(session, plan_id):
        return None
    return session.scalar(select(Edition).where(Edition.plan_id == plan_id, Edition.number == number))


def drafts(session: Session, plan_id: uuid.UUID) -> frozenset[int]:
    """The editions that stayed with the buyer: whenever the plan stood at them, it was a draft."""
    stood = session.execute(select(Event.edition, Event.after).where(Event.plan_id == plan_id)).all()
    return frozenset(number for number, _ in stood) - {number for number, after in stood if after != PlanState.DRAFT}


def add_message(found: Plan, text: str, *, by: Person, now: datetime) -> None:
    if text.strip():
        found.messages.append(PlanMessage(written_by_id=by.id, written_at=now, text=text.strip()))


def open_dispute(session: Session, plan_id: uuid.UUID) -> Dispute | None:
    return session.scalar(select(Dispute).where(Dispute.plan_id == plan_id, Dispute.outcome.is_(None)))


def _answer_due(session: Session, found: Plan) -> date | None:
    if found.state is not PlanState.DISPUTED:
        return None
    dispute = open_dispute(session, found.id)
    return None if dispute is None else dispute.answer_due_on
