"""Passages that may point to harm, and what people decided about them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of
from models.documents import Document, Page
from models.errors import Conflict, Invalid, NotAllowed
from models.people import Person
from models.severity import Severity as Severity
from models.submissions import Answer
from models.supplychain import Supplier
from models.wording import gists_of, print_of


class Verdict(StrEnum):
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class RejectReason(StrEnum):
    """Why a flag is not a finding. The reasons feed the training of the classifier."""

    NEGATED = "negated"
    POLICY = "policy"
    BOILERPLATE = "boilerplate"
    REMEDIATED = "remediated"
    HISTORICAL = "historical"
    OTHER_COMPANY = "other_company"
    NO_HARM = "no_harm"
    DUPLICATE = "duplicate"
    OTHER = "other"


class Stage(StrEnum):
    """With whom a finding is."""

    OPEN = "open"
    """Waits for a reviewer."""
    SECOND = "second"
    """Has one opinion, and waits for that of somebody else, who is not told the first."""
    ADJUDICATION = "adjudication"
    """The two opinions differ: a third person decides."""
    ASKED = "asked"
    """The supplier was asked; it comes back with the answer."""
    ESCALATED = "escalated"
    """A reviewer wants compliance to decide."""
    SETTLED = "settled"


WAITING: dict[str, Any] = {"sqlite_where": text("verdict IS NULL"), "postgresql_where": text("verdict IS NULL")}
DECIDED: dict[str, Any] = {"sqlite_where": text("verdict IS NOT NULL"), "postgresql_where": text("verdict IS NOT NULL")}
"""Indexes over what waits for a decision, and over what has one."""
DOUBTS = 3
"""Bands of doubt within a severity: could go either way, likely, hardly any doubt."""


def queue_rank(severity_rank: int, score: float) -> int:
    """The place of a finding in the queue before its age counts: by severity first, then the most doubtful.

    Doubt counts in three bands, not by the last decimal of a score, so that age decides within each.
    """
    likely = 0.7 <= score < 0.9 or 0.2 <= score < 0.4
    return severity_rank * DOUBTS + (0 if 0.4 <= score < 0.7 else 1 if likely else 2)


def _rank_at_first(context: DefaultExecutionContext) -> int:
    given: dict[str, Any] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return queue_rank(given["severity_rank"], given["score"])


def _wording_at_first(context: DefaultExecutionContext) -> str:
    given: dict[str, Any] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return print_of(given["quote"])


def _gist_at_first(context: DefaultExecutionContext, place: int) -> int | None:
    given: dict[str, Any] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    found = gists_of(given["quote"])
    return None if found is None else found[place]


class Finding(Base):
    """A passage that may point to harm. The machine raises it; only a person settles it.

    It stands in a document, or in an answer to a questionnaire, or in both: then the answer and the passage say
    different things, and `other_quote` is what the answer says.
    """

    __tablename__ = "finding"
    __table_args__ = (
        one_of("severity", Severity),
        one_of("verdict", Verdict),
        one_of("reject_reason", RejectReason),
        one_of("stage", Stage),
        CheckConstraint("(stage = 'settled') = (verdict IS NOT NULL)", name="settled_means_a_verdict"),
        CheckConstraint("score >= 0 AND score <= 1", name="score_is_a_probability"),
        CheckConstraint("people IS NULL OR people > 0", name="people_are_counted_from_one"),
        CheckConstraint(
            "(verdict IS NULL) = (judged_by_id IS NULL) AND (verdict IS NULL) = (judged_at IS NULL)",
            name="a_person_stands_behind_every_verdict",
        ),
        CheckConstraint("verdict <> 'rejected' OR reject_reason IS NOT NULL", name="a_rejection_has_a_reason"),
        CheckConstraint("document_id IS NOT NULL OR answer_id IS NOT NULL", name="stands_somewhere"),
        CheckConstraint(
            "(document_id IS NULL) = (page_id IS NULL) AND (document_id IS NULL) = (page_number IS NULL)",
            name="a_document_has_a_page",
        ),
        Index(
            *("uq_finding_passage_once_per_document", "document_id", "page_number", "start", "end"),
            unique=True,
            sqlite_where=text("answer_id IS NULL"),
            postgresql_where=text("answer_id IS NULL"),
        ),
        Index(None, "answer_id"),
        Index(None, "supplier_id"),
        Index("ix_finding_all", "buyer_id", "queue_rank", "raised_at", "id"),
        Index(  # All that narrows the queue stands in it: what waits is listed and counted without reading a row.
            *("ix_finding_queue", "buyer_id", "queue_rank", "raised_at", "id"),
            *("stage", "verdict", "language", "assertion"),
            **WAITING,
        ),
        Index("ix_finding_supplier_queue", "supplier_id", "queue_rank", "raised_at", "id", **WAITING),
        Index(None, "buyer_id", "wording", "verdict"),
        Index("ix_finding_gist_one", "buyer_id", "gist_one", "id", **DECIDED),
        Index("ix_finding_gist_two", "buyer_id", "gist_two", "id", **DECIDED),
        Index(None, "document_id", "page_number"),
        Index(None, "supplier_id", "raised_at"),
        Index(
            "ix_finding_contradiction",
            "supplier_id",
            "raised_at",
            sqlite_where=text("other_quote <> ''"),
            postgresql_where=text("other_quote <> ''"),
        ),
    )

    id: Mapped[Key]
    document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    page_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"), index=True)
    answer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"))
    answer_version: Mapped[int | None] = mapped_column(comment="Which version of the answer was read")
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id"), comment="Whom it is about")
    buyer_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organisation.id"),
        comment="Of the supplier; kept here so that the queue is one index",
    )
    page_number: Mapped[int | None]
    start: Mapped[int] = mapped_column(comment="Offset into the page's text, or into the answer")
    end: Mapped[int] = mapped_column(comment="Offset into the page's text, or into the answer")
    quote: Mapped[str] = mapped_column(Text)
    other_quote: Mapped[str] = mapped_column(Text, default="", comment="What the answer says that the quote disputes")
    before: Mapped[str] = mapped_column(Text, default="")
    boxes: Mapped[list[Any]] = mapped_column(default=list, comment="[x0, top, x1, bottom] in points, from the top left")
    assertion: Mapped[str] = mapped_column(String(40))
    severity: Mapped[Severity] = mapped_column(Word(Severity))
    severity_rank: Mapped[int] = mapped_column(comment="0 critical to 3 low")
    score: Mapped[float]
    people: Mapped[int | None]
    language: Mapped[str | None] = mapped_column(String(8))
    in_table: Mapped[bool] = mapped_column(default=False)
    explanation: Mapped[dict[str, Any]] = mapped_column(default=dict)
    engine_version: Mapped[str] = mapped_column(String(80))
    raised_at: Mapped[At]
    queue_rank: Mapped[int] = mapped_column(
        default=_rank_at_first, server_default="0", comment="By severity, then doubt; the smallest comes first"
    )
    wording: Mapped[str] = mapped_column(
        String(32), default=_wording_at_first, server_default="", comment="Print of the quote: equal for near-identical"
    )
    gist_one: Mapped[int | None] = mapped_column(
        BigInteger, default=lambda context: _gist_at_first(context, 0), comment="Equal for many passages that say alike"
    )
    gist_two: Mapped[int | None] = mapped_column(
        BigInteger, default=lambda context: _gist_at_first(context, 1), comment="Another one, of other words"
    )
    stage: Mapped[Stage] = mapped_column(Word(Stage), default=Stage.OPEN, server_default="open")
    touched_at: Mapped[datetime | None] = mapped_column(
        Moment(), comment="When a person last changed it, asked or gave an opinion: a fresh reading leaves it be"
    )

    verdict: Mapped[Verdict | None] = mapped_column(Word(Verdict))
    reject_reason: Mapped[RejectReason | None] = mapped_column(Word(RejectReason))
    remark: Mapped[str] = mapped_column(Text, default="", comment="The reviewer's own words")
    judged_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    judged_at: Mapped[datetime | None] = mapped_column(Moment())

    supplier: Mapped[Supplier] = relationship(lazy="joined", innerjoin=True)
    document: Mapped[Document | None] = relationship(lazy="selectin")  # Joined, SQLite would read all documents.
    answer: Mapped[Answer | None] = relationship()
    page: Mapped[Page | None] = relationship()
    judged_by: Mapped[Person | None] = relationship()
    signal_list: Mapped[list[FindingSignal]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="FindingSignal.place", lazy="selectin"
    )

    earlier: Mapped[FindingEarlier | None] = relationship(cascade="all, delete-orphan", passive_deletes=True)

    @property
    def signals(self) -> tuple[str, ...]:
        """Codes from the taxonomy, most important first, such as `FL.DOC`."""
        return tuple(entry.signal for entry in self.signal_list)

    @property
    def supplier_name(self) -> str:
        return self.supplier.name

    @property
    def document_name(self) -> str | None:
        return None if self.document is None else self.document.name

    def confirm(self, *, by: Person, remark: str, at: datetime) -> None:
        """Settle that this is harm, or a real risk of it. Raises Conflict when somebody was first."""
        self._settle(Verdict.CONFIRMED, by=by, remark=remark, at=at)

    def reject(self, reason: RejectReason, *, by: Person, remark: str, at: datetime) -> None:
        """Settle that this is no finding. Raises Conflict when somebody was first, Invalid without an explanation."""
        if reason is RejectReason.OTHER and not remark.strip():
            raise Invalid("Say in a few words why this is not a finding.", field="remark")
        self._settle(Verdict.REJECTED, by=by, remark=remark, at=at)
        self.reject_reason = reason

    def overturn(self, reason: RejectReason, *, by: Person, remark: str, at: datetime) -> None:
        """Settle, after its supplier has objected, that a confirmed one is none. Raises Conflict, Invalid, NotAllowed.

        A critical one falls by a second person, as its plan closes by one.
        """
        if self.verdict is not Verdict.CONFIRMED:
            raise Conflict("This finding is not confirmed any more: nothing is left to overturn.")
        if self.severity is Severity.CRITICAL and by.id == self.judged_by_id:
            raise NotAllowed("A critical finding is overturned by a second person: ask a colleague to answer.")
        self.verdict = self.judged_by_id = self.judged_at = None
        self.reject(reason, by=by, remark=remark, at=at)

    def reopen(self) -> None:
        """Take a verdict back, so that it can be judged anew."""
        if self.verdict is None:
            raise Conflict("This finding has no verdict to take back.")
        self.verdict = self.reject_reason = self.judged_by_id = self.judged_at = None
        self.remark, self.stage = "", Stage.OPEN

    def grade(self, severity: Severity) -> None:
        """Give it another severity, and the place in the queue that goes with it."""
        self.severity, self.severity_rank = severity, severity.rank
        self.queue_rank = queue_rank(severity.rank, self.score)

    def _settle(self, verdict: Verdict, *, by: Person, remark: str, at: datetime) -> None:
        if self.verdict is not None:
            if self.judged_by_id != by.id:
                raise Conflict(f"This finding was already {self.verdict.value} by someone else.")
            if self.verdict is Verdict.CONFIRMED:
                raise Conflict("You have confirmed this finding already: take the decision back to change it.")
            raise Conflict("You have rejected this finding already: take the decision back to change it.")
        self.verdict, self.remark, self.stage = verdict, remark.strip(), Stage.SETTLED
        self.judged_by_id, self.judged_at = by.id, at


class FindingSignal(Base):
    """One signal of a finding. A passage may carry several."""

    __tablename__ = "finding_signal"
    __table_args__ = (Index(None, "signal", "finding_id"),)

    finding_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("finding.id", ondelete="CASCADE"), primary_key=True)
    signal: Mapped[str] = mapped_column(String(20), primary_key=True, comment="Code, e.g. 'FL.DOC'")
    place: Mapped[int] = mapped_column(comment="0 for the most important signal of the passage")


class FindingEarlier(Base):
    """The earlier answer in which the quote of a finding stands: the supplier said otherwise before."""

    __tablename__ = "finding_earlier"

    finding_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("finding.id", ondelete="CASCADE"), primary_key=True)
    answer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), index=True)
    said_on: Mapped[date] = mapped_column(comment="The day on which those answers were submitted")
