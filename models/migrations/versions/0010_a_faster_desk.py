"""The desk's two busiest indexes hold all that is asked of them, so that counting reads no rows."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WAITING = sa.text("verdict IS NULL")
QUEUE = ["buyer_id", "queue_rank", "raised_at", "id", "stage"]


def upgrade() -> None:
    op.drop_index("ix_finding_queue", "finding")
    op.create_index(
        "ix_finding_queue",
        "finding",
        [*QUEUE, "verdict", "language", "assertion"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.drop_index("ix_finding_buyer_id_wording", "finding")
    op.create_index("ix_finding_buyer_id_wording_verdict", "finding", ["buyer_id", "wording", "verdict"])


def downgrade() -> None:
    op.drop_index("ix_finding_buyer_id_wording_verdict", "finding")
    op.create_index("ix_finding_buyer_id_wording", "finding", ["buyer_id", "wording"])
    op.drop_index("ix_finding_queue", "finding")
    op.create_index("ix_finding_queue", "finding", QUEUE, sqlite_where=WAITING, postgresql_where=WAITING)
