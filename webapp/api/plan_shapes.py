"""What a corrective action plan looks like by the second door: its terms, its lines, its signatures and its record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from models.findings import Severity
from models.operations import plan_record
from models.operations.plan_record import Record
from models.people import Person
from models.plan_life import PlanAct, PlanState, Side
from models.plan_paper import terms_of
from models.plan_records import Outcome
from models.plans import Closure, Plan, Verification
from webapp.api.shapes import said
from webapp.doors import today


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A corrective action plan of one supplier."""

    id: UUID
    supplier: UUID
    state: PlanState
    severity: Severity
    version: int = field(metadata=said("Grows with each change: the number at the head of the ETag."))
    edition: int = field(metadata=said("Of what is agreed on; both sides sign the same one."))
    headline: str
    findings: tuple[UUID, ...]
    waits_for: tuple[Side, ...]
    signed_by: tuple[Side, ...] = field(metadata=said("The sides whose signatures stand under this edition."))
    agree_by: date
    due_on: date | None
    clock_on: date | None = field(metadata=said("When the present clock ends; null where none runs."))
    overdue: bool
    level: int = field(metadata=said("The rung of the escalation ladder."))
    repeats: UUID | None = field(metadata=said("An earlier plan for the same harm."))


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line with a key of its own: an action or a step, marked as done by the side that does it."""

    id: UUID
    line: int = field(metadata=said("Its number in the terms."))
    text: str
    kind: str = field(metadata=said("`corrective`, `preventive`, `buyer`, or `milestone`."))
    due_on: date | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlanFinding:
    """A finding that the plan repairs, as both sides see it."""

    id: UUID
    document: UUID | None
    page: int | None
    quote: str
    signals: tuple[str, ...]
    severity: Severity


@dataclass(frozen=True, slots=True)
class PlanMessage:
    """What one side says to the other."""

    by: UUID
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class PlanEvidence:
    """A document that is to show something."""

    document: UUID
    milestone: UUID | None
    at: datetime
    by: UUID
    withdrawn_at: datetime | None = field(metadata=said("From then on it counts no more; it stays in the record."))
    withdrawn_by: UUID | None


@dataclass(frozen=True, slots=True)
class PlanEvent:
    """One step in the life of the plan."""

    number: int
    at: datetime
    by: UUID | None = field(metadata=said("Null where the clock acted."))
    act: str
    before: PlanState
    after: PlanState
    edition: int


@dataclass(frozen=True, slots=True)
class PlanDispute:
    """The supplier says that it is not so."""

    finding: UUID | None
    text: str
    raised_at: datetime
    answer_due_on: date
    outcome: Outcome | None
    answer: str


@dataclass(frozen=True, slots=True)
class PlanExtension:
    """A request for more time."""

    asked_at: datetime
    until: date
    reason: str
    granted: bool | None
    answer: str


@dataclass(frozen=True, slots=True)
class PlanShape:
    """A whole plan: what is agreed on, what was done, and its record."""

    plan: PlanRow
    version: int = field(metadata=said("As in `plan`."))
    acts: tuple[PlanAct, ...] = field(metadata=said("What your side can do now, by the table of the life of plans."))
    terms: dict[str, str] = field(
        metadata=said("What both sides sign, field by field: `due_on`, `action.2.owner`. What is empty is left out.")
    )
    gaps: tuple[str, ...] = field(metadata=said("Why nobody can sign it as it stands, as sentences."))
    actions: tuple[PlanLine, ...]
    milestones: tuple[PlanLine, ...]
    finding_list: tuple[PlanFinding, ...]
    messages: tuple[PlanMessage, ...]
    evidence: tuple[PlanEvidence, ...]
    events: tuple[PlanEvent, ...]
    disputes: tuple[PlanDispute, ...]
    extensions: tuple[PlanExtension, ...]
    containment: str
    contained_on: date | None
    verification: Verification | None
    verifier: UUID | None
    verify_by: date | None
    remedy_decided: bool | None = field(
        metadata=said("Whether it was decided who is owed a remedy; null for suppliers.")
    )
    closed_as: Closure | None
    closed_at: datetime | None
    closure_reason: str
    effect_on: date | None
    effect_result: str


def row_of(row: Plan) -> PlanRow:
    """How a plan is shown in lists."""
    return PlanRow(
        row.id, row.supplier_id, row.state, row.severity, row.version, row.edition, row.headline,
        tuple(finding.id for finding in row.findings), tuple(sorted(row.waits_for())), tuple(sorted(row.signed_by())),
        row.agree_by, row.runs_until, row.clock_on, row.is_overdue(today()), row.level, row.repeats_id,
    )  # fmt: skip


def shape_of(session: Session, row: Plan, by: Person) -> PlanShape:
    """How a plan is shown as a whole: to each side what its page shows."""
    record = plan_record.record(session, row, by=by)
    acts = tuple(sorted(plan_record.open_acts(row, by=by)))
    return PlanShape(
        plan=row_of(row), version=row.version, acts=acts, terms=terms_of(row),
        gaps=tuple(str(gap) for gap in plan_record.gaps(row, today())),
        actions=tuple(
            PlanLine(each.id, each.line, each.text, each.kind.value, each.due_on, each.done_at) for each in row.actions
        ),
        milestones=tuple(
            PlanLine(each.id, each.line, each.title, "milestone", each.due_on, each.done_at)
            for each in row.milestones
        ),
        finding_list=tuple(
            PlanFinding(each.id, each.document_id, each.page_number, each.quote, each.signals, each.severity)
            for each in row.findings
        ),
        messages=tuple(PlanMessage(each.written_by_id, each.written_at, each.text) for each in row.messages),
        **_record(record),
        containment=row.containment, contained_on=row.contained_on, verification=row.verification,
        verifier=row.verifier_id, verify_by=row.verify_by,
        remedy_decided=row.remedy_decided_by_id is not None if by.works_for_a_buyer else None,
        closed_as=row.closed_as, closed_at=row.closed_at, closure_reason=row.closure_reason,
        effect_on=row.effect_on, effect_result=row.effect_result,
    )  # fmt: skip


def _record(record: Record) -> dict[str, Any]:
    return {
        "evidence": tuple(
            PlanEvidence(
                row.document_id, row.milestone_id, row.added_at, row.added_by_id, row.withdrawn_at, row.withdrawn_by_id
            )
            for row in record.evidence
        ),
        "events": tuple(
            PlanEvent(row.number, row.at, row.by_id, row.act, row.before, row.after, row.edition)
            for row in record.events
        ),
        "disputes": tuple(
            PlanDispute(row.finding_id, row.text, row.raised_at, row.answer_due_on, row.outcome, row.answer)
            for row in record.disputes
        ),
        "extensions": tuple(
            PlanExtension(row.asked_at, row.until, row.reason, row.granted, row.answer) for row in record.extensions
        ),
    }  # fmt: skip
