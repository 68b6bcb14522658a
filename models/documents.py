"""What suppliers send: documents, their pages, and how far each was read."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of
from models.people import Person
from models.supplychain import Site, Supplier


class DocumentState(StrEnum):
    """`RECEIVED` and `READING` are on the way; the others are where a document ends. Unread is never clean."""

    RECEIVED = "received"
    READING = "reading"
    SCREENED = "screened"
    SCREENED_IN_PART = "screened_in_part"
    NEEDS_OCR = "needs_ocr"
    NEEDS_PASSWORD = "needs_password"
    REJECTED = "rejected"
    OVER_LIMIT = "over_limit"
    SET_ASIDE = "set_aside"

    @property
    def is_final(self) -> bool:
        return self not in (DocumentState.RECEIVED, DocumentState.READING)

    @property
    def is_fully_read(self) -> bool:
        return self is DocumentState.SCREENED


class PageStatus(StrEnum):
    READ = "read"
    OCR = "ocr"
    NO_TEXT = "no_text"
    FAILED = "failed"


class Document(Base):
    """A file that a supplier sent, or that a buyer holds about a supplier. Its bytes are in the vault."""

    __tablename__ = "document"
    __table_args__ = (
        one_of("state", DocumentState),
        CheckConstraint("size > 0", name="size_is_positive"),
        CheckConstraint("pages_read <= pages", name="no_more_read_than_there_is"),
        CheckConstraint(
            "state <> 'screened' OR (pages_read > 0 AND reason IS NULL)",
            name="screened_means_read_without_a_but",
        ),
        CheckConstraint(
            "state IN ('received', 'reading', 'screened') OR reason IS NOT NULL", name="unread_has_a_reason"
        ),
        UniqueConstraint("supplier_id", "sha256", name="same_bytes_once_per_supplier"),
        Index(None, "supplier_id", "uploaded_at"),
    )

    id: Mapped[Key]
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id"))
    site_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("site.id"), index=True)
    uploaded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[At]
    name: Mapped[str] = mapped_column(String(255), comment="As the sender called it; shown, never used as a path")
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(comment="Bytes")
    state: Mapped[DocumentState] = mapped_column(Word(DocumentState), default=DocumentState.RECEIVED, index=True)
    reason: Mapped[str | None] = mapped_column(String(40), comment="From the closed list of reasons")
    pages: Mapped[int] = mapped_column(default=0)
    pages_read: Mapped[int] = mapped_column(default=0)
    pages_doubted: Mapped[int] = mapped_column(
        default=0, server_default="0", comment="Of which a doubt is known: a person should look at them"
    )
    languages: Mapped[list[Any]] = mapped_column(default=list, comment="ISO 639-1 codes, most pages first")
    document_type: Mapped[str | None] = mapped_column(String(40))
    scheme: Mapped[str | None] = mapped_column(String(40))
    audit_date: Mapped[date | None]
    supplier_name: Mapped[str | None] = mapped_column(String(200), comment="As printed in the document")
    engine_version: Mapped[str | None] = mapped_column(String(80))
    screened_at: Mapped[datetime | None] = mapped_column(Moment())
    seconds: Mapped[float | None] = mapped_column(comment="Time that reading and screening took")

    supplier: Mapped[Supplier] = relationship(lazy="joined", innerjoin=True)
    site: Mapped[Site | None] = relationship(lazy="joined")
    uploaded_by: Mapped[Person] = relationship(foreign_keys=[uploaded_by_id])
    page_list: Mapped[list[Page]] = relationship(
        back_populates="document", cascade="all, delete-orphan", passive_deletes=True, order_by="Page.number"
    )

    def begin_reading(self) -> None:
        self.state, self.reason = DocumentState.READING, None

    def set_aside(self, reason: str) -> None:
        """Give up for now: a person must look. What was read of it before is kept."""
        self.state, self.reason = DocumentState.SET_ASIDE, reason


class Page(Base):
    """A page of a document with its status: every page is accounted for."""

    __tablename__ = "page"
    __table_args__ = (
        one_of("status", PageStatus),
        CheckConstraint("number >= 1", name="numbers_start_at_one"),
        CheckConstraint("status IN ('read', 'ocr') OR reason IS NOT NULL", name="unread_has_a_reason"),
        UniqueConstraint("document_id", "number", name="number_once_per_document"),
    )

    id: Mapped[Key]
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    number: Mapped[int]
    status: Mapped[PageStatus] = mapped_column(Word(PageStatus))
    reason: Mapped[str | None] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text, default="", deferred=True)
    language: Mapped[str | None] = mapped_column(String(8))
    hidden_text: Mapped[bool] = mapped_column(default=False)
    doubts: Mapped[list[Any] | None] = mapped_column(
        comment="Words of the closed list of doubts; none where it was read before there was one"
    )
    confidence: Mapped[float | None] = mapped_column(comment="Of text recognition, 0 to 1; none where it was not used")
    width: Mapped[float] = mapped_column(default=0.0, comment="Points")
    height: Mapped[float] = mapped_column(default=0.0, comment="Points")
    picture_sha256: Mapped[str | None] = mapped_column(String(64), index=True, comment="PNG in the vault, once drawn")

    document: Mapped[Document] = relationship(back_populates="page_list")

    @property
    def doubted(self) -> tuple[str, ...]:
        """Words for what makes one doubt that its text is all, or what, people see."""
        return tuple(self.doubts or ()) or (("hidden_text",) if self.hidden_text else ())
