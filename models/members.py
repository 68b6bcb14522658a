"""The ledger of an archive or mail: every file inside it, as a document of its own or with why it could not be one."""

from __future__ import annotations

import uuid

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.documents import Document


class DocumentMember(Base):
    """A file inside a document. The same bytes are one document, however many archives hold them."""

    __tablename__ = "document_member"
    __table_args__ = (
        CheckConstraint("(document_id IS NULL) = (reason IS NOT NULL)", name="taken_or_told_why_not"),
        CheckConstraint("number >= 1", name="numbers_start_at_one"),
        UniqueConstraint("container_id", "number", name="number_once_per_container"),
        Index(None, "archive_id"),
        Index(None, "document_id"),
    )

    id: Mapped[Key]
    container_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    archive_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("document.id", ondelete="CASCADE"), comment="The outermost container: limits hold for all of it"
    )
    number: Mapped[int] = mapped_column(comment="1, 2, 3 ... in the order of the container")
    depth: Mapped[int] = mapped_column(comment="1 for what lies in a file that somebody sent")
    name: Mapped[str] = mapped_column(Text, comment="Inside the container; shown, never used as a path")
    size: Mapped[int] = mapped_column(BigInteger, comment="Bytes")
    document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    reason: Mapped[str | None] = mapped_column(String(40), comment="From the closed list of reasons")

    container: Mapped[Document] = relationship(foreign_keys=[container_id])
    document: Mapped[Document | None] = relationship(foreign_keys=[document_id])
