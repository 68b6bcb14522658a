"""Letters to be sent, and the links in them. A letter's words are made when it leaves; no text of it is kept here."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of
from models.campaigns import Invitation
from models.people import Person

TRIES = 6
"""A letter that could not be handed over so often is given up, and shown as such."""

WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
"""How long it rests after each try that failed."""


class MailKind(StrEnum):
    INVITATION = "invitation"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    ESCALATION = "escalation"
    """To the buyer: suppliers that have not answered long after the day."""
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_GRANTED = "extension_granted"
    EXTENSION_REFUSED = "extension_refused"
    NEW_LINK = "new_link"


class MailState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"
    NOT_NEEDED = "not_needed"
    """Answered, closed or disabled before it left."""


class Mail(Base):
    """One letter to one person about one invitation."""

    __tablename__ = "mail"
    __table_args__ = (
        one_of("kind", MailKind),
        one_of("state", MailState),
        CheckConstraint("attempts >= 0", name="attempts_are_counted"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_its_moment"),
        Index(None, "state", "due_at"),
    )

    id: Mapped[Key]
    kind: Mapped[MailKind] = mapped_column(Word(MailKind))
    state: Mapped[MailState] = mapped_column(Word(MailState), default=MailState.WAITING)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    asked_at: Mapped[At]
    due_at: Mapped[At]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(Moment())
    reason: Mapped[str | None] = mapped_column(String(40), comment="Kind of the last error, without its words")

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    invitation: Mapped[Invitation] = relationship(lazy="joined", innerjoin=True)

    def sent(self, at: datetime) -> None:
        self.state, self.sent_at, self.reason = MailState.SENT, at, None
        self.attempts += 1

    def failed(self, reason: str, at: datetime) -> None:
        """Try again later, or give it up after so many tries."""
        self.attempts += 1
        self.reason = reason[:40]
        if self.attempts >= TRIES:
            self.state = MailState.GIVEN_UP
        else:
            self.due_at = at + WAITS[self.attempts - 1]

    def drop(self, reason: str) -> None:
        self.state, self.reason = MailState.NOT_NEEDED, reason


class EntryLink(Base):
    """The secret of a link in a letter, as its hash. It opens once, for one person, until its day."""

    __tablename__ = "entry_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[At]
    expires_at: Mapped[At]
    used_at: Mapped[datetime | None] = mapped_column(Moment())
    renewed_at: Mapped[datetime | None] = mapped_column(Moment(), comment="When a new one was asked for with it")

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    invitation: Mapped[Invitation] = relationship(lazy="joined", innerjoin=True)

    def opens(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at and self.person.is_active


def link_hash(token: str) -> str:
    """The form in which a link's secret is kept. It is random and long, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
