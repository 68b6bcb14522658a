"""The review queue: the gravest first, one decision each, and every decision a person's."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from models.errors import Conflict, NotAllowed, NotFound
from models.findings import Finding, FindingSignal, RejectReason, Severity, Verdict
from models.journal import note
from models.operations.planning import open_draft
from models.operations.scope import Slice, allow
from models.people import Person, Role
from models.plan_policy import DEFAULT, Policy
from models.plans import Plan, PlanFinding, PlanState

DESK = (Role.REVIEWER, Role.COMPLIANCE, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What to show; None leaves a part open. `settled` None shows both, False only what waits for a decision."""

    settled: bool | None = False
    verdict: Verdict | None = None
    severity: Severity | None = None
    signal: str | None = None
    """A signal (`FL.DOC`) or a whole category (`FL`)."""
    supplier_id: uuid.UUID | None = None
    document_id: uuid.UUID | None = None
    language: str | None = None
    assertion: str | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the queue's order, so that the next finding can be found after this one was settled."""

    severity_rank: int
    score: float
    id: uuid.UUID

    @classmethod
    def of(cls, finding: Finding) -> Position:
        return cls(finding.severity_rank, finding.score, finding.id)


def queue(
    session: Session,
    *,
    by: Person,
    filters: QueueFilter = QueueFilter(),
    after: Position | None = None,
    limit: int = 50,
) -> Slice[Finding]:
    """Findings of the person's organisation: the most severe first, then the surest, then the oldest."""
    allow(by, *DESK)
    query = select(Finding).where(*_conditions(by, filters))
    if after is not None:
        query = query.where(_follows(after))
    query = query.order_by(Finding.severity_rank, Finding.score.desc(), Finding.id).limit(limit + 1)
    return Slice.cut(list(session.scalars(query)), limit)


def counts(session: Session, *, by: Person, filters: QueueFilter = QueueFilter()) -> dict[Severity, int]:
    """How many findings of each severity the filters leave, all severities named."""
    allow(by, *DESK)
    query = select(Finding.severity, func.count()).where(*_conditions(by, filters)).group_by(Finding.severity)
    counted = {severity: int(count) for severity, count in session.execute(query)}
    return {severity: counted.get(severity, 0) for severity in Severity}


def counts_by_category(session: Session, *, by: Person, filters: QueueFilter = QueueFilter()) -> dict[str, int]:
    """How many findings carry a signal of each category (`FL`, `CL` ...); a finding may count in several."""
    allow(by, *DESK)
    signals = (
        select(FindingSignal.signal, FindingSignal.finding_id)
        .join(Finding, Finding.id == FindingSignal.finding_id)
        .where(*_conditions(by, filters))
    )
    seen: dict[str, set[uuid.UUID]] = {}
    for signal, finding_id in session.execute(signals):
        seen.setdefault(signal.split(".")[0], set()).add(finding_id)
    return {category: len(ids) for category, ids in sorted(seen.items())}


def finding(session: Session, finding_id: uuid.UUID, *, by: Person) -> Finding:
    """One finding with its document and page. Raises NotFound when it is not the person's to see."""
    allow(by, *DESK)
    query = (
        select(Finding)
        .where(Finding.id == finding_id, Finding.buyer_id == by.organisation_id)
        .options(joinedload(Finding.page), joinedload(Finding.judged_by))
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def neighbours(session: Session, found: Finding, *, limit: int = 20) -> list[Finding]:
    """The other findings of the same document, in reading order."""
    query = (
        select(Finding)
        .where(Finding.document_id == found.document_id, Finding.id != found.id)
        .order_by(Finding.page_number, Finding.start)
        .limit(limit)
    )
    return list(session.scalars(query))


def next_in_queue(
    session: Session, *, by: Person, after: Position, filters: QueueFilter = QueueFilter()
) -> Finding | None:
    """The finding to look at next: the one behind `after`, or from the top again; None when all is settled."""
    onward = queue(session, by=by, filters=filters, after=after, limit=1)
    if onward.rows:
        return onward.rows[0]
    again = queue(session, by=by, filters=filters, limit=2)
    return next((row for row in again.rows if row.id != after.id), None)


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
) -> Plan:
    """Record that a reviewer confirms the finding. A confirmed finding opens a draft plan, which is answered.

    Raises NotAllowed, NotFound, or Conflict when somebody judged it first.
    """
    found = _locked(session, finding_id, by=by)
    found.confirm(by=by, remark=remark, at=now)
    _note(session, "finding.confirmed", found, by=by, now=now)
    return open_draft(session, [found], by=by, now=now, policy=policy)


def reject(
    session: Session, finding_id: uuid.UUID, reason: RejectReason, *, by: Person, remark: str = "", now: datetime
) -> Finding:
    """Record that a reviewer rejects the finding, and why. Raises as `confirm` does, and Invalid."""
    found = _locked(session, finding_id, by=by)
    found.reject(reason, by=by, remark=remark, at=now)
    _note(session, "finding.rejected", found, by=by, now=now, reason=reason.value)
    return found


def take_back(session: Session, finding_id: uuid.UUID, *, by: Person, now: datetime) -> Finding:
    """Undo a verdict. Its own reviewer may, and compliance; never once the supplier has seen the plan."""
    found = _locked(session, finding_id, by=by)
    if found.judged_by_id != by.id and by.role is not Role.COMPLIANCE:
        raise NotAllowed("Only the person who decided, or compliance, can take a decision back.")
    plan = plan_of(session, finding_id)
    if plan is not None:
        _drop_from_draft(session, plan, found)
    before = found.verdict
    found.reopen()
    _note(session, "finding.verdict_taken_back", found, by=by, now=now, before=before)
    return found


def _drop_from_draft(session: Session, plan: Plan, found: Finding) -> None:
    if plan.state is not PlanState.DRAFT:
        raise Conflict("The supplier has this finding's plan already: close the plan with a reason instead.")
    plan.findings.remove(found)
    if not plan.findings:
        session.delete(plan)
    session.flush()


def _locked(session: Session, finding_id: uuid.UUID, *, by: Person) -> Finding:
    """The finding as it stands at this moment, held until the commit, so that two reviewers cannot both decide."""
    allow(by, *DESK)
    query = (
        select(Finding)
        .where(Finding.id == finding_id, Finding.buyer_id == by.organisation_id)
        .with_for_update(of=Finding)
        .execution_options(populate_existing=True)
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def _conditions(by: Person, filters: QueueFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Finding.buyer_id == by.organisation_id]
    if filters.settled is not None:
        conditions.append(Finding.verdict.is_not(None) if filters.settled else Finding.verdict.is_(None))
    if filters.signal:
        code = FindingSignal.signal
        matches = (
            code == filters.signal if "." in filters.signal else code.startswith(f"{filters.signal}.", autoescape=True)
        )
        conditions.append(Finding.id.in_(select(FindingSignal.finding_id).where(matches)))
    if filters.supplier_id is not None:
        conditions.append(Finding.supplier_id == filters.supplier_id)
    exact = {
        Finding.verdict: filters.verdict,
        Finding.severity: filters.severity,
        Finding.document_id: filters.document_id,
        Finding.language: filters.language,
        Finding.assertion: filters.assertion,
    }
    conditions.extend(column == value for column, value in exact.items() if value is not None)
    return conditions


def _follows(after: Position) -> ColumnElement[bool]:
    same_rank = Finding.severity_rank == after.severity_rank
    return or_(
        Finding.severity_rank > after.severity_rank,
        and_(same_rank, Finding.score < after.score),
        and_(same_rank, Finding.score == after.score, Finding.id > after.id),
    )


def _note(session: Session, act: str, found: Finding, *, by: Person, now: datetime, **detail: object) -> None:
    note(session, act, found.id, organisation_id=found.buyer_id, actor_id=by.id, at=now, **detail)
