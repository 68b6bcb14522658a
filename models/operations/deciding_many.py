"""One decision about up to ten thousand findings, written down by the workers in portions, with a way back.

A portion and what came of it are one transaction: a worker that is killed loses its portion and doubles nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.orm import Session

from models.bulk import BulkDecision, BulkItem, BulkOutcome, BulkState
from models.db import later
from models.errors import Conflict, DomainError, Invalid, NotAllowed
from models.findings import Finding, RejectReason, Verdict
from models.journal import note
from models.operations import scope, triage
from models.operations.planning import open_draft
from models.operations.queueing import DESK, QueueFilter, conditions
from models.operations.rounds import Rules, Thought
from models.operations.scope import allow
from models.people import Person
from models.plan_policy import DEFAULT, Policy

JOB = "decide_many"
MOST = 10_000
PORTION = 50
"""Findings that are decided in one transaction."""
PATIENCE = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: findings by what became of them."""

    total: int
    to_do: int
    outcomes: dict[BulkOutcome, int]


def begin(
    session: Session,
    which: QueueFilter | Sequence[uuid.UUID],
    thought: Thought,
    *,
    by: Person,
    now: datetime,
    rules: Rules,
) -> BulkDecision:
    """Have everything that a filter leaves, or these findings, decided alike. Only what waits for this person counts.

    Raises Invalid where nothing waits, or more than ten thousand do.
    """
    allow(by, *DESK)
    if thought.reason is RejectReason.OTHER and not thought.remark.strip():
        raise Invalid("Say in a few words why this is not a finding.", field="remark")
    if isinstance(which, QueueFilter):
        chosen = conditions(session, by, which)
    else:
        chosen = [*conditions(session, by, QueueFilter()), Finding.id.in_(which)]
    bulk = BulkDecision(
        buyer_id=by.organisation_id, by_id=by.id, verdict=thought.verdict, reject_reason=thought.reason,
        remark=thought.remark.strip(), rules=rules.written(), total=0, asked_at=now, moved_at=now,
    )  # fmt: skip
    session.add(bulk)
    session.flush()
    bulk.total = _choose(session, bulk, chosen)
    note(
        session, "findings.many_asked", bulk.id, organisation_id=bulk.buyer_id, actor_id=by.id, at=now,
        verdict=thought.verdict.value, reason=thought.reason and thought.reason.value, findings=bulk.total,
    )  # fmt: skip
    later(session, JOB, bulk_id=bulk.id)
    return bulk


def work(session: Session, bulk_id: uuid.UUID, *, now: datetime, policy: Policy = DEFAULT) -> bool:
    """Decide (or take back) the next portion. Answers whether more is to do; False while another worker is at it."""
    bulk = session.scalar(
        select(BulkDecision)
        .where(BulkDecision.id == bulk_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if bulk is None or bulk.state in (BulkState.DONE, BulkState.UNDONE):
        return False
    undoing = bulk.state is BulkState.UNDOING
    wanted = BulkItem.outcome == BulkOutcome.DECIDED if undoing else BulkItem.outcome.is_(None)
    items = list(
        session.scalars(
            select(BulkItem).where(BulkItem.bulk_id == bulk_id, wanted).order_by(BulkItem.place).limit(PORTION)
        )
    )
    by = session.get_one(Person, bulk.by_id)
    if undoing:
        for item in items:
            item.outcome = _undone(session, item, by=by, now=now)
    else:
        _decide(session, bulk, items, by=by, now=now, policy=policy)
    bulk.moved_at = now
    if len(items) < PORTION:
        bulk.state, bulk.ended_at = BulkState.UNDONE if undoing else BulkState.DONE, now
        act = "findings.many_undone" if undoing else "findings.many_done"
        note(session, act, bulk.id, organisation_id=bulk.buyer_id, actor_id=None, at=now)
    return len(items) == PORTION


def ring_again(session: Session, bulk_id: uuid.UUID) -> None:
    """Go on later: other work waits too."""
    later(session, JOB, bulk_id=bulk_id)


def undo(session: Session, bulk_id: uuid.UUID, *, by: Person, now: datetime) -> BulkDecision:
    """Take everything back that was decided so far; what is still to come is left alone."""
    bulk = bulk_decision(session, bulk_id, by=by, lock=True)
    if bulk.by_id != by.id:
        raise NotAllowed("Only the person who decided can take all of it back at once.")
    if bulk.state in (BulkState.UNDOING, BulkState.UNDONE):
        raise Conflict("This is being taken back already.")
    session.execute(
        update(BulkItem)
        .where(BulkItem.bulk_id == bulk.id, BulkItem.outcome.is_(None))
        .values(outcome=BulkOutcome.PASSED_OVER)
    )
    bulk.state, bulk.moved_at, bulk.ended_at = BulkState.UNDOING, now, None
    note(session, "findings.many_undo_asked", bulk.id, organisation_id=bulk.buyer_id, actor_id=by.id, at=now)
    later(session, JOB, bulk_id=bulk.id)
    return bulk


def bulk_decision(session: Session, bulk_id: uuid.UUID, *, by: Person, lock: bool = False) -> BulkDecision:
    """One of the organisation's bulk decisions. Raises NotFound."""
    allow(by, *DESK)
    query = select(BulkDecision).where(BulkDecision.id == bulk_id, BulkDecision.buyer_id == by.organisation_id)
    return scope.one(session, query, lock=BulkDecision if lock else None)


def progress(session: Session, bulk: BulkDecision) -> Progress:
    """How far it is, counted."""
    query = select(BulkItem.outcome, func.count()).where(BulkItem.bulk_id == bulk.id).group_by(BulkItem.outcome)
    counted = {outcome: int(count) for outcome, count in session.execute(query)}
    to_do = counted.pop(BulkOutcome.DECIDED if bulk.state is BulkState.UNDOING else None, 0)
    return Progress(bulk.total, to_do, {outcome: counted.get(outcome, 0) for outcome in BulkOutcome})


def sweep(session: Session, *, now: datetime) -> int:
    """Ring for what nobody works on. Answers for how many; may run as often as wanted."""
    stalled = select(BulkDecision.id).where(
        BulkDecision.state.in_([BulkState.DECIDING, BulkState.UNDOING]), BulkDecision.moved_at <= now - PATIENCE
    )
    waiting = list(session.scalars(stalled))
    for bulk_id in waiting:
        later(session, JOB, bulk_id=bulk_id)
    return len(waiting)


def _choose(session: Session, bulk: BulkDecision, chosen: Sequence[object]) -> int:
    """Write down which findings, those of one document together. Answers how many."""
    place = func.row_number().over(order_by=(Finding.document_id, Finding.id)) - 1
    rows = select(literal(bulk.id, BulkItem.bulk_id.type), Finding.id, place).where(*chosen).limit(MOST + 1)  # type: ignore[arg-type]
    session.execute(insert(BulkItem).from_select(["bulk_id", "finding_id", "place"], rows))
    total = session.scalar(select(func.count()).select_from(BulkItem).where(BulkItem.bulk_id == bulk.id)) or 0
    if not total:
        raise Invalid("Nothing here waits for your decision.")
    if total > MOST:
        raise Invalid("Narrow it down first: at most 10,000 passages can be decided at once.")
    return int(total)


def _decide(
    session: Session, bulk: BulkDecision, items: Sequence[BulkItem], *, by: Person, now: datetime, policy: Policy
) -> None:
    """Each finding gets its own record; the confirmed ones of one document share a draft plan."""
    thought, rules = Thought(bulk.verdict, bulk.reject_reason, bulk.remark), Rules(**bulk.rules)
    confirmed: dict[tuple[uuid.UUID, uuid.UUID | None], list[Finding]] = {}
    for item in items:
        item.outcome = BulkOutcome.DECIDED
        try:
            found = triage.settle(session, item.finding_id, thought, by=by, now=now, rules=rules)
        except DomainError:  # Somebody was faster, or it is gone: theirs stands.
            item.outcome = BulkOutcome.PASSED_OVER
            continue
        if found.verdict is Verdict.CONFIRMED:
            confirmed.setdefault((found.supplier_id, found.document_id), []).append(found)
    for findings in confirmed.values():
        open_draft(session, findings, by=by, now=now, policy=policy)


def _undone(session: Session, item: BulkItem, *, by: Person, now: datetime) -> BulkOutcome:
    found = session.get(Finding, item.finding_id)
    if found is None or found.judged_by_id not in (by.id, None):
        return BulkOutcome.KEPT  # Somebody else decided it anew meanwhile.
    try:
        triage.take_back(session, item.finding_id, by=by, now=now)
    except DomainError:  # The supplier has the plan, or somebody took it back before.
        return BulkOutcome.KEPT
    return BulkOutcome.TAKEN_BACK
