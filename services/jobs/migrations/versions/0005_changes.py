"""The log of changes that portals and other systems follow."""

import sqlalchemy as sa
from alembic import op

from services.kernel.store.types import Serial, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it, empty: whoever follows begins with a snapshot."""
    op.create_table(
        "changes",
        sa.Column("position", Serial, primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("employer_id", sa.Text, nullable=True),
        sa.Column("place_code", sa.Text, nullable=False),
        sa.Column("external_reference", sa.Text, nullable=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason_code", sa.Text, nullable=False),
        sa.Column("public", sa.Boolean, nullable=False),
        sa.Column("public_before", sa.Boolean, nullable=False),
        sa.Column("keys", sa.JSON, nullable=False),
        sa.Column("keys_before", sa.JSON, nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=True),
        sqlite_autoincrement=True,
    )
    op.create_index("changes_employer", "changes", ["employer_id", "position"])
    op.create_index("changes_at", "changes", ["at"])


def downgrade() -> None:
    """Forget it."""
    op.drop_table("changes")
