"""How PostgreSQL is asked for words: among the newest first, and only then further back.

See `models.migrations.marked_search` for what it is asked of. Words that many passages hold are found among the newest
few thousand, and nothing else is read for them; rare ones are looked for in all at once, which takes no longer.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, TextualSelect, Uuid, column, false, func, select, table, text
from sqlalchemy.orm import Session

from models.findings import Finding
from models.migrations.marked_search import NEAR

COMMON = 0.1
"""From this share of the newest texts on, it is quicker to look into one text after the other than to ask the index."""
_WHOLE, _ENDING, _BEGUN = (
    f"CAST(replace(CAST(to_tsquery('simple', :{name}) AS text), '<->', '&') AS tsquery)"
    for name in ("whole", "ending", "begun")
)
"""PostgreSQL takes `10½kg` for two words that follow each other. Where words stand is not kept, so that none would ever
be found: it is asked for both."""
_MARK = "CAST(quote_literal(:mark) AS tsquery)"
_LAST = "(SELECT last_value FROM search_finding_number_seq)"


def newest(kind: str, words: Sequence[str], owner: uuid.UUID, most: int) -> TextualSelect:
    """Keys, as `key`, of at most so many texts of the organisation with all these words.

    The newest with the words whole; where these are fewer, those with the beginning of the last word too.
    """
    query = text(f"SELECT key FROM search_newest_{kind}(:mark, {_WHOLE}, {_ENDING}, {_BEGUN}, :most)")  # noqa: S608
    whole, ending = _joined(words), _joined(words[-1:])
    return query.bindparams(
        mark=_mark(owner), whole=whole, ending=ending, begun=f"{whole}:*", most=most
    ).columns(column("key", Uuid()))  # fmt: skip


def is_common(session: Session, words: Sequence[str], owner: uuid.UUID) -> bool:
    """Whether so many of the organisation's newest findings hold the words that most of a list would soon be found."""
    key = (owner, tuple(words))
    known: dict[object, bool] = session.info.setdefault("common_words", {})
    if key not in known:
        near = f"search_two(:mark || 'n', {_LAST} >> {NEAR})"
        query = text(
            f"SELECT count(*), least({_LAST}, {2**NEAR} + ({_LAST} & {2**NEAR - 1})) FROM search_finding "  # noqa: S608
            f"WHERE search_words(words) @@ ({_WHOLE} && {near})"
        )
        found, looked_at = session.execute(query.bindparams(mark=_mark(owner), whole=_joined(words))).one()
        known[key] = found >= COMMON * looked_at
    return known[key]


def finding_holds(session: Session, words: Sequence[str], owner: uuid.UUID, *, waiting: bool) -> ColumnElement[bool]:
    """The condition that a finding of the organisation holds all these words, the last one at least by its beginning.

    `waiting` says that only findings without a verdict are asked for, and spares going through all others.
    """
    begun = f"{_joined(words)}:*"
    if is_common(session, words, owner):
        place = table("search_finding", column("thing", Uuid()), column("words"))
        own = select(place.c.words).where(place.c.thing == Finding.id).scalar_subquery()
        holds = own.bool_op("@@")(text(_BEGUN).bindparams(begun=begun))
        return func.coalesce(holds, false())  # So said, the planner expects every other row, and stops when it may.
    mark = _mark(owner) + ("o" if waiting else "")
    holding = text(f"SELECT thing FROM search_finding WHERE search_words(words) @@ ({_BEGUN} && {_MARK})")  # noqa: S608
    return Finding.id.in_(holding.bindparams(mark=mark, begun=begun).columns(column("thing", Uuid())))


def _mark(owner: uuid.UUID) -> str:
    """As the database writes it: the half of the key that is drawn by lot."""
    return f"={owner.hex[16:]}"


def _joined(words: Sequence[str]) -> str:
    return " & ".join(f"'{word}'" for word in words)
