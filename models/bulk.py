"""One decision about many findings: which, what, by whom, and how far the workers are with it."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import At, Base, Key, Moment, Word, one_of
from models.findings import RejectReason, Verdict


class BulkState(StrEnum):
    DECIDING = "deciding"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class BulkOutcome(StrEnum):
    """What became of one finding of the many."""

    DECIDED = "decided"
    PASSED_OVER = "passed_over"
    """Somebody else had decided it meanwhile, or it is not this person's to decide."""
    TAKEN_BACK = "taken_back"
    KEPT = "kept"
    """It could not be taken back: the supplier has its plan already."""


class BulkDecision(Base):
    """A decision about up to ten thousand findings. Each gets its own record; the workers write them in portions."""

    __tablename__ = "bulk_decision"
    __table_args__ = (
        one_of("state", BulkState),
        one_of("verdict", Verdict),
        one_of("reject_reason", RejectReason),
        CheckConstraint("verdict <> 'rejected' OR reject_reason IS NOT NULL", name="a_rejection_has_a_reason"),
        Index(None, "buyer_id", "asked_at"),
        Index(None, "state", "moved_at"),
    )

    id: Mapped[Key]
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    verdict: Mapped[Verdict] = mapped_column(Word(Verdict))
    reject_reason: Mapped[RejectReason | None] = mapped_column(Word(RejectReason))
    remark: Mapped[str] = mapped_column(Text, default="")
    rules: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="Which findings two people look at")
    state: Mapped[BulkState] = mapped_column(Word(BulkState), default=BulkState.DECIDING)
    total: Mapped[int]
    asked_at: Mapped[At]
    moved_at: Mapped[At] = mapped_column(comment="When the last portion was written")
    ended_at: Mapped[datetime | None] = mapped_column(Moment())


class BulkItem(Base):
    """One finding of a bulk decision. Without an outcome it is still to come."""

    __tablename__ = "bulk_item"
    __table_args__ = (
        one_of("outcome", BulkOutcome),
        Index(None, "finding_id"),
        Index(
            "ix_bulk_item_to_do", "bulk_id", "place",
            sqlite_where=text("outcome IS NULL"), postgresql_where=text("outcome IS NULL"),
        ),
    )  # fmt: skip

    bulk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bulk_decision.id", ondelete="CASCADE"), primary_key=True)
    finding_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("finding.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(comment="0, 1, 2 ...: findings of one document stand together")
    outcome: Mapped[BulkOutcome | None] = mapped_column(Word(BulkOutcome))
