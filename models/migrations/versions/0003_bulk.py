"""Imports, and what is read out of documents besides their pages."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("begun_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False, comment="As shown; never used as a path"),
        sa.Column(
            "archive_sha256", sa.String(length=64), nullable=True, comment="Of an uploaded archive, in the vault"
        ),
        sa.Column("place", sa.Text(), nullable=False, comment="A folder, or an s3:// address"),
        sa.Column("rules", sa.JSON(), nullable=False, comment="[pattern, supplier id, site id or null], in order"),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("paused_from", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True, comment="From the closed list of reasons of imports"),
        sa.Column(
            "cursor", sa.Integer(), nullable=False, comment="Number of the first file of an archive not yet unpacked"
        ),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="Tries in a row without progress"),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'paused') = (paused_from IS NOT NULL)", name=op.f("ck_import_paused_from_somewhere")
        ),
        sa.CheckConstraint(
            "(kind = 'zip') = (archive_sha256 IS NOT NULL)", name=op.f("ck_import_an_archive_is_in_the_vault")
        ),
        sa.CheckConstraint("kind IN ('zip', 'folder', 's3')", name=op.f("ck_import_kind_is_known")),
        sa.CheckConstraint(
            "paused_from IN ('listing', 'taking', 'paused', 'cancelled', 'done', 'failed')",
            name=op.f("ck_import_paused_from_is_known"),
        ),
        sa.CheckConstraint("state <> 'failed' OR reason IS NOT NULL", name=op.f("ck_import_failed_has_a_reason")),
        sa.CheckConstraint(
            "state IN ('listing', 'taking', 'paused', 'cancelled', 'done', 'failed')",
            name=op.f("ck_import_state_is_known"),
        ),
        sa.ForeignKeyConstraint(["begun_by_id"], ["person.id"], name=op.f("fk_import_begun_by_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["organisation.id"], name=op.f("fk_import_buyer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    with op.batch_alter_table("import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_buyer_id_created_at"), ["buyer_id", "created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_state"), ["state"], unique=False)

    op.create_table(
        "document_band",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_band_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("band", "document_id", name=op.f("pk_document_band")),
    )
    with op.batch_alter_table("document_band", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_band_document_id"), ["document_id"], unique=False)

    op.create_table(
        "document_cap_row",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="0, 1, 2 ... in reading order"),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("root_cause", sa.Text(), nullable=False),
        sa.Column("corrective_action", sa.Text(), nullable=False),
        sa.Column("preventive_action", sa.Text(), nullable=False),
        sa.Column("responsible", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_cap_row_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_cap_row")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_document_cap_row_number_once_per_document")),
    )
    op.create_table(
        "document_fact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column(
            "name", sa.String(length=40), nullable=False, comment="e.g. 'audit_start'; the engine's list of facts"
        ),
        sa.Column(
            "value",
            sa.String(length=300),
            nullable=False,
            comment="A word of a closed list, an ISO date, a number, or a name",
        ),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False, comment="As printed"),
        sa.CheckConstraint("page >= 1", name=op.f("ck_document_fact_pages_start_at_one")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_fact_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_fact")),
        sa.UniqueConstraint("document_id", "name", name=op.f("uq_document_fact_once_per_document")),
    )
    op.create_table(
        "document_print",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_print_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_print")),
    )
    op.create_table(
        "document_remark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("assertion", sa.String(length=40), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_remark_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_remark")),
    )
    with op.batch_alter_table("document_remark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_remark_document_id"), ["document_id"], unique=False)

    op.create_table(
        "import_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="0, 1, 2 ... in the order of the listing"),
        sa.Column(
            "path", sa.Text(), nullable=False, comment="Below the place of the import; shown, and asked of the source"
        ),
        sa.Column("path_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the path: paths may be long"),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="Bytes, as the listing says"),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True, comment="Of a held file, which is in the vault"),
        sa.Column(
            "guess_name", sa.String(length=200), nullable=True, comment="The supplier as printed in the document"
        ),
        sa.Column("guess_id", sa.Uuid(), nullable=True, comment="Whom that name fits"),
        sa.Column("guess_date", sa.Date(), nullable=True, comment="Of the audit, as printed"),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('taken', 'known')) = (document_id IS NOT NULL)",
            name=op.f("ck_import_entry_taken_has_its_document"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'taken', 'known', 'held', 'refused', 'left_out')",
            name=op.f("ck_import_entry_state_is_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('refused', 'held') OR reason IS NOT NULL",
            name=op.f("ck_import_entry_unsettled_has_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_import_entry_document_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["guess_id"], ["supplier.id"], name=op.f("fk_import_entry_guess_id")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_import_entry_import_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_import_entry_site_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_import_entry_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_entry")),
        sa.UniqueConstraint("import_id", "path_hash", name=op.f("uq_import_entry_path_once_per_import")),
    )
    with op.batch_alter_table("import_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_entry_document_id"), ["document_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_import_entry_import_id_state_number"), ["import_id", "state", "number"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_import_entry_sha256"), ["sha256"], unique=False)

    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "confidence",
                sa.Double(),
                nullable=True,
                comment="Of text recognition, 0 to 1; none where it was not used",
            )
        )

    op.create_table(
        "document_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("container_id", sa.Uuid(), nullable=False),
        sa.Column(
            "archive_id", sa.Uuid(), nullable=False, comment="The outermost container: limits hold for all of it"
        ),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, 3 ... in the order of the container"),
        sa.Column("depth", sa.Integer(), nullable=False, comment="1 for what lies in a file that somebody sent"),
        sa.Column("name", sa.Text(), nullable=False, comment="Inside the container; shown, never used as a path"),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="Bytes"),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True, comment="From the closed list of reasons"),
        sa.CheckConstraint(
            "(document_id IS NULL) = (reason IS NOT NULL)", name=op.f("ck_document_member_taken_or_told_why_not")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_document_member_numbers_start_at_one")),
        sa.ForeignKeyConstraint(
            ["archive_id"], ["document.id"], name=op.f("fk_document_member_archive_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["container_id"], ["document.id"], name=op.f("fk_document_member_container_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_member_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_member")),
        sa.UniqueConstraint("container_id", "number", name=op.f("uq_document_member_number_once_per_container")),
    )
    with op.batch_alter_table("document_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_member_archive_id"), ["archive_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_member_document_id"), ["document_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("document_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_member_document_id"))
        batch_op.drop_index(batch_op.f("ix_document_member_archive_id"))

    op.drop_table("document_member")
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.drop_column("confidence")

    with op.batch_alter_table("import_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_entry_sha256"))
        batch_op.drop_index(batch_op.f("ix_import_entry_import_id_state_number"))
        batch_op.drop_index(batch_op.f("ix_import_entry_document_id"))

    op.drop_table("import_entry")
    with op.batch_alter_table("document_remark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_remark_document_id"))

    op.drop_table("document_remark")
    op.drop_table("document_print")
    op.drop_table("document_fact")
    op.drop_table("document_cap_row")
    with op.batch_alter_table("document_band", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_band_document_id"))

    op.drop_table("document_band")
    with op.batch_alter_table("import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_state"))
        batch_op.drop_index(batch_op.f("ix_import_buyer_id_created_at"))

    op.drop_table("import")
