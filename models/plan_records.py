"""What is kept of a plan for good: its editions, signatures, events, pauses, disputes, extensions, remedy decisions."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of
from models.errors import Conflict, Invalid
from models.people import Person
from models.plan_life import PlanState, Side


class Edition(Base):
    """Everything that was agreed on, as it stood after one change. Never altered, so that no date is lost."""

    __tablename__ = "plan_edition"
    __table_args__ = (one_of("side", Side), UniqueConstraint("plan_id", "number", name="number_once_per_plan"))

    id: Mapped[Key]
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    number: Mapped[int]
    side: Mapped[Side] = mapped_column(Word(Side), comment="Which side wrote it")
    written_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[At]
    terms: Mapped[dict[str, Any]]

    written_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Signature(Base):
    """One side's signature under one edition. A withdrawn one stays visible as such."""

    __tablename__ = "plan_signature"
    __table_args__ = (
        one_of("side", Side),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="a_person_withdraws"),
        Index(
            "uq_plan_signature_once_per_edition_and_side",
            "plan_id",
            "edition",
            "side",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    edition: Mapped[int]
    side: Mapped[Side] = mapped_column(Word(Side))
    signed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[At]
    withdrawn_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment())

    signed_by: Mapped[Person] = relationship(foreign_keys=[signed_by_id], lazy="joined", innerjoin=True)


class Event(Base):
    """One step in the life of a plan, with every clock as it stood before. Both sides read it; nobody changes it."""

    __tablename__ = "plan_event"
    __table_args__ = (
        one_of("before", PlanState),
        one_of("after", PlanState),
        UniqueConstraint("plan_id", "number", name="number_once_per_plan"),
    )

    id: Mapped[Key]
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    number: Mapped[int]
    at: Mapped[At]
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), comment="None where the clock acted")
    act: Mapped[str] = mapped_column(String(60), comment="As in the journal, e.g. 'plan.signed'")
    before: Mapped[PlanState] = mapped_column(Word(PlanState))
    after: Mapped[PlanState] = mapped_column(Word(PlanState))
    edition: Mapped[int]
    dates: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="Every date of the plan before the act")

    by: Mapped[Person | None] = relationship(lazy="joined")


class Pause(Base):
    """A time in which no clock of the plan ran, and why."""

    __tablename__ = "plan_pause"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_a_reason"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="a_person_ends_it"),
    )

    id: Mapped[Key]
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    began_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    began_at: Mapped[At]
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment())


class Outcome(StrEnum):
    """What a dispute came to."""

    UPHELD = "upheld"
    """The supplier is right: it is no finding."""
    PARTLY = "partly"
    """The finding stands, and the plan was wrong."""
    DISMISSED = "dismissed"
    """The finding and the plan stand."""


class Dispute(Base):
    """The supplier says that it is not so. The buyer answers by a day; the outcome is kept with the finding.

    With a `finding_id` and an outcome it is a label that two sides have looked at, from which the engine may learn.
    """

    __tablename__ = "plan_dispute"
    __table_args__ = (
        one_of("outcome", Outcome),
        CheckConstraint("text <> ''", name="says_what_is_not_right"),
        CheckConstraint(
            "(outcome IS NULL) = (settled_by_id IS NULL) AND (outcome IS NULL) = (settled_at IS NULL)",
            name="a_person_settles_it",
        ),
        CheckConstraint("outcome IS NULL OR answer <> ''", name="an_outcome_has_its_reason"),
        CheckConstraint("settled_by_id IS NULL OR settled_by_id <> raised_by_id", name="nobody_settles_their_own"),
    )

    id: Mapped[Key]
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    finding_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("finding.id"), index=True, comment="None where the plan is disputed and no finding"
    )
    raised_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    raised_at: Mapped[At]
    text: Mapped[str] = mapped_column(Text)
    answer_due_on: Mapped[date]
    outcome: Mapped[Outcome | None] = mapped_column(Word(Outcome))
    answer: Mapped[str] = mapped_column(Text, default="")
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Moment())

    def settle(self, outcome: Outcome, *, by: Person, answer: str, at: datetime) -> None:
        """Raises Conflict when it is settled already, Invalid without an answer."""
        if self.outcome is not None:
            raise Conflict("This dispute was settled already.")
        if not answer.strip():
            raise Invalid("Answer the supplier: say what you looked at and why you decide so.", field="answer")
        self.outcome, self.answer, self.settled_by_id, self.settled_at = outcome, answer.strip(), by.id, at

    def was_answered_in_time(self, today: date) -> bool | None:
        """None while there is still time."""
        if self.settled_at is None:
            return None if today <= self.answer_due_on else False
        return self.settled_at.date() <= self.answer_due_on


class Extension(Base):
    """The supplier asks for more time, with the reason. Granting it is both sides' consent to the new day."""

    __tablename__ = "plan_extension"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_a_reason"),
        CheckConstraint("until > due_before", name="asks_for_a_later_day"),
        CheckConstraint(
            "(granted IS NULL) = (decided_by_id IS NULL) AND (granted IS NULL) = (decided_at IS NULL)",
            name="a_person_decides",
        ),
    )

    id: Mapped[Key]
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[At]
    due_before: Mapped[date]
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    granted: Mapped[bool | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    answer: Mapped[str] = mapped_column(Text, default="")


class RemedyDecision(Base):
    """Whether the people who were harmed are owed a remedy, and why: a person's decision, for the remedy case."""

    __tablename__ = "remedy_decision"
    __table_args__ = (CheckConstraint("reason <> ''", name="has_a_reason"), Index(None, "plan_id", "decided_at"))

    id: Mapped[Key]
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    needed: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[At]

    decided_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Escalation(Base):
    """A plan climbed a rung of the ladder: by a person with a reason, or because it was overdue for so long."""

    __tablename__ = "plan_escalation"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 9", name="level_is_a_rung"),
        CheckConstraint("reason <> '' OR by_id IS NULL", name="a_person_gives_a_reason"),
    )

    id: Mapped[Key]
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    level: Mapped[int]
    at: Mapped[At]
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), comment="None: the clock")
    reason: Mapped[str] = mapped_column(Text, default="")
    days_late: Mapped[int]


class WeeklyLook(Base):
    """Somebody at the buyer looked at a critical plan this week, and says how it stands. The supplier sees none."""

    __tablename__ = "plan_look"
    __table_args__ = (CheckConstraint("note <> ''", name="says_how_it_stands"), Index(None, "plan_id", "at"))

    id: Mapped[Key]
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[At]
    note: Mapped[str] = mapped_column(Text)

    by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
