"""A document knows how many of its pages a person should look at, so that lists can say so."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

COUNTED = """
UPDATE document SET pages_doubted = (
    SELECT count(*) FROM page
    WHERE page.document_id = document.id
    AND (page.hidden_text OR CAST(page.doubts AS TEXT) NOT IN ('[]', 'null'))
)
"""


def upgrade() -> None:
    op.add_column(
        "document",
        sa.Column(
            "pages_doubted", sa.Integer(), nullable=False, server_default="0",
            comment="Of which a doubt is known: a person should look at them",
        ),
    )  # fmt: skip
    op.execute(COUNTED)


def downgrade() -> None:
    op.drop_column("document", "pages_doubted")
