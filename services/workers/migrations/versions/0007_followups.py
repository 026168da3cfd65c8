"""Cadres, how workers are followed up, contacts, assignments."""

import sqlalchemy as sa
from alembic import op

from services.kernel.store.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, empty."""
    op.create_table(
        "cadres",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name_sealed", sa.LargeBinary, nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("county_code", sa.Text, nullable=False),
        sa.Column("township", sa.Text, nullable=False),
        sa.Column("principal", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_index("cadres_county", "cadres", ["county_code", "township"])
    op.create_table(
        "followups",
        sa.Column("worker_id", sa.Text, sa.ForeignKey("workers.id"), primary_key=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("cadre_id", sa.Text, sa.ForeignKey("cadres.id"), nullable=True),
        sa.Column("last_contact_on", sa.Date, nullable=True),
        sa.Column("next_on", sa.Date, nullable=True),
        sa.Column("misses", sa.Integer, nullable=False),
    )
    op.create_index("followups_due", "followups", ["next_on"])
    op.create_index("followups_cadre", "followups", ["cadre_id"])
    op.create_table(
        "contacts",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("worker_id", sa.Text, sa.ForeignKey("workers.id"), nullable=False),
        sa.Column("on_day", sa.Date, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("note_sealed", sa.LargeBinary, nullable=True),
        sa.Column("next_on", sa.Date, nullable=True),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
    )
    op.create_index("contacts_worker", "contacts", ["worker_id", "on_day"])
    op.create_table(
        "assignments",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("worker_id", sa.Text, sa.ForeignKey("workers.id"), nullable=False),
        sa.Column("cadre_id", sa.Text, nullable=True),
        sa.Column("assigned_at", UtcDateTime, nullable=False),
        sa.Column("assigned_by", sa.Text, nullable=False),
    )
    op.create_index("assignments_worker", "assignments", ["worker_id"])


def downgrade() -> None:
    """Forget them."""
    for table in ("assignments", "contacts", "followups", "cadres"):
        op.drop_table(table)
