"""Questionnaires for thousands without a campaign: what is laid, who still waits for it, and how far the workers are."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issuing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("prefilled", sa.JSON(), nullable=False, comment="What the buyer fills in, by question"),
        sa.Column("total", sa.Integer(), nullable=False, comment="Suppliers for whom it was begun"),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("begun_by_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "moved_at", sa.DateTime(timezone=True), nullable=False,
            comment="When the last portion was laid, or somebody stopped it",
        ),
        sa.CheckConstraint("state IN ('under_way', 'stopped', 'done')", name=op.f("ck_issuing_state_is_known")),
        sa.CheckConstraint("total > 0", name=op.f("ck_issuing_is_for_somebody")),
        sa.ForeignKeyConstraint(["begun_by_id"], ["person.id"], name=op.f("fk_issuing_begun_by_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisation.id"], name=op.f("fk_issuing_buyer_id")),
        sa.ForeignKeyConstraint(["questionnaire_id"], ["questionnaire.id"], name=op.f("fk_issuing_questionnaire_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuing")),
    )  # fmt: skip
    op.create_index(op.f("ix_issuing_buyer_id_begun_at"), "issuing", ["buyer_id", "begun_at"], unique=False)
    op.create_index(op.f("ix_issuing_state_moved_at"), "issuing", ["state", "moved_at"], unique=False)
    op.create_table(
        "issuing_to_issue",
        sa.Column("issuing_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issuing_id"], ["issuing.id"], name=op.f("fk_issuing_to_issue_issuing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_issuing_to_issue_supplier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issuing_id", "supplier_id", name=op.f("pk_issuing_to_issue")),
    )


def downgrade() -> None:
    op.drop_table("issuing_to_issue")
    op.drop_index(op.f("ix_issuing_state_moved_at"), table_name="issuing")
    op.drop_index(op.f("ix_issuing_buyer_id_begun_at"), table_name="issuing")
    op.drop_table("issuing")
