"""A questionnaire that is laid before many suppliers at once: what is laid, and who still waits for it."""

from __future__ import annotations

import uuid
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Word, one_of
from models.people import Person
from models.submissions import Published


class IssuingState(StrEnum):
    """How far the workers are with a questionnaire that goes to more suppliers than one request serves."""

    UNDER_WAY = "under_way"
    STOPPED = "stopped"
    """By a person, or because the due day came. Whoever waits is not asked until somebody has it go on."""
    DONE = "done"


class Issuing(Base):
    """One questionnaire for many suppliers of a buyer, without a campaign. Small ones leave no such row."""

    __tablename__ = "issuing"
    __table_args__ = (
        one_of("state", IssuingState),
        CheckConstraint("total > 0", name="is_for_somebody"),
        Index(None, "buyer_id", "begun_at"),
        Index(None, "state", "moved_at"),
    )

    id: Mapped[Key]
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    questionnaire_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("questionnaire.id"))
    period: Mapped[str] = mapped_column(String(40), default="")
    due_on: Mapped[date | None]
    prefilled: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="What the buyer fills in, by question")
    total: Mapped[int] = mapped_column(comment="Suppliers for whom it was begun")
    state: Mapped[IssuingState] = mapped_column(Word(IssuingState), default=IssuingState.UNDER_WAY)
    begun_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    begun_at: Mapped[At]
    moved_at: Mapped[At] = mapped_column(comment="When the last portion was laid, or somebody stopped it")

    questionnaire: Mapped[Published] = relationship(lazy="joined", innerjoin=True)
    begun_by: Mapped[Person] = relationship(foreign_keys=[begun_by_id])


class ToIssue(Base):
    """A supplier who is to get the questionnaire and has not got it. The row goes when the questionnaire comes."""

    __tablename__ = "issuing_to_issue"

    issuing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("issuing.id", ondelete="CASCADE"), primary_key=True)
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"), primary_key=True)
