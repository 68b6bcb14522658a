"""PostgreSQL learns that making the words of a text is dear, so that a search asks the index whatever it is for."""

from alembic import op

from models.migrations import desk_search

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _search(apart=True)


def downgrade() -> None:
    _search(apart=False)


def _search(*, apart: bool) -> None:
    """SQLite's search stays as it is."""
    if op.get_bind().dialect.name == "postgresql":
        desk_search.remove(op.get_bind())
        desk_search.install(op.get_bind(), apart=apart)
