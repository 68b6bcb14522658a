"""Work on a plan: people made safe, steps and actions done, evidence added, remedy decided, and words between both."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.operations import receiving
from models.operations.plan_steps import BUYER, EITHER, SUPPLIER, add_message, side_of, step
from models.people import Person
from models.plan_life import OPEN, WORKING, PlanAct, PlanState, Side
from models.plan_parts import Action, Evidence, Milestone
from models.plan_records import RemedyDecision
from models.plan_terms import ActionKind
from models.plans import Plan


def not_at_work() -> Conflict:
    """What somebody is told who acts on a plan that is not open for it."""
    return Conflict("Work on this plan has not begun, or has ended.")


def begin(session: Session, plan_id: uuid.UUID, *, by: Person, now: datetime, version: int) -> Plan:
    """The supplier begins with what both have signed. From here on no signature can be taken back."""
    return step(
        session, plan_id, "plan.begun", SUPPLIER, by=by, now=now, version=version,
        change=lambda found: start(found, now),
    )  # fmt: skip


def contain(session: Session, plan_id: uuid.UUID, *, text: str, on: date | None, by: Person, now: datetime) -> Plan:
    """Say what was done at once so that people are safe, and on which day."""

    def change(found: Plan) -> None:
        if found.state not in OPEN:
            raise not_at_work()
        if not text.strip():
            raise Invalid("Say what was done so that people are safe.", field="text")
        if on is None or on > now.date():
            raise Invalid("Give the day on which it was done, today at the latest.", field="on")
        if found.contained_on is not None:
            raise Conflict("It was reported already what was done at once: write a message to add to it.")
        found.containment, found.contained_on, found.contained_by_id = text.strip(), on, by.id

    return step(session, plan_id, "plan.contained", EITHER, by=by, now=now, version=None, change=change)


def finish_milestone(
    session: Session, plan_id: uuid.UUID, milestone_id: uuid.UUID, *, by: Person, now: datetime
) -> Plan:
    """The supplier marks a step as done. The first one begins the work."""

    def change(found: Plan) -> None:
        row = _line(found.milestones, milestone_id)
        _at_work(found, now)
        row.mark_done(by=by, at=now)

    return step(
        session, plan_id, "plan.milestone_done", SUPPLIER, by=by, now=now, version=None, change=change,
        milestone=str(milestone_id),
    )  # fmt: skip


def finish_action(session: Session, plan_id: uuid.UUID, action_id: uuid.UUID, *, by: Person, now: datetime) -> Plan:
    """Mark an action as done: each side its own. Raises NotAllowed for the other side's."""

    def change(found: Plan) -> None:
        row = _line(found.actions, action_id)
        owner = Side.BUYER if row.kind is ActionKind.BUYER else Side.SUPPLIER
        if owner is not side_of(by):
            raise NotAllowed("This action belongs to the other side, which marks it as done itself.")
        if owner is Side.SUPPLIER:
            _at_work(found, now)
        elif found.state not in OPEN or found.state is PlanState.DRAFT:
            raise not_at_work()
        row.mark_done(by=by, at=now)

    return step(
        session, plan_id, "plan.action_done", EITHER, by=by, now=now, version=None, change=change,
        action=str(action_id),
    )  # fmt: skip


def add_evidence(
    session: Session,
    plan_id: uuid.UUID,
    document_id: uuid.UUID,
    *,
    milestone_id: uuid.UUID | None = None,
    by: Person,
    now: datetime,
) -> Plan:
    """Lay a document that the person may read into the plan, for one of its steps or for the whole."""

    def change(found: Plan) -> None:
        if found.state not in OPEN:
            raise not_at_work()
        if receiving.document(session, document_id, by=by).supplier_id != found.supplier_id:
            raise NotFound()
        if milestone_id is not None:
            _line(found.milestones, milestone_id)
        known = select(Evidence.id).where(
            Evidence.plan_id == found.id, Evidence.document_id == document_id, Evidence.withdrawn_at.is_(None)
        )
        if session.scalar(known) is not None:
            raise Conflict("This file is part of the plan already.")
        session.add(
            Evidence(
                plan_id=found.id, document_id=document_id, milestone_id=milestone_id, added_by_id=by.id, added_at=now
            )
        )

    return step(
        session, plan_id, "plan.evidence_added", EITHER, by=by, now=now, version=None, change=change,
        document=str(document_id),
    )  # fmt: skip


def decide_remedy(
    session: Session, plan_id: uuid.UUID, *, needed: bool, reason: str, by: Person, now: datetime
) -> RemedyDecision:
    """Decide whether the people concerned are owed a remedy, and why. A later decision stands beside the earlier."""
    made: list[RemedyDecision] = []

    def change(found: Plan) -> None:
        if not reason.strip():
            raise Invalid("Say why: who is owed what, or why nobody is.", field="reason")
        if found.state not in OPEN:
            raise not_at_work()
        made.append(
            RemedyDecision(plan_id=found.id, needed=needed, reason=reason.strip(), decided_by_id=by.id, decided_at=now)
        )
        session.add(made[0])
        found.remedy_decided_by_id = by.id

    step(session, plan_id, "plan.remedy_decided", BUYER, by=by, now=now, version=None, change=change, needed=needed)
    return made[0]


def say(session: Session, plan_id: uuid.UUID, *, text: str, by: Person, now: datetime) -> Plan:
    """Write to the other side. Possible in every state but the draft, which the other side does not see."""

    def change(found: Plan) -> None:
        if found.state is PlanState.DRAFT:
            raise Conflict("The supplier does not see a draft: send the plan first.")
        if not text.strip():
            raise Invalid("Write a message first.", field="text")
        add_message(found, text, by=by, now=now)

    return step(session, plan_id, "plan.message", EITHER, by=by, now=now, version=None, change=change)


def assign(session: Session, plan_id: uuid.UUID, person_id: uuid.UUID, *, by: Person, now: datetime) -> Plan:
    """Say who answers for the plan at the buyer. Raises NotFound for somebody of another organisation."""

    def change(found: Plan) -> None:
        chosen = session.get(Person, person_id)
        if chosen is None or chosen.organisation_id != found.supplier.buyer_id or not chosen.is_active:
            raise NotFound()
        found.accountable_id = chosen.id

    return step(
        session, plan_id, "plan.assigned", BUYER, by=by, now=now, version=None, change=change, person=str(person_id)
    )


def start(found: Plan, now: datetime) -> None:
    """Begin the work on an agreed plan; the first day is kept when it begins again."""
    found.go(PlanAct.BEGIN, Side.SUPPLIER)
    found.began_at = found.began_at or now


def _at_work(found: Plan, now: datetime) -> None:
    if found.state is PlanState.AGREED:
        start(found, now)
    elif found.state not in WORKING:
        raise Conflict("Both sides have to sign the plan first: its steps begin then.")


L = TypeVar("L", Milestone, Action)


def _line(rows: list[L], key: uuid.UUID) -> L:
    found = next((row for row in rows if row.id == key), None)
    if found is None:
        raise NotFound()
    return found
