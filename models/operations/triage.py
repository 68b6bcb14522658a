"""Deciding about findings: one decision each, every decision a person's, and a way back."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, lazyload

from models.errors import Conflict, Invalid, NotAllowed, NotFound
from models.findings import Finding, FindingSignal, RejectReason, Severity, Stage, Verdict
from models.journal import changes, note
from models.operations import rounds
from models.operations.planning import open_draft
from models.operations.queueing import (
    DESK,
    LEAD,
    Position,
    QueueFilter,
    count_up_to,
    counts,
    counts_by_category,
    counts_up_to,
    finding,
    next_in_queue,
    queue,
)
from models.operations.rounds import ONE_LOOK, Rules, Thought
from models.operations.scope import allow
from models.people import Person
from models.plan_policy import DEFAULT, Policy
from models.plans import Plan, PlanFinding, PlanState
from models.taxonomy import shipped

__all__ = [
    "DESK", "Position", "QueueFilter", "Rules", "change", "confirm", "count_up_to", "counts", "counts_by_category",
    "counts_up_to", "escalate", "finding", "next_in_queue", "plan_of", "queue", "reject", "settle", "take_back",
]  # fmt: skip

FLAGS = 5
"""The first five assertions of the taxonomy raise a flag; a finding carries one of them."""


def plan_of(session: Session, finding_id: uuid.UUID) -> Plan | None:
    """The plan that repairs this finding, if there is one."""
    return session.scalar(
        select(Plan).join(PlanFinding, PlanFinding.plan_id == Plan.id).where(PlanFinding.finding_id == finding_id)
    )


def confirm(
    session: Session,
    finding_id: uuid.UUID,
    *,
    by: Person,
    remark: str = "",
    now: datetime,
    policy: Policy = DEFAULT,
    rules: Rules = ONE_LOOK,
) -> Plan | None:
    """Record that a reviewer confirms the finding. A finding that is settled so opens a draft plan, which is answered.

    None where somebody else is to look too: `rules` says when. Raises NotAllowed, NotFound, or Conflict when
    somebody judged it first.
    """
    found = settle(session, finding_id, Thought(Verdict.CONFIRMED, remark=remark), by=by, now=now, rules=rules)
    return (
        None if found.verdict is not Verdict.CONFIRMED else open_draft(session, [found], by=by, now=now, policy=policy)
    )


def reject(
    session: Session,
    finding_id: uuid.UUID,
    reason: RejectReason,
    *,
    by: Person,
    remark: str = "",
    now: datetime,
    rules: Rules = ONE_LOOK,
) -> Finding:
    """Record that a reviewer rejects the finding, and why. Raises as `confirm` does, and Invalid."""
    return settle(session, finding_id, Thought(Verdict.REJECTED, reason, remark), by=by, now=now, rules=rules)


def settle(
    session: Session, finding_id: uuid.UUID, thought: Thought, *, by: Person, now: datetime, rules: Rules
) -> Finding:
    """Take down what a person thinks, and settle the finding if that settles it. Opens no plan."""
    found = locked(session, finding_id, by=by)
    if thought.reason is RejectReason.OTHER and not thought.remark.strip():
        raise Invalid("Say in a few words why this is not a finding.", field="remark")
    if found.verdict is None and not rounds.settles(session, found, thought, by=by, now=now, rules=rules):
        _note(session, "finding.opinion_given", found, by=by, now=now)  # Not which: the next person is to be blind.
        return found
    if thought.reason is None:
        found.confirm(by=by, remark=thought.remark, at=now)
        _note(session, "finding.confirmed", found, by=by, now=now)
    else:
        found.reject(thought.reason, by=by, remark=thought.remark, at=now)
        _note(session, "finding.rejected", found, by=by, now=now, reason=thought.reason.value)
    return found


def take_back(session: Session, finding_id: uuid.UUID, *, by: Person, now: datetime) -> Finding:
    """Undo a verdict or an opinion. Its own reviewer may, and compliance; never once the supplier has the plan."""
    found = locked(session, finding_id, by=by)
    if found.verdict is None and rounds.withdraw(session, found, by=by):
        _note(session, "finding.opinion_taken_back", found, by=by, now=now)
        return found
    if found.verdict is not None and found.judged_by_id != by.id and by.role not in LEAD[:1]:
        raise NotAllowed("Only the person who decided, or compliance, can take a decision back.")
    plan = plan_of(session, finding_id)
    if plan is not None:
        _drop_from_draft(session, plan, found)
    before = found.verdict
    found.reopen()
    rounds.forget(session, found)
    _note(session, "finding.verdict_taken_back", found, by=by, now=now, before=before)
    return found


def change(
    session: Session,
    finding_id: uuid.UUID,
    *,
    signal: str | None = None,
    severity: Severity | None = None,
    assertion: str | None = None,
    by: Person,
    now: datetime,
) -> Finding:
    """Correct what the machine said: the most important signal, how grave it is, who says it. None leaves it.

    Raises Conflict once somebody has given an opinion, Invalid for a word that the taxonomy does not hold.
    """
    found = locked(session, finding_id, by=by)
    if found.stage in (Stage.SECOND, Stage.ADJUDICATION, Stage.SETTLED):
        raise Conflict("Somebody has decided on this finding as it stands: take the decision back first.")
    before = _said(found)
    if signal is not None:
        _lead_with(session, found, signal)
    if severity is not None:
        found.grade(severity)
    if assertion is not None:
        if assertion not in list(shipped().assertions)[:FLAGS]:
            raise Invalid("Choose who says it from the list.", field="assertion")
        found.assertion = assertion
    found.touched_at = now
    session.flush()
    _note(session, "finding.changed", found, by=by, now=now, **changes(before, _said(found)))
    return found


def escalate(session: Session, finding_id: uuid.UUID, *, by: Person, now: datetime) -> Finding:
    """Hand a finding over to compliance. Raises Conflict where it is not a reviewer's any more."""
    found = locked(session, finding_id, by=by)
    if found.stage not in (Stage.OPEN, Stage.ASKED):
        raise Conflict("This finding is not with the reviewers any more: reload the page to see where it is.")
    found.stage, found.touched_at = Stage.ESCALATED, now
    _note(session, "finding.escalated", found, by=by, now=now)
    return found


def hand_back(session: Session, finding_id: uuid.UUID, *, by: Person, now: datetime) -> Finding:
    """Give an escalated finding back to the reviewers: compliance may, and nobody else."""
    found = locked(session, finding_id, by=by)
    allow(by, *LEAD)
    if found.stage is not Stage.ESCALATED:
        raise Conflict("This finding was not escalated.")
    found.stage, found.touched_at = Stage.OPEN, now
    _note(session, "finding.handed_back", found, by=by, now=now)
    return found


def _said(found: Finding) -> dict[str, object]:
    return {"signals": list(found.signals), "severity": found.severity.value, "assertion": found.assertion}


def _lead_with(session: Session, found: Finding, signal: str) -> None:
    """Put this signal first; the one that led before is replaced, others stay."""
    if signal not in shipped().signals:
        raise Invalid("Choose a signal from the list.", field="signal")
    others = [code for code in found.signals[1:] if code != signal]
    found.signal_list = []
    session.flush()
    found.signal_list = [FindingSignal(signal=code, place=place) for place, code in enumerate([signal, *others])]


def _drop_from_draft(session: Session, plan: Plan, found: Finding) -> None:
    if plan.state is not PlanState.DRAFT:
        raise Conflict("The supplier has this finding's plan already: close the plan with a reason instead.")
    plan.findings.remove(found)
    if not plan.findings:
        session.delete(plan)
    session.flush()


def locked(session: Session, finding_id: uuid.UUID, *, by: Person) -> Finding:
    """The finding as it stands at this moment, held until the commit, so that two reviewers cannot both decide."""
    allow(by, *DESK)
    found = session.scalar(_held(), {"key": finding_id, "buyer": by.organisation_id})
    if found is None:
        raise NotFound()
    return found


@cache
def _held() -> Select[Finding]:
    """Built once: every decision asks it."""
    return (
        select(Finding)
        .options(lazyload("*"))  # A decision needs the row; whatever else is needed is asked for when it is.
        .where(Finding.id == bindparam("key"), Finding.buyer_id == bindparam("buyer"))
        .with_for_update(of=Finding)
        .execution_options(populate_existing=True)
    )


def _note(session: Session, act: str, found: Finding, *, by: Person, now: datetime, **detail: object) -> None:
    note(session, act, found.id, organisation_id=found.buyer_id, actor_id=by.id, at=now, **detail)
