"""Campaigns of thousands: who is still to be invited, and how far the workers are with it."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign_to_invite",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_to_invite_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_campaign_to_invite_supplier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "supplier_id", name=op.f("pk_campaign_to_invite")),
    )
    with op.batch_alter_table("campaign") as batch_op:
        batch_op.add_column(sa.Column("inviting", sa.String(length=40), nullable=False, server_default="done"))
        batch_op.add_column(
            sa.Column(
                "moved_at", sa.DateTime(timezone=True), nullable=True, comment="When the last portion was invited"
            )
        )
        batch_op.create_check_constraint(
            op.f("ck_campaign_inviting_is_known"), "inviting IN ('under_way', 'stopped', 'done')"
        )
        batch_op.create_index(op.f("ix_campaign_inviting_moved_at"), ["inviting", "moved_at"], unique=False)
    with op.batch_alter_table("campaign") as batch_op:
        batch_op.alter_column("inviting", existing_type=sa.String(length=40), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("campaign") as batch_op:
        batch_op.drop_index(op.f("ix_campaign_inviting_moved_at"))
        batch_op.drop_constraint(op.f("ck_campaign_inviting_is_known"), type_="check")
        batch_op.drop_column("moved_at")
        batch_op.drop_column("inviting")
    op.drop_table("campaign_to_invite")
