"""Help for suppliers: trainings, coaching and outside help for a signal, by site and group, and never by name."""

from __future__ import annotations

import uuid
from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Word, one_of
from models.people import Person
from models.supplychain import Site, Supplier

FEWEST = 5
"""With fewer people behind it, a result says something about each of them, and is not kept."""


class HelpKind(StrEnum):
    TRAINING = "training"
    COACHING = "coaching"
    """Somebody works beside them for a while."""
    OUTSIDE = "outside"
    """An outside party takes on people or a problem: only with the consent of those concerned."""


class HelpState(StrEnum):
    """Where it stands. It follows from what is written down, and is kept nowhere."""

    PROPOSED = "proposed"
    PLANNED = "planned"
    HELD = "held"
    DECLINED = "declined"


class Training(Base):
    """One training, or other help, that a supplier gets because of a signal. Both sides see and write it."""

    __tablename__ = "training"
    __table_args__ = (
        one_of("kind", HelpKind),
        CheckConstraint("title <> ''", name="has_a_title"),
        CheckConstraint("people IS NULL OR people > 0", name="people_are_counted_from_one"),
        CheckConstraint("declined = '' OR held_on IS NULL", name="what_was_held_was_not_declined"),
        CheckConstraint("held_on IS NULL OR people IS NOT NULL", name="what_was_held_had_people"),
        CheckConstraint(
            f"(before_value IS NULL AND after_value IS NULL) OR (measure <> '' AND people >= {FEWEST})",
            name="results_are_of_a_group",
        ),
        CheckConstraint(
            "kind <> 'outside' OR consent OR (planned_on IS NULL AND held_on IS NULL)",
            name="nobody_is_referred_unasked",
        ),
        Index(None, "supplier_id", "signal"),
        Index(None, "plan_id"),
    )

    id: Mapped[Key]
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id"))
    plan_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("plan.id", ondelete="SET NULL"))
    site_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("site.id"), comment="None: all sites")
    signal: Mapped[str] = mapped_column(String(20), comment="Code, e.g. 'FL.DOC'")
    kind: Mapped[HelpKind] = mapped_column(Word(HelpKind), default=HelpKind.TRAINING)
    title: Mapped[str] = mapped_column(String(200))
    audience: Mapped[str] = mapped_column(String(200), default="", comment="A role or a group, never a name")
    given_by: Mapped[str] = mapped_column(String(200), default="", comment="An organisation, a department")
    consent: Mapped[bool] = mapped_column(default=False, comment="Those concerned want the outside help")
    planned_on: Mapped[date | None]
    held_on: Mapped[date | None]
    people: Mapped[int | None] = mapped_column(comment="How many took part")
    measure: Mapped[str] = mapped_column(String(200), default="", comment="What is counted before and after")
    before_value: Mapped[float | None]
    after_value: Mapped[float | None]
    measured_on: Mapped[date | None] = mapped_column(comment="When the second of the two was taken")
    declined: Mapped[str] = mapped_column(String(500), default="", comment="Why it is not needed")
    added_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[At]
    version: Mapped[int] = mapped_column(comment="Grows with each change, so that a stale form is noticed")

    supplier: Mapped[Supplier] = relationship(lazy="joined", innerjoin=True)
    site: Mapped[Site | None] = relationship(lazy="joined")
    added_by: Mapped[Person] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def state(self) -> HelpState:
        if self.declined:
            return HelpState.DECLINED
        if self.held_on is not None:
            return HelpState.HELD
        return HelpState.PLANNED if self.planned_on is not None else HelpState.PROPOSED

    @property
    def has_results(self) -> bool:
        return self.before_value is not None and self.after_value is not None
