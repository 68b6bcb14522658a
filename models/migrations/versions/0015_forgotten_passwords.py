"""A forgotten password: letters about one, and the links in them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BEFORE = (
    "'invitation', 'reminder', 'overdue', 'escalation', 'extension_asked', 'extension_granted', 'extension_refused', "
    "'new_link', 'digest', 'plans_late', 'question'"
)


def upgrade() -> None:
    _kinds(f"{BEFORE}, 'password'")
    op.create_table(
        "password_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "password_print",
            sa.String(length=64),
            nullable=False,
            comment="Hash of the password's hash: with another password it opens no more",
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_password_link_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_password_link")),
    )
    with op.batch_alter_table("password_link") as batch_op:
        batch_op.create_index(batch_op.f("ix_password_link_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("password_link")
    op.execute("DELETE FROM mail WHERE kind = 'password'")
    _kinds(BEFORE)


def _kinds(words: str) -> None:
    with op.batch_alter_table("mail") as batch_op:
        batch_op.drop_constraint(op.f("ck_mail_kind_is_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_mail_kind_is_known"), f"kind IN ({words})")
