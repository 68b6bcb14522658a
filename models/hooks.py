"""Webhooks: addresses that are told when something happened, and every message to them until it has arrived."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of

TRIES = 9
"""A message that could not be handed over so often is given up, and shown as such."""

WAITS = (
    timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2),
    timedelta(hours=6), timedelta(hours=12), timedelta(hours=24),
)  # fmt: skip
"""How long a message rests after each try that failed: all in all nearly two days."""

RESTS = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
"""How long an address rests after so many failures in a row: where one message cannot arrive, others seldom can."""

LEASE = timedelta(seconds=60)
"""How long whoever sends a message may be silent before it is sent by somebody else. Longer than any sending takes."""

KEPT = timedelta(days=30)
"""How long a message that has arrived stays on the list."""


class Happening(StrEnum):
    """What an address can be told of."""

    DOCUMENT_SCREENED = "document.screened"
    """The machine has ended with a document: read in full, in part, or not at all. Its state says which."""
    FINDING_CONFIRMED = "finding.confirmed"
    PLAN_CHANGED = "plan.changed"
    """Any step in the life of a plan, and any word in it."""
    QUESTIONNAIRE_SUBMITTED = "questionnaire.submitted"
    TRIAL = "trial"
    """Nothing happened: somebody wants to see whether messages arrive."""


class DeliveryState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


class Hook(Base):
    """An address of an organisation that is told. Its secret is worked out when it is needed, and kept nowhere."""

    __tablename__ = "hook"
    __table_args__ = (
        CheckConstraint("url <> ''", name="leads_somewhere"),
        CheckConstraint("(removed_at IS NULL) = (removed_by_id IS NULL)", name="a_person_removes"),
        CheckConstraint("failures >= 0 AND generation >= 1", name="counts_never_go_below_zero"),
    )

    id: Mapped[Key]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    url: Mapped[str] = mapped_column(String(500))
    happenings: Mapped[list[Any]] = mapped_column(comment="Words of `Happening`")
    generation: Mapped[int] = mapped_column(default=1, comment="Grows with each new secret")
    secret_print: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the secret, to notice another key")
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[At]
    removed_at: Mapped[datetime | None] = mapped_column(Moment())
    removed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    failures: Mapped[int] = mapped_column(default=0, comment="In a row")
    rests_until: Mapped[datetime | None] = mapped_column(Moment())


class Delivery(Base):
    """One message to one address. It names what happened and to which thing, and nothing else."""

    __tablename__ = "hook_delivery"
    __table_args__ = (
        one_of("happening", Happening),
        one_of("state", DeliveryState),
        CheckConstraint("attempts >= 0", name="attempts_are_counted"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_its_moment"),
        UniqueConstraint("hook_id", "number", name="once_per_hook"),
        Index(None, "state", "due_at"),
        Index(None, "hook_id", "state", "due_at"),
    )

    id: Mapped[Key]
    hook_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hook.id", ondelete="CASCADE"))
    happening: Mapped[Happening] = mapped_column(Word(Happening))
    number: Mapped[int | None] = mapped_column(comment="The journal's entry that it tells of; None for a trial")
    thing_id: Mapped[uuid.UUID]
    happened_at: Mapped[At]
    state: Mapped[DeliveryState] = mapped_column(Word(DeliveryState), default=DeliveryState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0, comment="Also the fencing token of whoever sends it")
    due_at: Mapped[At]
    sent_at: Mapped[datetime | None] = mapped_column(Moment())
    status: Mapped[int | None] = mapped_column(comment="What the address answered last, as an HTTP status")
    reason: Mapped[str | None] = mapped_column(String(40), comment="Why the last try failed, from a closed list")

    hook: Mapped[Hook] = relationship(lazy="joined", innerjoin=True)

    def arrived(self, status: int, at: datetime) -> None:
        self.state, self.sent_at, self.status, self.reason = DeliveryState.SENT, at, status, None
        self.hook.failures, self.hook.rests_until = 0, None

    def failed(self, reason: str, status: int | None, at: datetime) -> None:
        """Try again later, or give it up after so many tries; the address rests meanwhile."""
        self.reason, self.status = reason[:40], status
        if self.attempts >= TRIES:
            self.state = DeliveryState.GIVEN_UP
        else:
            self.due_at = at + WAITS[self.attempts - 1]
        self.hook.failures += 1
        self.hook.rests_until = at + RESTS[min(self.hook.failures, len(RESTS)) - 1]

    def again(self, at: datetime) -> None:
        """Start afresh, by a person's wish."""
        self.state, self.attempts, self.due_at, self.sent_at = DeliveryState.WAITING, 0, at, None
        self.hook.rests_until = None


class HookReader(Base):
    """How far the journal has been read for messages: one row, locked by whoever reads on."""

    __tablename__ = "hook_reader"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    number: Mapped[int]
