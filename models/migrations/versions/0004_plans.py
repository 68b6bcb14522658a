"""The life of a plan: its lines, editions, signatures and records."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from models.migrations import carrying_plans as carrying

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEW = (
    "plan_finding",
    "plan_dispute",
    "plan_evidence",
    "remedy_decision",
    "plan_support",
    "plan_signature",
    "plan_pause",
    "plan_monitoring",
    "plan_message",
    "plan_extension",
    "plan_event",
    "plan_escalation",
    "plan_edition",
    "plan_action",
    "milestone",
    "plan",
)
"""Every table that this revision makes, in the order in which they can be dropped."""


def upgrade() -> None:
    rows = carrying.upwards(op.get_bind())
    for name in carrying.OLD:
        op.drop_table(name)
    made = _new_tables()
    for name in made:
        if rows[name]:
            op.bulk_insert(made[name], rows[name])


def downgrade() -> None:
    rows = carrying.downwards(op.get_bind())
    for name in NEW:
        op.drop_table(name)
    made = _old_tables()
    for name in made:
        if rows[name]:
            op.bulk_insert(made[name], rows[name])


def _new_tables() -> dict[str, sa.Table]:
    made: dict[str, Any] = {}
    made["plan"] = op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("state_before", sa.String(length=40), nullable=True, comment="While disputed or suspended"),
        sa.Column("severity", sa.String(length=40), nullable=False, comment="The gravest among its findings"),
        sa.Column("country", sa.String(length=2), nullable=True, comment="Of the site: its working days count"),
        sa.Column(
            "edition", sa.Integer(), nullable=False, comment="Of what is agreed on; both sides sign the same one"
        ),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="Grows with each change, so that a stale form is noticed"
        ),
        sa.Column("root_cause_method", sa.String(length=40), nullable=True),
        sa.Column("root_cause_category", sa.String(length=40), nullable=True),
        sa.Column("root_cause", sa.Text(), nullable=False),
        sa.Column("no_action", sa.Text(), nullable=False, comment="Why nothing is to be done, where that is agreed"),
        sa.Column(
            "responsible", sa.String(length=200), nullable=False, comment="At the supplier: a name or a function"
        ),
        sa.Column("people", sa.Integer(), nullable=True, comment="How many are affected"),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("indicator", sa.String(length=500), nullable=False, comment="What will show that it helped"),
        sa.Column("target", sa.String(length=300), nullable=False),
        sa.Column("effect_due_on", sa.Date(), nullable=True),
        sa.Column("cost", sa.Integer(), nullable=True, comment="In whole units of the currency"),
        sa.Column("currency", sa.String(length=3), nullable=False, comment="ISO 4217"),
        sa.Column("buyer_share", sa.Integer(), nullable=True, comment="Per cent of the cost that the buyer bears"),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True, comment="None: the supplier has never seen it"),
        sa.Column("accountable_id", sa.Uuid(), nullable=False, comment="At the buyer"),
        sa.Column("agree_by", sa.Date(), nullable=False, comment="By when both should have signed"),
        sa.Column("containment", sa.Text(), nullable=False, comment="What was done at once, so that people are safe"),
        sa.Column("containment_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contained_on", sa.Date(), nullable=True),
        sa.Column("contained_by_id", sa.Uuid(), nullable=True),
        sa.Column("buyer_signed_by_id", sa.Uuid(), nullable=True, comment="This edition"),
        sa.Column("supplier_signed_by_id", sa.Uuid(), nullable=True, comment="This edition"),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence_by_id", sa.Uuid(), nullable=True),
        sa.Column("evidence_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verify_by", sa.Date(), nullable=True),
        sa.Column("verifier_id", sa.Uuid(), nullable=True),
        sa.Column("verification", sa.String(length=40), nullable=True),
        sa.Column("remedy_decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_as", sa.String(length=40), nullable=True),
        sa.Column("closed_before_remedy", sa.Boolean(), nullable=False, comment="Under the rules of the first version"),
        sa.Column("closure_reason", sa.Text(), nullable=False),
        sa.Column("effect_on", sa.Date(), nullable=True),
        sa.Column("effect_by_id", sa.Uuid(), nullable=True),
        sa.Column("effect_result", sa.Text(), nullable=False),
        sa.Column("paused_days", sa.Integer(), nullable=False, comment="By which pauses moved the day that was agreed"),
        sa.Column("clock_on", sa.Date(), nullable=True, comment="When the present clock ends; None where none runs"),
        sa.Column("level", sa.Integer(), nullable=False, comment="The rung of the escalation ladder"),
        sa.Column("repeats_id", sa.Uuid(), nullable=True, comment="An earlier plan for the same"),
        sa.CheckConstraint(
            "(state IN ('closed', 'effective')) = (closed_by_id IS NOT NULL)",
            name=op.f("ck_plan_a_person_stands_behind_every_closure"),
        ),
        sa.CheckConstraint(
            "(state IN ('disputed', 'suspended')) = (state_before IS NOT NULL)",
            name=op.f("ck_plan_an_interruption_knows_the_way_back"),
        ),
        sa.CheckConstraint("closed_as IN ('done', 'no_action')", name=op.f("ck_plan_closed_as_is_known")),
        sa.CheckConstraint(
            "root_cause_category IN ('rules', 'knowledge', 'means', 'supervision', 'pay', 'agents', 'buying', 'buildings', 'attitudes', 'other')",
            name=op.f("ck_plan_root_cause_category_is_known"),
        ),
        sa.CheckConstraint(
            "root_cause_method IN ('five_whys', 'diagram', 'interviews', 'records', 'outside', 'other')",
            name=op.f("ck_plan_root_cause_method_is_known"),
        ),
        sa.CheckConstraint(
            "severity <> 'critical' OR closed_by_id IS NULL OR closed_by_id <> opened_by_id",
            name=op.f("ck_plan_critical_is_closed_by_a_second_person"),
        ),
        sa.CheckConstraint(
            "severity <> 'critical' OR closed_by_id IS NULL OR remedy_decided_by_id IS NOT NULL OR closed_before_remedy",
            name=op.f("ck_plan_critical_is_closed_with_a_remedy_decision"),
        ),
        sa.CheckConstraint("severity IN ('critical', 'high', 'medium', 'low')", name=op.f("ck_plan_severity_is_known")),
        sa.CheckConstraint(
            "state <> 'effective' OR (effect_by_id IS NOT NULL AND effect_on IS NOT NULL)",
            name=op.f("ck_plan_a_person_has_seen_the_effect"),
        ),
        sa.CheckConstraint(
            "state <> 'verification' OR verifier_id IS NOT NULL", name=op.f("ck_plan_verification_has_a_verifier")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'sent', 'proposed', 'negotiation', 'agreed', 'in_progress', 'evidence_submitted', 'verification', 'returned', 'partly_closed', 'closed', 'effective', 'reopened', 'disputed', 'suspended')",
            name=op.f("ck_plan_state_is_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'in_progress', 'evidence_submitted', 'verification', 'returned', 'partly_closed') OR (buyer_signed_by_id IS NOT NULL AND supplier_signed_by_id IS NOT NULL)",
            name=op.f("ck_plan_work_begins_when_both_have_signed"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'in_progress', 'evidence_submitted', 'verification', 'returned', 'partly_closed') OR due_on IS NOT NULL",
            name=op.f("ck_plan_what_is_agreed_has_a_day"),
        ),
        sa.CheckConstraint(
            "state_before IN ('draft', 'sent', 'proposed', 'negotiation', 'agreed', 'in_progress', 'evidence_submitted', 'verification', 'returned', 'partly_closed', 'closed', 'effective', 'reopened', 'disputed', 'suspended')",
            name=op.f("ck_plan_state_before_is_known"),
        ),
        sa.CheckConstraint(
            "verification IN ('papers', 'visit', 'interviews', 'survey', 'data')",
            name=op.f("ck_plan_verification_is_known"),
        ),
        sa.CheckConstraint("buyer_share BETWEEN 0 AND 100", name=op.f("ck_plan_share_is_a_percentage")),
        sa.CheckConstraint(
            "edition >= 1 AND level >= 0 AND paused_days >= 0", name=op.f("ck_plan_counts_never_go_below_zero")
        ),
        sa.CheckConstraint(
            "evidence_by_id IS NULL OR ((verifier_id IS NULL OR verifier_id <> evidence_by_id) AND (closed_by_id IS NULL OR closed_by_id <> evidence_by_id))",
            name=op.f("ck_plan_nobody_verifies_their_own_evidence"),
        ),
        sa.ForeignKeyConstraint(["accountable_id"], ["person.id"], name=op.f("fk_plan_accountable_id")),
        sa.ForeignKeyConstraint(["buyer_signed_by_id"], ["person.id"], name=op.f("fk_plan_buyer_signed_by_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_plan_closed_by_id")),
        sa.ForeignKeyConstraint(["contained_by_id"], ["person.id"], name=op.f("fk_plan_contained_by_id")),
        sa.ForeignKeyConstraint(["effect_by_id"], ["person.id"], name=op.f("fk_plan_effect_by_id")),
        sa.ForeignKeyConstraint(["evidence_by_id"], ["person.id"], name=op.f("fk_plan_evidence_by_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_plan_opened_by_id")),
        sa.ForeignKeyConstraint(["remedy_decided_by_id"], ["person.id"], name=op.f("fk_plan_remedy_decided_by_id")),
        sa.ForeignKeyConstraint(["repeats_id"], ["plan.id"], name=op.f("fk_plan_repeats_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_plan_supplier_id")),
        sa.ForeignKeyConstraint(["supplier_signed_by_id"], ["person.id"], name=op.f("fk_plan_supplier_signed_by_id")),
        sa.ForeignKeyConstraint(["verifier_id"], ["person.id"], name=op.f("fk_plan_verifier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_clock_on"), ["clock_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_plan_supplier_id_state_clock_on"), ["supplier_id", "state", "clock_on"], unique=False
        )

    made["milestone"] = op.create_table(
        "milestone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False, comment="What will show that it was done"),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("title <> ''", name=op.f("ck_milestone_has_a_title")),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by_id IS NULL)", name=op.f("ck_milestone_a_person_stands_behind_every_step")
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_milestone_done_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_milestone_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint("plan_id", "line", name=op.f("uq_milestone_line_once_per_plan")),
    )
    made["plan_action"] = op.create_table(
        "plan_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False, comment="A name or a function"),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("lever", sa.String(length=40), nullable=True, comment="For actions of the buyer"),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('corrective', 'preventive', 'buyer')", name=op.f("ck_plan_action_kind_is_known")),
        sa.CheckConstraint(
            "lever IN ('price', 'lead_time', 'cost_share', 'orders', 'payment', 'training', 'other')",
            name=op.f("ck_plan_action_lever_is_known"),
        ),
        sa.CheckConstraint("text <> ''", name=op.f("ck_plan_action_says_what_is_done")),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by_id IS NULL)", name=op.f("ck_plan_action_a_person_stands_behind_it")
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_plan_action_done_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_action_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
        sa.UniqueConstraint("plan_id", "line", name=op.f("uq_plan_action_line_once_per_plan")),
    )
    made["plan_edition"] = op.create_table(
        "plan_edition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False, comment="Which side wrote it"),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.CheckConstraint("side IN ('buyer', 'supplier')", name=op.f("ck_plan_edition_side_is_known")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_edition_plan_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_plan_edition_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_edition")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_edition_number_once_per_plan")),
    )
    op.create_table(
        "plan_escalation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True, comment="None: the clock"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("days_late", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> '' OR by_id IS NULL", name=op.f("ck_plan_escalation_a_person_gives_a_reason")),
        sa.CheckConstraint("level BETWEEN 1 AND 9", name=op.f("ck_plan_escalation_level_is_a_rung")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_plan_escalation_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_escalation_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_escalation")),
    )
    with op.batch_alter_table("plan_escalation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_escalation_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "plan_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True, comment="None where the clock acted"),
        sa.Column("act", sa.String(length=60), nullable=False, comment="As in the journal, e.g. 'plan.signed'"),
        sa.Column("before", sa.String(length=40), nullable=False),
        sa.Column("after", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("dates", sa.JSON(), nullable=False, comment="Every date of the plan before the act"),
        sa.CheckConstraint(
            "after IN ('draft', 'sent', 'proposed', 'negotiation', 'agreed', 'in_progress', 'evidence_submitted', 'verification', 'returned', 'partly_closed', 'closed', 'effective', 'reopened', 'disputed', 'suspended')",
            name=op.f("ck_plan_event_after_is_known"),
        ),
        sa.CheckConstraint(
            "before IN ('draft', 'sent', 'proposed', 'negotiation', 'agreed', 'in_progress', 'evidence_submitted', 'verification', 'returned', 'partly_closed', 'closed', 'effective', 'reopened', 'disputed', 'suspended')",
            name=op.f("ck_plan_event_before_is_known"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_plan_event_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_event_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_event")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_event_number_once_per_plan")),
    )
    op.create_table(
        "plan_extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_before", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_plan_extension_has_a_reason")),
        sa.CheckConstraint(
            "(granted IS NULL) = (decided_by_id IS NULL) AND (granted IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_plan_extension_a_person_decides"),
        ),
        sa.CheckConstraint("until > due_before", name=op.f("ck_plan_extension_asks_for_a_later_day")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_plan_extension_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_plan_extension_decided_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_extension_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_extension")),
    )
    with op.batch_alter_table("plan_extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_extension_plan_id"), ["plan_id"], unique=False)

    made["plan_message"] = op.create_table(
        "plan_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_plan_message_says_something")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_message_plan_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_plan_message_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_message")),
    )
    with op.batch_alter_table("plan_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_message_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "plan_monitoring",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("by_whom", sa.String(length=200), nullable=False),
        sa.Column("how_often", sa.String(length=200), nullable=False),
        sa.CheckConstraint("what <> ''", name=op.f("ck_plan_monitoring_says_what_is_watched")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_monitoring_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_monitoring")),
        sa.UniqueConstraint("plan_id", "line", name=op.f("uq_plan_monitoring_line_once_per_plan")),
    )
    op.create_table(
        "plan_pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("began_by_id", sa.Uuid(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_plan_pause_has_a_reason")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_plan_pause_a_person_ends_it")),
        sa.ForeignKeyConstraint(["began_by_id"], ["person.id"], name=op.f("fk_plan_pause_began_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_plan_pause_ended_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_pause_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_pause")),
    )
    with op.batch_alter_table("plan_pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_pause_plan_id"), ["plan_id"], unique=False)

    made["plan_signature"] = op.create_table(
        "plan_signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("signed_by_id", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("side IN ('buyer', 'supplier')", name=op.f("ck_plan_signature_side_is_known")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name=op.f("ck_plan_signature_a_person_withdraws")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_signature_plan_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["signed_by_id"], ["person.id"], name=op.f("fk_plan_signature_signed_by_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["person.id"], name=op.f("fk_plan_signature_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_signature")),
    )
    with op.batch_alter_table("plan_signature", schema=None) as batch_op:
        batch_op.create_index(
            "uq_plan_signature_once_per_edition_and_side",
            ["plan_id", "edition", "side"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "plan_support",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("help", sa.String(length=500), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_plan_support_has_a_name")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_support_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_support")),
        sa.UniqueConstraint("plan_id", "line", name=op.f("uq_plan_support_line_once_per_plan")),
    )
    op.create_table(
        "remedy_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("needed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_remedy_decision_has_a_reason")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_remedy_decision_decided_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_remedy_decision_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remedy_decision")),
    )
    with op.batch_alter_table("remedy_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_remedy_decision_plan_id_decided_at"), ["plan_id", "decided_at"], unique=False
        )

    op.create_table(
        "plan_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("milestone_id", sa.Uuid(), nullable=True, comment="None: for the plan as a whole"),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_plan_evidence_added_by_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_plan_evidence_document_id")),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["milestone.id"], name=op.f("fk_plan_evidence_milestone_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_evidence_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_evidence")),
        sa.UniqueConstraint("plan_id", "document_id", name=op.f("uq_plan_evidence_file_once_per_plan")),
    )
    with op.batch_alter_table("plan_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_evidence_document_id"), ["document_id"], unique=False)

    made["plan_dispute"] = op.create_table(
        "plan_dispute",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=True, comment="None where the plan is disputed and no finding"),
        sa.Column("raised_by_id", sa.Uuid(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('upheld', 'partly', 'dismissed')", name=op.f("ck_plan_dispute_outcome_is_known")
        ),
        sa.CheckConstraint("outcome IS NULL OR answer <> ''", name=op.f("ck_plan_dispute_an_outcome_has_its_reason")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_plan_dispute_says_what_is_not_right")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (settled_by_id IS NULL) AND (outcome IS NULL) = (settled_at IS NULL)",
            name=op.f("ck_plan_dispute_a_person_settles_it"),
        ),
        sa.CheckConstraint(
            "settled_by_id IS NULL OR settled_by_id <> raised_by_id",
            name=op.f("ck_plan_dispute_nobody_settles_their_own"),
        ),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_plan_dispute_finding_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_dispute_plan_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["raised_by_id"], ["person.id"], name=op.f("fk_plan_dispute_raised_by_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_plan_dispute_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_dispute")),
    )
    with op.batch_alter_table("plan_dispute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_dispute_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_dispute_plan_id"), ["plan_id"], unique=False)

    made["plan_finding"] = op.create_table(
        "plan_finding",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_plan_finding_finding_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_finding_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("plan_id", "finding_id", name=op.f("pk_plan_finding")),
        sa.UniqueConstraint("finding_id", name=op.f("uq_plan_finding_one_plan_per_finding")),
    )
    return made


def _old_tables() -> dict[str, sa.Table]:
    made: dict[str, Any] = {}
    made["plan"] = op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.String(length=40), nullable=False, comment="The gravest among its findings"),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column(
            "responsible", sa.String(length=200), nullable=False, comment="At the supplier: a name or a function"
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closure_reason", sa.Text(), nullable=False),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="Grows with each change, so that a stale form is noticed"
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_by_id IS NOT NULL)", name=op.f("ck_plan_a_person_stands_behind_every_closure")
        ),
        sa.CheckConstraint(
            "severity <> 'critical' OR closed_by_id IS NULL OR closed_by_id <> opened_by_id",
            name=op.f("ck_plan_critical_is_closed_by_a_second_person"),
        ),
        sa.CheckConstraint("severity IN ('critical', 'high', 'medium', 'low')", name=op.f("ck_plan_severity_is_known")),
        sa.CheckConstraint(
            "state = 'draft' OR (action <> '' AND due_on IS NOT NULL)", name=op.f("ck_plan_sent_only_when_complete")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'sent', 'agreed', 'disputed', 'evidence_submitted', 'closed')",
            name=op.f("ck_plan_state_is_known"),
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_plan_answered_by_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_plan_closed_by_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_plan_opened_by_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_plan_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_plan_supplier_id_state_due_on"), ["supplier_id", "state", "due_on"], unique=False
        )

    made["milestone"] = op.create_table(
        "milestone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False, comment="What will show that it was done"),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("title <> ''", name=op.f("ck_milestone_has_a_title")),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by_id IS NULL)", name=op.f("ck_milestone_a_person_stands_behind_every_step")
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_milestone_done_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_milestone_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
    )
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_milestone_plan_id"), ["plan_id"], unique=False)

    made["plan_finding"] = op.create_table(
        "plan_finding",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_plan_finding_finding_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_finding_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("plan_id", "finding_id", name=op.f("pk_plan_finding")),
        sa.UniqueConstraint("finding_id", name=op.f("uq_plan_finding_one_plan_per_finding")),
    )

    made["plan_message"] = op.create_table(
        "plan_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_plan_message_says_something")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_message_plan_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_plan_message_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_message")),
    )
    with op.batch_alter_table("plan_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_message_plan_id"), ["plan_id"], unique=False)
    return made
