"""Brings the database to the shape of this version, one process at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

from models import migrations
from models.db import Database
from webapp.settings import Settings

_LOCK = 7_301_155
"""Any number that nobody else uses as an advisory lock in this database."""


def upgrade(settings: Settings) -> tuple[str | None, str | None]:
    """Migrate if need be. Answers the revision before and the one after. Safe at every start, in every process."""
    settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database.open(settings.database, pool_size=2)
    try:
        with _alone(database.engine):
            before = migrations.current(database.engine)
            if before != migrations.head():
                migrations.upgrade(database.engine)
            return before, migrations.current(database.engine)
    finally:
        database.close()


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """On PostgreSQL two migrations at once would trip over each other; on SQLite the write lock sees to it."""
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": _LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": _LOCK})
