"""Corrective action plans: drafted for confirmed findings, laid before the supplier, answered, verified, closed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session, selectinload

from models.errors import Conflict, Invalid, NotFound
from models.findings import Finding, Severity
from models.journal import note
from models.operations.scope import Slice, allow, sees
from models.people import Person, Role
from models.plans import Milestone, Plan, PlanMessage, PlanState

DAYS = {Severity.CRITICAL: 3, Severity.HIGH: 30, Severity.MEDIUM: 90, Severity.LOW: 180}
"""Calendar days until a plan is due by default. Our own proposal, no scheme's; the reviewer may change each date."""

BUYER = (Role.REVIEWER, Role.COMPLIANCE, Role.ADMIN)
SUPPLIER = (Role.SUPPLIER_USER,)


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """What to show; None leaves a part open."""

    state: PlanState | None = None
    open: bool | None = None
    overdue_on: date | None = None
    supplier_id: uuid.UUID | None = None


def open_draft(session: Session, findings: Sequence[Finding], *, by: Person, now: datetime) -> Plan:
    """Begin a plan for findings of one document that were just confirmed."""
    gravest = min((row.severity for row in findings), key=lambda severity: severity.rank)
    plan = Plan(
        supplier=findings[0].supplier, state=PlanState.DRAFT, severity=gravest, action="", responsible="",
        due_on=now.date() + timedelta(days=DAYS[gravest]), opened_by_id=by.id, opened_at=now, closure_reason="",
    )  # fmt: skip
    plan.findings = list(findings)
    session.add(plan)
    session.flush()
    _note(session, "plan.drafted", plan, by=by, now=now, findings=[str(row.id) for row in findings])
    return plan


def plans(
    session: Session,
    *,
    by: Person,
    filters: PlanFilter = PlanFilter(),
    after: uuid.UUID | None = None,
    limit: int = 50,
) -> Slice[Plan]:
    """The plans that the person may see, the earliest due first. A supplier sees no drafts."""
    query = (
        select(Plan)
        .join(Plan.supplier)
        .where(sees(by), *_visible(by), *_conditions(filters))
        .options(selectinload(Plan.findings))
    )
    if after is not None:
        last = plan(session, after, by=by)
        query = query.where(tuple_(Plan.due_on, Plan.id) > (last.due_on, last.id))
    return Slice.cut(list(session.scalars(query.order_by(Plan.due_on, Plan.id).limit(limit + 1))), limit)


def plan(session: Session, plan_id: uuid.UUID, *, by: Person) -> Plan:
    """One plan with its findings, milestones and messages. Raises NotFound."""
    query = (
        select(Plan)
        .join(Plan.supplier)
        .where(Plan.id == plan_id, sees(by), *_visible(by))
        .options(selectinload(Plan.findings), selectinload(Plan.milestones), selectinload(Plan.messages))
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def write(
    session: Session,
    plan_id: uuid.UUID,
    *,
    action: str,
    responsible: str,
    due_on: date | None,
    by: Person,
    now: datetime,
    version: int,
) -> Plan:
    """Fill in what is to be done, by whom and by when."""
    return _act(
        session, plan_id, "plan.written", BUYER, by=by, now=now, version=version,
        change=lambda found: found.write(action=action, responsible=responsible, due_on=due_on),
    )  # fmt: skip


def send(session: Session, plan_id: uuid.UUID, *, by: Person, now: datetime, version: int) -> Plan:
    """Lay the plan before the supplier."""
    return _act(
        session, plan_id, "plan.sent", BUYER, by=by, now=now, version=version,
        change=lambda found: found.send(today=now.date()),
    )  # fmt: skip


def take_back(session: Session, plan_id: uuid.UUID, *, by: Person, now: datetime, version: int) -> Plan:
    """Take a plan back to a draft, as long as the supplier has not answered."""
    return _act(session, plan_id, "plan.taken_back", BUYER, by=by, now=now, version=version, change=Plan.take_back)


def agree(
    session: Session,
    plan_id: uuid.UUID,
    *,
    responsible: str,
    text: str = "",
    by: Person,
    now: datetime,
    version: int,
) -> Plan:
    """The supplier agrees, names who will do it, and may add a word."""
    found = _act(
        session, plan_id, "plan.agreed", SUPPLIER, by=by, now=now, version=version,
        change=lambda row: row.agree(by=by, responsible=responsible, at=now),
    )  # fmt: skip
    _add_message(found, text, by=by, now=now)
    return found


def dispute(session: Session, plan_id: uuid.UUID, *, text: str, by: Person, now: datetime, version: int) -> Plan:
    """The supplier says why the finding or the plan is not right. Raises Invalid without a reason."""
    if not text.strip():
        raise Invalid("Say what is not right, so that the reviewer can look at it again.", field="text")
    found = _act(
        session, plan_id, "plan.disputed", SUPPLIER, by=by, now=now, version=version,
        change=lambda row: row.dispute(by=by, at=now),
    )  # fmt: skip
    _add_message(found, text, by=by, now=now)
    return found


def submit_evidence(
    session: Session, plan_id: uuid.UUID, *, text: str, by: Person, now: datetime, version: int
) -> Plan:
    """The supplier says what was done. Raises Invalid without a description."""
    if not text.strip():
        raise Invalid("Describe what was done and what shows it.", field="text")
    found = _act(
        session, plan_id, "plan.evidence_submitted", SUPPLIER, by=by, now=now, version=version,
        change=lambda row: row.submit_evidence(by=by, at=now),
    )  # fmt: skip
    _add_message(found, text, by=by, now=now)
    return found


def send_back(session: Session, plan_id: uuid.UUID, *, text: str, by: Person, now: datetime, version: int) -> Plan:
    """The evidence is not enough; the supplier is told what is missing. Raises Invalid without that."""
    if not text.strip():
        raise Invalid("Say what is missing, so that the supplier knows what to send.", field="text")
    found = _act(session, plan_id, "plan.sent_back", BUYER, by=by, now=now, version=version, change=Plan.send_back)
    _add_message(found, text, by=by, now=now)
    return found


def close(session: Session, plan_id: uuid.UUID, *, reason: str, by: Person, now: datetime, version: int) -> Plan:
    """Verify and close. A critical plan is closed by somebody else than who opened it (raises NotAllowed)."""
    return _act(
        session, plan_id, "plan.closed", BUYER, by=by, now=now, version=version,
        change=lambda found: found.close(by=by, reason=reason, at=now),
    )  # fmt: skip


def say(session: Session, plan_id: uuid.UUID, *, text: str, by: Person, now: datetime) -> Plan:
    """Write to the other side. Possible in every state but the draft, which the other side does not see."""
    found = plan(session, plan_id, by=by)
    if found.state is PlanState.DRAFT:
        raise Conflict("The supplier does not see a draft: send the plan first.")
    if not text.strip():
        raise Invalid("Write a message first.", field="text")
    _add_message(found, text, by=by, now=now)
    _note(session, "plan.message", found, by=by, now=now)
    return found


def add_milestone(
    session: Session,
    plan_id: uuid.UUID,
    *,
    title: str,
    due_on: date | None,
    evidence: str = "",
    by: Person,
    now: datetime,
    version: int,
) -> Plan:
    """Add a step with its own date. Raises Invalid without a title or a date, or beyond the plan's own date."""

    def change(found: Plan) -> None:
        if found.state is PlanState.CLOSED:
            raise Conflict("The plan is closed: nothing can be added to it.")
        if not title.strip() or due_on is None:
            raise Invalid("Give the step a title and a day.", field="title" if due_on else "due_on")
        if found.due_on is not None and due_on > found.due_on:
            raise Invalid("A step cannot be due later than its plan.", field="due_on")
        found.milestones.append(Milestone(title=title.strip()[:300], due_on=due_on, evidence=evidence.strip()))

    return _act(session, plan_id, "plan.milestone_added", BUYER, by=by, now=now, version=version, change=change)


def finish_milestone(
    session: Session, plan_id: uuid.UUID, milestone_id: uuid.UUID, *, by: Person, now: datetime
) -> Plan:
    """The supplier marks a step of an agreed plan as done."""
    allow(by, *SUPPLIER)
    found = plan(session, plan_id, by=by)
    step = next((row for row in found.milestones if row.id == milestone_id), None)
    if step is None:
        raise NotFound()
    if found.state is not PlanState.AGREED:
        raise Conflict("Agree to the plan first: its steps begin then.")
    step.mark_done(by=by, at=now)
    _note(session, "plan.milestone_done", found, by=by, now=now, milestone=str(milestone_id))
    return found


def _act(
    session: Session,
    plan_id: uuid.UUID,
    act: str,
    roles: tuple[Role, ...],
    *,
    by: Person,
    now: datetime,
    version: int,
    change: Callable[[Plan], None],
) -> Plan:
    """Load, refuse a stale form, change, and note what the state was and is."""
    allow(by, *roles)
    found = plan(session, plan_id, by=by)
    if found.version != version:
        raise Conflict("The plan has changed since you opened this page: look at the new version and try again.")
    before = found.state
    change(found)
    session.flush()  # So that the answer carries the new version, for a second act in the same transaction.
    _note(session, act, found, by=by, now=now, state=[before.value, found.state.value])
    return found


def _add_message(found: Plan, text: str, *, by: Person, now: datetime) -> None:
    if text.strip():
        found.messages.append(PlanMessage(written_by_id=by.id, written_at=now, text=text.strip()))


def _visible(by: Person) -> list[ColumnElement[bool]]:
    return [] if by.works_for_a_buyer else [Plan.state != PlanState.DRAFT]


def _conditions(filters: PlanFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.state is not None:
        conditions.append(Plan.state == filters.state)
    if filters.open is not None:
        conditions.append((Plan.state != PlanState.CLOSED) if filters.open else (Plan.state == PlanState.CLOSED))
    if filters.overdue_on is not None:
        conditions.append((Plan.state != PlanState.CLOSED) & (Plan.due_on < filters.overdue_on))
    if filters.supplier_id is not None:
        conditions.append(Plan.supplier_id == filters.supplier_id)
    return conditions


def _note(session: Session, act: str, found: Plan, *, by: Person, now: datetime, **detail: object) -> None:
    note(session, act, found.id, organisation_id=found.supplier.buyer_id, actor_id=by.id, at=now, **detail)
