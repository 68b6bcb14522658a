"""Opening the database, and the one way to change it: a transaction that rings the queue after its commit."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

log = logging.getLogger(__name__)

Ring = Callable[[str, dict[str, str]], None]
"""Tells the queue to run the job of this name with these ids. It may fail: the sweep rings again."""


@dataclass(frozen=True, slots=True)
class Database:
    """An engine and the way to make sessions on it. Made once a process, handed to whoever needs it."""

    engine: Engine
    sessions: sessionmaker[Session]

    @classmethod
    def open(cls, url: str | URL, *, ring: Ring | None = None, pool_size: int = 10) -> Database:
        """Open `sqlite:///path` or `postgresql://...`. `ring` is called after each commit that asked for jobs."""
        url = make_url(url)
        engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url, pool_size)
        sessions = sessionmaker(engine, expire_on_commit=False, info={"ring": ring})
        return cls(engine, sessions)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end of the block, or rolls everything back when the block raises."""
        with self.sessions.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for looking only: on SQLite it takes no write lock, on PostgreSQL it cannot write at all."""
        with self.sessions() as session:
            connection = session.connection(execution_options={"reads_only": True, "postgresql_readonly": True})
            yield session
            _end_looking(connection)

    def close(self) -> None:
        self.engine.dispose()


def later(session: Session, job: str, **ids: UUID) -> None:
    """Ask for a job by name, to be rung after this transaction has committed, and not at all when it fails."""
    session.info.setdefault("jobs", []).append((job, {name: str(value) for name, value in ids.items()}))


def _postgresql(url: URL, pool_size: int) -> Engine:
    # The connection that was used last is used first: it knows most of what it is asked.
    engine = create_engine(url, pool_pre_ping=True, pool_use_lifo=True, pool_size=pool_size, max_overflow=pool_size)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # A page asks for a few rows of many: compiling its question, or sharing it out among processes, takes longer
        # than to answer it, and takes the processors from everybody else (a search over a million passages: 1.1 s, not
        # .07 s).
        with connection.cursor() as cursor:
            cursor.execute("SET jit = off")
            cursor.execute("SET max_parallel_workers_per_gather = 0")
        connection.commit()

    return engine


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # The driver must not start transactions behind our back.
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            "synchronous=FULL",
            "busy_timeout=30000",
            "secure_delete=ON",
            "cache_size=-65536",
            "mmap_size=268435456",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # Taking the write lock at once means that two writers wait for each other instead of failing half-way.
        reads_only = connection.get_execution_options().get("reads_only", False)
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")

    return engine


def _end_looking(connection: Connection) -> None:
    """End what only looked by a commit, which changes nothing: at a rollback the driver for PostgreSQL forgets which
    questions it has asked before, and the server plans every one of them anew (half of what a page cost it)."""
    stands = not connection.closed and not connection.invalidated
    if stands and connection.dialect.name == "postgresql":
        connection.connection.commit()


@event.listens_for(Session, "after_commit")
def _ring_after_commit(session: Session) -> None:
    ring: Ring | None = session.info.get("ring")
    for job, ids in session.info.pop("jobs", []):
        if ring is None:
            continue
        try:
            ring(job, ids)
        except Exception:  # noqa: BLE001 The queue is only a doorbell; the row that asked for the work is safe.
            log.warning("ring_failed", extra={"job": job, **ids})


@event.listens_for(Session, "after_soft_rollback")
def _forget_after_rollback(session: Session, _previous: SessionTransaction) -> None:
    session.info.pop("jobs", None)
