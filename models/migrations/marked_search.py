"""The newer shape of PostgreSQL's search: the words of each text beside it, with marks that narrow a search down.

Each searched text has a row in a table of its own: a number that grows as texts come, and its words. Among them are
marks, which no text can hold: whose it is, which portion of the newest it came with, and whether it waits for a
decision. So the index itself answers "these words, of this organisation, among the newest", and reads no further; and a
decision writes nothing into it but that the text waits no more. SQLite's search stays as `desk_search` makes it.
"""

# ruff: noqa: S608 The names in the statements are the constants of this module.

from __future__ import annotations

import sqlalchemy as sa

from models.migrations import desk_search
from models.migrations.desk_search import LONGEST, TEXTS

NEAR, WIDE = 13, 16
"""A portion holds 2 to the power of this many texts that came one after the other."""

_PUNCTUATION = '!"#$%%&()*+,-./:;<=>?@[\\]^_`{|}~'
"""Cut away before words are made, as otherwise `audit_report-2024.pdf` and `on/off` were each one word. With it, no
word begins as a mark does. An apostrophe stays: PostgreSQL cuts there by itself. The per cent sign is written twice
for the driver."""

_OWNERS = {
    "finding": "said.buyer_id",
    "document": "(SELECT s.buyer_id FROM supplier s WHERE s.id = said.supplier_id)",
    "page": "(SELECT s.buyer_id FROM document d JOIN supplier s ON s.id = d.supplier_id WHERE d.id = said.document_id)",
}
_WAITS = {"finding": "said.verdict IS NULL", "document": "false", "page": "false"}

_FUNCTIONS = f"""
CREATE FUNCTION search_marks(owner uuid, number bigint, waits boolean) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT ARRAY[mark, mark || 'n' || (number >> {NEAR}), mark || 'w' || (number >> {WIDE})]
    || CASE WHEN waits THEN ARRAY[mark || 'o'] ELSE ARRAY[]::text[] END
    FROM (SELECT '=' || right(replace(owner::text, '-', ''), 16) AS mark) AS made $$;

CREATE FUNCTION search_cut(said text, marks text[]) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT strip(to_tsvector('simple'::regconfig,
    translate(left(said, {LONGEST}), $cut${_PUNCTUATION}$cut$, repeat(' ', {len(_PUNCTUATION) - 1}))))
    || array_to_tsvector(marks) $$;

CREATE FUNCTION search_words(words tsvector) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000000
AS $$ BEGIN RETURN words; END $$;

CREATE FUNCTION search_two(mark text, portion bigint) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT (quote_literal(mark || portion) || '|' || quote_literal(mark || (portion - 1)))::tsquery $$;
"""
"""`search_words` changes nothing. It says that it is dear, so that the planner always asks the index that is made of
it, and never reads the words of row after row, which it cannot know to be long. `search_two` asks for a portion and the
one before it, as the newest may hold hardly any."""

_NEWEST = """
CREATE FUNCTION search_newest_{kind}(mark text, whole tsquery, ending tsquery, begun tsquery, most integer)
RETURNS TABLE (key uuid)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100
AS $$
DECLARE
    own tsquery := quote_literal(mark)::tsquery;
    last bigint := (SELECT last_value FROM search_{kind}_number_seq);
    near tsquery := search_two(mark || 'n', last >> {near});
    wide tsquery := search_two(mark || 'w', last >> {wide});
    found uuid[] := ARRAY({look} (whole && near) {newest});
    met integer := cardinality(found);
BEGIN
    IF cardinality(found) < most AND met * {times} >= most THEN
        found := ARRAY({look} (whole && wide) {newest});
    END IF;
    IF cardinality(found) < most AND met * (last >> {near}) >= most THEN
        found := ARRAY({look} (whole && own) {newest});
    END IF;
    IF cardinality(found) < most AND NOT EXISTS ({look} (ending && near)) THEN
        found := ARRAY({look} (begun && near) {newest});
        met := cardinality(found);
        IF met < most AND met * {times} >= most THEN
            found := ARRAY({look} (begun && wide) {newest});
        END IF;
    END IF;
    IF cardinality(found) < most THEN
        found := ARRAY({look} (begun && own) {newest});
    END IF;
    RETURN QUERY SELECT unnest(found);
END $$;
"""
"""The newest texts with all these words, whole: so many at most. Where these are fewer, those with the beginning of the
last word too; among the newest alone only if that word does not stand there by itself. A look further back is taken
only where the one before did not find enough, and left out where it could hardly find enough itself."""


def install(connection: sa.Connection) -> None:
    """Make the index over what is there, the newest last; on SQLite, that of `desk_search`."""
    if connection.dialect.name != "postgresql":
        desk_search.install(connection)
        return
    connection.exec_driver_sql(_FUNCTIONS)
    for kind, column in TEXTS.items():
        connection.exec_driver_sql(
            f"CREATE TABLE search_{kind} "
            "(number bigint NOT NULL GENERATED ALWAYS AS IDENTITY, thing uuid NOT NULL, words tsvector NOT NULL)"
        )
        connection.exec_driver_sql(_taking_in(kind, column, f"(SELECT * FROM {kind} ORDER BY id) AS said"))
        connection.exec_driver_sql(
            f"ALTER TABLE search_{kind} ADD PRIMARY KEY (thing), "
            f"ADD FOREIGN KEY (thing) REFERENCES {kind} (id) ON DELETE CASCADE"
        )
        # What is new waits in a list that every search reads to its end: it is kept short.
        connection.exec_driver_sql(
            f"CREATE INDEX search_{kind}_words ON search_{kind} USING gin (search_words(words)) "
            "WITH (gin_pending_list_limit = 256)"
        )
        connection.exec_driver_sql(_newest(kind))
        _follow(connection, kind, column)


def remove(connection: sa.Connection) -> None:
    """Take the index away again; the texts stay."""
    if connection.dialect.name != "postgresql":
        desk_search.remove(connection)
        return
    for kind in TEXTS:
        for act in ("added", "changed"):
            connection.exec_driver_sql(f"DROP TRIGGER search_{kind}_{act} ON {kind}")
            connection.exec_driver_sql(f"DROP FUNCTION search_{kind}_{act}()")
        connection.exec_driver_sql(f"DROP FUNCTION search_newest_{kind}")
        connection.exec_driver_sql(f"DROP TABLE search_{kind}")
    connection.exec_driver_sql("DROP FUNCTION search_words(tsvector), search_cut, search_marks, search_two")


def _newest(kind: str) -> str:
    look = f"SELECT thing FROM search_{kind} WHERE search_words(words) @@"
    newest = "ORDER BY number DESC LIMIT most"
    return _NEWEST.format(kind=kind, near=NEAR, wide=WIDE, times=2 ** (WIDE - NEAR), look=look, newest=newest)


def _taking_in(kind: str, column: str, source: str) -> str:
    """Numbers are drawn row by row, in the order of the source, before the words are made."""
    words = f"search_cut(said.{column}, search_marks({_OWNERS[kind]}, said.drawn, {_WAITS[kind]}))"
    numbered = f"(SELECT said.*, nextval('search_{kind}_number_seq') AS drawn FROM {source} OFFSET 0) AS said"
    return (
        f"INSERT INTO search_{kind} (number, thing, words) OVERRIDING SYSTEM VALUE "
        f"SELECT said.drawn, said.id, {words} FROM {numbered}"
    )


def _follow(connection: sa.Connection, kind: str, column: str) -> None:
    """Keep the words up to date from here on, in the transaction that writes the text."""
    words = f"search_cut(said.{column}, search_marks({_OWNERS[kind]}, number, {_WAITS[kind]}))".replace("said.", "NEW.")
    watched, differs = column, f"OLD.{column} IS DISTINCT FROM NEW.{column}"
    if kind == "finding":
        watched, differs = f"{column}, verdict", f"{differs} OR (OLD.verdict IS NULL) <> (NEW.verdict IS NULL)"
    acts = {
        "added": (
            _taking_in(kind, column, "added AS said"),
            f"AFTER INSERT ON {kind} REFERENCING NEW TABLE AS added FOR EACH STATEMENT",
        ),
        "changed": (
            f"UPDATE search_{kind} SET words = {words} WHERE thing = NEW.id",
            f"AFTER UPDATE OF {watched} ON {kind} FOR EACH ROW WHEN ({differs})",
        ),
    }
    for act, (body, when) in acts.items():
        name = f"search_{kind}_{act}"
        connection.exec_driver_sql(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NULL; END $$"
        )
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()")
