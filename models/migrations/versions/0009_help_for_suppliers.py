"""Trainings and other help for suppliers, and the weekly look at critical plans."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_look",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("note <> ''", name=op.f("ck_plan_look_says_how_it_stands")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_plan_look_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_look_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_look")),
    )
    with op.batch_alter_table("plan_look", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_look_plan_id_at"), ["plan_id", "at"], unique=False)

    op.create_table(
        "training",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True, comment="None: all sites"),
        sa.Column("signal", sa.String(length=20), nullable=False, comment="Code, e.g. 'FL.DOC'"),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=200), nullable=False, comment="A role or a group, never a name"),
        sa.Column("given_by", sa.String(length=200), nullable=False, comment="An organisation, a department"),
        sa.Column("consent", sa.Boolean(), nullable=False, comment="Those concerned want the outside help"),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True, comment="How many took part"),
        sa.Column("measure", sa.String(length=200), nullable=False, comment="What is counted before and after"),
        sa.Column("before_value", sa.Double(), nullable=True),
        sa.Column("after_value", sa.Double(), nullable=True),
        sa.Column("measured_on", sa.Date(), nullable=True, comment="When the second of the two was taken"),
        sa.Column("declined", sa.String(length=500), nullable=False, comment="Why it is not needed"),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="Grows with each change, so that a stale form is noticed"
        ),
        sa.CheckConstraint(
            "(before_value IS NULL AND after_value IS NULL) OR (measure <> '' AND people >= 5)",
            name=op.f("ck_training_results_are_of_a_group"),
        ),
        sa.CheckConstraint("declined = '' OR held_on IS NULL", name=op.f("ck_training_what_was_held_was_not_declined")),
        sa.CheckConstraint(
            "kind <> 'outside' OR consent OR (planned_on IS NULL AND held_on IS NULL)",
            name=op.f("ck_training_nobody_is_referred_unasked"),
        ),
        sa.CheckConstraint("kind IN ('training', 'coaching', 'outside')", name=op.f("ck_training_kind_is_known")),
        sa.CheckConstraint("title <> ''", name=op.f("ck_training_has_a_title")),
        sa.CheckConstraint("held_on IS NULL OR people IS NOT NULL", name=op.f("ck_training_what_was_held_had_people")),
        sa.CheckConstraint("people IS NULL OR people > 0", name=op.f("ck_training_people_are_counted_from_one")),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_training_added_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_training_plan_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_training_site_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_training_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
    )
    with op.batch_alter_table("training", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_supplier_id_signal"), ["supplier_id", "signal"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("training", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_supplier_id_signal"))
        batch_op.drop_index(batch_op.f("ix_training_plan_id"))

    op.drop_table("training")
    with op.batch_alter_table("plan_look", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_look_plan_id_at"))

    op.drop_table("plan_look")
