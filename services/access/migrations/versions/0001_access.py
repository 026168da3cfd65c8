"""Accounts, credentials, signing keys, spending, the audit, the data key."""

import sqlalchemy as sa
from alembic import op

from services.kernel.audit import create_audit
from services.kernel.store.types import UtcDateTime
from services.kernel.vault import create_data_keys

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make everything."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("scope", sa.JSON, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("revoked_at", UtcDateTime, nullable=True),
    )
    op.create_table(
        "credentials",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("account_id", sa.Text, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=True),
        sa.Column("revoked_at", UtcDateTime, nullable=True),
        sa.Column("last_used_at", UtcDateTime, nullable=True),
    )
    op.create_index("credentials_account", "credentials", ["account_id"])
    op.create_index("credentials_revoked", "credentials", ["revoked_at"])
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.Text, primary_key=True),
        sa.Column("private_sealed", sa.LargeBinary, nullable=False),
        sa.Column("public", sa.JSON, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("signs_from", UtcDateTime, nullable=False),
        sa.Column("signs_until", UtcDateTime, nullable=True),
    )
    op.create_table(
        "spending",
        sa.Column("holder", sa.Text, primary_key=True),
        sa.Column("allowance", sa.Text, primary_key=True),
        sa.Column("begins_s", sa.BigInteger, primary_key=True),
        sa.Column("spent", sa.Integer, nullable=False),
    )
    create_audit(op)
    create_data_keys(op)


def downgrade() -> None:
    """Forget everything."""
    for table in ("data_keys", "audit", "audit_head", "spending", "signing_keys", "credentials", "accounts"):
        op.drop_table(table)
