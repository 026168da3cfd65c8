"""The audit."""

from alembic import op

from services.kernel.audit.table import create_audit, drop_audit

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it, empty."""
    create_audit(op)


def downgrade() -> None:
    """Forget it."""
    drop_audit(op)
