"""The lines of a plan: actions of both sides, steps with their evidence, how it is watched, and who helps."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of
from models.documents import Document
from models.errors import Conflict
from models.people import Person
from models.plan_terms import ActionKind, Lever


class PlanFinding(Base):
    """Which findings a plan is to repair. A finding belongs to one plan at most."""

    __tablename__ = "plan_finding"
    __table_args__ = (UniqueConstraint("finding_id", name="one_plan_per_finding"),)

    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True)
    finding_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("finding.id"), primary_key=True)


class Action(Base):
    """Something that one side does: the supplier repairs and prevents, the buyer changes how it buys."""

    __tablename__ = "plan_action"
    __table_args__ = (
        one_of("kind", ActionKind),
        one_of("lever", Lever),
        CheckConstraint("text <> ''", name="says_what_is_done"),
        CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="a_person_stands_behind_it"),
        UniqueConstraint("plan_id", "line", name="line_once_per_plan"),
    )

    id: Mapped[Key]
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    line: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[ActionKind] = mapped_column(Word(ActionKind), default=ActionKind.CORRECTIVE)
    owner: Mapped[str] = mapped_column(String(200), default="", comment="A name or a function")
    due_on: Mapped[date | None]
    lever: Mapped[Lever | None] = mapped_column(Word(Lever), comment="For actions of the buyer")
    done_at: Mapped[datetime | None] = mapped_column(Moment())
    done_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    def mark_done(self, *, by: Person, at: datetime) -> None:
        """Raises Conflict when it is done already."""
        if self.done_at is not None:
            raise Conflict("This action was marked as done already.")
        self.done_by_id, self.done_at = by.id, at


class Milestone(Base):
    """A step of a plan with its own date and what will show that it was taken."""

    __tablename__ = "milestone"
    __table_args__ = (
        CheckConstraint("title <> ''", name="has_a_title"),
        CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="a_person_stands_behind_every_step"),
        UniqueConstraint("plan_id", "line", name="line_once_per_plan"),
    )

    id: Mapped[Key]
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    line: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    due_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(Text, default="", comment="What will show that it was done")
    done_at: Mapped[datetime | None] = mapped_column(Moment())
    done_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    def mark_done(self, *, by: Person, at: datetime) -> None:
        """Raises Conflict when it is done already."""
        if self.done_at is not None:
            raise Conflict("This step was marked as done already.")
        self.done_by_id, self.done_at = by.id, at


class Monitoring(Base):
    """How both sides see whether it goes on: what is looked at, by whom, how often."""

    __tablename__ = "plan_monitoring"
    __table_args__ = (
        CheckConstraint("what <> ''", name="says_what_is_watched"),
        UniqueConstraint("plan_id", "line", name="line_once_per_plan"),
    )

    id: Mapped[Key]
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    line: Mapped[int]
    what: Mapped[str] = mapped_column(String(500))
    by_whom: Mapped[str] = mapped_column(String(200), default="")
    how_often: Mapped[str] = mapped_column(String(200), default="")


class Support(Base):
    """Somebody from outside who helps: a union, an organisation, an expert."""

    __tablename__ = "plan_support"
    __table_args__ = (
        CheckConstraint("name <> ''", name="has_a_name"),
        UniqueConstraint("plan_id", "line", name="line_once_per_plan"),
    )

    id: Mapped[Key]
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    line: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    help: Mapped[str] = mapped_column(String(500), default="")


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


class Evidence(Base):
    """A file that is to show something: that a step was taken, or that a dispute is right.

    One that was given by mistake stays as withdrawn; the same file can be given again.
    """

    __tablename__ = "plan_evidence"
    __table_args__ = (
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="a_person_withdraws"),
        Index(
            "uq_plan_evidence_file_once_per_plan",
            "plan_id",
            "document_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"), index=True)
    milestone_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("milestone.id", ondelete="SET NULL"), comment="None: for the plan as a whole"
    )
    added_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[At]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment())
    withdrawn_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    document: Mapped[Document] = relationship(lazy="joined", innerjoin=True)
    added_by: Mapped[Person] = relationship(foreign_keys=[added_by_id], lazy="joined", innerjoin=True)
    withdrawn_by: Mapped[Person | None] = relationship(foreign_keys=[withdrawn_by_id])
