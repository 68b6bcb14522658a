"""What was read out of a document besides its pages: its own facts, its plan rows, its remarks, its text's print."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class DocumentFact(Base):
    """One thing that a document says about itself, with the page on which it stands. Read by a machine."""

    __tablename__ = "document_fact"
    __table_args__ = (
        CheckConstraint("page >= 1", name="pages_start_at_one"),
        UniqueConstraint("document_id", "name", name="once_per_document"),
    )

    id: Mapped[Key]
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(40), comment="e.g. 'audit_start'; the engine's list of facts")
    value: Mapped[str] = mapped_column(String(300), comment="A word of a closed list, an ISO date, a number, or a name")
    page: Mapped[int]
    words: Mapped[str] = mapped_column(String(300), comment="As printed")


class DocumentCapRow(Base):
    """A row of a findings or action table, as the auditor or supplier wrote it."""

    __tablename__ = "document_cap_row"
    __table_args__ = (UniqueConstraint("document_id", "number", name="number_once_per_document"),)

    id: Mapped[Key]
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(comment="0, 1, 2 ... in reading order")
    page: Mapped[int]
    finding: Mapped[str] = mapped_column(Text, default="")
    root_cause: Mapped[str] = mapped_column(Text, default="")
    corrective_action: Mapped[str] = mapped_column(Text, default="")
    preventive_action: Mapped[str] = mapped_column(Text, default="")
    responsible: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(Text, default="")


class DocumentRemark(Base):
    """A passage with a signal that raises no flag because it tells of harm repaired or absent: to compare audits by."""

    __tablename__ = "document_remark"

    id: Mapped[Key]
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), index=True)
    page: Mapped[int]
    quote: Mapped[str] = mapped_column(Text)
    assertion: Mapped[str] = mapped_column(String(40))
    signals: Mapped[list[Any]] = mapped_column(default=list)


SPOKEN = ("self_assessment", "other")
"""Types of documents in which a supplier speaks for itself. What an auditor wrote is no answer of the supplier."""


class DocumentEntry(Base):
    """What somebody filled in: a field of a form (its name, then its value), or a row of a list with its heads.

    Kept of documents in which a supplier speaks for itself, so that it can be offered as an answer.
    """

    __tablename__ = "document_entry"
    __table_args__ = (
        CheckConstraint("page IS NULL OR page >= 1", name="pages_start_at_one"),
        UniqueConstraint("document_id", "number", name="number_once_per_document"),
    )

    id: Mapped[Key]
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(comment="0, 1, 2 ... in reading order")
    page: Mapped[int | None] = mapped_column(comment="None for a field of a form")
    heads: Mapped[list[Any]] = mapped_column(default=list, comment="Of the columns; none for a field of a form")
    cells: Mapped[list[Any]] = mapped_column(comment="Name and value of a field, or the cells of a row")


class DocumentPrint(Base):
    """A short sketch of a document's text (MinHash), by which near-identical texts are told."""

    __tablename__ = "document_print"

    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    sketch: Mapped[bytes] = mapped_column(LargeBinary)


class DocumentBand(Base):
    """A part of a sketch as one number: documents that share one may be near-identical, others hardly."""

    __tablename__ = "document_band"

    band: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    document_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("document.id", ondelete="CASCADE"), primary_key=True, index=True
    )
