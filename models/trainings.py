"""What people at a supplier learned: which item of the library, at which site, in which role, and what it changed."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key
from models.supplychain import Site, Supplier


class Training(Base):
    """One training that was given. `before` and `after` are results of the same test, in per cent."""

    __tablename__ = "training"
    __table_args__ = (
        CheckConstraint("people > 0", name="people_are_counted_from_one"),
        CheckConstraint("before BETWEEN 0 AND 100 AND after BETWEEN 0 AND 100", name="results_are_percentages"),
        Index(None, "supplier_id", "item"),
    )

    id: Mapped[Key]
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id"))
    site_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("site.id"), index=True)
    plan_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("plan.id", ondelete="SET NULL"), index=True)
    item: Mapped[str] = mapped_column(String(40), comment="Of the library, e.g. 'recruitment-fees'")
    role: Mapped[str] = mapped_column(String(100), comment="Who was taught, e.g. 'supervisors'; never names")
    people: Mapped[int]
    held_on: Mapped[date]
    before: Mapped[int | None] = mapped_column(comment="Per cent right before")
    after: Mapped[int | None] = mapped_column(comment="Per cent right after")
    remark: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[At]

    supplier: Mapped[Supplier] = relationship(lazy="joined", innerjoin=True)
    site: Mapped[Site | None] = relationship(lazy="joined")
