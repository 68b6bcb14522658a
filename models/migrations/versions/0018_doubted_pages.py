"""Pages say in words of a closed list what makes one doubt that people see what was read."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "page",
        sa.Column(
            "doubts", sa.JSON(), nullable=True,
            comment="Words of the closed list of doubts; none where it was read before there was one",
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("page", "doubts")
