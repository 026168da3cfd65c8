"""The database that the contract tests run on: a table with a unique column, an outbox, an audit, and data keys."""

import sqlalchemy as sa
from alembic import op

from services.kernel.audit.table import create_audit, drop_audit
from services.kernel.outbox import create_outbox
from services.kernel.vault import create_data_keys

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("note", sa.Text, nullable=False, unique=True),
        sa.Column("amount", sa.Integer, nullable=False, server_default="0"),
    )
    create_outbox(op)
    create_audit(op)
    create_data_keys(op)


def downgrade() -> None:
    op.drop_table("data_keys")
    drop_audit(op)
    op.drop_table("outbox")
    op.drop_table("ledger")
