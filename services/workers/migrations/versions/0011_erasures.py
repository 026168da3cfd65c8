"""The ledger of erasures."""

import sqlalchemy as sa
from alembic import op

from services.kernel.store.types import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it, empty."""
    op.create_table(
        "erasures",
        sa.Column("blind", sa.Text, primary_key=True),
        sa.Column("number_blind", sa.Text, nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("erased_at", UtcDateTime, nullable=False),
        sa.Column("erased_by", sa.Text, nullable=False),
    )
    op.create_index("erasures_number", "erasures", ["number_blind"])


def downgrade() -> None:
    """Forget it."""
    op.drop_table("erasures")
