"""What reviewers do short of a verdict: opinions of two people, questions to suppliers, and who read what is hard."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of
from models.errors import Conflict, Invalid
from models.findings import Finding, RejectReason, Verdict
from models.people import Person


class Opinion(Base):
    """What one person thinks of a finding that two look at. Nobody gives two."""

    __tablename__ = "opinion"
    __table_args__ = (
        one_of("verdict", Verdict),
        one_of("reject_reason", RejectReason),
        CheckConstraint("round >= 1 AND round <= 3", name="first_second_or_deciding"),
        CheckConstraint("verdict <> 'rejected' OR reject_reason IS NOT NULL", name="a_rejection_has_a_reason"),
        UniqueConstraint("finding_id", "round", name="round_once_per_finding"),
        UniqueConstraint("finding_id", "person_id", name="person_once_per_finding"),
        Index(None, "person_id", "given_at"),
    )

    id: Mapped[Key]
    finding_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("finding.id", ondelete="CASCADE"))
    round: Mapped[int] = mapped_column(comment="1, 2, or 3 for the one that decides between them")
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    verdict: Mapped[Verdict] = mapped_column(Word(Verdict))
    reject_reason: Mapped[RejectReason | None] = mapped_column(Word(RejectReason))
    remark: Mapped[str] = mapped_column(Text, default="")
    signal: Mapped[str] = mapped_column(String(20), comment="The most important signal when the opinion was given")
    given_at: Mapped[At]

    person: Mapped[Person] = relationship()


class Asking(Base):
    """A question about a passage that a reviewer puts to the supplier, and the answer."""

    __tablename__ = "asking"
    __table_args__ = (
        CheckConstraint("text <> ''", name="says_what_is_asked"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="a_person_answers"),
        CheckConstraint("answered_at IS NULL OR answer <> ''", name="an_answer_says_something"),
        Index(None, "supplier_id", "asked_at"),
        Index(None, "finding_id"),
    )

    id: Mapped[Key]
    finding_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("finding.id", ondelete="CASCADE"))
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id"))
    text: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[At]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment())
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment())

    finding: Mapped[Finding] = relationship(lazy="joined", innerjoin=True)
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])

    @property
    def waits(self) -> bool:
        """Whether the supplier is still to answer."""
        return self.answered_at is None and self.withdrawn_at is None

    def reply(self, text: str, *, by: Person, at: datetime) -> None:
        """Raises Conflict when it is answered or withdrawn already, Invalid for an empty answer."""
        if not self.waits:
            raise Conflict("This question needs no answer any more: it was answered or withdrawn.")
        if not text.strip():
            raise Invalid("Write your answer first.", field="answer")
        self.answer, self.answered_by_id, self.answered_at = text.strip(), by.id, at


class HardReading(Base):
    """That a person chose to read a passage about violence on this day: so that nobody reads too many."""

    __tablename__ = "hard_reading"
    __table_args__ = (Index(None, "person_id", "day"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    finding_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("finding.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class SavedSearch(Base):
    """A filter of the queue that somebody comes back to."""

    __tablename__ = "saved_search"
    __table_args__ = (
        CheckConstraint("name <> ''", name="has_a_name"),
        UniqueConstraint("person_id", "name", name="name_once_per_person"),
    )

    id: Mapped[Key]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    filters: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="As they stand in the address")
    saved_at: Mapped[At]
