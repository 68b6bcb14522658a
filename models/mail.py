"""Letters to be sent, and the links in them. A letter's words are made when it leaves; its text is kept nowhere."""

from __future__ import annotations

import hashlib
import uuid
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of
from models.campaigns import Invitation
from models.people import Organisation, Person
from models.review import Asking

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
    DIGEST = "digest"
    """What waits for its reader, in numbers: plans and questions, once a day at most."""
    PLANS_LATE = "plans_late"
    """Plans have climbed the ladder of escalation."""
    QUESTION = "question"
    """To the supplier: a reviewer asks about a passage."""
    PASSWORD = "password"
    """To anybody with a log-in: a link by which a forgotten password is replaced."""


ABOUT_PLANS = frozenset({MailKind.DIGEST, MailKind.PLANS_LATE})
"""Letters that name a number for each customer, and nothing else."""

ABOUT_ANSWERS = frozenset(MailKind) - ABOUT_PLANS - {MailKind.QUESTION, MailKind.PASSWORD}

AT_ANY_HOUR = frozenset({MailKind.PASSWORD})
"""Letters that leave in quiet hours too: somebody sits there and waits."""


def _words(kinds: frozenset[MailKind]) -> str:
    return ", ".join(f"'{kind.value}'" for kind in MailKind if kind in kinds)


class MailState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"
    NOT_NEEDED = "not_needed"
    """Answered, closed or disabled before it left."""


class Mail(Base):
    """One letter to one person: about an invitation to answer, about plans, or about a question to a supplier."""

    __tablename__ = "mail"
    __table_args__ = (
        one_of("kind", MailKind),
        one_of("state", MailState),
        CheckConstraint("attempts >= 0", name="attempts_are_counted"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_its_moment"),
        CheckConstraint(
            f"(invitation_id IS NOT NULL) = (kind IN ({_words(ABOUT_ANSWERS)}))", name="answers_have_an_invitation"
        ),
        CheckConstraint("(asking_id IS NOT NULL) = (kind = 'question')", name="a_question_is_named"),
        Index(None, "state", "due_at"),
    )

    id: Mapped[Key]
    kind: Mapped[MailKind] = mapped_column(Word(MailKind))
    state: Mapped[MailState] = mapped_column(Word(MailState), default=MailState.WAITING)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    invitation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("invitation.id", ondelete="CASCADE"), index=True, comment="For letters about a questionnaire"
    )
    asking_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("asking.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    asked_at: Mapped[At]
    due_at: Mapped[At]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(Moment())
    reason: Mapped[str | None] = mapped_column(String(40), comment="Kind of the last error, without its words")

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    invitation: Mapped[Invitation | None] = relationship(lazy="joined")
    asking: Mapped[Asking | None] = relationship()
    parts: Mapped[list[MailPart]] = relationship(cascade="all, delete-orphan", passive_deletes=True, lazy="selectin")

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


class MailPart(Base):
    """What a letter about plans says of one customer: numbers and a day. A customer sees its own part alone."""

    __tablename__ = "mail_part"
    __table_args__ = (
        CheckConstraint("late >= 0 AND soon >= 0 AND later >= 0 AND questions >= 0 AND looks >= 0", name="are_counted"),
        CheckConstraint("level BETWEEN 0 AND 9", name="level_is_a_rung"),
    )

    mail_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mail.id", ondelete="CASCADE"), primary_key=True)
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    late: Mapped[int] = mapped_column(default=0, comment="Plans past their day; in a letter of the ladder, climbed")
    soon: Mapped[int] = mapped_column(default=0, comment="Plans that are due within the days of a reminder")
    later: Mapped[int] = mapped_column(default=0, comment="Other plans that wait for the reader")
    questions: Mapped[int] = mapped_column(default=0, comment="Questions about passages that wait for an answer")
    looks: Mapped[int] = mapped_column(default=0, comment="Critical plans whose weekly look is due")
    level: Mapped[int] = mapped_column(default=0, comment="The highest rung of the ladder")
    next_on: Mapped[date | None] = mapped_column(comment="The first day among those that are due soon")

    buyer: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_empty(self) -> bool:
        return not (self.late or self.soon or self.later or self.questions or self.looks)


class EntryLink(Base):
    """The secret of a link in a letter, as its hash. It opens once, for one person, until its day.

    It leads to what the letter was about: the questionnaire, the question, or else to the plans.
    """

    __tablename__ = "entry_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    invitation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), index=True)
    asking_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("asking.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[At]
    expires_at: Mapped[At]
    used_at: Mapped[datetime | None] = mapped_column(Moment())
    renewed_at: Mapped[datetime | None] = mapped_column(Moment(), comment="When a new one was asked for with it")

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    invitation: Mapped[Invitation | None] = relationship(lazy="joined")

    def opens(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at and self.person.is_active


class PasswordLink(Base):
    """The secret of a link that replaces a forgotten password, as its hash. It opens once, for one person."""

    __tablename__ = "password_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    password_print: Mapped[str] = mapped_column(
        String(64), comment="Hash of the password's hash: with another password it opens no more"
    )
    made_at: Mapped[At]
    expires_at: Mapped[At]
    used_at: Mapped[datetime | None] = mapped_column(Moment())

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    def opens(self, now: datetime) -> bool:
        """Whether it was not used, is young enough, and its person has a log-in and the password of that time."""
        is_fresh = self.used_at is None and now < self.expires_at
        return is_fresh and self.person.is_active and self.password_print == link_hash(self.person.password_hash)


def link_hash(token: str) -> str:
    """The form in which a link's secret is kept. It is random and long, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
