"""The statements of a page or a decision, heard once and run again past the application: what the database alone takes.

A page: all its statements, all rows read. A decision: everything that it asks and writes, with its commit. Before each
run the finding and the journal are put back in the same transaction, which is not timed, so that the same rows are
written each time and the last run leaves things as they were.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, event, select, update

from models.db import Database
from models.findings import Finding
from models.journal import Entry, JournalHead
from models.review import Opinion

RUNS = 3
"""Each is run so many times; the quickest counts."""
_BEGINNINGS = ("BEGIN", "SAVEPOINT", "RELEASE")


@dataclass(slots=True)
class Heard:
    """What one request asked of the database, in order; the end of each transaction stands between as None."""

    steps: list[tuple[str, Any] | None] = field(default_factory=list)


@contextmanager
def listening(database: Database) -> Iterator[Heard]:
    """Hear all statements of this process while the block runs."""
    heard = Heard()

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_more: object) -> None:
        if not statement.startswith(_BEGINNINGS):
            heard.steps.append((statement, values))

    def end(_connection: object) -> None:
        heard.steps.append(None)

    event.listen(database.engine, "before_cursor_execute", note)
    event.listen(database.engine, "commit", end)
    try:
        yield heard
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
        event.remove(database.engine, "commit", end)


@dataclass(frozen=True, slots=True, order=True)
class Taken:
    """Milliseconds by the clock, and of processor time of this thread and of the server's process for it."""

    clock: float
    busy: float


def again(database: Database, heard: Heard, put_back: Callable[[Connection], None] | None = None) -> Taken:
    """The quickest of a few runs, on one connection."""
    taken = []
    for _ in range(RUNS):
        with database.engine.connect() as connection:
            if put_back is None:
                connection.execution_options(reads_only=True)
            connection.begin()
            if put_back is not None:
                put_back(connection)
            cursor: Any = connection.connection.cursor()
            server = _server_of(connection)
            began, busy = time.perf_counter(), time.thread_time() * 1000 + _spent(server)
            for step in heard.steps:
                if step is None:
                    connection.connection.commit()
                    continue
                cursor.execute(*step)
                if cursor.description:
                    cursor.fetchall()
            clock = (time.perf_counter() - began) * 1000
            taken.append(Taken(clock, time.thread_time() * 1000 + _spent(server) - busy))
            cursor.close()
            connection.rollback()
    return min(taken)


def _server_of(connection: Connection) -> Path | None:
    """Where Linux counts the time of the server's process for this connection; None for SQLite, which has none."""
    if connection.dialect.name != "postgresql":
        return None
    process = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
    return Path(f"/proc/{process}/schedstat")


def _spent(server: Path | None) -> float:
    """Milliseconds that the server's process was on a processor (the first number of `schedstat` is nanoseconds)."""
    return 0.0 if server is None or not server.exists() else int(server.read_text().split()[0]) / 1e6


def way_back(database: Database, finding_id: Any) -> Callable[[Connection], None]:
    """Keep how a finding and the journal stand now; what is answered writes that back, without a commit."""
    table = Finding.metadata.tables["finding"]
    with database.engine.connect() as connection:
        kept = connection.execute(select(table).where(table.c.id == finding_id)).mappings().one()
        head = connection.execute(select(JournalHead.number, JournalHead.seal)).one()
        known = connection.scalars(select(Opinion.id).where(Opinion.finding_id == finding_id)).all()
    names = ("stage", "verdict", "reject_reason", "remark", "judged_by_id", "judged_at", "touched_at")
    values = {name: kept[name] for name in names}

    def put_back(connection: Connection) -> None:
        connection.execute(delete(Entry).where(Entry.number > head.number))
        connection.execute(update(JournalHead).values(number=head.number, seal=head.seal))
        connection.execute(delete(Opinion).where(Opinion.finding_id == finding_id, Opinion.id.not_in(known)))
        connection.execute(update(table).where(table.c.id == finding_id).values(**values))

    return put_back
