"""What was stated in structure beside the words; ethnicity for statistics; how fresh an intention is."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what is held already was stated by nobody and confirmed on no known day."""
    op.add_column("workers", sa.Column("stated_sealed", sa.LargeBinary, nullable=True))
    op.add_column("workers", sa.Column("ethnicity", sa.Text, nullable=True))
    op.add_column("workers", sa.Column("intention_confirmed_on", sa.Date, nullable=True))


def downgrade() -> None:
    """Forget them."""
    for column in ("stated_sealed", "ethnicity", "intention_confirmed_on"):
        op.drop_column("workers", column)
