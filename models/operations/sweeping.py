"""Finding work that stalled, so that it is rung again; and files and rows that have lost each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, or_, select
from sqlalchemy.orm import Session

from models.base import Base
from models.db import later
from models.documents import Document
from models.journal import note
from models.operations.receiving import JOB
from models.vault import Vault
from models.work import TRIES, Work, WorkState

PATIENCE = timedelta(seconds=20)
"""How long waiting work may wait before it is rung again: its first ring may be lost, or still in the queue."""


@dataclass(frozen=True, slots=True)
class Swept:
    rung: int
    set_aside: int


def sweep(session: Session, *, now: datetime, limit: int = 500) -> Swept:
    """Ring for work that waits unheard or whose worker fell silent; set aside what has failed too often.

    May run as often as wanted, and in several processes: a ring too many does nothing.
    """
    stalled = or_(
        (Work.state == WorkState.WAITING) & (Work.asked_at <= now - PATIENCE),
        (Work.state == WorkState.RUNNING) & (Work.lease_until <= now),
    )
    query = select(Work).where(stalled).order_by(Work.asked_at, Work.id).limit(limit).with_for_update(skip_locked=True)
    rung = set_aside = 0
    for work in session.scalars(query):
        if work.state is WorkState.RUNNING and work.attempts >= TRIES:
            give_up(session, work, now=now)
            set_aside += 1
        else:
            later(session, JOB, document_id=work.document_id)
            rung += 1
    return Swept(rung, set_aside)


def give_up(session: Session, work: Work, *, now: datetime, reason: str = "failed_repeatedly") -> None:
    """Set a document aside for a person: it ended its worker too often."""
    work.give_up(reason, now)
    document = session.get_one(Document, work.document_id)
    document.set_aside(reason)
    note(
        session, "document.set_aside", document.id, organisation_id=document.supplier.buyer_id, actor_id=None, at=now,
        reason=reason, attempts=work.attempts,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Orphans:
    """What should not be, as hashes: both are empty in a sound installation.

    A process that was killed between keeping a file and writing its row leaves a file without a row; its sender
    was never told that it was received.
    """

    files_without_row: tuple[str, ...]
    rows_without_file: tuple[str, ...]


def orphans(session: Session, vault: Vault) -> Orphans:
    """Compare the vault with the tables, both ways."""
    kept = set(vault.hashes())
    named = {
        sha256 for column in named_files() for sha256 in session.scalars(select(column).where(column.is_not(None)))
    }
    return Orphans(tuple(sorted(kept - named)), tuple(sorted(named - kept)))


def named_files() -> list[Column[str]]:
    """Every column that names a file of the vault: those whose names end in `sha256`."""
    tables = Base.metadata.sorted_tables
    return [column for table in tables for column in table.columns if column.name.endswith("sha256")]
