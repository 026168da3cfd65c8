"""Likely duplicates: what records are found alike by, what was merged, and who was found to be somebody else."""

import sqlalchemy as sa
from alembic import op

from services.kernel.store.types import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them; records of before are compared by name once they are written again, by phone at once."""
    for table in ("workers", "worker_versions"):
        op.add_column(table, sa.Column("likeness_blind", sa.Text, nullable=True))
    op.create_index("workers_likeness", "workers", ["likeness_blind"])
    op.create_table(
        "worker_merges",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kept_id", sa.Text, sa.ForeignKey("workers.id"), nullable=False),
        sa.Column("before", sa.Integer, nullable=False),
        sa.Column("after", sa.Integer, nullable=False),
        sa.Column("absorbed_id", sa.Text, sa.ForeignKey("workers.id"), nullable=False),
        sa.Column("merged_at", UtcDateTime, nullable=False),
        sa.Column("merged_by", sa.Text, nullable=False),
        sa.Column("undone_at", UtcDateTime, nullable=True),
    )
    op.create_index("worker_merges_kept", "worker_merges", ["kept_id"])
    op.create_index("worker_merges_absorbed", "worker_merges", ["absorbed_id"])
    op.create_table(
        "different_people",
        sa.Column("one_id", sa.Text, sa.ForeignKey("workers.id"), nullable=False),
        sa.Column("other_id", sa.Text, sa.ForeignKey("workers.id"), nullable=False),
        sa.Column("said_by", sa.Text, nullable=False),
        sa.Column("said_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("one_id", "other_id"),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("different_people")
    op.drop_table("worker_merges")
    op.drop_index("workers_likeness", "workers")
    for table in ("worker_versions", "workers"):
        op.drop_column(table, "likeness_blind")
