"""What suppliers filled in inside documents, and earlier answers that say otherwise."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="0, 1, 2 ... in reading order"),
        sa.Column("page", sa.Integer(), nullable=True, comment="None for a field of a form"),
        sa.Column("heads", sa.JSON(), nullable=False, comment="Of the columns; none for a field of a form"),
        sa.Column("cells", sa.JSON(), nullable=False, comment="Name and value of a field, or the cells of a row"),
        sa.CheckConstraint("page IS NULL OR page >= 1", name=op.f("ck_document_entry_pages_start_at_one")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_entry_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_entry")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_document_entry_number_once_per_document")),
    )
    op.create_table(
        "finding_earlier",
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False, comment="The day on which those answers were submitted"),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_finding_earlier_answer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_finding_earlier_finding_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("finding_id", name=op.f("pk_finding_earlier")),
    )
    op.create_index(op.f("ix_finding_earlier_answer_id"), "finding_earlier", ["answer_id"])


def downgrade() -> None:
    op.drop_table("finding_earlier")
    op.drop_table("document_entry")
