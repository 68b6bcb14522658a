"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="1, 2, 3 ... without a gap"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True, comment="None where the system itself acted"),
        sa.Column("act", sa.String(length=60), nullable=False, comment="e.g. 'finding.confirmed'"),
        sa.Column("thing_id", sa.String(length=64), nullable=False),
        sa.Column(
            "detail", sa.Text(), nullable=False, comment="JSON: before, after, reason; words of a closed list, no texts"
        ),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_journal_thing_id"), ["thing_id"], unique=False)

    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_head")),
    )
    op.bulk_insert(
        sa.table("journal_head", sa.column("id"), sa.column("number"), sa.column("seal")),
        [{"id": 1, "number": 0, "seal": "0" * 64}],
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('buyer', 'supplier')", name=op.f("ck_organisation_kind_is_known")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_organisation_has_a_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "password_hash",
            sa.String(length=200),
            nullable=False,
            comment="argon2id; empty means that no log-in is possible",
        ),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('supplier_user', 'reviewer', 'compliance', 'admin')", name=op.f("ck_person_role_is_known")
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_is_lower_case")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_person_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False, comment="ISO 3166-1 alpha-2"),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_site_country_is_iso_3166_alpha_2")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_site_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_site_name_once_per_organisation")),
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "supplier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("buyer_id <> organisation_id", name=op.f("ck_supplier_nobody_supplies_itself")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisation.id"], name=op.f("fk_supplier_buyer_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_supplier_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier")),
        sa.UniqueConstraint("buyer_id", "organisation_id", name=op.f("uq_supplier_once_per_buyer")),
    )
    with op.batch_alter_table("supplier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supplier_buyer_id"), ["buyer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_supplier_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "name",
            sa.String(length=255),
            nullable=False,
            comment="As the sender called it; shown, never used as a path",
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, comment="Bytes"),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True, comment="From the closed list of reasons"),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("pages_read", sa.Integer(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False, comment="ISO 639-1 codes, most pages first"),
        sa.Column("document_type", sa.String(length=40), nullable=True),
        sa.Column("scheme", sa.String(length=40), nullable=True),
        sa.Column("audit_date", sa.Date(), nullable=True),
        sa.Column("supplier_name", sa.String(length=200), nullable=True, comment="As printed in the document"),
        sa.Column("engine_version", sa.String(length=80), nullable=True),
        sa.Column("screened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True, comment="Time that reading and screening took"),
        sa.CheckConstraint(
            "state <> 'screened' OR (pages_read > 0 AND reason IS NULL)",
            name=op.f("ck_document_screened_means_read_without_a_but"),
        ),
        sa.CheckConstraint(
            "state IN ('received', 'reading', 'screened') OR reason IS NOT NULL",
            name=op.f("ck_document_unread_has_a_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('received', 'reading', 'screened', 'screened_in_part', 'needs_ocr', 'needs_password', 'rejected', 'over_limit', 'set_aside')",
            name=op.f("ck_document_state_is_known"),
        ),
        sa.CheckConstraint("pages_read <= pages", name=op.f("ck_document_no_more_read_than_there_is")),
        sa.CheckConstraint("size > 0", name=op.f("ck_document_size_is_positive")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_document_site_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_document_supplier_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["person.id"], name=op.f("fk_document_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("supplier_id", "sha256", name=op.f("uq_document_same_bytes_once_per_supplier")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_state"), ["state"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_document_supplier_id_uploaded_at"), ["supplier_id", "uploaded_at"], unique=False
        )

    op.create_table(
        "log_in",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_log_in_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_log_in")),
    )
    with op.batch_alter_table("log_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_log_in_person_id"), ["person_id"], unique=False)

    op.create_table(
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

    op.create_table(
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

    op.create_table(
        "page",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("hidden_text", sa.Boolean(), nullable=False),
        sa.Column("width", sa.Double(), nullable=False, comment="Points"),
        sa.Column("height", sa.Double(), nullable=False, comment="Points"),
        sa.Column("picture_sha256", sa.String(length=64), nullable=True, comment="PNG in the vault, once drawn"),
        sa.CheckConstraint("status IN ('read', 'ocr') OR reason IS NOT NULL", name=op.f("ck_page_unread_has_a_reason")),
        sa.CheckConstraint("status IN ('read', 'ocr', 'no_text', 'failed')", name=op.f("ck_page_status_is_known")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_page_numbers_start_at_one")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_page_document_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_page_number_once_per_document")),
    )
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_picture_sha256"), ["picture_sha256"], unique=False)

    op.create_table(
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
        "work",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'running') = (lease_until IS NOT NULL)", name=op.f("ck_work_a_lease_only_while_running")
        ),
        sa.CheckConstraint("kind IN ('screen')", name=op.f("ck_work_kind_is_known")),
        sa.CheckConstraint("state <> 'set_aside' OR reason IS NOT NULL", name=op.f("ck_work_set_aside_has_a_reason")),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'set_aside')", name=op.f("ck_work_state_is_known")),
        sa.CheckConstraint("attempts >= 0 AND token >= 0", name=op.f("ck_work_counts_never_go_below_zero")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_work_document_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
        sa.UniqueConstraint("kind", "document_id", name=op.f("uq_work_once_per_document")),
    )
    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_work_state_lease_until"), ["state", "lease_until"], unique=False)

    op.create_table(
        "finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column(
            "buyer_id",
            sa.Uuid(),
            nullable=False,
            comment="Of the document's supplier; kept here so that the queue is one index",
        ),
        sa.Column("page_number", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False, comment="Offset into the page's text"),
        sa.Column("end", sa.Integer(), nullable=False, comment="Offset into the page's text"),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("boxes", sa.JSON(), nullable=False, comment="[x0, top, x1, bottom] in points, from the top left"),
        sa.Column("assertion", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.String(length=40), nullable=False),
        sa.Column("severity_rank", sa.Integer(), nullable=False, comment="0 critical to 3 low"),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("in_table", sa.Boolean(), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.Column("engine_version", sa.String(length=80), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=True),
        sa.Column("reject_reason", sa.String(length=40), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False, comment="The reviewer's own words"),
        sa.Column("judged_by_id", sa.Uuid(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "reject_reason IN ('negated', 'policy', 'boilerplate', 'remediated', 'historical', 'other_company', 'no_harm', 'duplicate', 'other')",
            name=op.f("ck_finding_reject_reason_is_known"),
        ),
        sa.CheckConstraint(
            "severity IN ('critical', 'high', 'medium', 'low')", name=op.f("ck_finding_severity_is_known")
        ),
        sa.CheckConstraint(
            "verdict <> 'rejected' OR reject_reason IS NOT NULL", name=op.f("ck_finding_a_rejection_has_a_reason")
        ),
        sa.CheckConstraint("verdict IN ('confirmed', 'rejected')", name=op.f("ck_finding_verdict_is_known")),
        sa.CheckConstraint(
            "(verdict IS NULL) = (judged_by_id IS NULL) AND (verdict IS NULL) = (judged_at IS NULL)",
            name=op.f("ck_finding_a_person_stands_behind_every_verdict"),
        ),
        sa.CheckConstraint("people IS NULL OR people > 0", name=op.f("ck_finding_people_are_counted_from_one")),
        sa.CheckConstraint("score >= 0 AND score <= 1", name=op.f("ck_finding_score_is_a_probability")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisation.id"], name=op.f("fk_finding_buyer_id")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_finding_document_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["judged_by_id"], ["person.id"], name=op.f("fk_finding_judged_by_id")),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_finding_page_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint(
            "document_id", "page_number", "start", "end", name=op.f("uq_finding_passage_once_per_document")
        ),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_page_id"), ["page_id"], unique=False)
        batch_op.create_index("ix_finding_queue", ["buyer_id", "verdict", "severity_rank", "score", "id"], unique=False)

    op.create_table(
        "finding_signal",
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("signal", sa.String(length=20), nullable=False, comment="Code, e.g. 'FL.DOC'"),
        sa.Column("place", sa.Integer(), nullable=False, comment="0 for the most important signal of the passage"),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_finding_signal_finding_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("finding_id", "signal", name=op.f("pk_finding_signal")),
    )
    with op.batch_alter_table("finding_signal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_signal_signal"), ["signal"], unique=False)

    op.create_table(
        "plan_finding",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_plan_finding_finding_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_finding_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("plan_id", "finding_id", name=op.f("pk_plan_finding")),
        sa.UniqueConstraint("finding_id", name=op.f("uq_plan_finding_one_plan_per_finding")),
    )


def downgrade() -> None:
    op.drop_table("plan_finding")
    with op.batch_alter_table("finding_signal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_signal_signal"))

    op.drop_table("finding_signal")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index("ix_finding_queue")
        batch_op.drop_index(batch_op.f("ix_finding_page_id"))

    op.drop_table("finding")
    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_state_lease_until"))
        batch_op.drop_index(batch_op.f("ix_work_document_id"))

    op.drop_table("work")
    with op.batch_alter_table("plan_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_message_plan_id"))

    op.drop_table("plan_message")
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_page_picture_sha256"))

    op.drop_table("page")
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestone_plan_id"))

    op.drop_table("milestone")
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_supplier_id_state_due_on"))

    op.drop_table("plan")
    with op.batch_alter_table("log_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_log_in_person_id"))

    op.drop_table("log_in")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_supplier_id_uploaded_at"))
        batch_op.drop_index(batch_op.f("ix_document_state"))
        batch_op.drop_index(batch_op.f("ix_document_site_id"))
        batch_op.drop_index(batch_op.f("ix_document_sha256"))

    op.drop_table("document")
    with op.batch_alter_table("supplier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supplier_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_supplier_buyer_id"))

    op.drop_table("supplier")
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_organisation_id"))

    op.drop_table("site")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_organisation_id"))

    op.drop_table("person")
    op.drop_table("organisation")
    op.drop_table("journal_head")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_thing_id"))
        batch_op.drop_index(batch_op.f("ix_journal_organisation_id"))

    op.drop_table("journal")
