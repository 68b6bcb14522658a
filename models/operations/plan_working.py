"""Work on a plan: people made safe, steps done, evidence sent and verified by others, closed, looked at later."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.documents import Document
from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.operations.plan_steps import BUYER, EITHER, SUPPLIER, add_message, side_of, step
from models.people import Organisation, Person
from models.plan_life import OPEN, WORKING, PlanAct, PlanState, Side
from models.plan_parts import Action, Evidence, Milestone
from models.plan_policy import DEFAULT, Policy
from models.plan_records import RemedyDecision
from models.plan_terms import ActionKind
from models.plans import Plan, Verification

NOT_AT_WORK = "Work on this plan has not begun, or has ended."


def begin(session: Session, plan_id: uuid.UUID, *, by: Person, now: datetime, version: int) -> Plan:
    """The supplier begins with what both have signed. From here on no signature can be taken back."""
    return step(
        session, plan_id, "plan.begun", SUPPLIER, by=by, now=now, version=version,
        change=lambda found: _begin(found, now),
    )  # fmt: skip


def contain(session: Session, plan_id: uuid.UUID, *, text: str, on: date | None, by: Person, now: datetime) -> Plan:
    """Say what was done at once so that people are safe, and on which day."""

    def change(found: Plan) -> None:
        if found.state not in OPEN:
            raise Conflict(NOT_AT_WORK)
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
            raise Conflict(NOT_AT_WORK)
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
    """Lay a document that was received into the plan, for one of its steps or for the whole."""

    def change(found: Plan) -> None:
        if found.state not in OPEN:
            raise Conflict(NOT_AT_WORK)
        document = session.get(Document, document_id)
        if document is None or document.supplier_id != found.supplier_id:
            raise NotFound()
        if milestone_id is not None:
            _line(found.milestones, milestone_id)
        known = select(Evidence.id).where(Evidence.plan_id == found.id, Evidence.document_id == document_id)
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


def submit_evidence(
    session: Session,
    plan_id: uuid.UUID,
    *,
    text: str,
    by: Person,
    now: datetime,
    version: int,
    policy: Policy = DEFAULT,
) -> Plan:
    """The supplier says what was done; the buyer has so many working days to verify it."""

    def change(found: Plan) -> None:
        if not text.strip():
            raise Invalid("Say what was done, and what shows it.", field="text")
        if found.state is PlanState.AGREED:
            _begin(found, now)
        found.go(PlanAct.SUBMIT, Side.SUPPLIER)
        found.evidence_by_id, found.evidence_at, found.verify_by = by.id, now, policy.verify_by(now.date())
        found.verifier_id = found.verification = None
        add_message(found, text, by=by, now=now)

    return step(session, plan_id, "plan.evidence_submitted", SUPPLIER, by=by, now=now, version=version, change=change)


def take_up(
    session: Session, plan_id: uuid.UUID, *, how: Verification, by: Person, now: datetime, version: int
) -> Plan:
    """Begin to verify, and say how. Raises NotAllowed for whoever added evidence to the plan."""

    def change(found: Plan) -> None:
        _not_own(session, found, by)
        found.take_up(by=by, how=how)

    return step(
        session, plan_id, "plan.verification_begun", BUYER, by=by, now=now, version=version, change=change,
        how=how.value,
    )  # fmt: skip


def send_back(session: Session, plan_id: uuid.UUID, *, text: str, by: Person, now: datetime, version: int) -> Plan:
    """The evidence is not enough; the supplier is told what is missing. Raises Invalid without that."""
    return _say_and_go(session, plan_id, "plan.sent_back", PlanAct.RETURN, text, by=by, now=now, version=version)


def close_in_part(session: Session, plan_id: uuid.UUID, *, text: str, by: Person, now: datetime, version: int) -> Plan:
    """Some of it is shown, and the rest goes on; the supplier is told which."""
    return _say_and_go(
        session, plan_id, "plan.closed_in_part", PlanAct.CLOSE_IN_PART, text, by=by, now=now, version=version
    )


def close(session: Session, plan_id: uuid.UUID, *, reason: str, by: Person, now: datetime, version: int) -> Plan:
    """Settle that it is done. A critical plan needs a second person and a decision about remedy."""

    def change(found: Plan) -> None:
        _not_own(session, found, by)
        found.close(PlanAct.CLOSE, by=by, reason=reason, at=now)

    return step(session, plan_id, "plan.closed", BUYER, by=by, now=now, version=version, change=change)


def confirm_effect(
    session: Session, plan_id: uuid.UUID, *, result: str, by: Person, now: datetime, version: int
) -> Plan:
    """A later look has shown that it helped. Raises Conflict before the agreed day."""
    return step(
        session, plan_id, "plan.effect_confirmed", BUYER, by=by, now=now, version=version,
        change=lambda found: found.confirm_effect(by=by, result=result, today=now.date()),
    )  # fmt: skip


def reopen(
    session: Session,
    plan_id: uuid.UUID,
    *,
    text: str,
    by: Person,
    now: datetime,
    version: int,
    policy: Policy = DEFAULT,
) -> Plan:
    """The harm is back, or never went: the supplier is told what was seen, and both agree anew."""

    def change(found: Plan) -> None:
        if not text.strip():
            raise Invalid("Say what you saw, so that the supplier knows why it is open again.", field="text")
        if found.sent_at is None:
            raise Conflict("The supplier never saw this plan: confirm the finding again to begin a new one.")
        found.reopen(agree_by=policy.agree_by(found.severity, found.country, now.date()))
        add_message(found, text, by=by, now=now)

    return step(session, plan_id, "plan.reopened", BUYER, by=by, now=now, version=version, change=change)


def decide_remedy(
    session: Session, plan_id: uuid.UUID, *, needed: bool, reason: str, by: Person, now: datetime
) -> RemedyDecision:
    """Decide whether the people concerned are owed a remedy, and why. A later decision stands beside the earlier."""
    made: list[RemedyDecision] = []

    def change(found: Plan) -> None:
        if not reason.strip():
            raise Invalid("Say why: who is owed what, or why nobody is.", field="reason")
        if found.state not in OPEN:
            raise Conflict(NOT_AT_WORK)
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


def colleagues(session: Session, organisation: Organisation) -> list[Person]:
    """Who could answer for a plan: the active people of an organisation, by name."""
    rows = session.scalars(
        select(Person).where(Person.organisation_id == organisation.id, Person.disabled_at.is_(None)).limit(500)
    )
    return sorted(rows, key=lambda row: (row.name.casefold(), row.id))


def _say_and_go(
    session: Session,
    plan_id: uuid.UUID,
    name: str,
    act: PlanAct,
    text: str,
    *,
    by: Person,
    now: datetime,
    version: int,
) -> Plan:
    def change(found: Plan) -> None:
        if not text.strip():
            raise Invalid("Say what is missing, so that the supplier knows what to send.", field="text")
        _not_own(session, found, by)
        found.go(act, Side.BUYER)
        add_message(found, text, by=by, now=now)

    return step(session, plan_id, name, BUYER, by=by, now=now, version=version, change=change)


def _not_own(session: Session, found: Plan, by: Person) -> None:
    own = select(Evidence.id).where(Evidence.plan_id == found.id, Evidence.added_by_id == by.id).limit(1)
    if by.id == found.evidence_by_id or session.scalar(own) is not None:
        raise NotAllowed("Nobody verifies their own evidence: ask a colleague to look at it.")


def _begin(found: Plan, now: datetime) -> None:
    found.go(PlanAct.BEGIN, Side.SUPPLIER)
    found.began_at = found.began_at or now


def _at_work(found: Plan, now: datetime) -> None:
    if found.state is PlanState.AGREED:
        _begin(found, now)
    elif found.state not in WORKING:
        raise Conflict("Both sides have to sign the plan first: its steps begin then.")


L = TypeVar("L", Milestone, Action)


def _line(rows: list[L], key: uuid.UUID) -> L:
    found = next((row for row in rows if row.id == key), None)
    if found is None:
        raise NotFound()
    return found
