"""Brings the database to the shape of this version, one process at a time."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

from models import migrations
from models.base import utcnow
from models.db import Database
from models.errors import Conflict
from webapp.settings import Settings

log = logging.getLogger(__name__)

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
                _publish_library(database)
            return before, migrations.current(database.engine)
    finally:
        database.close()


def _publish_library(database: Database) -> None:
    """Make the questionnaires that come with the product ready to issue. One that was published stays as it was."""
    from questionnaires import issuing, library  # Only where tables changed: every other start does without them.

    for name in library.names():
        try:
            with database.transaction() as session:
                issuing.publish_shipped(session, name, now=utcnow())
        except Conflict:
            log.warning("library_changed_under_its_version", extra={"questionnaire": name})


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
