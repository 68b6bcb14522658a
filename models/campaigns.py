"""Asking many suppliers at once: campaigns, who is invited, who asked for more time, and who supplies whom."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of
from models.errors import Conflict
from models.people import Person
from models.submissions import Published, Submission
from models.supplychain import Supplier


class Inviting(StrEnum):
    """How far the workers are with asking everybody whom a campaign was started for."""

    UNDER_WAY = "under_way"
    STOPPED = "stopped"
    """By a person. Whoever waits is not asked until somebody has it go on."""
    DONE = "done"


class Campaign(Base):
    """One questionnaire before many suppliers of one buyer, to be answered by a day."""

    __tablename__ = "campaign"
    __table_args__ = (
        one_of("inviting", Inviting),
        CheckConstraint("name <> ''", name="has_a_name"),
        Index(None, "inviting", "moved_at"),
    )

    id: Mapped[Key]
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    questionnaire_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("questionnaire.id"))
    name: Mapped[str] = mapped_column(String(120))
    period: Mapped[str] = mapped_column(String(40), default="")
    due_on: Mapped[date]
    languages: Mapped[list[Any]] = mapped_column(comment="ISO 639-1; the first is for whom no other fits")
    remind_days: Mapped[list[Any]] = mapped_column(comment="Days before the due day on which reminders go out")
    started_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[At]
    closed_at: Mapped[datetime | None] = mapped_column(Moment(), comment="No more reminders go out from then on")
    inviting: Mapped[Inviting] = mapped_column(Word(Inviting), default=Inviting.DONE)
    moved_at: Mapped[datetime | None] = mapped_column(Moment(), comment="When the last portion was invited")

    questionnaire: Mapped[Published] = relationship(lazy="joined", innerjoin=True)
    started_by: Mapped[Person] = relationship(foreign_keys=[started_by_id])
    invitations: Mapped[list[Invitation]] = relationship(
        back_populates="campaign", cascade="all, delete-orphan", passive_deletes=True
    )


class ToInvite(Base):
    """A supplier for whom a campaign was started and who is not invited yet. The row goes when the invitation comes."""

    __tablename__ = "campaign_to_invite"

    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"), primary_key=True)


class Invitation(Base):
    """One supplier in a campaign, with the questionnaire that was laid before it."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("reminders >= 0", name="reminders_are_counted"),
        UniqueConstraint("campaign_id", "supplier_id", name="supplier_once_per_campaign"),
        UniqueConstraint("submission_id", name="one_per_submission"),
    )

    id: Mapped[Key]
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id"), index=True)
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    passed_on_from_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("invitation.id", ondelete="SET NULL"), comment="Of the supplier that invited this one"
    )
    language: Mapped[str] = mapped_column(String(8))
    invited_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    invited_at: Mapped[At]
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment())
    escalated_at: Mapped[datetime | None] = mapped_column(Moment())

    campaign: Mapped[Campaign] = relationship(back_populates="invitations", lazy="joined", innerjoin=True)
    supplier: Mapped[Supplier] = relationship(lazy="joined", innerjoin=True)
    submission: Mapped[Submission] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_open(self) -> bool:
        """Whether the supplier still has something to send."""
        return self.submission.state.is_open

    def is_late(self, today: date) -> bool:
        return self.is_open and self.submission.is_overdue(today)


class Decision(StrEnum):
    GRANTED = "granted"
    REFUSED = "refused"


class ExtensionRequest(Base):
    """A supplier asks for more time, with its reason; a person at the buyer decides."""

    __tablename__ = "extension_request"
    __table_args__ = (
        one_of("decision", Decision),
        CheckConstraint("reason <> ''", name="has_a_reason"),
        CheckConstraint(
            "(decision IS NULL) = (decided_by_id IS NULL) AND (decision IS NULL) = (decided_at IS NULL)",
            name="a_person_stands_behind_every_decision",
        ),
    )

    id: Mapped[Key]
    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), index=True)
    wanted_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[At]
    decision: Mapped[Decision | None] = mapped_column(Word(Decision))
    answer: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())

    invitation: Mapped[Invitation] = relationship(lazy="joined", innerjoin=True)
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])

    def decide(self, decision: Decision, *, by: Person, answer: str, at: datetime) -> None:
        """Raises Conflict when somebody decided already."""
        if self.decision is not None:
            raise Conflict("Somebody has decided about this already.")
        self.decision, self.decided_by_id, self.decided_at, self.answer = decision, by.id, at, answer


class SupplyLink(Base):
    """One company supplies another, which supplies the buyer: the tier of a supplier follows from these."""

    __tablename__ = "supply_link"
    __table_args__ = (
        UniqueConstraint("customer_id", "supplier_id", name="once"),
        CheckConstraint("customer_id <> supplier_id", name="nobody_supplies_itself"),
    )

    id: Mapped[Key]
    customer_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("supplier.id"), comment="The relation nearer to the buyer"
    )
    supplier_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("supplier.id"), index=True, comment="The relation further away, of the same buyer"
    )
    also_direct: Mapped[bool] = mapped_column(default=False, comment="It supplied the buyer itself before")
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[At]
