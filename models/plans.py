"""Corrective action plans: what a supplier and its buyer agree to do about confirmed findings."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of
from models.errors import Conflict, Invalid, NotAllowed
from models.findings import Finding, Severity
from models.people import Person
from models.supplychain import Supplier


class PlanState(StrEnum):
    DRAFT = "draft"
    """The buyer is writing it; the supplier does not see it yet."""
    SENT = "sent"
    """With the supplier, who agrees, asks for a change or disputes."""
    AGREED = "agreed"
    DISPUTED = "disputed"
    EVIDENCE_SUBMITTED = "evidence_submitted"
    """The supplier says that it is done; somebody else must verify that."""
    CLOSED = "closed"


NEXT: dict[PlanState, frozenset[PlanState]] = {
    PlanState.DRAFT: frozenset({PlanState.SENT}),
    PlanState.SENT: frozenset({PlanState.AGREED, PlanState.DISPUTED, PlanState.DRAFT}),
    PlanState.AGREED: frozenset({PlanState.EVIDENCE_SUBMITTED, PlanState.DISPUTED}),
    PlanState.DISPUTED: frozenset({PlanState.SENT, PlanState.CLOSED}),
    PlanState.EVIDENCE_SUBMITTED: frozenset({PlanState.CLOSED, PlanState.AGREED}),
    PlanState.CLOSED: frozenset(),
}
"""Which state may follow which. Sending evidence back is the step to `AGREED`."""


class Plan(Base):
    """A corrective action plan (CAP) with one supplier, for one or more confirmed findings."""

    __tablename__ = "plan"
    __table_args__ = (
        one_of("state", PlanState),
        one_of("severity", Severity),
        CheckConstraint("state = 'draft' OR (action <> '' AND due_on IS NOT NULL)", name="sent_only_when_complete"),
        CheckConstraint("(state = 'closed') = (closed_by_id IS NOT NULL)", name="a_person_stands_behind_every_closure"),
        CheckConstraint(
            "severity <> 'critical' OR closed_by_id IS NULL OR closed_by_id <> opened_by_id",
            name="critical_is_closed_by_a_second_person",
        ),
        Index(None, "supplier_id", "state", "due_on"),
    )

    id: Mapped[Key]
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id"))
    state: Mapped[PlanState] = mapped_column(Word(PlanState), default=PlanState.DRAFT)
    severity: Mapped[Severity] = mapped_column(Word(Severity), comment="The gravest among its findings")
    action: Mapped[str] = mapped_column(Text, default="")
    responsible: Mapped[str] = mapped_column(String(200), default="", comment="At the supplier: a name or a function")
    due_on: Mapped[date | None]
    opened_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[At]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment())
    closed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Moment())
    closure_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(comment="Grows with each change, so that a stale form is noticed")

    supplier: Mapped[Supplier] = relationship(lazy="joined", innerjoin=True)
    opened_by: Mapped[Person] = relationship(foreign_keys=[opened_by_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])
    findings: Mapped[list[Finding]] = relationship(secondary="plan_finding", order_by="Finding.severity_rank")
    milestones: Mapped[list[Milestone]] = relationship(
        back_populates="plan",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="Milestone.due_on, Milestone.id",
    )
    messages: Mapped[list[PlanMessage]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="PlanMessage.written_at, PlanMessage.id"
    )

    __mapper_args__ = {"version_id_col": version}

    def is_overdue(self, today: date) -> bool:
        return self.state is not PlanState.CLOSED and self.due_on is not None and self.due_on < today

    def write(self, *, action: str, responsible: str, due_on: date | None) -> None:
        """Change what is to be done. Only a draft, or a plan under dispute, is open for that."""
        if self.state not in (PlanState.DRAFT, PlanState.DISPUTED):
            raise Conflict("This plan is with the supplier: take it back to a draft before you change it.")
        self.action, self.responsible, self.due_on = action.strip(), responsible.strip(), due_on

    def send(self, *, today: date) -> None:
        """Lay it before the supplier. Raises Invalid while it does not say what is to be done, and by when."""
        if not self.action:
            raise Invalid("Say what is to be done before you send the plan.", field="action")
        if self.due_on is None:
            raise Invalid("Give the day by which it is to be done.", field="due_on")
        if self.due_on < today:
            raise Invalid("The due date has passed already: choose a later day.", field="due_on")
        self._move(PlanState.SENT)

    def take_back(self) -> None:
        self._move(PlanState.DRAFT)

    def agree(self, *, by: Person, responsible: str, at: datetime) -> None:
        """The supplier accepts the plan and names who will do it."""
        if not responsible.strip():
            raise Invalid("Name who is responsible at your side.", field="responsible")
        self._move(PlanState.AGREED)
        self.responsible, self.answered_by_id, self.answered_at = responsible.strip(), by.id, at

    def dispute(self, *, by: Person, at: datetime) -> None:
        self._move(PlanState.DISPUTED)
        self.answered_by_id, self.answered_at = by.id, at

    def submit_evidence(self, *, by: Person, at: datetime) -> None:
        """The supplier says that it is done."""
        self._move(PlanState.EVIDENCE_SUBMITTED)
        self.answered_by_id, self.answered_at = by.id, at

    def send_back(self) -> None:
        """The evidence does not show it: the plan is open again."""
        if self.state is not PlanState.EVIDENCE_SUBMITTED:
            raise Conflict("There is no evidence to send back: the plan is not waiting for verification.")
        self._move(PlanState.AGREED)

    def close(self, *, by: Person, reason: str, at: datetime) -> None:
        """Settle that it is repaired, or that nothing more is to be done, with the reason.

        A critical plan needs a second person: whoever opened it cannot close it (raises NotAllowed).
        """
        if not reason.strip():
            raise Invalid("Say what shows that it is repaired, or why nothing more is to be done.", field="reason")
        if self.severity is Severity.CRITICAL and by.id == self.opened_by_id:
            raise NotAllowed("A critical plan is closed by a second person: ask a colleague to verify and close it.")
        self._move(PlanState.CLOSED)
        self.closed_by_id, self.closed_at, self.closure_reason = by.id, at, reason.strip()

    def _move(self, to: PlanState) -> None:
        if to not in NEXT[self.state]:
            raise Conflict("The plan has moved on since you looked at it: open it again to see where it stands.")
        self.state = to


class PlanFinding(Base):
    """Which findings a plan is to repair. A finding belongs to one plan at most."""

    __tablename__ = "plan_finding"
    __table_args__ = (UniqueConstraint("finding_id", name="one_plan_per_finding"),)

    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True)
    finding_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("finding.id"), primary_key=True)


class Milestone(Base):
    """A step of a plan with its own date and what will show that it was taken."""

    __tablename__ = "milestone"
    __table_args__ = (
        CheckConstraint("title <> ''", name="has_a_title"),
        CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="a_person_stands_behind_every_step"),
    )

    id: Mapped[Key]
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    due_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(Text, default="", comment="What will show that it was done")
    done_at: Mapped[datetime | None] = mapped_column(Moment())
    done_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    plan: Mapped[Plan] = relationship(back_populates="milestones")

    def mark_done(self, *, by: Person, at: datetime) -> None:
        if self.done_at is not None:
            raise Conflict("This step was marked as done already.")
        self.done_by_id, self.done_at = by.id, at


class PlanMessage(Base):
    """What one side says to the other about a plan."""

    __tablename__ = "plan_message"
    __table_args__ = (CheckConstraint("text <> ''", name="says_something"),)

    id: Mapped[Key]
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    written_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[At]
    text: Mapped[str] = mapped_column(Text)

    written_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
