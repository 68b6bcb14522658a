"""Background work as rows. The database remembers what is to be done; the queue is only a doorbell."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import At, Base, Key, Moment, Word, one_of

TRIES = 3
"""A document that ends its worker so often is set aside for a person."""

LEASE = timedelta(seconds=120)
"""How long a worker may be silent before another may take over. Longer than any one document may take."""


class WorkKind(StrEnum):
    SCREEN = "screen"
    """Read a document and raise its findings."""


class WorkState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    SET_ASIDE = "set_aside"


class Work(Base):
    """One piece of work on one document.

    `token` is the fencing token: it grows with every claim, and only the holder of the newest may finish.
    A worker that slept through its lease finds its late result refused.
    """

    __tablename__ = "work"
    __table_args__ = (
        one_of("kind", WorkKind),
        one_of("state", WorkState),
        CheckConstraint("attempts >= 0 AND token >= 0", name="counts_never_go_below_zero"),
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="a_lease_only_while_running"),
        CheckConstraint("state <> 'set_aside' OR reason IS NOT NULL", name="set_aside_has_a_reason"),
        UniqueConstraint("kind", "document_id", name="once_per_document"),
        Index(None, "state", "lease_until"),
    )

    id: Mapped[Key]
    kind: Mapped[WorkKind] = mapped_column(Word(WorkKind))
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), index=True)
    state: Mapped[WorkState] = mapped_column(Word(WorkState), default=WorkState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    token: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(Moment())
    reason: Mapped[str | None] = mapped_column(String(40))
    asked_at: Mapped[At]
    done_at: Mapped[datetime | None] = mapped_column(Moment())

    def may_be_claimed(self, now: datetime) -> bool:
        """Waiting work may; running work only after its lease has run out."""
        if self.state is WorkState.WAITING:
            return True
        return self.state is WorkState.RUNNING and self.lease_until is not None and self.lease_until <= now

    def claim(self, now: datetime, *, lease: timedelta = LEASE) -> int:
        """Begin a try and answer its fencing token."""
        self.state, self.lease_until = WorkState.RUNNING, now + lease
        self.attempts += 1
        self.token += 1
        return self.token

    def finish(self, now: datetime) -> None:
        self.state, self.lease_until, self.done_at = WorkState.DONE, None, now

    def give_up(self, reason: str, now: datetime) -> None:
        self.state, self.lease_until, self.reason, self.done_at = WorkState.SET_ASIDE, None, reason, now

    def ask_again(self, now: datetime) -> None:
        """Start afresh, by a person's wish or with a newer engine: the tries are counted from nought."""
        self.state, self.lease_until, self.reason, self.done_at = WorkState.WAITING, None, None, None
        self.attempts, self.asked_at = 0, now
