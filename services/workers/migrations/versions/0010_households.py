"""Households and their members."""

import sqlalchemy as sa
from alembic import op

from services.kernel.store.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, empty."""
    op.create_table(
        "households",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("county_code", sa.Text, nullable=False),
        sa.Column("township", sa.Text, nullable=False),
        sa.Column("places_sealed", sa.LargeBinary, nullable=False),
        sa.Column("relocated", sa.Boolean, nullable=True),
        sa.Column("categories", sa.JSON, nullable=False),
        sa.Column("category", sa.Text, nullable=True),
        sa.Column("risk", sa.Text, nullable=True),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.UniqueConstraint("county_code", "code", name="households_code"),
    )
    op.create_index("households_place", "households", ["county_code", "township"])
    op.create_table(
        "household_members",
        sa.Column("household_id", sa.Text, sa.ForeignKey("households.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("worker_id", sa.Text, sa.ForeignKey("workers.id"), nullable=True),
        sa.Column("person_sealed", sa.LargeBinary, nullable=False),
        sa.Column("relation", sa.Text, nullable=False),
        sa.Column("able", sa.Boolean, nullable=True),
        sa.Column("at_work", sa.Boolean, nullable=True),
        sa.UniqueConstraint("worker_id", name="household_members_worker"),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("household_members")
    op.drop_table("households")
