"""PostgreSQL keeps the words of each text beside it, with marks by which a search stops early.

It makes the words of every finding, page and document again: a few minutes for a million findings.
"""

from alembic import op

from models.migrations import desk_search, marked_search

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """SQLite's search stays as it is."""
    if op.get_bind().dialect.name == "postgresql":
        desk_search.remove(op.get_bind())
        marked_search.install(op.get_bind())


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        marked_search.remove(op.get_bind())
        desk_search.install(op.get_bind())
