"""Passages that say alike are found by an index, and on SQLite each kind of text is searched in words of its own."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from models.migrations import desk_search
from models.wording import gists_of

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

DECIDED = sa.text("verdict IS NOT NULL")
GISTS = {
    "gist_one": "Equal for many passages that say alike",
    "gist_two": "Another one, of other words",
}
PORTION = 5000


def upgrade() -> None:
    for name, comment in GISTS.items():
        op.add_column("finding", sa.Column(name, sa.BigInteger(), nullable=True, comment=comment))
    for rows in _portions():
        _keep(rows)
    for name in GISTS:
        op.create_index(
            f"ix_finding_{name}", "finding", ["buyer_id", name, "id"], sqlite_where=DECIDED, postgresql_where=DECIDED
        )
    _search(apart=True)


def downgrade() -> None:
    _search(apart=False)
    for name in GISTS:
        op.drop_index(f"ix_finding_{name}", "finding")
        op.drop_column("finding", name)


def _finding() -> sa.TableClause:
    return sa.table("finding", sa.column("id", sa.Uuid()), sa.column("quote"), *(sa.column(name) for name in GISTS))


def _portions() -> Iterator[list[tuple[object, str]]]:
    """Keys and quotes, in the order of the keys; never all of them at once."""
    finding, last = _finding(), None
    while True:
        query = sa.select(finding.c.id, finding.c.quote).order_by(finding.c.id).limit(PORTION)
        rows = op.get_bind().execute(query if last is None else query.where(finding.c.id > last)).all()
        if not rows:
            return
        yield [(row.id, row.quote) for row in rows]
        last = rows[-1].id


def _keep(rows: list[tuple[object, str]]) -> None:
    finding = _finding()
    drawn = [(key, gists_of(quote) or (None, None)) for key, quote in rows]
    op.get_bind().execute(
        finding.update()
        .where(finding.c.id == sa.bindparam("key"))
        .values(gist_one=sa.bindparam("one"), gist_two=sa.bindparam("two")),
        [{"key": key, "one": one, "two": two} for key, (one, two) in drawn],
    )


def _search(*, apart: bool) -> None:
    """PostgreSQL's search stays as it is."""
    if op.get_bind().dialect.name == "sqlite":
        desk_search.remove(op.get_bind())
        desk_search.install(op.get_bind(), apart=apart)
