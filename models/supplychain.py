"""Who buys from whom, and where the work is done."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key
from models.people import Organisation


class Supplier(Base):
    """A purchasing relation: one buyer and one supplying company. What is exchanged belongs to the relation."""

    __tablename__ = "supplier"
    __table_args__ = (
        UniqueConstraint("buyer_id", "organisation_id", name="once_per_buyer"),
        CheckConstraint("buyer_id <> organisation_id", name="nobody_supplies_itself"),
    )

    id: Mapped[Key]
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_at: Mapped[At]

    buyer: Mapped[Organisation] = relationship(foreign_keys=[buyer_id], lazy="joined", innerjoin=True)
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id], lazy="joined", innerjoin=True)

    @property
    def name(self) -> str:
        return self.organisation.name


class Site(Base):
    """A place of work of a supplying company."""

    __tablename__ = "site"
    __table_args__ = (
        UniqueConstraint("organisation_id", "name", name="name_once_per_organisation"),
        CheckConstraint("length(country) = 2", name="country_is_iso_3166_alpha_2"),
    )

    id: Mapped[Key]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2), comment="ISO 3166-1 alpha-2")
    place: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[At]
