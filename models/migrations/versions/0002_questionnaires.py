"""The answers of suppliers, and findings that stand in an answer."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEW_CHECKS = {
    "stands_somewhere": "document_id IS NOT NULL OR answer_id IS NOT NULL",
    "a_document_has_a_page": "(document_id IS NULL) = (page_id IS NULL) AND (document_id IS NULL) = (page_number IS NULL)",
}


COMMENTS: dict[str, tuple[sa.types.TypeEngine[Any], str, str]] = {
    "buyer_id": (
        sa.Uuid(),
        "Of the document's supplier; kept here so that the queue is one index",
        "Of the supplier; kept here so that the queue is one index",
    ),
    "start": (sa.Integer(), "Offset into the page's text", "Offset into the page's text, or into the answer"),
    "end": (sa.Integer(), "Offset into the page's text", "Offset into the page's text, or into the answer"),
}


def upgrade() -> None:
    _answers()
    _findings_in_answers()
    _campaigns()


def downgrade() -> None:
    _no_campaigns()
    _findings_in_documents_only()
    _no_answers()


def _answers() -> None:
    op.create_table(
        "questionnaire",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True, comment="None for those that come with the product"),
        sa.Column("name", sa.String(length=80), nullable=False, comment="The definition's own id, e.g. 'entry'"),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of the definition and translations"),
        sa.Column("title", sa.JSON(), nullable=False, comment="By language"),
        sa.Column("languages", sa.JSON(), nullable=False, comment="ISO 639-1 codes; English first"),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False, comment="The definition, as YAML or JSON"),
        sa.Column("translations", sa.JSON(), nullable=False, comment="The translation file by language"),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_questionnaire_has_a_name")),
        sa.CheckConstraint("questions > 0", name=op.f("ck_questionnaire_asks_something")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_questionnaire_owner_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["person.id"], name=op.f("fk_questionnaire_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("owner_id", "digest", name=op.f("uq_questionnaire_same_text_once_per_owner")),
    )
    with op.batch_alter_table("questionnaire", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_questionnaire_digest"), ["digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_questionnaire_name_version"), ["name", "version"], unique=False)

    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("period", sa.String(length=40), nullable=False, comment="In the buyer's words, e.g. '2026'"),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True, comment="When the supplier first opened it"),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True, comment="Of accepted answers"),
        sa.Column("answered", sa.Integer(), nullable=False, comment="Of the questions asked, as of the last look"),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column(
            "stamp", sa.Integer(), nullable=False, comment="Grows with each answer, so that caches know their age"
        ),
        sa.Column(
            "screening_due_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Set while the machine has not read the answers that were submitted",
        ),
        sa.Column("screening_tries", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="Grows with each change of state"),
        sa.CheckConstraint(
            "state <> 'accepted' OR accepted_at IS NOT NULL", name=op.f("ck_submission_accepted_by_somebody")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'in_progress', 'submitted', 'under_review', 'changes_requested', 'accepted', 'expired')",
            name=op.f("ck_submission_state_is_known"),
        ),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by_id IS NULL)", name=op.f("ck_submission_a_person_accepts")
        ),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (submitted_by_id IS NULL)", name=op.f("ck_submission_a_person_submits")
        ),
        sa.CheckConstraint(
            "answered >= 0 AND answered <= asked", name=op.f("ck_submission_no_more_answered_than_asked")
        ),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["person.id"], name=op.f("fk_submission_accepted_by_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["person.id"], name=op.f("fk_submission_issued_by_id")),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["questionnaire.id"], name=op.f("fk_submission_questionnaire_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_submission_site_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["person.id"], name=op.f("fk_submission_submitted_by_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_submission_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_questionnaire_id"), ["questionnaire_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_submission_screening_due_at"), ["screening_due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_submission_supplier_id_state"), ["supplier_id", "state"], unique=False)

    op.create_table(
        "answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=120), nullable=False, comment="The question's id in the definition"),
        sa.Column(
            "value", sa.JSON(), nullable=True, comment="As questionnaires/values.py; None: not answered, or taken back"
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why it does not apply, or a word to the answer"),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("source_answer_id", sa.Uuid(), nullable=True),
        sa.Column("source_document_id", sa.Uuid(), nullable=True),
        sa.Column(
            "told",
            sa.JSON(),
            nullable=True,
            comment="Question, answer and signals in words, as submitted, for the machine",
        ),
        sa.Column("locked", sa.Boolean(), nullable=False, comment="Written by the buyer when issuing"),
        sa.Column("answered_by_id", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("accepted_version", sa.Integer(), nullable=True, comment="Which version a reviewer accepted"),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "source IN ('typed', 'reused', 'document', 'imported', 'prefilled')", name=op.f("ck_answer_source_is_known")
        ),
        sa.CheckConstraint(
            "(accepted_version IS NULL) = (accepted_by_id IS NULL)",
            name=op.f("ck_answer_a_person_stands_behind_every_acceptance"),
        ),
        sa.CheckConstraint(
            "accepted_version IS NULL OR accepted_version <= version", name=op.f("ck_answer_accepted_what_was_seen")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_answer_versions_start_at_one")),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["person.id"], name=op.f("fk_answer_accepted_by_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_answer_answered_by_id")),
        sa.ForeignKeyConstraint(
            ["source_answer_id"], ["answer.id"], name=op.f("fk_answer_source_answer_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["source_document_id"], ["document.id"], name=op.f("fk_answer_source_document_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_answer_submission_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("submission_id", "question", name=op.f("uq_answer_once_per_question")),
    )
    op.create_table(
        "answer_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=120), nullable=False),
        sa.Column("inside", sa.Boolean(), nullable=False, comment="For the writer's own colleagues only"),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_answer_comment_says_something")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_answer_comment_submission_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_answer_comment_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_comment")),
    )
    with op.batch_alter_table("answer_comment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_answer_comment_submission_id_question"), ["submission_id", "question"], unique=False
        )

    op.create_table(
        "answer_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=120), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("pages", sa.String(length=60), nullable=False, comment="Such as '3-5, 8'; empty for all"),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("attached_by_id", sa.Uuid(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("judged_by_id", sa.Uuid(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "verdict IN ('accepted', 'insufficient', 'rejected')", name=op.f("ck_answer_evidence_verdict_is_known")
        ),
        sa.CheckConstraint(
            "verdict IS NULL OR verdict = 'accepted' OR reason <> ''",
            name=op.f("ck_answer_evidence_a_refusal_has_a_reason"),
        ),
        sa.CheckConstraint(
            "(verdict IS NULL) = (judged_by_id IS NULL) AND (verdict IS NULL) = (judged_at IS NULL)",
            name=op.f("ck_answer_evidence_a_person_stands_behind_every_verdict"),
        ),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_from IS NULL OR valid_from <= valid_until",
            name=op.f("ck_answer_evidence_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(["attached_by_id"], ["person.id"], name=op.f("fk_answer_evidence_attached_by_id")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_answer_evidence_document_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["judged_by_id"], ["person.id"], name=op.f("fk_answer_evidence_judged_by_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_answer_evidence_submission_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_evidence")),
        sa.UniqueConstraint(
            "submission_id", "question", "document_id", name=op.f("uq_answer_evidence_document_once_per_answer")
        ),
    )
    with op.batch_alter_table("answer_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_evidence_document_id"), ["document_id"], unique=False)

    op.create_table(
        "answer_sharing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("with_supplier_id", sa.Uuid(), nullable=False, comment="The relation with that other customer"),
        sa.Column("share", sa.String(length=40), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("share IN ('nothing', 'ordinary', 'all')", name=op.f("ck_answer_sharing_share_is_known")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_answer_sharing_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_answer_sharing_submission_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["with_supplier_id"], ["supplier.id"], name=op.f("fk_answer_sharing_with_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_sharing")),
        sa.UniqueConstraint("submission_id", "with_supplier_id", name=op.f("uq_answer_sharing_once_per_customer")),
    )
    with op.batch_alter_table("answer_sharing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_sharing_with_supplier_id"), ["with_supplier_id"], unique=False)

    op.create_table(
        "asked_back",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("text <> ''", name=op.f("ck_asked_back_says_what_is_missing")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_asked_back_a_person_answers")
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)", name=op.f("ck_asked_back_a_person_settles")
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_asked_back_answered_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_asked_back_asked_by_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_asked_back_settled_by_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_asked_back_submission_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_back")),
    )
    with op.batch_alter_table("asked_back", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_asked_back_submission_id_question"), ["submission_id", "question"], unique=False
        )

    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_by_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["person.id"], name=op.f("fk_assignment_assigned_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_assignment_submission_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "submission_id", "section", "person_id", name=op.f("uq_assignment_person_once_per_section")
        ),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_person_id"), ["person_id"], unique=False)

    op.create_table(
        "answer_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column(
            "client_key",
            sa.String(length=64),
            nullable=False,
            comment="Made by the browser, or by us where there is none",
        ),
        sa.Column("answered_by_id", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "source IN ('typed', 'reused', 'document', 'imported', 'prefilled')",
            name=op.f("ck_answer_version_source_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_answer_version_answer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_answer_version_answered_by_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_answer_version_submission_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_version")),
        sa.UniqueConstraint("answer_id", "version", name=op.f("uq_answer_version_once_per_answer")),
        sa.UniqueConstraint("submission_id", "client_key", name=op.f("uq_answer_version_one_save_per_key")),
    )


def _findings_in_answers() -> None:
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answer_id", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column("answer_version", sa.Integer(), nullable=True, comment="Which version of the answer was read")
        )
        batch_op.add_column(sa.Column("supplier_id", sa.Uuid(), nullable=True, comment="Whom it is about"))
        batch_op.add_column(
            sa.Column("other_quote", sa.Text(), nullable=True, comment="What the answer says that the quote disputes")
        )
    op.execute(
        "UPDATE finding SET other_quote = '', supplier_id = (SELECT document.supplier_id FROM document WHERE document.id = finding.document_id)"
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.alter_column("supplier_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.alter_column("other_quote", existing_type=sa.Text(), nullable=False)
        batch_op.alter_column("document_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.alter_column("page_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.alter_column("page_number", existing_type=sa.Integer(), nullable=True)
        for name, (kind, before, after) in COMMENTS.items():
            batch_op.alter_column(
                name, existing_type=kind, existing_nullable=False, comment=after, existing_comment=before
            )
        batch_op.drop_constraint(batch_op.f("uq_finding_passage_once_per_document"), type_="unique")
        batch_op.create_foreign_key(
            batch_op.f("fk_finding_answer_id"), "answer", ["answer_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_foreign_key(batch_op.f("fk_finding_supplier_id"), "supplier", ["supplier_id"], ["id"])
        for name, rule in NEW_CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_finding_{name}"), rule)
    op.create_index(
        "uq_finding_passage_once_per_document",
        "finding",
        ["document_id", "page_number", "start", "end"],
        unique=True,
        sqlite_where=sa.text("answer_id IS NULL"),
        postgresql_where=sa.text("answer_id IS NULL"),
    )
    op.create_index(op.f("ix_finding_answer_id"), "finding", ["answer_id"])
    op.create_index(op.f("ix_finding_supplier_id"), "finding", ["supplier_id"])


def _findings_in_documents_only() -> None:
    """Findings in answers go with the answers; a plan that repaired only those stays, without its finding."""
    for table in ("plan_finding", "finding_signal"):
        rows = sa.table(table, sa.column("finding_id"))
        found = sa.table("finding", sa.column("id"), sa.column("answer_id"))
        in_answers = sa.select(found.c.id).where(found.c.answer_id.is_not(None))
        op.execute(sa.delete(rows).where(rows.c.finding_id.in_(in_answers)))
    op.execute("DELETE FROM finding WHERE answer_id IS NOT NULL")
    for name in ("ix_finding_supplier_id", "ix_finding_answer_id", "uq_finding_passage_once_per_document"):
        op.drop_index(name, "finding")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        for name in NEW_CHECKS:
            batch_op.drop_constraint(op.f(f"ck_finding_{name}"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_finding_supplier_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_finding_answer_id"), type_="foreignkey")
        batch_op.alter_column("page_number", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("page_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.alter_column("document_id", existing_type=sa.Uuid(), nullable=False)
        for name, (kind, before, after) in COMMENTS.items():
            batch_op.alter_column(
                name, existing_type=kind, existing_nullable=False, comment=before, existing_comment=after
            )
        batch_op.drop_column("other_quote")
        batch_op.drop_column("supplier_id")
        batch_op.drop_column("answer_version")
        batch_op.drop_column("answer_id")
        batch_op.create_unique_constraint(
            batch_op.f("uq_finding_passage_once_per_document"), ["document_id", "page_number", "start", "end"]
        )


def _no_answers() -> None:
    op.drop_table("answer_version")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_person_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("asked_back", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asked_back_submission_id_question"))

    op.drop_table("asked_back")
    with op.batch_alter_table("answer_sharing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_sharing_with_supplier_id"))

    op.drop_table("answer_sharing")
    with op.batch_alter_table("answer_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_evidence_document_id"))

    op.drop_table("answer_evidence")
    with op.batch_alter_table("answer_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_comment_submission_id_question"))

    op.drop_table("answer_comment")
    op.drop_table("answer")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_supplier_id_state"))
        batch_op.drop_index(batch_op.f("ix_submission_screening_due_at"))
        batch_op.drop_index(batch_op.f("ix_submission_questionnaire_id"))

    op.drop_table("submission")
    with op.batch_alter_table("questionnaire", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_questionnaire_name_version"))
        batch_op.drop_index(batch_op.f("ix_questionnaire_digest"))

    op.drop_table("questionnaire")


def _campaigns() -> None:
    op.create_table(
        "supply_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False, comment="The relation nearer to the buyer"),
        sa.Column("supplier_id", sa.Uuid(), nullable=False, comment="The relation further away, of the same buyer"),
        sa.Column("also_direct", sa.Boolean(), nullable=False, comment="It supplied the buyer itself before"),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("customer_id <> supplier_id", name=op.f("ck_supply_link_nobody_supplies_itself")),
        sa.ForeignKeyConstraint(["customer_id"], ["supplier.id"], name=op.f("fk_supply_link_customer_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_supply_link_made_by_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_supply_link_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_link")),
        sa.UniqueConstraint("customer_id", "supplier_id", name=op.f("uq_supply_link_once")),
    )
    op.create_index(op.f("ix_supply_link_supplier_id"), "supply_link", ["supplier_id"], unique=False)
    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False, comment="ISO 639-1; the first is for whom no other fits"),
        sa.Column(
            "remind_days", sa.JSON(), nullable=False, comment="Days before the due day on which reminders go out"
        ),
        sa.Column("started_by_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "closed_at", sa.DateTime(timezone=True), nullable=True, comment="No more reminders go out from then on"
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_campaign_has_a_name")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisation.id"], name=op.f("fk_campaign_buyer_id")),
        sa.ForeignKeyConstraint(["questionnaire_id"], ["questionnaire.id"], name=op.f("fk_campaign_questionnaire_id")),
        sa.ForeignKeyConstraint(["started_by_id"], ["person.id"], name=op.f("fk_campaign_started_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_index(op.f("ix_campaign_buyer_id"), "campaign", ["buyer_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("passed_on_from_id", sa.Uuid(), nullable=True, comment="Of the supplier that invited this one"),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("invited_by_id", sa.Uuid(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reminders >= 0", name=op.f("ck_invitation_reminders_are_counted")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_invitation_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["invited_by_id"], ["person.id"], name=op.f("fk_invitation_invited_by_id")),
        sa.ForeignKeyConstraint(
            ["passed_on_from_id"], ["invitation.id"], name=op.f("fk_invitation_passed_on_from_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_invitation_submission_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_invitation_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("campaign_id", "supplier_id", name=op.f("uq_invitation_supplier_once_per_campaign")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_invitation_one_per_submission")),
    )
    op.create_index(op.f("ix_invitation_supplier_id"), "invitation", ["supplier_id"], unique=False)
    op.create_table(
        "entry_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "renewed_at", sa.DateTime(timezone=True), nullable=True, comment="When a new one was asked for with it"
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_entry_link_invitation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_entry_link_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_entry_link")),
    )
    op.create_index(op.f("ix_entry_link_invitation_id"), "entry_link", ["invitation_id"], unique=False)
    op.create_index(op.f("ix_entry_link_person_id"), "entry_link", ["person_id"], unique=False)
    op.create_table(
        "extension_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("decision IN ('granted', 'refused')", name=op.f("ck_extension_request_decision_is_known")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_extension_request_has_a_reason")),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_by_id IS NULL) AND (decision IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_extension_request_a_person_stands_behind_every_decision"),
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_extension_request_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_extension_request_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_extension_request_invitation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_request")),
    )
    op.create_index(op.f("ix_extension_request_invitation_id"), "extension_request", ["invitation_id"], unique=False)
    op.create_table(
        "mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True, comment="Kind of the last error, without its words"),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_mail_sent_has_its_moment")),
        sa.CheckConstraint(
            "kind IN ('invitation', 'reminder', 'overdue', 'escalation', 'extension_asked', 'extension_granted', 'extension_refused', 'new_link')",
            name=op.f("ck_mail_kind_is_known"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'given_up', 'not_needed')", name=op.f("ck_mail_state_is_known")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_mail_attempts_are_counted")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_mail_invitation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
    )
    op.create_index(op.f("ix_mail_invitation_id"), "mail", ["invitation_id"], unique=False)
    op.create_index(op.f("ix_mail_person_id"), "mail", ["person_id"], unique=False)
    op.create_index(op.f("ix_mail_state_due_at"), "mail", ["state", "due_at"], unique=False)


def _no_campaigns() -> None:
    op.drop_index(op.f("ix_mail_state_due_at"), table_name="mail")
    op.drop_index(op.f("ix_mail_person_id"), table_name="mail")
    op.drop_index(op.f("ix_mail_invitation_id"), table_name="mail")
    op.drop_table("mail")
    op.drop_index(op.f("ix_extension_request_invitation_id"), table_name="extension_request")
    op.drop_table("extension_request")
    op.drop_index(op.f("ix_entry_link_person_id"), table_name="entry_link")
    op.drop_index(op.f("ix_entry_link_invitation_id"), table_name="entry_link")
    op.drop_table("entry_link")
    op.drop_index(op.f("ix_invitation_supplier_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_index(op.f("ix_campaign_buyer_id"), table_name="campaign")
    op.drop_table("campaign")
    op.drop_index(op.f("ix_supply_link_supplier_id"), table_name="supply_link")
    op.drop_table("supply_link")
