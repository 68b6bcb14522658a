"""What people have settled about passages, as labels to learn from: confirmed, rejected, disputed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.findings import Finding, RejectReason, Severity, Verdict
from models.journal import note
from models.operations.scope import allow
from models.people import Person, Role
from models.plan_records import Dispute, Outcome

AT_ONCE = 500
"""Findings that are held in memory at a time."""


@dataclass(frozen=True, slots=True)
class Label:
    """One settled passage. With an outcome, two sides have looked at it."""

    finding_id: uuid.UUID
    document_id: uuid.UUID | None
    quote: str
    language: str | None
    signals: tuple[str, ...]
    severity: Severity
    is_finding: bool
    reason: RejectReason | None
    """Why it is none."""
    outcome: Outcome | None
    """Of the last dispute about it, where there was one."""


def labels(session: Session, *, by: Person, after: uuid.UUID | None = None, limit: int = AT_ONCE) -> Iterator[Label]:
    """Some of the settled findings of the person's organisation, in the order of their keys, after that key."""
    allow(by, Role.COMPLIANCE, Role.ADMIN)
    query = select(Finding).where(Finding.buyer_id == by.organisation_id, Finding.verdict.is_not(None))
    if after is not None:
        query = query.where(Finding.id > after)
    rows = session.scalars(query.order_by(Finding.id).limit(limit)).all()
    outcomes = _outcomes(session, [row.id for row in rows])
    for row in rows:
        yield Label(
            row.id, row.document_id, row.quote, row.language, row.signals, row.severity,
            row.verdict is Verdict.CONFIRMED,
            row.reject_reason, outcomes.get(row.id),
        )  # fmt: skip


def overturn(
    session: Session, finding_id: uuid.UUID, reason: RejectReason, *, remark: str, by: Person, now: datetime
) -> Finding:
    """A dispute was upheld: what was confirmed is no finding after all. Counts, exports and labels follow it."""
    query = select(Finding).where(Finding.id == finding_id, Finding.buyer_id == by.organisation_id)
    found = session.scalars(query.with_for_update(of=Finding).execution_options(populate_existing=True)).one()
    judged_by = found.judged_by_id
    found.overturn(reason, by=by, remark=remark, at=now)
    note(
        session, "finding.overturned", found.id, organisation_id=found.buyer_id, actor_id=by.id, at=now,
        reason=reason.value, judged_by=str(judged_by),
    )  # fmt: skip
    return found


def _outcomes(session: Session, finding_ids: list[uuid.UUID]) -> dict[uuid.UUID, Outcome]:
    query = (
        select(Dispute.finding_id, Dispute.outcome)
        .where(Dispute.finding_id.in_(finding_ids), Dispute.outcome.is_not(None))
        .order_by(Dispute.settled_at, Dispute.id)
    )
    return {finding_id: outcome for finding_id, outcome in session.execute(query) if finding_id and outcome}
