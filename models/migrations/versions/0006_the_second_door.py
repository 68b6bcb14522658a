"""The second door: keys to the API, calls that are remembered, webhooks, and every message to them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hook_reader",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_reader")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False, comment="Whom it acts for"),
        sa.Column(
            "role",
            sa.String(length=40),
            nullable=False,
            comment="Of the person when it was made; another role ends it",
        ),
        sa.Column("reach", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False, comment="What it is for, in its maker's words"),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "ending", sa.String(length=4), nullable=False, comment="Last letters of the secret, to tell tokens apart by"
        ),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True, comment="Kept to the minute"),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_api_token_has_a_name")),
        sa.CheckConstraint("reach IN ('read', 'write')", name=op.f("ck_api_token_reach_is_known")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name=op.f("ck_api_token_a_person_withdraws")
        ),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_api_token_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_api_token_made_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_api_token_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_token_person_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["person.id"], name=op.f("fk_api_token_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_token_secret")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_api_token_person_id"), ["person_id"], unique=False)
    op.create_table(
        "hook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("happenings", sa.JSON(), nullable=False, comment="Words of `Happening`"),
        sa.Column("generation", sa.Integer(), nullable=False, comment="Grows with each new secret"),
        sa.Column(
            "secret_print", sa.String(length=64), nullable=False, comment="SHA-256 of the secret, to notice another key"
        ),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Uuid(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False, comment="In a row"),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("url <> ''", name=op.f("ck_hook_leads_somewhere")),
        sa.CheckConstraint("(removed_at IS NULL) = (removed_by_id IS NULL)", name=op.f("ck_hook_a_person_removes")),
        sa.CheckConstraint("failures >= 0 AND generation >= 1", name=op.f("ck_hook_counts_never_go_below_zero")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_hook_made_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_hook_organisation_id")),
        sa.ForeignKeyConstraint(["removed_by_id"], ["person.id"], name=op.f("fk_hook_removed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook")),
    )
    with op.batch_alter_table("hook", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hook_organisation_id"), ["organisation_id"], unique=False)
    op.create_table(
        "api_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("print", sa.String(length=64), nullable=False, comment="SHA-256 of what was asked"),
        sa.Column("thing_id", sa.Uuid(), nullable=True, comment="What it made, if it made something"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], name=op.f("fk_api_call_token_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_call")),
        sa.UniqueConstraint("token_id", "key", name=op.f("uq_api_call_once_per_key")),
    )
    with op.batch_alter_table("api_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_call_at"), ["at"], unique=False)
    op.create_table(
        "hook_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hook_id", sa.Uuid(), nullable=False),
        sa.Column("happening", sa.String(length=40), nullable=False),
        sa.Column(
            "number", sa.Integer(), nullable=True, comment="The journal's entry that it tells of; None for a trial"
        ),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="Also the fencing token of whoever sends it"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True, comment="What the address answered last, as an HTTP status"),
        sa.Column("reason", sa.String(length=40), nullable=True, comment="Why the last try failed, from a closed list"),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_hook_delivery_sent_has_its_moment")
        ),
        sa.CheckConstraint(
            "happening IN ('document.screened', 'finding.confirmed', 'plan.changed', 'questionnaire.submitted', 'trial')",
            name=op.f("ck_hook_delivery_happening_is_known"),
        ),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'given_up')", name=op.f("ck_hook_delivery_state_is_known")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_hook_delivery_attempts_are_counted")),
        sa.ForeignKeyConstraint(["hook_id"], ["hook.id"], name=op.f("fk_hook_delivery_hook_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_delivery")),
        sa.UniqueConstraint("hook_id", "number", name=op.f("uq_hook_delivery_once_per_hook")),
    )
    with op.batch_alter_table("hook_delivery", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hook_delivery_hook_id_state_due_at"), ["hook_id", "state", "due_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_hook_delivery_state_due_at"), ["state", "due_at"], unique=False)
    op.execute("INSERT INTO hook_reader (id, number) SELECT 1, number FROM journal_head WHERE id = 1")


def downgrade() -> None:
    with op.batch_alter_table("hook_delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hook_delivery_state_due_at"))
        batch_op.drop_index(batch_op.f("ix_hook_delivery_hook_id_state_due_at"))
    op.drop_table("hook_delivery")
    with op.batch_alter_table("api_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_call_at"))
    op.drop_table("api_call")
    with op.batch_alter_table("hook", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hook_organisation_id"))
    op.drop_table("hook")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_person_id"))
        batch_op.drop_index(batch_op.f("ix_api_token_organisation_id"))
    op.drop_table("api_token")
    op.drop_table("hook_reader")
