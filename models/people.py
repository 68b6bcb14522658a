"""Who works with Salient: companies, the persons who belong to them, what each may do, and their log-ins."""

from __future__ import annotations

import hashlib
import uuid
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of

IDLE = timedelta(minutes=30)
"""A log-in that is not used for so long ends (OWASP ASVS 5.0, 7.3.1)."""

LONGEST = timedelta(hours=12)
"""No log-in lives longer, used or not (OWASP ASVS 5.0, 7.3.2)."""


class OrganisationKind(StrEnum):
    BUYER = "buyer"
    """Screens its suppliers. Its people see its own suppliers only."""
    SUPPLIER = "supplier"
    """Is screened, and answers. Its people see their own documents and plans only."""


class Role(StrEnum):
    SUPPLIER_USER = "supplier_user"
    REVIEWER = "reviewer"
    COMPLIANCE = "compliance"
    ADMIN = "admin"


BUYER_ROLES = frozenset({Role.REVIEWER, Role.COMPLIANCE, Role.ADMIN})


class Organisation(Base):
    """A company, on either side of a purchase."""

    __tablename__ = "organisation"
    __table_args__ = (one_of("kind", OrganisationKind), CheckConstraint("name <> ''", name="has_a_name"))

    id: Mapped[Key]
    kind: Mapped[OrganisationKind] = mapped_column(Word(OrganisationKind))
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[At]


class Person(Base):
    """Somebody with a log-in. A person has one role, in one organisation."""

    __tablename__ = "person"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        UniqueConstraint("email", name="email"),
    )

    id: Mapped[Key]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[Role] = mapped_column(Word(Role))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    password_hash: Mapped[str] = mapped_column(String(200), comment="argon2id; empty means that no log-in is possible")
    language: Mapped[str] = mapped_column(String(8), default="en")
    created_at: Mapped[At]
    disabled_at: Mapped[datetime | None] = mapped_column(Moment())
    wants_digest: Mapped[bool] = mapped_column(default=True, comment="A letter a day at most about what waits")
    digest_on: Mapped[date | None] = mapped_column(comment="The day on which it was last looked whether one is due")

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    @property
    def works_for_a_buyer(self) -> bool:
        return self.role in BUYER_ROLES


class LogIn(Base):
    """One browser that is logged in. The cookie holds a secret; only its hash is kept here."""

    __tablename__ = "log_in"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    began_at: Mapped[At]
    seen_at: Mapped[At]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    def is_alive(self, now: datetime) -> bool:
        """Whether it still counts: used within the idle time, not too old, and its person not disabled."""
        return now - self.seen_at < IDLE and now - self.began_at < LONGEST and self.person.is_active


def token_hash(token: str) -> str:
    """The form in which a log-in's secret is kept. The secret is random and long, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
