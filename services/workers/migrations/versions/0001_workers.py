"""Workers, the outbox, answered requests, imports, the data keys."""

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
        "workers",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("name_sealed", sa.LargeBinary, nullable=False),
        sa.Column("identity_number_sealed", sa.LargeBinary, nullable=False),
        sa.Column("identity_number_blind", sa.Text, nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary, nullable=True),
        sa.Column("phone_blind", sa.Text, nullable=True),
        sa.Column("words_sealed", sa.LargeBinary, nullable=False),
        sa.Column("sex", sa.Text, nullable=False),
        sa.Column("birth_date", sa.Date, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("county_code", sa.Text, nullable=False),
        sa.Column("township", sa.Text, nullable=False),
        sa.Column("household_category", sa.Text, nullable=True),
        sa.Column("relocated", sa.Boolean, nullable=True),
        sa.Column("education", sa.Text, nullable=True),
        sa.Column("mandarin", sa.Text, nullable=True),
        sa.Column("employment_status", sa.Text, nullable=True),
        sa.Column("willingness", sa.Text, nullable=True),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("imported_digest", sa.Text, nullable=True),
        sa.Column("registered_at", UtcDateTime, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("withdrawn_at", UtcDateTime, nullable=True),
        sa.Column("withdrawal_reason", sa.Text, nullable=False),
        sa.UniqueConstraint("identity_number_blind", name="workers_identity_number"),
    )
    op.create_index("workers_phone", "workers", ["phone_blind"])
    op.create_index("workers_number", "workers", ["number"])
    op.create_index("workers_county", "workers", ["county_code"])
    create_outbox(op)
    create_idempotency(op)
    create_imports(op)
    create_data_keys(op)


def downgrade() -> None:
    """Forget everything."""
    for table in (
        "data_keys",
        "import_templates",
        "import_differences",
        "import_rejects",
        "import_findings",
        "import_files",
        "imports",
        "idempotency",
        "outbox",
        "workers",
    ):
        op.drop_table(table)
