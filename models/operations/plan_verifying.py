"""Whether it is done, and whether it helped: evidence sent, verified by somebody else, closed, looked at later."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Conflict, Invalid, NotAllowed
from models.operations.plan_agreeing import begin_anew
from models.operations.plan_steps import BUYER, SUPPLIER, add_message, step
from models.operations.plan_working import start
from models.people import Person
from models.plan_life import PlanAct, PlanState, Side
from models.plan_parts import Evidence
from models.plan_policy import DEFAULT, Policy
from models.plans import Plan, Verification


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
            start(found, now)
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
        begin_anew(session, found, by=by, now=now)
        add_message(found, text, by=by, now=now)

    return step(session, plan_id, "plan.reopened", BUYER, by=by, now=now, version=version, change=change)


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
    stands = (Evidence.plan_id == found.id, Evidence.added_by_id == by.id, Evidence.withdrawn_at.is_(None))
    own = select(Evidence.id).where(*stands).limit(1)
    if by.id == found.evidence_by_id or session.scalar(own) is not None:
        raise NotAllowed("Nobody verifies their own evidence: ask a colleague to look at it.")
