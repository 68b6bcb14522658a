"""Other systems that an organisation connects: tokens that let them in, and addresses that are told what happened."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of
from models.people import Organisation, Person, Role


class ApiToken(Base):
    """What another system shows instead of a log-in. It acts for a person, in a role; only its hash is kept."""

    __tablename__ = "api_token"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("name <> ''", name="has_a_name"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="a_person_revokes"),
        UniqueConstraint("token_hash", name="token"),
    )

    id: Mapped[Key]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), comment="Who stands behind what it does")
    role: Mapped[Role] = mapped_column(Word(Role))
    name: Mapped[str] = mapped_column(String(200), comment="Which system it is for")
    token_hash: Mapped[str] = mapped_column(String(64))
    may_write: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[At]
    expires_at: Mapped[At]
    used_at: Mapped[datetime | None] = mapped_column(Moment())
    revoked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(Moment())

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined", innerjoin=True)
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id], lazy="joined", innerjoin=True)

    def is_alive(self, now: datetime) -> bool:
        """Whether it still opens the door: not revoked, not too old, its person active and in the same role."""
        if self.revoked_at is not None or now >= self.expires_at:
            return False
        return self.person.is_active and self.person.role is self.role


class Webhook(Base):
    """An address that is told what happened: ids and states, never names or texts."""

    __tablename__ = "webhook"
    __table_args__ = (CheckConstraint("url <> '' AND secret <> ''", name="has_an_address_and_a_secret"),)

    id: Mapped[Key]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    url: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(String(100), comment="Signs what is sent; known to both ends")
    added_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[At]
    removed_at: Mapped[datetime | None] = mapped_column(Moment())


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


PAUSES = (
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
"""How long a delivery waits after its first, second ... failure. After the last it is given up."""


class Delivery(Base):
    """One message to one address. It stays until it was taken, or was tried often enough."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        one_of("state", DeliveryState),
        CheckConstraint("tries >= 0", name="tries_are_counted"),
        Index(None, "state", "try_at"),
    )

    id: Mapped[Key]
    webhook_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[At]
    body: Mapped[dict[str, Any]] = mapped_column(comment="Ids, states and dates")
    state: Mapped[DeliveryState] = mapped_column(Word(DeliveryState), default=DeliveryState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    try_at: Mapped[At]
    last_answer: Mapped[str] = mapped_column(String(60), default="", comment="A status code or a word for the failure")
    ended_at: Mapped[datetime | None] = mapped_column(Moment())

    webhook: Mapped[Webhook] = relationship(lazy="joined", innerjoin=True)

    def taken(self, answer: str, *, at: datetime) -> None:
        self.tries += 1
        self.state, self.last_answer, self.ended_at = DeliveryState.DELIVERED, answer, at

    def failed(self, answer: str, *, at: datetime) -> None:
        """Try again later, or give up after the last pause."""
        self.last_answer = answer
        self.tries += 1
        if self.tries > len(PAUSES):
            self.state, self.ended_at = DeliveryState.GIVEN_UP, at
        else:
            self.try_at = at + PAUSES[self.tries - 1]
