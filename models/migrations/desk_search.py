"""Full-text search inside the database: an index that every write keeps up to date, in the same transaction.

PostgreSQL indexes what a function of our own makes of a text: the function is said to be dear, so that the planner asks
the index and does not make the words of row after row, as it did with the plain expression. SQLite has a table of words
(FTS5) for each of the three, which holds no copy of the texts, a table that gives each text a number that stays, and
triggers. Whoever rebuilds one of the three tables on SQLite loses its triggers: call `install_triggers` after it.
"""

# ruff: noqa: S608 The names in the statements are the constants of this module.

from __future__ import annotations

import sqlalchemy as sa

LONGEST = 200_000
"""Letters of a page that are indexed: PostgreSQL refuses an index entry of a mebibyte."""

TEXTS = {"finding": "quote", "page": "text", "document": "name"}
"""What is searched: a column of each table."""


FUNCTION = f"""
CREATE OR REPLACE FUNCTION search_words(said text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000
AS $$ BEGIN RETURN to_tsvector('simple'::regconfig, left(said, {LONGEST})); END $$
"""
"""In a language that the planner does not look into: with one that it does, the cost would be lost."""


def words_of(table: str, *, apart: bool = True) -> str:
    """The table of words on SQLite: each has its own, so that the newest of one kind are found at once.

    Before revision 0011 all three shared one, and before 0014 PostgreSQL had no function: `apart` False speaks of that.
    """
    return f"search_{table}" if apart else "search_words"


def install(connection: sa.Connection, *, apart: bool = True) -> None:
    """Make the index over what is there."""
    if connection.dialect.name == "postgresql":
        if apart:
            connection.exec_driver_sql(FUNCTION)
        for table, column in TEXTS.items():
            words = (
                f"search_words({column})" if apart else f"to_tsvector('simple'::regconfig, left({column}, {LONGEST}))"
            )
            connection.exec_driver_sql(f"CREATE INDEX search_{table} ON {table} USING gin ({words})")
        return
    for words in dict.fromkeys(words_of(table, apart=apart) for table in TEXTS):
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE {words} USING fts5(words, content='', tokenize='unicode61 remove_diacritics 0')"
        )
    connection.exec_driver_sql(
        "CREATE TABLE search_place (number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, thing TEXT NOT NULL)"
    )
    connection.exec_driver_sql("CREATE UNIQUE INDEX search_place_thing ON search_place (thing)")
    for table, column in TEXTS.items():
        connection.exec_driver_sql(f"INSERT INTO search_place (kind, thing) SELECT '{table}', id FROM {table}")
        connection.exec_driver_sql(
            f"INSERT INTO {words_of(table, apart=apart)} (rowid, words) "
            f"SELECT p.number, substr(t.{column}, 1, {LONGEST}) "
            f"FROM {table} t JOIN search_place p ON p.thing = t.id ORDER BY p.number"
        )
    install_triggers(connection, apart=apart)


def install_triggers(connection: sa.Connection, *, apart: bool = True) -> None:
    """SQLite only: keep the words up to date from here on."""
    for table, column in TEXTS.items():
        old, new = (f"substr({row}.{column}, 1, {LONGEST})" for row in ("OLD", "NEW"))
        words = words_of(table, apart=apart)
        place = "(SELECT number FROM search_place WHERE thing = {}.id)"
        forget = f"INSERT INTO {words} ({words}, rowid, words) VALUES ('delete', {place.format('OLD')}, {old});"
        learn = f"INSERT INTO {words} (rowid, words) VALUES ({place.format('NEW')}, {new});"
        acts = {
            "insert": f"AFTER INSERT ON {table} BEGIN "
            f"INSERT INTO search_place (kind, thing) VALUES ('{table}', NEW.id); {learn} END",
            "update": f"AFTER UPDATE OF {column} ON {table} WHEN OLD.{column} IS NOT NEW.{column} "
            f"BEGIN {forget} {learn} END",
            "delete": f"AFTER DELETE ON {table} BEGIN {forget} DELETE FROM search_place WHERE thing = OLD.id; END",
        }
        for act, body in acts.items():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS search_{table}_{act}")
            connection.exec_driver_sql(f"CREATE TRIGGER search_{table}_{act} {body}")


def remove(connection: sa.Connection) -> None:
    """Take the index away again; the texts stay."""
    for table in TEXTS:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"DROP INDEX IF EXISTS search_{table}")
            continue
        for act in ("insert", "update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS search_{table}_{act}")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS search_words(text)")
    else:
        for words in ("search_words", *(words_of(table) for table in TEXTS)):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {words}")
        connection.exec_driver_sql("DROP TABLE IF EXISTS search_place")


def is_ours(name: str | None) -> bool:
    """Whether a table or an index of the database belongs to the search, which the nouns do not describe."""
    return bool(name) and str(name).startswith("search_")
