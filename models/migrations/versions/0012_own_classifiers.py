"""Classifiers that a team learned from its own decisions, what people did with them, and their second opinions."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATES = "'waiting', 'learning', 'candidate', 'in_use', 'former', 'set_aside', 'failed'"
IN_USE = sa.text("state = 'in_use'")
OPEN = sa.text("state IN ('waiting', 'learning', 'candidate')")


def upgrade() -> None:
    _classifiers()
    _steps()
    _opinions()


def downgrade() -> None:
    for table in ("second_opinion", "classifier_step", "own_classifier"):
        op.drop_table(table)


def _classifiers() -> None:
    op.create_table(
        "own_classifier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False, comment="Of the steps of learning, how many are done"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column(
            "token", sa.Integer(), nullable=False, comment="Fencing token: only the holder of the newest may finish"
        ),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="When learning ended, well or not"),
        sa.Column("hindrance", sa.String(length=40), nullable=True),
        sa.Column("shortage", sa.JSON(), nullable=False, comment="What there was and what is needed"),
        sa.Column("version", sa.String(length=12), nullable=False, comment="First letters of the hash of its numbers"),
        sa.Column(
            "files_sha256", sa.String(length=64), nullable=True, comment="Its two files as one archive in the vault"
        ),
        sa.Column("kept", sa.JSON(), nullable=False, comment="models.measured.Measured as it was written"),
        sa.Column("compared_with_id", sa.Uuid(), nullable=True),
        sa.Column("before_id", sa.Uuid(), nullable=True, comment="Which one it took the place of"),
        sa.Column("weighed_to", sa.Uuid(), nullable=True, comment="Findings up to this key have been looked at"),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_own_classifier_state_is_known")),
        sa.CheckConstraint(
            "hindrance IN ('too_few', 'too_few_apart', 'ended_its_worker')",
            name=op.f("ck_own_classifier_hindrance_is_known"),
        ),
        sa.CheckConstraint(
            "(state = 'learning') = (lease_until IS NOT NULL)",
            name=op.f("ck_own_classifier_a_lease_only_while_learning"),
        ),
        sa.CheckConstraint(
            "(state = 'failed') = (hindrance IS NOT NULL)", name=op.f("ck_own_classifier_what_failed_has_a_reason")
        ),
        sa.CheckConstraint(
            "state NOT IN ('candidate', 'in_use', 'former') OR files_sha256 IS NOT NULL",
            name=op.f("ck_own_classifier_what_is_used_was_kept"),
        ),
        sa.CheckConstraint(
            "attempts >= 0 AND token >= 0 AND step >= 0", name=op.f("ck_own_classifier_counts_never_go_below_zero")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_own_classifier_asked_by_id")),
        sa.ForeignKeyConstraint(["before_id"], ["own_classifier.id"], name=op.f("fk_own_classifier_before_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisation.id"], name=op.f("fk_own_classifier_buyer_id")),
        sa.ForeignKeyConstraint(
            ["compared_with_id"], ["own_classifier.id"], name=op.f("fk_own_classifier_compared_with_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_classifier")),
    )
    for name, which in (("uq_own_classifier_one_in_use", IN_USE), ("uq_own_classifier_one_open", OPEN)):
        op.create_index(name, "own_classifier", ["buyer_id"], unique=True, sqlite_where=which, postgresql_where=which)
    op.create_index(op.f("ix_own_classifier_buyer_id_asked_at"), "own_classifier", ["buyer_id", "asked_at"])
    op.create_index(op.f("ix_own_classifier_state_lease_until"), "own_classifier", ["state", "lease_until"])


def _steps() -> None:
    op.create_table(
        "classifier_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("classifier_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "act IN ('promoted', 'set_aside', 'rolled_back')", name=op.f("ck_classifier_step_act_is_known")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_classifier_step_has_a_reason")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_classifier_step_by_id")),
        sa.ForeignKeyConstraint(
            ["classifier_id"], ["own_classifier.id"], name=op.f("fk_classifier_step_classifier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classifier_step")),
    )
    op.create_index(op.f("ix_classifier_step_classifier_id_at"), "classifier_step", ["classifier_id", "at"])


def _opinions() -> None:
    op.create_table(
        "second_opinion",
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("classifier_id", sa.Uuid(), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False, comment="That people would confirm it"),
        sa.Column(
            "is_finding", sa.Boolean(), nullable=False, comment="Whether that is above the line that learning drew"
        ),
        sa.CheckConstraint("probability >= 0 AND probability <= 1", name=op.f("ck_second_opinion_is_a_probability")),
        sa.ForeignKeyConstraint(
            ["classifier_id"], ["own_classifier.id"], name=op.f("fk_second_opinion_classifier_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_second_opinion_finding_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("finding_id", "classifier_id", name=op.f("pk_second_opinion")),
    )
    op.create_index(op.f("ix_second_opinion_classifier_id"), "second_opinion", ["classifier_id"])
