"""The versions that were; who made a version; what is worked out from a record to be counted."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from services.kernel.store.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ALL_MISSING = "32767"


def _added() -> list[sa.Column[Any]]:
    return [
        sa.Column("intention_channel", sa.Text, nullable=True),
        sa.Column("intention_asked_by", sa.Text, nullable=True),
        sa.Column("travel_group_id", sa.Text, nullable=True),
        sa.Column("travel_group", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("destination", sa.Text, nullable=True),
        # Records of before have every field missing until they are written again: nothing is claimed that was not looked at.
        sa.Column("missing", sa.Integer, nullable=False, server_default=_ALL_MISSING),
        sa.Column("certificates_until", sa.Date, nullable=True),
        sa.Column("changed_by", sa.Text, nullable=False, server_default=""),
    ]


def upgrade() -> None:
    """Add the columns and make the table of versions, empty."""
    for column in _added():
        op.add_column("workers", column)
    op.create_index("workers_travel_group", "workers", ["travel_group_id"])
    op.create_table(
        "worker_versions",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("name_sealed", sa.LargeBinary, nullable=False),
        sa.Column("identity_number_sealed", sa.LargeBinary, nullable=False),
        sa.Column("identity_number_blind", sa.Text, nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary, nullable=True),
        sa.Column("phone_blind", sa.Text, nullable=True),
        sa.Column("words_sealed", sa.LargeBinary, nullable=False),
        sa.Column("stated_sealed", sa.LargeBinary, nullable=True),
        sa.Column("sex", sa.Text, nullable=False),
        sa.Column("ethnicity", sa.Text, nullable=True),
        sa.Column("birth_date", sa.Date, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("number", "county_code", "township")),
        sa.Column("household_category", sa.Text, nullable=True),
        sa.Column("relocated", sa.Boolean, nullable=True),
        *(sa.Column(name, sa.Text, nullable=True) for name in ("education", "mandarin", "employment_status", "willingness")),
        sa.Column("intention_confirmed_on", sa.Date, nullable=True),
        sa.Column("intention_channel", sa.Text, nullable=True),
        sa.Column("intention_asked_by", sa.Text, nullable=True),
        sa.Column("travel_group_id", sa.Text, nullable=True),
        sa.Column("travel_group", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("destination", sa.Text, nullable=True),
        sa.Column("missing", sa.Integer, nullable=False),
        sa.Column("certificates_until", sa.Date, nullable=True),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("imported_digest", sa.Text, nullable=True),
        sa.Column("registered_at", UtcDateTime, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("withdrawn_at", UtcDateTime, nullable=True),
        sa.Column("withdrawal_reason", sa.Text, nullable=False),
        sa.Column("superseded_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", "version"),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("worker_versions")
    op.drop_index("workers_travel_group", "workers")
    for column in _added():
        op.drop_column("workers", column.name)
