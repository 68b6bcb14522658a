"""The review desk: with whom a finding is, two opinions, questions to suppliers, many at once, samples, and search."""

import sqlalchemy as sa
from alembic import op

from models.migrations import desk_search
from models.wording import print_of

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STAGES = "stage IN ('open', 'second', 'adjudication', 'asked', 'escalated', 'settled')"
RANK = """severity_rank * 3 + CASE WHEN score >= 0.4 AND score < 0.7 THEN 0
    WHEN (score >= 0.7 AND score < 0.9) OR (score >= 0.2 AND score < 0.4) THEN 1 ELSE 2 END"""
WAITING = {"sqlite_where": sa.text("verdict IS NULL"), "postgresql_where": sa.text("verdict IS NULL")}


def upgrade() -> None:
    _stages()
    _tables()
    op.drop_index("ix_finding_signal_signal", "finding_signal")
    op.create_index("ix_finding_signal_signal_finding_id", "finding_signal", ["signal", "finding_id"])
    desk_search.install(op.get_bind(), apart=False)


def downgrade() -> None:
    desk_search.remove(op.get_bind())
    op.drop_index("ix_finding_signal_signal_finding_id", "finding_signal")
    op.create_index("ix_finding_signal_signal", "finding_signal", ["signal"])
    _drop_tables()
    with op.batch_alter_table("finding") as batch_op:
        batch_op.drop_index("ix_finding_supplier_queue")
        batch_op.drop_index("ix_finding_buyer_id_wording")
        batch_op.drop_index("ix_finding_document_id_page_number")
        batch_op.drop_index("ix_finding_supplier_id_raised_at")
        batch_op.drop_index("ix_finding_contradiction")
        batch_op.drop_index("ix_finding_all")
        batch_op.drop_index("ix_finding_queue")
        batch_op.drop_constraint("ck_finding_stage_is_known", type_="check")
        batch_op.drop_constraint("ck_finding_settled_means_a_verdict", type_="check")
        batch_op.create_index("ix_finding_queue", ["buyer_id", "verdict", "severity_rank", "score", "id"])
        batch_op.drop_column("touched_at")
        batch_op.drop_column("stage")
        batch_op.drop_column("wording")
        batch_op.drop_column("queue_rank")


def _stages() -> None:
    """Findings get their place in the queue, their print and their stage; those that are decided are settled."""
    with op.batch_alter_table("finding") as batch_op:
        batch_op.add_column(
            sa.Column(
                "queue_rank",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="By severity, then doubt; the smallest comes first",
            )
        )
        batch_op.add_column(
            sa.Column(
                "wording",
                sa.String(length=32),
                server_default="",
                nullable=False,
                comment="Print of the quote: equal for near-identical",
            )
        )
        batch_op.add_column(sa.Column("stage", sa.String(length=40), server_default="open", nullable=False))
        batch_op.add_column(
            sa.Column(
                "touched_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="When a person last changed it, asked or gave an opinion: a fresh reading leaves it be",
            )
        )
    op.execute(f"UPDATE finding SET queue_rank = {RANK}")  # noqa: S608
    op.execute("UPDATE finding SET stage = 'settled' WHERE verdict IS NOT NULL")
    finding = sa.table("finding", sa.column("id", sa.Uuid()), sa.column("quote", sa.Text()), sa.column("wording"))
    rows = op.get_bind().execute(sa.select(finding.c.id, finding.c.quote)).all()
    for start in range(0, len(rows), 1000):
        prints = [{"key": row.id, "words": print_of(row.quote)} for row in rows[start : start + 1000]]
        change = finding.update().where(finding.c.id == sa.bindparam("key")).values(wording=sa.bindparam("words"))
        op.get_bind().execute(change, prints)
    with op.batch_alter_table("finding") as batch_op:
        batch_op.create_check_constraint("ck_finding_stage_is_known", STAGES)
        batch_op.create_check_constraint(
            "ck_finding_settled_means_a_verdict", "(stage = 'settled') = (verdict IS NOT NULL)"
        )
        batch_op.drop_index("ix_finding_queue")
        batch_op.create_index("ix_finding_queue", ["buyer_id", "queue_rank", "raised_at", "id", "stage"], **WAITING)
        batch_op.create_index("ix_finding_all", ["buyer_id", "queue_rank", "raised_at", "id"])
        batch_op.create_index("ix_finding_buyer_id_wording", ["buyer_id", "wording"])
        batch_op.create_index("ix_finding_document_id_page_number", ["document_id", "page_number"])
        batch_op.create_index("ix_finding_supplier_id_raised_at", ["supplier_id", "raised_at"])
        batch_op.create_index(
            "ix_finding_contradiction",
            ["supplier_id", "raised_at"],
            sqlite_where=sa.text("other_quote <> ''"),
            postgresql_where=sa.text("other_quote <> ''"),
        )
        batch_op.create_index("ix_finding_supplier_queue", ["supplier_id", "queue_rank", "raised_at", "id"], **WAITING)


def _tables() -> None:
    op.create_table(
        "bulk_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("reject_reason", sa.String(length=40), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False, comment="Which findings two people look at"),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False, comment="When the last portion was written"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "reject_reason IN ('negated', 'policy', 'boilerplate', 'remediated', 'historical', 'other_company', 'no_harm', 'duplicate', 'other')",
            name=op.f("ck_bulk_decision_reject_reason_is_known"),
        ),
        sa.CheckConstraint(
            "state IN ('deciding', 'done', 'undoing', 'undone')", name=op.f("ck_bulk_decision_state_is_known")
        ),
        sa.CheckConstraint(
            "verdict <> 'rejected' OR reject_reason IS NOT NULL", name=op.f("ck_bulk_decision_a_rejection_has_a_reason")
        ),
        sa.CheckConstraint("verdict IN ('confirmed', 'rejected')", name=op.f("ck_bulk_decision_verdict_is_known")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisation.id"], name=op.f("fk_bulk_decision_buyer_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_bulk_decision_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_decision")),
    )
    with op.batch_alter_table("bulk_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bulk_decision_buyer_id_asked_at"), ["buyer_id", "asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_bulk_decision_state_moved_at"), ["state", "moved_at"], unique=False)

    op.create_table(
        "saved_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False, comment="As they stand in the address"),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_saved_search_has_a_name")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_saved_search_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_search_name_once_per_person")),
    )
    op.create_table(
        "passage_sample",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("page_number", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("band", sa.String(length=20), nullable=False, comment="Of the score, such as '0.05-0.2'"),
        sa.Column(
            "group_size",
            sa.Integer(),
            nullable=False,
            comment="Passages of this document in the group that it was drawn from",
        ),
        sa.Column("group_kept", sa.Integer(), nullable=False, comment="How many of them were kept"),
        sa.Column("lot", sa.Integer(), nullable=False, comment="Drawn by lot: the order in which samples are shown"),
        sa.Column("engine_version", sa.String(length=80), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look", sa.String(length=40), nullable=True),
        sa.Column("looked_by_id", sa.Uuid(), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("look IN ('missed', 'nothing')", name=op.f("ck_passage_sample_look_is_known")),
        sa.CheckConstraint("(look IS NULL) = (looked_by_id IS NULL)", name=op.f("ck_passage_sample_a_person_looks")),
        sa.CheckConstraint(
            "group_kept >= 1 AND group_size >= group_kept", name=op.f("ck_passage_sample_no_more_kept_than_there_were")
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisation.id"], name=op.f("fk_passage_sample_buyer_id")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_passage_sample_document_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["looked_by_id"], ["person.id"], name=op.f("fk_passage_sample_looked_by_id")),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_passage_sample_page_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage_sample")),
    )
    with op.batch_alter_table("passage_sample", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passage_sample_document_id"), ["document_id"], unique=False)
        batch_op.create_index("ix_passage_sample_queue", ["buyer_id", "look", "lot", "id"], unique=False)

    op.create_table(
        "asking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answered_at IS NULL OR answer <> ''", name=op.f("ck_asking_an_answer_says_something")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_asking_says_what_is_asked")),
        sa.CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_asking_a_person_answers")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_asking_answered_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_asking_asked_by_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_asking_finding_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_asking_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asking")),
    )
    with op.batch_alter_table("asking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asking_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_asking_supplier_id_asked_at"), ["supplier_id", "asked_at"], unique=False)

    op.create_table(
        "bulk_item",
        sa.Column("bulk_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column(
            "place", sa.Integer(), nullable=False, comment="0, 1, 2 ...: findings of one document stand together"
        ),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('decided', 'passed_over', 'taken_back', 'kept')", name=op.f("ck_bulk_item_outcome_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["bulk_id"], ["bulk_decision.id"], name=op.f("fk_bulk_item_bulk_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_bulk_item_finding_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bulk_id", "finding_id", name=op.f("pk_bulk_item")),
    )
    with op.batch_alter_table("bulk_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bulk_item_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index(
            "ix_bulk_item_to_do",
            ["bulk_id", "place"],
            unique=False,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )

    op.create_table(
        "hard_reading",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_hard_reading_finding_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hard_reading_person_id")),
        sa.PrimaryKeyConstraint("person_id", "finding_id", "day", name=op.f("pk_hard_reading")),
    )
    with op.batch_alter_table("hard_reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hard_reading_person_id_day"), ["person_id", "day"], unique=False)

    op.create_table(
        "opinion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False, comment="1, 2, or 3 for the one that decides between them"),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("reject_reason", sa.String(length=40), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column(
            "signal",
            sa.String(length=20),
            nullable=False,
            comment="The most important signal when the opinion was given",
        ),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reject_reason IN ('negated', 'policy', 'boilerplate', 'remediated', 'historical', 'other_company', 'no_harm', 'duplicate', 'other')",
            name=op.f("ck_opinion_reject_reason_is_known"),
        ),
        sa.CheckConstraint(
            "verdict <> 'rejected' OR reject_reason IS NOT NULL", name=op.f("ck_opinion_a_rejection_has_a_reason")
        ),
        sa.CheckConstraint("verdict IN ('confirmed', 'rejected')", name=op.f("ck_opinion_verdict_is_known")),
        sa.CheckConstraint("round >= 1 AND round <= 3", name=op.f("ck_opinion_first_second_or_deciding")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_opinion_finding_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opinion_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sa.UniqueConstraint("finding_id", "person_id", name=op.f("uq_opinion_person_once_per_finding")),
        sa.UniqueConstraint("finding_id", "round", name=op.f("uq_opinion_round_once_per_finding")),
    )
    with op.batch_alter_table("opinion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opinion_person_id_given_at"), ["person_id", "given_at"], unique=False)
    op.create_table(
        "passage_group",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False, comment="'' where it is not known"),
        sa.Column("band", sa.String(length=20), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.CheckConstraint("passages > 0", name=op.f("ck_passage_group_holds_passages")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_passage_group_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", "language", "band", name=op.f("pk_passage_group")),
    )


def _drop_tables() -> None:
    op.drop_table("passage_group")
    with op.batch_alter_table("opinion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opinion_person_id_given_at"))

    op.drop_table("opinion")
    with op.batch_alter_table("hard_reading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hard_reading_person_id_day"))

    op.drop_table("hard_reading")
    with op.batch_alter_table("bulk_item", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_bulk_item_to_do", sqlite_where=sa.text("outcome IS NULL"), postgresql_where=sa.text("outcome IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_bulk_item_finding_id"))

    op.drop_table("bulk_item")
    with op.batch_alter_table("asking", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asking_supplier_id_asked_at"))
        batch_op.drop_index(batch_op.f("ix_asking_finding_id"))

    op.drop_table("asking")
    with op.batch_alter_table("passage_sample", schema=None) as batch_op:
        batch_op.drop_index("ix_passage_sample_queue")
        batch_op.drop_index(batch_op.f("ix_passage_sample_document_id"))

    op.drop_table("passage_sample")
    op.drop_table("saved_search")
    with op.batch_alter_table("bulk_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bulk_decision_state_moved_at"))
        batch_op.drop_index(batch_op.f("ix_bulk_decision_buyer_id_asked_at"))

    op.drop_table("bulk_decision")
