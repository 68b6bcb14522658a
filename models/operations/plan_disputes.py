"""When a plan does not go straight on: disputes with a clock, pauses, more time, and climbing the ladder."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Conflict, Invalid, NotFound
from models.findings import RejectReason, Verdict
from models.operations.labelling import overturn
from models.operations.plan_agreeing import agree_anew, begin_anew
from models.operations.plan_letters import tell_of_climbing
from models.operations.plan_steps import BUYER, SUPPLIER, open_dispute, step
from models.operations.scope import allow
from models.people import Person
from models.plan_life import OPEN, WORKING, PlanAct, PlanState, Side
from models.plan_paper import terms_of
from models.plan_policy import DEFAULT, Policy
from models.plan_records import Dispute, Escalation, Extension, Outcome, Pause
from models.plans import Plan
from models.supplychain import Supplier

TOP = 3
"""The highest rung that a person can ask for."""


def dispute(
    session: Session,
    plan_id: uuid.UUID,
    *,
    text: str,
    finding_id: uuid.UUID | None = None,
    by: Person,
    now: datetime,
    version: int,
    policy: Policy = DEFAULT,
) -> Plan:
    """The supplier says why a finding, or the plan, is not right. From then on the buyer's clock runs."""

    def change(found: Plan) -> None:
        if not text.strip():
            raise Invalid("Say what is not right, so that the reviewer can look at it again.", field="text")
        if finding_id is not None and finding_id not in {row.id for row in found.findings}:
            raise NotFound()
        if any(row.id == finding_id and row.verdict is Verdict.REJECTED for row in found.findings):
            raise Conflict("This finding was overturned already: object to what the plan asks for instead.")
        found.go(PlanAct.DISPUTE, Side.SUPPLIER)
        session.add(
            Dispute(
                plan_id=found.id, finding_id=finding_id, raised_by_id=by.id, raised_at=now, text=text.strip(),
                answer_due_on=policy.answer_by(now.date()),
            )
        )  # fmt: skip

    return step(session, plan_id, "plan.disputed", SUPPLIER, by=by, now=now, version=version, change=change)


def settle(
    session: Session,
    plan_id: uuid.UUID,
    *,
    outcome: Outcome,
    answer: str,
    why: RejectReason | None = None,
    by: Person,
    now: datetime,
    version: int,
    policy: Policy = DEFAULT,
) -> Plan:
    """Answer the dispute. Dismissed, all goes on where it stood; otherwise both sides talk again.

    Upheld, the finding itself is overturned, and `why` says what it was instead (raises Invalid without it). The time
    that the answer took is not counted against the supplier.
    """

    def change(found: Plan) -> None:
        row = open_dispute(session, found.id)
        if row is None:
            raise Conflict("This dispute was settled already.")
        row.settle(outcome, by=by, answer=answer, at=now)
        if outcome is Outcome.UPHELD:
            _overturn(session, found, row, why, by=by, now=now)
        days = (now.date() - row.raised_at.date()).days
        if outcome is Outcome.DISMISSED:
            found.go(PlanAct.DISMISS, Side.BUYER)
            found.paused_days += days
            return
        found.go(PlanAct.UPHOLD, Side.BUYER)
        begin_anew(session, found, by=by, now=now)
        found.paused_days = 0
        found.agree_by = policy.agree_by(found.severity, found.country, now.date())

    return step(
        session, plan_id, "plan.dispute_settled", BUYER, by=by, now=now, version=version, change=change,
        outcome=outcome.value,
    )  # fmt: skip


def suspend(session: Session, plan_id: uuid.UUID, *, reason: str, by: Person, now: datetime, version: int) -> Plan:
    """Pause all clocks, with the reason."""

    def change(found: Plan) -> None:
        if not reason.strip():
            raise Invalid("Say why the plan is paused, and what it waits for.", field="reason")
        found.go(PlanAct.SUSPEND, Side.BUYER)
        session.add(Pause(plan_id=found.id, reason=reason.strip(), began_by_id=by.id, began_at=now))

    return step(session, plan_id, "plan.suspended", BUYER, by=by, now=now, version=version, change=change)


def resume(session: Session, plan_id: uuid.UUID, *, by: Person, now: datetime, version: int) -> Plan:
    """Go on where it stood. Every day moves on by as many days as the pause took."""

    def change(found: Plan) -> None:
        found.go(PlanAct.RESUME, Side.BUYER)
        pause = session.scalar(select(Pause).where(Pause.plan_id == found.id, Pause.ended_at.is_(None)))
        if pause is None:
            raise Conflict("This plan is not paused.")
        pause.ended_by_id, pause.ended_at = by.id, now
        days = (now.date() - pause.began_at.date()).days
        found.paused_days += days
        if found.verify_by is not None:
            found.verify_by += timedelta(days=days)

    return step(session, plan_id, "plan.resumed", BUYER, by=by, now=now, version=version, change=change)


def ask_extension(
    session: Session, plan_id: uuid.UUID, *, until: date | None, reason: str, by: Person, now: datetime
) -> Plan:
    """The supplier asks for more time. Nothing changes until the buyer grants it."""

    def change(found: Plan) -> None:
        due = found.runs_until
        if found.state not in WORKING | {PlanState.AGREED} or due is None:
            raise Conflict("More time can be asked for once both have signed, and before the evidence is sent.")
        if until is None or until <= due:
            raise Invalid("Give a day later than the one that was agreed.", field="until")
        if not reason.strip():
            raise Invalid("Say why more time is needed, and what happens until then.", field="reason")
        if _waiting_extension(session, found.id) is not None:
            raise Conflict("You have asked for more time already: wait for the answer.")
        session.add(
            Extension(
                plan_id=found.id, asked_by_id=by.id, asked_at=now, due_before=due, until=until, reason=reason.strip()
            )
        )

    return step(session, plan_id, "plan.extension_asked", SUPPLIER, by=by, now=now, version=None, change=change)


def decide_extension(
    session: Session, plan_id: uuid.UUID, *, granted: bool, answer: str, by: Person, now: datetime, version: int
) -> Plan:
    """Grant or refuse more time. Granting it makes a new edition, signed by who asked and by who granted."""

    def change(found: Plan) -> None:
        asked = _waiting_extension(session, found.id)
        if asked is None:
            raise Conflict("Nobody waits for an answer about more time.")
        if not granted and not answer.strip():
            raise Invalid("Say why not, so that the supplier can plan.", field="answer")
        asked.granted, asked.decided_by_id, asked.decided_at, asked.answer = granted, by.id, now, answer.strip()
        if not granted:
            return
        found.go(PlanAct.EXTEND, Side.BUYER)
        asker = session.get_one(Person, asked.asked_by_id)
        _move_day(session, found, asked.until, asker=asker, by=by, now=now)

    return step(
        session, plan_id, "plan.extension_decided", BUYER, by=by, now=now, version=version, change=change,
        granted=granted,
    )  # fmt: skip


def escalate(session: Session, plan_id: uuid.UUID, *, reason: str, by: Person, now: datetime, version: int) -> Plan:
    """Lift a plan to the next rung by hand, with the reason, and tell whom it concerns. Its state does not change."""

    def change(found: Plan) -> None:
        if not reason.strip():
            raise Invalid("Say why this needs somebody higher up.", field="reason")
        if found.state not in OPEN or found.state is PlanState.DRAFT:
            raise Conflict("Only a plan that is under way can be escalated.")
        if found.level >= TOP:
            raise Conflict("This plan has climbed the whole ladder already.")
        found.level += 1
        late = 0 if found.clock_on is None else max(0, (now.date() - found.clock_on).days)
        session.add(
            Escalation(plan_id=found.id, level=found.level, at=now, by_id=by.id, reason=reason.strip(), days_late=late)
        )

    lifted = step(session, plan_id, "plan.escalated", BUYER, by=by, now=now, version=version, change=change)
    tell_of_climbing(session, [lifted], by=by, now=now)
    return lifted


def answered_in_time(session: Session, *, by: Person, today: date) -> tuple[int, int]:
    """How many disputes of the organisation were answered by their day, and how many should have been by now."""
    allow(by, *BUYER)
    query = (
        select(Dispute)
        .join(Plan, Plan.id == Dispute.plan_id)
        .join(Plan.supplier)
        .where(Supplier.buyer_id == by.organisation_id)
    )
    told = [row.was_answered_in_time(today) for row in session.scalars(query)]
    return sum(answer is True for answer in told), sum(answer is not None for answer in told)


def _overturn(
    session: Session, found: Plan, row: Dispute, why: RejectReason | None, *, by: Person, now: datetime
) -> None:
    """The finding falls. What is left says how grave the plan is; a plan of which nothing is left stays as it was."""
    if row.finding_id is None:
        raise Invalid(
            "The supplier objects to the plan and to no finding: choose whether the plan changes.", field="outcome"
        )
    if why is None:
        raise Invalid("Say what it is, if it is no finding: the screening learns from it.", field="why")
    overturn(session, row.finding_id, why, remark=row.answer, by=by, now=now)
    session.refresh(found, ["findings"])
    left = [one.severity for one in found.findings if one.verdict is not Verdict.REJECTED]
    found.severity = min(left, key=lambda severity: severity.rank, default=found.severity)


def _move_day(session: Session, found: Plan, until: date, *, asker: Person, by: Person, now: datetime) -> None:
    terms = terms_of(found)
    if terms.get("effect_due_on", "9") < until.isoformat():
        terms["effect_due_on"] = until.isoformat()
    terms["due_on"] = until.isoformat()
    found.paused_days = 0
    agree_anew(session, found, terms, supplier=asker, buyer=by, now=now)


def _waiting_extension(session: Session, plan_id: uuid.UUID) -> Extension | None:
    return session.scalar(select(Extension).where(Extension.plan_id == plan_id, Extension.granted.is_(None)))
