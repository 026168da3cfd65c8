"""Pairs of postings that may be one opening."""

import sqlalchemy as sa
from alembic import op

from services.kernel.store.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them, empty."""
    op.create_table(
        "posting_duplicates",
        sa.Column("first_id", sa.Text, sa.ForeignKey("postings.id"), primary_key=True),
        sa.Column("second_id", sa.Text, sa.ForeignKey("postings.id"), primary_key=True),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("parts", sa.JSON, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("found_at", UtcDateTime, nullable=False),
        sa.Column("decided_at", UtcDateTime, nullable=True),
        sa.Column("decided_by", sa.Text, nullable=True),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("posting_duplicates_state", "posting_duplicates", ["state", "found_at"])
    op.create_table(
        "duplicates_looked_at",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("duplicates_looked_at")
    op.drop_table("posting_duplicates")
