"""Corrective action plans: what a supplier and its buyer agree to do about findings, and whether it helped."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of
from models.errors import Conflict, Invalid, NotAllowed
from models.findings import Finding, Severity
from models.people import Person
from models.plan_life import (
    ENDED,
    INTERRUPTED,
    OPEN,
    SIGNED,
    TALKING,
    WAITS_FOR,
    Onward,
    PlanAct,
    PlanState,
    Side,
    way,
)
from models.plan_parts import Action, Milestone, Monitoring, PlanFinding, PlanMessage, Support
from models.plan_terms import ActionKind, Cause, Method
from models.supplychain import Supplier

__all__ = ["Closure", "Plan", "PlanFinding", "PlanState", "Verification"]


def moved_on() -> Conflict:
    """What somebody is told whose act does not fit where the plan stands by now."""
    return Conflict("The plan has moved on since you looked at it: open it again to see where it stands.")


class Verification(StrEnum):
    """How it was looked at whether it is done."""

    PAPERS = "papers"
    VISIT = "visit"
    INTERVIEWS = "interviews"
    SURVEY = "survey"
    DATA = "data"


class Closure(StrEnum):
    DONE = "done"
    NO_ACTION = "no_action"


def _words(states: frozenset[PlanState]) -> str:
    return ", ".join(f"'{state.value}'" for state in PlanState if state in states)


class Plan(Base):
    """A corrective action plan (CAP) with one supplier, for one or more confirmed findings."""

    __tablename__ = "plan"
    __table_args__ = (
        one_of("state", PlanState),
        one_of("state_before", PlanState),
        one_of("severity", Severity),
        one_of("root_cause_method", Method),
        one_of("root_cause_category", Cause),
        one_of("verification", Verification),
        one_of("closed_as", Closure),
        CheckConstraint(
            f"state NOT IN ({_words(SIGNED)}) OR "
            "(buyer_signed_by_id IS NOT NULL AND supplier_signed_by_id IS NOT NULL)",
            name="work_begins_when_both_have_signed",
        ),
        CheckConstraint(f"state NOT IN ({_words(SIGNED)}) OR due_on IS NOT NULL", name="what_is_agreed_has_a_day"),
        CheckConstraint(
            f"(state IN ({_words(INTERRUPTED)})) = (state_before IS NOT NULL)",
            name="an_interruption_knows_the_way_back",
        ),
        CheckConstraint(
            f"(state IN ({_words(ENDED)})) = (closed_by_id IS NOT NULL)", name="a_person_stands_behind_every_closure"
        ),
        CheckConstraint(
            "severity <> 'critical' OR closed_by_id IS NULL OR closed_by_id <> opened_by_id",
            name="critical_is_closed_by_a_second_person",
        ),
        CheckConstraint(
            "severity <> 'critical' OR closed_by_id IS NULL OR remedy_decided_by_id IS NOT NULL "
            "OR closed_before_remedy",
            name="critical_is_closed_with_a_remedy_decision",
        ),
        CheckConstraint(
            "evidence_by_id IS NULL OR ((verifier_id IS NULL OR verifier_id <> evidence_by_id) "
            "AND (closed_by_id IS NULL OR closed_by_id <> evidence_by_id))",
            name="nobody_verifies_their_own_evidence",
        ),
        CheckConstraint("state <> 'verification' OR verifier_id IS NOT NULL", name="verification_has_a_verifier"),
        CheckConstraint(
            "state <> 'effective' OR (effect_by_id IS NOT NULL AND effect_on IS NOT NULL)",
            name="a_person_has_seen_the_effect",
        ),
        CheckConstraint("buyer_share BETWEEN 0 AND 100", name="share_is_a_percentage"),
        CheckConstraint("edition >= 1 AND level >= 0 AND paused_days >= 0", name="counts_never_go_below_zero"),
        Index(None, "supplier_id", "state", "clock_on"),
        Index(None, "clock_on"),
    )

    id: Mapped[Key]
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id"))
    state: Mapped[PlanState] = mapped_column(Word(PlanState), default=PlanState.DRAFT)
    state_before: Mapped[PlanState | None] = mapped_column(Word(PlanState), comment="While disputed or suspended")
    severity: Mapped[Severity] = mapped_column(Word(Severity), comment="The gravest among its findings")
    country: Mapped[str | None] = mapped_column(String(2), comment="Of the site: its working days count")
    edition: Mapped[int] = mapped_column(default=1, comment="Of what is agreed on; both sides sign the same one")
    version: Mapped[int] = mapped_column(comment="Grows with each change, so that a stale form is noticed")

    root_cause_method: Mapped[Method | None] = mapped_column(Word(Method))
    root_cause_category: Mapped[Cause | None] = mapped_column(Word(Cause))
    root_cause: Mapped[str] = mapped_column(Text, default="")
    no_action: Mapped[str] = mapped_column(Text, default="", comment="Why nothing is to be done, where that is agreed")
    responsible: Mapped[str] = mapped_column(String(200), default="", comment="At the supplier: a name or a function")
    people: Mapped[int | None] = mapped_column(comment="How many are affected")
    due_on: Mapped[date | None]
    indicator: Mapped[str] = mapped_column(String(500), default="", comment="What will show that it helped")
    target: Mapped[str] = mapped_column(String(300), default="")
    effect_due_on: Mapped[date | None]
    cost: Mapped[int | None] = mapped_column(comment="In whole units of the currency")
    currency: Mapped[str] = mapped_column(String(3), default="", comment="ISO 4217")
    buyer_share: Mapped[int | None] = mapped_column(comment="Per cent of the cost that the buyer bears")

    opened_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[At]
    sent_at: Mapped[datetime | None] = mapped_column(Moment(), comment="None: the supplier has never seen it")
    accountable_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), comment="At the buyer")
    agree_by: Mapped[date] = mapped_column(comment="By when both should have signed")
    containment: Mapped[str] = mapped_column(Text, default="", comment="What was done at once, so that people are safe")
    containment_due_at: Mapped[datetime | None] = mapped_column(Moment())
    contained_on: Mapped[date | None]
    contained_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    buyer_signed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), comment="This edition")
    supplier_signed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), comment="This edition")
    began_at: Mapped[datetime | None] = mapped_column(Moment())
    evidence_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    evidence_at: Mapped[datetime | None] = mapped_column(Moment())
    verify_by: Mapped[date | None]
    verifier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    verification: Mapped[Verification | None] = mapped_column(Word(Verification))
    remedy_decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    closed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Moment())
    closed_as: Mapped[Closure | None] = mapped_column(Word(Closure))
    closed_before_remedy: Mapped[bool] = mapped_column(default=False, comment="Under the rules of the first version")
    closure_reason: Mapped[str] = mapped_column(Text, default="")
    effect_on: Mapped[date | None]
    effect_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    effect_result: Mapped[str] = mapped_column(Text, default="")
    paused_days: Mapped[int] = mapped_column(default=0, comment="By which pauses moved the day that was agreed")
    clock_on: Mapped[date | None] = mapped_column(comment="When the present clock ends; None where none runs")
    level: Mapped[int] = mapped_column(default=0, comment="The rung of the escalation ladder")
    repeats_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("plan.id"), comment="An earlier plan for the same")

    supplier: Mapped[Supplier] = relationship(lazy="joined", innerjoin=True)
    opened_by: Mapped[Person] = relationship(foreign_keys=[opened_by_id])
    accountable: Mapped[Person] = relationship(foreign_keys=[accountable_id])
    repeats: Mapped[Plan | None] = relationship(remote_side="Plan.id", viewonly=True)
    findings: Mapped[list[Finding]] = relationship(secondary="plan_finding", order_by="Finding.severity_rank")
    actions: Mapped[list[Action]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by=Action.line
    )
    milestones: Mapped[list[Milestone]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="Milestone.due_on, Milestone.line"
    )
    monitoring: Mapped[list[Monitoring]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by=Monitoring.line
    )
    support: Mapped[list[Support]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by=Support.line
    )
    messages: Mapped[list[PlanMessage]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="PlanMessage.written_at, PlanMessage.id"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def headline(self) -> str:
        """The first corrective action, or why there is none; empty before anything was written."""
        first = next((row.text for row in self.actions if row.kind is ActionKind.CORRECTIVE), "")
        return first or self.no_action or next((row.text for row in self.actions), "")

    @property
    def runs_until(self) -> date | None:
        """The day that was agreed, moved on by every pause."""
        return None if self.due_on is None else self.due_on + timedelta(days=self.paused_days)

    def is_overdue(self, today: date) -> bool:
        return self.state in OPEN and self.clock_on is not None and self.clock_on < today

    def waits_for(self) -> frozenset[Side]:
        """Whose turn it is. Of two who should sign, only who has not."""
        sides = WAITS_FOR[self.state]
        return sides - self.signed_by() if self.state is PlanState.NEGOTIATION else sides

    def signed_by(self) -> frozenset[Side]:
        """The sides whose signatures stand under the present edition."""
        both = ((Side.BUYER, self.buyer_signed_by_id), (Side.SUPPLIER, self.supplier_signed_by_id))
        return frozenset(side for side, person_id in both if person_id is not None)

    def go(self, act: PlanAct, side: Side) -> None:
        """Take one row of the table of life. Raises Conflict where the plan stands elsewhere."""
        row = way(act, side, self.state)
        if row is None:
            raise moved_on()
        if row.after is Onward.BACK:
            if self.state_before is None:
                raise moved_on()
            self.state, self.state_before = self.state_before, None
        elif isinstance(row.after, PlanState):
            self.state_before = self.state if row.after in INTERRUPTED else None
            self.state = row.after

    def unsign(self) -> None:
        """What changes is signed by nobody, until both sign anew."""
        self.buyer_signed_by_id = self.supplier_signed_by_id = None

    def put_signature(self, side: Side, person_id: uuid.UUID | None) -> None:
        if side is Side.BUYER:
            self.buyer_signed_by_id = person_id
        else:
            self.supplier_signed_by_id = person_id

    def set_clock(self, answer_due_on: date | None = None) -> None:
        """Which day ends the present clock. `answer_due_on` is that of an open dispute."""
        later = timedelta(days=self.paused_days)
        if self.state in TALKING or self.state in (PlanState.DRAFT, PlanState.REOPENED):
            self.clock_on = self.agree_by + later
        elif self.state in (PlanState.EVIDENCE_SUBMITTED, PlanState.VERIFICATION):
            self.clock_on = self.verify_by
        elif self.state in SIGNED:
            self.clock_on = self.runs_until
        elif self.state is PlanState.CLOSED and self.closed_as is Closure.DONE:
            self.clock_on = self.effect_due_on
        else:
            self.clock_on = answer_due_on if self.state is PlanState.DISPUTED else None

    def take_up(self, *, by: Person, how: Verification) -> None:
        """Begin to verify. Raises NotAllowed for whoever sent the evidence."""
        if by.id == self.evidence_by_id:
            raise NotAllowed("Nobody verifies their own evidence: ask a colleague to look at it.")
        self.go(PlanAct.VERIFY, Side.BUYER)
        self.verifier_id, self.verification = by.id, how

    def close(self, act: PlanAct, *, by: Person, reason: str, at: datetime) -> None:
        """Settle that it is done (`CLOSE`), or that nothing is to be done (`DROP`), with the reason.

        A critical plan needs a second person and a decision about remedy (raises NotAllowed, Conflict).
        """
        if not reason.strip():
            raise Invalid("Say what shows that it is repaired, or why nothing more is to be done.", field="reason")
        if by.id == self.evidence_by_id:
            raise NotAllowed("Nobody verifies their own evidence: ask a colleague to look at it.")
        if self.severity is Severity.CRITICAL:
            if by.id == self.opened_by_id:
                raise NotAllowed(
                    "A critical plan is closed by a second person: ask a colleague to verify and close it."
                )
            if self.remedy_decided_by_id is None:
                raise Conflict("First decide whether the people concerned are owed a remedy: then it can be closed.")
        self.go(act, Side.BUYER)
        self.closed_as = Closure.DONE if act is PlanAct.CLOSE else Closure.NO_ACTION
        self.closed_by_id, self.closed_at, self.closure_reason = by.id, at, reason.strip()

    def confirm_effect(self, *, by: Person, result: str, today: date) -> None:
        """Settle, at a later look, that it helped. Raises Conflict before the agreed day."""
        if not result.strip():
            raise Invalid("Say what you saw, measured against the indicator.", field="result")
        if self.effect_due_on is not None and today < self.effect_due_on:
            raise Conflict("It is too early to tell whether it helped: look again on the agreed day.")
        self.go(PlanAct.CONFIRM, Side.BUYER)
        self.effect_on, self.effect_by_id, self.effect_result = today, by.id, result.strip()

    def reopen(self, *, agree_by: date) -> None:
        """The harm is back, or was never gone: both sides agree anew, with a day of their own for that."""
        self.go(PlanAct.REOPEN, Side.BUYER)
        self.unsign()
        self.closed_by_id = self.closed_at = self.closed_as = None
        self.effect_by_id = self.effect_on = None
        self.began_at = self.evidence_by_id = self.evidence_at = self.verifier_id = self.verify_by = None
        self.closure_reason = self.effect_result = ""
        self.agree_by, self.paused_days, self.closed_before_remedy = agree_by, 0, False

    def dates(self) -> dict[str, str]:
        """Every date and moment of the plan that is no term, for the record that is kept of each step."""
        names = (
            "agree_by", "sent_at", "containment_due_at", "contained_on", "began_at", "evidence_at", "verify_by",
            "closed_at", "effect_on", "clock_on",
        )  # fmt: skip
        return {name: getattr(self, name).isoformat() for name in names if getattr(self, name) is not None}
