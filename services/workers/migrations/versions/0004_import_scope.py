"""Imports know the scope of who made them."""

from alembic import op

from services.kernel.imports.tables import add_import_scope

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is new."""
    add_import_scope(op)


def downgrade() -> None:
    """Forget it."""
    op.drop_column("imports", "scope")
