"""Questionnaires as published, and what suppliers answered to them: every answer with who gave it, and when."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of
from models.errors import Conflict
from models.people import Person
from models.supplychain import Site, Supplier


class SubmissionState(StrEnum):
    """Where a questionnaire stands between the buyer who asks and the supplier who answers."""

    DRAFT = "draft"
    """Issued; nobody at the supplier has opened it yet."""
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    CHANGES_REQUESTED = "changes_requested"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    """Accepted answers that have become too old, or a questionnaire that was withdrawn unanswered."""

    @property
    def is_open(self) -> bool:
        """Whether the supplier may write."""
        return self in (SubmissionState.DRAFT, SubmissionState.IN_PROGRESS, SubmissionState.CHANGES_REQUESTED)


_S = SubmissionState
NEXT: dict[SubmissionState, frozenset[SubmissionState]] = {
    _S.DRAFT: frozenset({_S.IN_PROGRESS, _S.EXPIRED}),
    _S.IN_PROGRESS: frozenset({_S.SUBMITTED, _S.EXPIRED}),
    _S.SUBMITTED: frozenset({_S.UNDER_REVIEW, _S.IN_PROGRESS}),
    _S.UNDER_REVIEW: frozenset({_S.CHANGES_REQUESTED, _S.ACCEPTED, _S.IN_PROGRESS}),
    _S.CHANGES_REQUESTED: frozenset({_S.SUBMITTED, _S.EXPIRED}),
    _S.ACCEPTED: frozenset({_S.EXPIRED}),
    _S.EXPIRED: frozenset(),
}
"""Where a submission may go from each state. Back to `in_progress` is the supplier's recall."""


class AnswerSource(StrEnum):
    """Where an answer came from. Whatever it was, a person accepted it: nothing is answered by itself."""

    TYPED = "typed"
    REUSED = "reused"
    """Taken over from an earlier submission of the same supplier."""
    DOCUMENT = "document"
    """Read from a document that the supplier sent, and accepted by a person."""
    IMPORTED = "imported"
    """From a sheet that was filled in elsewhere."""
    PREFILLED = "prefilled"
    """Written by the buyer when issuing."""


class EvidenceVerdict(StrEnum):
    ACCEPTED = "accepted"
    INSUFFICIENT = "insufficient"
    REJECTED = "rejected"


class Share(StrEnum):
    """What another customer may see of a submission. Without a decision it is nothing."""

    NOTHING = "nothing"
    ORDINARY = "ordinary"
    """Everything but what is marked as a matter between supplier and buyer, or as personal."""
    ALL = "all"


class Published(Base):
    """A questionnaire as it was published. It is never changed: a change is a new version."""

    __tablename__ = "questionnaire"
    __table_args__ = (
        CheckConstraint("name <> ''", name="has_a_name"),
        CheckConstraint("questions > 0", name="asks_something"),
        UniqueConstraint("owner_id", "digest", name="same_text_once_per_owner"),
        Index(None, "name", "version"),
    )

    id: Mapped[Key]
    owner_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("organisation.id"), comment="None for those that come with the product"
    )
    name: Mapped[str] = mapped_column(String(80), comment="The definition's own id, e.g. 'entry'")
    version: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64), index=True, comment="SHA-256 of the definition and translations")
    title: Mapped[dict[str, Any]] = mapped_column(comment="By language")
    languages: Mapped[list[Any]] = mapped_column(comment="ISO 639-1 codes; English first")
    questions: Mapped[int]
    source: Mapped[str] = mapped_column(Text, deferred=True, comment="The definition, as YAML or JSON")
    translations: Mapped[dict[str, Any]] = mapped_column(deferred=True, comment="The translation file by language")
    published_at: Mapped[At]
    published_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    def title_in(self, language: str) -> str:
        return str(self.title.get(language) or self.title.get("en", self.name))


class Submission(Base):
    """One questionnaire before one supplier, for one buyer, and for a period or a site where that matters."""

    __tablename__ = "submission"
    __table_args__ = (
        one_of("state", SubmissionState),
        CheckConstraint("(submitted_at IS NULL) = (submitted_by_id IS NULL)", name="a_person_submits"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by_id IS NULL)", name="a_person_accepts"),
        CheckConstraint("state <> 'accepted' OR accepted_at IS NOT NULL", name="accepted_by_somebody"),
        CheckConstraint("answered >= 0 AND answered <= asked", name="no_more_answered_than_asked"),
        Index(None, "supplier_id", "state"),
        Index(None, "screening_due_at"),
    )

    id: Mapped[Key]
    questionnaire_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("questionnaire.id"), index=True)
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id"))
    site_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("site.id"))
    period: Mapped[str] = mapped_column(String(40), default="", comment="In the buyer's words, e.g. '2026'")
    state: Mapped[SubmissionState] = mapped_column(Word(SubmissionState), default=SubmissionState.DRAFT)
    due_on: Mapped[date | None]
    issued_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[At]
    opened_at: Mapped[datetime | None] = mapped_column(Moment(), comment="When the supplier first opened it")
    submitted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(Moment())
    accepted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(Moment())
    valid_until: Mapped[date | None] = mapped_column(comment="Of accepted answers")
    answered: Mapped[int] = mapped_column(default=0, comment="Of the questions asked, as of the last look")
    asked: Mapped[int] = mapped_column(default=0)
    stamp: Mapped[int] = mapped_column(default=0, comment="Grows with each answer, so that caches know their age")
    screening_due_at: Mapped[datetime | None] = mapped_column(
        Moment(), comment="Set while the machine has not read the answers that were submitted"
    )
    screening_tries: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1, comment="Grows with each change of state")

    questionnaire: Mapped[Published] = relationship(lazy="joined", innerjoin=True)
    supplier: Mapped[Supplier] = relationship(lazy="joined", innerjoin=True)
    site: Mapped[Site | None] = relationship(lazy="joined")
    submitted_by: Mapped[Person | None] = relationship(foreign_keys=[submitted_by_id])
    assignments: Mapped[list[Assignment]] = relationship(cascade="all, delete-orphan", passive_deletes=True)

    def move(self, to: SubmissionState) -> None:
        """Raises Conflict when the submission has moved on since the actor looked."""
        if to not in NEXT[self.state]:
            raise Conflict("The questionnaire has moved on since you looked at it: open it again to see where it is.")
        self.state = to
        self.version = (self.version or 0) + 1

    def is_overdue(self, today: date) -> bool:
        return self.state.is_open and self.due_on is not None and self.due_on < today


class Answer(Base):
    """The answer to one question as it stands now. What it was before is kept in its history."""

    __tablename__ = "answer"
    __table_args__ = (
        one_of("source", AnswerSource),
        CheckConstraint("version >= 1", name="versions_start_at_one"),
        CheckConstraint(
            "(accepted_version IS NULL) = (accepted_by_id IS NULL)", name="a_person_stands_behind_every_acceptance"
        ),
        CheckConstraint("accepted_version IS NULL OR accepted_version <= version", name="accepted_what_was_seen"),
        UniqueConstraint("submission_id", "question", name="once_per_question"),
    )

    id: Mapped[Key]
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(120), comment="The question's id in the definition")
    value: Mapped[Any | None] = mapped_column(
        JSON(none_as_null=True), comment="As questionnaires/values.py; None: not answered, or taken back"
    )
    reason: Mapped[str] = mapped_column(Text, default="", comment="Why it does not apply, or a word to the answer")
    source: Mapped[AnswerSource] = mapped_column(Word(AnswerSource), default=AnswerSource.TYPED)
    source_answer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("answer.id", ondelete="SET NULL"))
    source_document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document.id", ondelete="SET NULL"))
    told: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="Question, answer and signals in words, as submitted, for the machine"
    )
    locked: Mapped[bool] = mapped_column(default=False, comment="Written by the buyer when issuing")
    answered_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[At]
    version: Mapped[int] = mapped_column(default=1)
    accepted_version: Mapped[int | None] = mapped_column(comment="Which version a reviewer accepted")
    accepted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    answered_by: Mapped[Person] = relationship(foreign_keys=[answered_by_id])

    @property
    def is_accepted(self) -> bool:
        """Whether a reviewer accepted it as it stands; a changed answer must be looked at again."""
        return self.accepted_version == self.version


class AnswerVersion(Base):
    """What an answer was at some time: append-only. The client's key makes a save that is sent twice one save."""

    __tablename__ = "answer_version"
    __table_args__ = (
        one_of("source", AnswerSource),
        UniqueConstraint("answer_id", "version", name="once_per_answer"),
        UniqueConstraint("submission_id", "client_key", name="one_save_per_key"),
    )

    id: Mapped[Key]
    answer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"))
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    version: Mapped[int]
    value: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[AnswerSource] = mapped_column(Word(AnswerSource))
    client_key: Mapped[str] = mapped_column(String(64), comment="Made by the browser, or by us where there is none")
    answered_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[At]

    answered_by: Mapped[Person] = relationship()


class Assignment(Base):
    """Who at the supplier is to answer a section. Others may still help."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("submission_id", "section", "person_id", name="person_once_per_section"),)

    id: Mapped[Key]
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    section: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    assigned_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[At]

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined", innerjoin=True)
