"""Bulk imports: whole archives taken in file by file, with a ledger that accounts for every one of them."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import At, Base, Key, Moment, Word, one_of
from models.documents import Document
from models.errors import Conflict
from models.people import Person
from models.supplychain import Site, Supplier


class ImportKind(StrEnum):
    ZIP = "zip"
    """An archive that was uploaded; it is in the vault."""
    FOLDER = "folder"
    """A folder that the workers can reach."""
    S3 = "s3"
    """All objects below a prefix of an S3-compatible store."""


class ImportState(StrEnum):
    LISTING = "listing"
    """Being looked through: the ledger grows."""
    TAKING = "taking"
    """Files are taken in, one after the other."""
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"
    """Nothing is left to take. Files may still wait for a person, and documents for a worker."""
    FAILED = "failed"
    """It cannot go on; the reason says why. It can be resumed once that is put right."""

    @property
    def is_running(self) -> bool:
        return self in (ImportState.LISTING, ImportState.TAKING)

    @property
    def has_ended(self) -> bool:
        return self in (ImportState.DONE, ImportState.CANCELLED)


class EntryState(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    """It is a document now, and screened like any other."""
    KNOWN = "known"
    """The same bytes were here already, from the same supplier: nothing was kept twice."""
    HELD = "held"
    """Nobody knows yet whose it is: a person decides."""
    REFUSED = "refused"
    """It could not be taken; the reason says why."""
    LEFT_OUT = "left_out"
    """A person, or a cancelled import, left it out."""


class Import(Base):
    """One bulk import. The lease and the token are as in `Work`: only the newest holder may write."""

    __tablename__ = "import"
    __table_args__ = (
        one_of("kind", ImportKind),
        one_of("state", ImportState),
        one_of("paused_from", ImportState),
        CheckConstraint("(state = 'paused') = (paused_from IS NOT NULL)", name="paused_from_somewhere"),
        CheckConstraint("(kind = 'zip') = (archive_sha256 IS NOT NULL)", name="an_archive_is_in_the_vault"),
        CheckConstraint("state <> 'failed' OR reason IS NOT NULL", name="failed_has_a_reason"),
        Index(None, "buyer_id", "created_at"),
    )

    id: Mapped[Key]
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    begun_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[At]
    ended_at: Mapped[datetime | None] = mapped_column(Moment())
    kind: Mapped[ImportKind] = mapped_column(Word(ImportKind))
    name: Mapped[str] = mapped_column(String(255), comment="As shown; never used as a path")
    archive_sha256: Mapped[str | None] = mapped_column(String(64), comment="Of an uploaded archive, in the vault")
    place: Mapped[str] = mapped_column(Text, default="", comment="A folder, or an s3:// address")
    rules: Mapped[list[Any]] = mapped_column(default=list, comment="[pattern, supplier id, site id or null], in order")
    state: Mapped[ImportState] = mapped_column(Word(ImportState), default=ImportState.LISTING, index=True)
    paused_from: Mapped[ImportState | None] = mapped_column(Word(ImportState))
    reason: Mapped[str | None] = mapped_column(String(40), comment="From the closed list of reasons of imports")
    cursor: Mapped[int] = mapped_column(default=1, comment="Number of the first file of an archive not yet unpacked")
    attempts: Mapped[int] = mapped_column(default=0, comment="Tries in a row without progress")
    token: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(Moment())
    asked_at: Mapped[At]

    begun_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    def may_be_claimed(self, now: datetime) -> bool:
        return self.state.is_running and (self.lease_until is None or self.lease_until <= now)

    def claim(self, now: datetime, *, lease: timedelta) -> int:
        """Begin a stretch of work and answer its fencing token."""
        self.lease_until, self.attempts, self.token = now + lease, self.attempts + 1, self.token + 1
        return self.token

    def let_go(self, now: datetime) -> None:
        self.lease_until, self.asked_at = None, now

    def fail(self, reason: str, now: datetime) -> None:
        self.state, self.reason, self.paused_from = ImportState.FAILED, reason, None
        self.let_go(now)

    def pause(self, now: datetime) -> None:
        """Stop taking files. Whoever works on it at this moment loses its token. Raises Conflict."""
        if not self.state.is_running:
            raise Conflict("This import is not running, so it cannot be paused.")
        self.paused_from, self.state = self.state, ImportState.PAUSED
        self.token += 1
        self.let_go(now)

    def resume(self, now: datetime) -> None:
        """Go on where it stopped. Raises Conflict."""
        if self.state is ImportState.PAUSED and self.paused_from is not None:
            self.state, self.paused_from = self.paused_from, None
        elif self.state is ImportState.FAILED:
            self.state, self.reason = ImportState.LISTING, None
        else:
            raise Conflict("This import is neither paused nor stopped by a fault, so it cannot be resumed.")
        self.attempts = 0
        self.let_go(now)

    def cancel(self, now: datetime) -> None:
        """End it for good. What was taken stays. Raises Conflict."""
        if self.state.has_ended:
            raise Conflict("This import has ended already.")
        self.state, self.paused_from, self.reason, self.ended_at = ImportState.CANCELLED, None, None, now
        self.token += 1
        self.let_go(now)


class ImportEntry(Base):
    """One file of an import: what became of it, and why."""

    __tablename__ = "import_entry"
    __table_args__ = (
        one_of("state", EntryState),
        CheckConstraint("state NOT IN ('refused', 'held') OR reason IS NOT NULL", name="unsettled_has_a_reason"),
        CheckConstraint("(state IN ('taken', 'known')) = (document_id IS NOT NULL)", name="taken_has_its_document"),
        UniqueConstraint("import_id", "path_hash", name="path_once_per_import"),
        Index(None, "import_id", "state", "number"),
    )

    id: Mapped[Key]
    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(comment="0, 1, 2 ... in the order of the listing")
    path: Mapped[str] = mapped_column(Text, comment="Below the place of the import; shown, and asked of the source")
    path_hash: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the path: paths may be long")
    size: Mapped[int] = mapped_column(BigInteger, default=0, comment="Bytes, as the listing says")
    state: Mapped[EntryState] = mapped_column(Word(EntryState), default=EntryState.WAITING)
    reason: Mapped[str | None] = mapped_column(String(40))
    attempts: Mapped[int] = mapped_column(default=0)
    supplier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("supplier.id"))
    site_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("site.id"))
    document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), index=True)
    sha256: Mapped[str | None] = mapped_column(String(64), index=True, comment="Of a held file, which is in the vault")
    guess_name: Mapped[str | None] = mapped_column(String(200), comment="The supplier as printed in the document")
    guess_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("supplier.id"), comment="Whom that name fits")
    guess_date: Mapped[date | None] = mapped_column(comment="Of the audit, as printed")
    done_at: Mapped[datetime | None] = mapped_column(Moment())

    document: Mapped[Document | None] = relationship()
    supplier: Mapped[Supplier | None] = relationship(foreign_keys=[supplier_id], lazy="joined")
    site: Mapped[Site | None] = relationship(lazy="joined")
    guess: Mapped[Supplier | None] = relationship(foreign_keys=[guess_id], lazy="joined")

    def settle(self, state: EntryState, now: datetime, *, reason: str | None = None) -> None:
        self.state, self.reason, self.done_at = state, reason, now
