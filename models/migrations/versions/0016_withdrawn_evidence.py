"""Evidence of a plan can be withdrawn: it stays as withdrawn, and the same file can be given again."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ONCE = "uq_plan_evidence_file_once_per_plan"
STANDS = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("plan_evidence") as batch_op:
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key("fk_plan_evidence_withdrawn_by_id", "person", ["withdrawn_by_id"], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_plan_evidence_a_person_withdraws"), "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)"
        )
        batch_op.drop_constraint(op.f(ONCE), type_="unique")
    op.create_index(
        op.f(ONCE), "plan_evidence", ["plan_id", "document_id"], unique=True, sqlite_where=STANDS,
        postgresql_where=STANDS,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index(op.f(ONCE), table_name="plan_evidence")
    op.execute("DELETE FROM plan_evidence WHERE withdrawn_at IS NOT NULL")
    with op.batch_alter_table("plan_evidence") as batch_op:
        batch_op.create_unique_constraint(op.f(ONCE), ["plan_id", "document_id"])
        batch_op.drop_constraint(op.f("ck_plan_evidence_a_person_withdraws"), type_="check")
        batch_op.drop_constraint("fk_plan_evidence_withdrawn_by_id", type_="foreignkey")
        batch_op.drop_column("withdrawn_by_id")
        batch_op.drop_column("withdrawn_at")
