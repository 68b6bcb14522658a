"""Whether this installation is well: each part is asked, and answers in a word that shows nothing of what it holds."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from models import migrations
from models.operations import sweeping
from models.vault import Vault
from models.work import Work, WorkState
from webapp.queues import is_reachable
from webapp.runtime import Runtime

STALE = timedelta(minutes=15)
"""Work that has waited for longer says that no worker is running."""

ENOUGH_ROOM = 500 * 1024 * 1024
"""Bytes on the disk of the data folder below which an operator must act."""


class State(StrEnum):
    """From best to worst. `POORLY`: people can work, but something wants an operator. `DOWN`: nobody can work."""

    WELL = "well"
    POORLY = "poorly"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    state: State
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Checkup:
    parts: tuple[Part, ...]
    seconds: float

    @property
    def state(self) -> State:
        """The worst of the parts."""
        return max((part.state for part in self.parts), key=list(State).index)


def examine(runtime: Runtime, *, now: datetime) -> Checkup:
    """Ask every part; none of them can make this raise."""
    began = time.monotonic()
    parts = [_database(runtime)]
    if parts[0].state is not State.DOWN:
        parts.append(_backlog(runtime, now))
    parts += [_queue(runtime), _vault(runtime.vault), _disk(runtime.settings.folder)]
    return Checkup(tuple(parts), round(time.monotonic() - began, 3))


def _database(runtime: Runtime) -> Part:
    try:
        with runtime.database.reading() as session:
            session.execute(text("SELECT 1"))
        at = migrations.current(runtime.database.engine)
    except SQLAlchemyError:
        return Part("database", State.DOWN, "does not answer")
    if at != migrations.head():
        return Part("database", State.DOWN, "not migrated: run `salient migrate`")
    return Part("database", State.WELL)


def _backlog(runtime: Runtime, now: datetime) -> Part:
    waiting = (WorkState.WAITING, WorkState.RUNNING)
    query = select(func.count(), func.min(Work.asked_at)).where(Work.state.in_(waiting))
    with runtime.database.reading() as session:
        count, oldest = session.execute(query).one()
    if oldest is not None and now - oldest > STALE:
        return Part("work", State.POORLY, f"{count} documents wait, the oldest for long: is a worker running?")
    return Part("work", State.WELL, f"{count} documents wait")


def _queue(runtime: Runtime) -> Part:
    if is_reachable(runtime.settings.queue):
        return Part("queue", State.WELL)
    return Part("queue", State.POORLY, "does not answer: uploads are kept, and screened when it returns")


def compare_files(runtime: Runtime) -> Part:
    """Look at every file of the vault and every row that names one: slow for a large store, so only when asked."""
    try:
        with runtime.database.reading() as session:
            found = sweeping.orphans(session, runtime.vault)
    except (OSError, SQLAlchemyError):
        return Part("files", State.DOWN, "the vault or the database does not answer")
    if found.rows_without_file:
        return Part(
            "files", State.POORLY, f"{len(found.rows_without_file)} files are missing: restore them from a backup"
        )
    spare = len(found.files_without_row)
    remark = f"{spare} files belong to no document: uploads that were cut short, which nobody was told were received"
    return Part("files", State.WELL, remark if spare else "every file has its row, and every row its file")


def _vault(vault: Vault) -> Part:
    try:
        vault.has("0" * 64)
    except OSError:
        return Part("vault", State.DOWN, "does not answer")
    return Part("vault", State.WELL)


def _disk(folder: Path) -> Part:
    try:
        room = os.statvfs(folder)
    except OSError:
        return Part("disk", State.DOWN, "the data folder cannot be read")
    free = room.f_bavail * room.f_frsize
    return Part("disk", State.WELL if free >= ENOUGH_ROOM else State.POORLY, f"{free // 1024**2} MB free")
