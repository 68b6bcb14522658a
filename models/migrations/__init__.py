"""Bringing the tables to the shape that the code expects, forwards and back.

Every process of the product passes here on its way to what the migrations share with it, and few of them migrate:
so Alembic is loaded by who needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent


def config(connection: Connection | None = None) -> Config:
    """The settings that Alembic wants; the connection is handed over, so that no address is written anywhere."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(HERE))
    made.attributes["connection"] = connection
    return made


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables forward. Safe to call at every start: nothing happens when they are up to date."""
    from alembic import command

    with _rebuilding(engine) as connection:
        command.upgrade(config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to an earlier revision; `base` removes them all."""
    from alembic import command

    with _rebuilding(engine) as connection:
        command.downgrade(config(connection), revision)


@contextmanager
def _rebuilding(engine: Engine) -> Iterator[Connection]:
    """One transaction in which tables may be rebuilt.

    SQLite changes a column by making the table anew and dropping the old one, and dropping a table would take
    along every row that points to it. So its foreign keys sleep meanwhile, and all are checked before the commit
    (the way that sqlite.org/lang_altertable.html describes).
    """
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        is_sqlite = engine.dialect.name == "sqlite"
        if is_sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise RuntimeError("A migration left rows that point to nothing: nothing was changed.")
        finally:
            if is_sqlite:
                raw.execute("PRAGMA foreign_keys=ON")


def current(engine: Engine) -> str | None:
    """The revision that the tables are in; None for an empty database."""
    from alembic.migration import MigrationContext

    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The newest revision that the code knows."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(config()).get_current_head()
