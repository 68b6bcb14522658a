"""Writes many rows at once, past the objects: plain rows on SQLite, COPY on PostgreSQL, indexes made at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Table

from models.migrations import marked_search

Row = dict[str, Any]


class Writer:
    """Rows of one table after another, in the connection's transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.is_postgres = connection.dialect.name == "postgresql"

    def write(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert rows that all name the same columns. What they leave out gets its plain default, or stays empty."""
        if not rows:
            return
        constant = {
            column.name: column.default.arg  # type: ignore[attr-defined]
            for column in table.columns
            if column.name not in rows[0] and column.default is not None and column.default.is_scalar
        }
        names = [*rows[0], *constant]
        turned = [_turn(table, name, self.connection.dialect) for name in names]
        given = [[row[name] for name in rows[0]] + list(constant.values()) for row in rows]
        ready = (tuple(turn(value) for turn, value in zip(turned, values, strict=True)) for values in given)
        quote = self.connection.dialect.identifier_preparer.quote
        columns = ", ".join(quote(name) for name in names)
        if self.is_postgres:
            cursor: Any = self.connection.connection.cursor()
            with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
                for values in ready:
                    copy.write_row(values)
            return
        marks = ", ".join("?" * len(names))
        self.connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({columns}) VALUES ({marks})",  # noqa: S608 Names of our own tables.
            list(ready),
        )


def _turn(table: Table, name: str, dialect: Any) -> Callable[[Any], Any]:
    """How a value of this column is handed to the driver."""
    kind = table.columns[name].type
    found = kind.dialect_impl(dialect).bind_processor(dialect)
    return (lambda value: value) if found is None else found


@contextmanager
def without_indexes(connection: Connection, tables: Sequence[Table]) -> Iterator[None]:
    """Indexes and the search are taken off for the block and made in one go after it: many times as fast."""
    indexes = [index for table in tables for index in sorted(table.indexes, key=lambda row: str(row.name))]
    for index in indexes:
        index.drop(connection)
    marked_search.remove(connection)
    yield
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
    for index in indexes:
        index.create(connection)
    marked_search.install(connection)


def settle(engine: Engine) -> None:
    """Tell the planner how the rows are spread, as a database learns by itself after a while."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        return
    with engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
