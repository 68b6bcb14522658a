"""Letters about plans and questions: in numbers, once a day at most, and not at all for who wants none."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ANSWERS = (
    "'invitation', 'reminder', 'overdue', 'escalation', 'extension_asked', 'extension_granted', 'extension_refused', "
    "'new_link'"
)


def upgrade() -> None:
    with op.batch_alter_table("person") as batch_op:
        batch_op.add_column(
            sa.Column(
                "wants_digest",
                sa.Boolean(),
                server_default=sa.true(),
                nullable=False,
                comment="A letter a day at most about what waits",
            )
        )
        batch_op.add_column(
            sa.Column(
                "digest_on", sa.Date(), nullable=True, comment="The day on which it was last looked whether one is due"
            )
        )
    with op.batch_alter_table("entry_link") as batch_op:
        batch_op.add_column(sa.Column("asking_id", sa.Uuid(), nullable=True))
        batch_op.alter_column("invitation_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.create_foreign_key("fk_entry_link_asking_id", "asking", ["asking_id"], ["id"], ondelete="CASCADE")
        batch_op.create_index("ix_entry_link_asking_id", ["asking_id"])
    with op.batch_alter_table("mail") as batch_op:
        batch_op.add_column(sa.Column("asking_id", sa.Uuid(), nullable=True))
        batch_op.alter_column(
            "invitation_id", existing_type=sa.Uuid(), nullable=True, comment="For letters about a questionnaire"
        )
        batch_op.create_foreign_key("fk_mail_asking_id", "asking", ["asking_id"], ["id"], ondelete="CASCADE")
        batch_op.create_index("ix_mail_asking_id", ["asking_id"])
        batch_op.drop_constraint(op.f("ck_mail_kind_is_known"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_mail_kind_is_known"), f"kind IN ({ANSWERS}, 'digest', 'plans_late', 'question')"
        )
        batch_op.create_check_constraint(
            op.f("ck_mail_answers_have_an_invitation"), f"(invitation_id IS NOT NULL) = (kind IN ({ANSWERS}))"
        )
        batch_op.create_check_constraint(
            op.f("ck_mail_a_question_is_named"), "(asking_id IS NOT NULL) = (kind = 'question')"
        )
    _parts()


def downgrade() -> None:
    op.drop_table("mail_part")
    op.execute("DELETE FROM mail WHERE invitation_id IS NULL")
    op.execute("DELETE FROM entry_link WHERE invitation_id IS NULL")
    with op.batch_alter_table("mail") as batch_op:
        batch_op.drop_constraint(op.f("ck_mail_a_question_is_named"), type_="check")
        batch_op.drop_constraint(op.f("ck_mail_answers_have_an_invitation"), type_="check")
        batch_op.drop_constraint(op.f("ck_mail_kind_is_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_mail_kind_is_known"), f"kind IN ({ANSWERS})")
        batch_op.drop_index("ix_mail_asking_id")
        batch_op.drop_constraint("fk_mail_asking_id", type_="foreignkey")
        batch_op.alter_column("invitation_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column("asking_id")
    with op.batch_alter_table("entry_link") as batch_op:
        batch_op.drop_index("ix_entry_link_asking_id")
        batch_op.drop_constraint("fk_entry_link_asking_id", type_="foreignkey")
        batch_op.alter_column("invitation_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column("asking_id")
    with op.batch_alter_table("person") as batch_op:
        batch_op.drop_column("digest_on")
        batch_op.drop_column("wants_digest")


def _parts() -> None:
    op.create_table(
        "mail_part",
        sa.Column("mail_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "late", sa.Integer(), nullable=False, comment="Plans past their day; in a letter of the ladder, climbed"
        ),
        sa.Column("soon", sa.Integer(), nullable=False, comment="Plans that are due within the days of a reminder"),
        sa.Column("later", sa.Integer(), nullable=False, comment="Other plans that wait for the reader"),
        sa.Column(
            "questions", sa.Integer(), nullable=False, comment="Questions about passages that wait for an answer"
        ),
        sa.Column("level", sa.Integer(), nullable=False, comment="The highest rung of the ladder"),
        sa.Column("next_on", sa.Date(), nullable=True, comment="The first day among those that are due soon"),
        sa.CheckConstraint(
            "late >= 0 AND soon >= 0 AND later >= 0 AND questions >= 0", name=op.f("ck_mail_part_are_counted")
        ),
        sa.CheckConstraint("level BETWEEN 0 AND 9", name=op.f("ck_mail_part_level_is_a_rung")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisation.id"], name=op.f("fk_mail_part_buyer_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_mail_part_mail_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("mail_id", "buyer_id", name=op.f("pk_mail_part")),
    )
    with op.batch_alter_table("mail_part") as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_part_buyer_id"), ["buyer_id"], unique=False)
