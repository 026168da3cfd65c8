"""Postings have an owner; imports know the scope of who made them."""

import sqlalchemy as sa
from alembic import op

from services.kernel.imports.tables import add_import_scope

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is new."""
    op.add_column("postings", sa.Column("employer_id", sa.Text, nullable=True))
    op.create_index("postings_employer_id", "postings", ["employer_id"])
    add_import_scope(op)


def downgrade() -> None:
    """Forget it."""
    op.drop_column("imports", "scope")
    op.drop_index("postings_employer_id", "postings")
    op.drop_column("postings", "employer_id")
