"""What is said and shown about answers: remarks, questions put back, evidence with its verdict, and sharing."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of
from models.documents import Document
from models.errors import Conflict, Invalid
from models.people import Person
from models.submissions import EvidenceVerdict, Share, Submission


class Comment(Base):
    """What somebody says about an answer. `inside` remarks stay with the writer's own company."""

    __tablename__ = "answer_comment"
    __table_args__ = (
        CheckConstraint("text <> ''", name="says_something"),
        Index(None, "submission_id", "question"),
    )

    id: Mapped[Key]
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(120))
    inside: Mapped[bool] = mapped_column(default=False, comment="For the writer's own colleagues only")
    written_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[At]
    text: Mapped[str] = mapped_column(Text)

    written_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class AskedBack(Base):
    """A reviewer's question about one answer. Anybody at the supplier may answer; a person settles it."""

    __tablename__ = "asked_back"
    __table_args__ = (
        CheckConstraint("text <> ''", name="says_what_is_missing"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="a_person_answers"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="a_person_settles"),
        Index(None, "submission_id", "question"),
    )

    id: Mapped[Key]
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[At]
    reply: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment())
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Moment())

    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id], lazy="joined", innerjoin=True)
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id], lazy="joined")

    @property
    def waits(self) -> bool:
        """Whether the supplier has not answered it yet."""
        return self.answered_at is None and self.settled_at is None

    def answer(self, *, by: Person, reply: str, at: datetime) -> None:
        """The supplier changed the answer, or says why it stands."""
        if self.settled_at is not None:
            raise Conflict("The reviewer has settled this already: nothing more is needed.")
        self.answered_by_id, self.answered_at = by.id, at
        self.reply = reply.strip() or self.reply

    def settle(self, *, by: Person, at: datetime) -> None:
        self.settled_by_id, self.settled_at = by.id, at


class AnswerEvidence(Base):
    """A document that stands behind an answer, with how long it is good for and what a reviewer made of it."""

    __tablename__ = "answer_evidence"
    __table_args__ = (
        one_of("verdict", EvidenceVerdict),
        CheckConstraint(
            "(verdict IS NULL) = (judged_by_id IS NULL) AND (verdict IS NULL) = (judged_at IS NULL)",
            name="a_person_stands_behind_every_verdict",
        ),
        CheckConstraint("verdict IS NULL OR verdict = 'accepted' OR reason <> ''", name="a_refusal_has_a_reason"),
        CheckConstraint(
            "valid_until IS NULL OR valid_from IS NULL OR valid_from <= valid_until", name="dates_in_order"
        ),
        UniqueConstraint("submission_id", "question", "document_id", name="document_once_per_answer"),
    )

    id: Mapped[Key]
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(120))
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), index=True)
    pages: Mapped[str] = mapped_column(String(60), default="", comment="Such as '3-5, 8'; empty for all")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    attached_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    attached_at: Mapped[At]
    verdict: Mapped[EvidenceVerdict | None] = mapped_column(Word(EvidenceVerdict))
    reason: Mapped[str] = mapped_column(Text, default="")
    judged_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    judged_at: Mapped[datetime | None] = mapped_column(Moment())

    document: Mapped[Document] = relationship(lazy="joined", innerjoin=True)

    def judge(self, verdict: EvidenceVerdict, *, reason: str, by: Person, at: datetime) -> None:
        """Say what it shows. Raises Invalid for a refusal without its reason."""
        if verdict is not EvidenceVerdict.ACCEPTED and not reason.strip():
            raise Invalid(
                "Say what the document does not show, so that the supplier can send a better one.", field="reason"
            )
        self.verdict, self.reason = verdict, reason.strip()
        self.judged_by_id, self.judged_at = by.id, at


class SharingDecision(Base):
    """What the supplier lets another of its customers see of a submission. The answers are the supplier's."""

    __tablename__ = "answer_sharing"
    __table_args__ = (
        one_of("share", Share),
        UniqueConstraint("submission_id", "with_supplier_id", name="once_per_customer"),
    )

    id: Mapped[Key]
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    with_supplier_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("supplier.id"), index=True, comment="The relation with that other customer"
    )
    share: Mapped[Share] = mapped_column(Word(Share))
    decided_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[At]

    submission: Mapped[Submission] = relationship()
