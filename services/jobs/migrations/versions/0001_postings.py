"""Postings, the outbox, answered requests, imports, the data keys."""

import sqlalchemy as sa
from alembic import op

from services.kernel.http.idempotency import create_idempotency
from services.kernel.imports.tables import create_imports
from services.kernel.outbox import create_outbox
from services.kernel.store.types import UtcDateTime
from services.kernel.vault import create_data_keys

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make everything."""
    op.create_table(
        "postings",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("employer_name", sa.Text, nullable=False),
        sa.Column("employer_key", sa.Text, nullable=False),
        sa.Column("known_by", sa.Text, nullable=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("employer_kind", sa.Text, nullable=True),
        sa.Column("employer_kind_text", sa.Text, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("city_code", sa.Text, nullable=True),
        sa.Column("district_code", sa.Text, nullable=True),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("headcount", sa.Integer, nullable=False),
        sa.Column("pay_min", sa.Float, nullable=True),
        sa.Column("pay_max", sa.Float, nullable=True),
        sa.Column("valid_until", sa.Date, nullable=True),
        sa.Column("source", sa.Text, nullable=True),
        sa.Column("source_text", sa.Text, nullable=False),
        sa.Column("words", sa.JSON, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.Column("withdrawn_at", UtcDateTime, nullable=True),
        sa.Column("withdrawal_reason", sa.Text, nullable=False),
        sa.Column("imported_digest", sa.Text, nullable=True),
        sa.UniqueConstraint("employer_key", "known_by", name="postings_employer_known_by"),
    )
    op.create_index("postings_number", "postings", ["number"])
    op.create_index("postings_place", "postings", ["province_code", "city_code", "district_code"])
    create_outbox(op)
    create_idempotency(op)
    create_imports(op)
    create_data_keys(op)


def downgrade() -> None:
    """Forget everything."""
    names = (
        "data_keys",
        "import_templates",
        "import_differences",
        "import_rejects",
        "import_findings",
        "import_files",
        "imports",
        "idempotency",
        "outbox",
        "postings",
    )
    for table in names:
        op.drop_table(table)
