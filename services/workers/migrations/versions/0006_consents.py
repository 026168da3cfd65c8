"""What people agreed or objected to."""

import sqlalchemy as sa
from alembic import op

from services.kernel.store.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it; nobody has declared anything yet."""
    op.create_table(
        "consents",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("worker_id", sa.Text, sa.ForeignKey("workers.id"), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("employer_id", sa.Text, nullable=True),
        sa.Column("given_on", sa.Date, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("evidence_sealed", sa.LargeBinary, nullable=True),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("withdrawn_at", UtcDateTime, nullable=True),
        sa.Column("withdrawn_how", sa.Text, nullable=True),
    )
    op.create_index("consents_worker", "consents", ["worker_id"])
    op.create_index("consents_employer", "consents", ["employer_id"])


def downgrade() -> None:
    """Forget it."""
    op.drop_table("consents")
