"""A team's own classifiers: each learned from what its people decided, measured, and put in use only by a person."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of
from models.measured import Measured
from models.people import Person

TRIES = 3
"""Learning that ends its worker so often is given up."""
STEPS = 14
"""Steps of learning that are told one by one; the number of the last is kept as progress."""


class ClassifierState(StrEnum):
    WAITING = "waiting"
    """Asked for; no worker has begun."""
    LEARNING = "learning"
    CANDIDATE = "candidate"
    """Measured; a person decides whether it is used."""
    IN_USE = "in_use"
    FORMER = "former"
    """Another one took its place, and one can go back to it."""
    SET_ASIDE = "set_aside"
    """A person did not want it, or went back from it."""
    FAILED = "failed"
    """Nothing was learned; the reason says why."""


class Hindrance(StrEnum):
    """Why nothing was learned."""

    TOO_FEW = "too_few"
    """Too few decisions of either kind, or of too few documents."""
    TOO_FEW_APART = "too_few_apart"
    """Too few decisions in the documents that are held apart for measuring."""
    ENDED_ITS_WORKER = "ended_its_worker"


class StepAct(StrEnum):
    PROMOTED = "promoted"
    SET_ASIDE = "set_aside"
    ROLLED_BACK = "rolled_back"


_IN_USE: dict[str, Any] = {"sqlite_where": text("state = 'in_use'"), "postgresql_where": text("state = 'in_use'")}
_OPEN = text("state IN ('waiting', 'learning', 'candidate')")


class OwnClassifier(Base):
    """One classifier from its being asked for to its end. It gives second opinions; it settles nothing."""

    __tablename__ = "own_classifier"
    __table_args__ = (
        one_of("state", ClassifierState),
        one_of("hindrance", Hindrance),
        CheckConstraint("(state = 'learning') = (lease_until IS NOT NULL)", name="a_lease_only_while_learning"),
        CheckConstraint("(state = 'failed') = (hindrance IS NOT NULL)", name="what_failed_has_a_reason"),
        CheckConstraint(
            "state NOT IN ('candidate', 'in_use', 'former') OR files_sha256 IS NOT NULL", name="what_is_used_was_kept"
        ),
        CheckConstraint("attempts >= 0 AND token >= 0 AND step >= 0", name="counts_never_go_below_zero"),
        Index("uq_own_classifier_one_in_use", "buyer_id", unique=True, **_IN_USE),
        Index("uq_own_classifier_one_open", "buyer_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "buyer_id", "asked_at"),
        Index(None, "state", "lease_until"),
    )

    id: Mapped[Key]
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[At]
    state: Mapped[ClassifierState] = mapped_column(Word(ClassifierState), default=ClassifierState.WAITING)
    step: Mapped[int] = mapped_column(default=0, comment="Of the steps of learning, how many are done")
    attempts: Mapped[int] = mapped_column(default=0)
    token: Mapped[int] = mapped_column(default=0, comment="Fencing token: only the holder of the newest may finish")
    lease_until: Mapped[datetime | None] = mapped_column(Moment())
    ended_at: Mapped[datetime | None] = mapped_column(Moment(), comment="When learning ended, well or not")
    hindrance: Mapped[Hindrance | None] = mapped_column(Word(Hindrance))
    shortage: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="What there was and what is needed")
    version: Mapped[str] = mapped_column(String(12), default="", comment="First letters of the hash of its numbers")
    files_sha256: Mapped[str | None] = mapped_column(String(64), comment="Its two files as one archive in the vault")
    kept: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="models.measured.Measured as it was written")
    compared_with_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("own_classifier.id"))
    before_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("own_classifier.id"), comment="Which one it took the place of"
    )
    weighed_to: Mapped[uuid.UUID | None] = mapped_column(comment="Findings up to this key have been looked at")

    @property
    def measured(self) -> Measured | None:
        """None until it was measured."""
        return Measured.read(self.kept) if self.kept else None

    def may_be_claimed(self, now: datetime) -> bool:
        if self.state is ClassifierState.WAITING:
            return True
        return self.state is ClassifierState.LEARNING and self.lease_until is not None and self.lease_until <= now

    def claim(self, now: datetime, *, lease: timedelta) -> int:
        """Begin a try and answer its fencing token."""
        self.state, self.lease_until, self.step = ClassifierState.LEARNING, now + lease, 0
        self.attempts += 1
        self.token += 1
        return self.token

    def fail(self, why: Hindrance, shortage: dict[str, int], now: datetime) -> None:
        self.state, self.hindrance, self.shortage = ClassifierState.FAILED, why, dict(shortage)
        self.lease_until, self.ended_at = None, now

    def finish(self, files_sha256: str, version: str, measured: Measured, now: datetime) -> None:
        self.state, self.lease_until, self.ended_at, self.step = ClassifierState.CANDIDATE, None, now, STEPS
        self.files_sha256, self.version, self.kept = files_sha256, version, measured.written()


class ClassifierStep(Base):
    """What a person did with a classifier, and why, in their own words."""

    __tablename__ = "classifier_step"
    __table_args__ = (
        one_of("act", StepAct),
        CheckConstraint("reason <> ''", name="has_a_reason"),
        Index(None, "classifier_id", "at"),
    )

    id: Mapped[Key]
    classifier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("own_classifier.id", ondelete="CASCADE"))
    act: Mapped[StepAct] = mapped_column(Word(StepAct))
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[At]
    reason: Mapped[str] = mapped_column(Text)

    by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class SecondOpinion(Base):
    """What one classifier thinks of one finding: would people confirm it? Never a verdict, and never hides anything."""

    __tablename__ = "second_opinion"
    __table_args__ = (
        CheckConstraint("probability >= 0 AND probability <= 1", name="is_a_probability"),
        Index(None, "classifier_id"),
    )

    finding_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("finding.id", ondelete="CASCADE"), primary_key=True)
    classifier_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("own_classifier.id", ondelete="CASCADE"), primary_key=True
    )
    probability: Mapped[float] = mapped_column(comment="That people would confirm it")
    is_finding: Mapped[bool] = mapped_column(comment="Whether that is above the line that learning drew")
