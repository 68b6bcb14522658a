"""Passages that were not flagged, a few of each document, kept so that people can look for what was missed."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import At, Base, Key, Moment, Word, one_of


class Look(StrEnum):
    """What a person saw in a passage that was not flagged."""

    MISSED = "missed"
    NOTHING = "nothing"


class PassageSample(Base):
    """A passage without a flag that was drawn by lot, with the group that it stands for."""

    __tablename__ = "passage_sample"
    __table_args__ = (
        one_of("look", Look),
        CheckConstraint("group_kept >= 1 AND group_size >= group_kept", name="no_more_kept_than_there_were"),
        CheckConstraint("(look IS NULL) = (looked_by_id IS NULL)", name="a_person_looks"),
        Index("ix_passage_sample_queue", "buyer_id", "look", "lot", "id"),
        Index(None, "document_id"),
    )

    id: Mapped[Key]
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    page_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"))
    page_number: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    quote: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str | None] = mapped_column(String(8))
    score: Mapped[float]
    band: Mapped[str] = mapped_column(String(20), comment="Of the score, such as '0.05-0.2'")
    group_size: Mapped[int] = mapped_column(comment="Passages of this document in the group that it was drawn from")
    group_kept: Mapped[int] = mapped_column(comment="How many of them were kept")
    lot: Mapped[int] = mapped_column(comment="Drawn by lot: the order in which samples are shown")
    engine_version: Mapped[str] = mapped_column(String(80))
    drawn_at: Mapped[At]
    look: Mapped[Look | None] = mapped_column(Word(Look))
    looked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    looked_at: Mapped[datetime | None] = mapped_column(Moment())


class PassageGroup(Base):
    """How many passages without a flag a document holds in a language and a band of scores: what samples stand for."""

    __tablename__ = "passage_group"
    __table_args__ = (CheckConstraint("passages > 0", name="holds_passages"),)

    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True, comment="'' where it is not known")
    band: Mapped[str] = mapped_column(String(20), primary_key=True)
    passages: Mapped[int]
