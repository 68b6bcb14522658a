"""The daily letter counts the critical plans whose weekly look is due."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COUNTED = "late >= 0 AND soon >= 0 AND later >= 0 AND questions >= 0"


def upgrade() -> None:
    with op.batch_alter_table("mail_part") as batch_op:
        batch_op.add_column(
            sa.Column(
                "looks",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="Critical plans whose weekly look is due",
            )
        )
        batch_op.drop_constraint(op.f("ck_mail_part_are_counted"), type_="check")
        batch_op.create_check_constraint(op.f("ck_mail_part_are_counted"), f"{COUNTED} AND looks >= 0")
    with op.batch_alter_table("mail_part") as batch_op:
        batch_op.alter_column("looks", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("mail_part") as batch_op:
        batch_op.drop_constraint(op.f("ck_mail_part_are_counted"), type_="check")
        batch_op.create_check_constraint(op.f("ck_mail_part_are_counted"), COUNTED)
        batch_op.drop_column("looks")
