"""Keys to the API: each belongs to an organisation, acts for one person in one role, and ends on a day."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of
from models.people import Person, Role

LONGEST_LIFE = timedelta(days=366)
"""No token lives longer: one that was forgotten ends by itself."""

REMEMBERED = timedelta(days=7)
"""How long a call that carried a key of its own is remembered, so that repeating it does nothing twice."""


class Reach(StrEnum):
    """What a token may do of what its person may."""

    READ = "read"
    WRITE = "write"
    """Reads too."""


class ApiToken(Base):
    """A secret by which a program acts for a person. Only its hash is kept."""

    __tablename__ = "api_token"
    __table_args__ = (
        one_of("reach", Reach),
        CheckConstraint("name <> ''", name="has_a_name"),
        CheckConstraint("expires_at > made_at", name="ends_after_it_begins"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="a_person_withdraws"),
        UniqueConstraint("secret_hash", name="secret"),
    )

    id: Mapped[Key]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True, comment="Whom it acts for")
    role: Mapped[Role] = mapped_column(Word(Role), comment="Of the person when it was made; another role ends it")
    reach: Mapped[Reach] = mapped_column(Word(Reach))
    name: Mapped[str] = mapped_column(String(80), comment="What it is for, in its maker's words")
    secret_hash: Mapped[str] = mapped_column(String(64))
    ending: Mapped[str] = mapped_column(String(4), comment="Last letters of the secret, to tell tokens apart by")
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[At]
    expires_at: Mapped[At]
    used_at: Mapped[datetime | None] = mapped_column(Moment(), comment="Kept to the minute")
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment())
    withdrawn_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined", innerjoin=True)
    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id], lazy="joined", innerjoin=True)

    def is_alive(self, now: datetime) -> bool:
        """Whether it still opens: not withdrawn, not over, and its person active in the role that it was made for."""
        return (
            self.withdrawn_at is None
            and now < self.expires_at
            and self.person.is_active
            and self.person.role is self.role
        )


class ApiCall(Base):
    """A writing call that carried a key of its own, kept with its effect: the same call again does nothing new."""

    __tablename__ = "api_call"
    __table_args__ = (UniqueConstraint("token_id", "key", name="once_per_key"),)

    id: Mapped[Key]
    token_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("api_token.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(128))
    print: Mapped[str] = mapped_column(String(64), comment="SHA-256 of what was asked")
    thing_id: Mapped[uuid.UUID | None] = mapped_column(comment="What it made, if it made something")
    at: Mapped[datetime] = mapped_column(Moment(), index=True)
