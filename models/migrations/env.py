"""Run by Alembic: applies the revisions over the connection that `models.migrations` hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from models.base import Moment, Word
from models.nouns import Base


def plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our column types as the plain ones below them: a revision must not change when the code does."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Word):
        return "sa.String(length=40)"
    return False


connection: Connection | None = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("Migrations are run through models.migrations, which hands over the connection.")
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=plain,
)
with context.begin_transaction():
    context.run_migrations()
