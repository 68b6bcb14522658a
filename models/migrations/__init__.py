"""Bringing the tables to the shape that the code expects, forwards and back."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

HERE = Path(__file__).parent


def config(connection: Connection | None = None) -> Config:
    """The settings that Alembic wants; the connection is handed over, so that no address is written anywhere."""
    made = Config()
    made.set_main_option("script_location", str(HERE))
    made.attributes["connection"] = connection
    return made


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables forward. Safe to call at every start: nothing happens when they are up to date."""
    with engine.begin() as connection:
        command.upgrade(config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to an earlier revision; `base` removes them all."""
    with engine.begin() as connection:
        command.downgrade(config(connection), revision)


def current(engine: Engine) -> str | None:
    """The revision that the tables are in; None for an empty database."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The newest revision that the code knows."""
    return ScriptDirectory.from_config(config()).get_current_head()
