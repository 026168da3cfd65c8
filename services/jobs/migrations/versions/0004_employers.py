"""Employers; postings with a life with reasons, their terms and their private part."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from services.kernel.ids import new_id
from services.kernel.store.types import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _added() -> list[sa.Column[Any]]:
    return [
        sa.Column("status_since", UtcDateTime, nullable=False, server_default="1970-01-01 00:00:00+00:00"),
        sa.Column("reason_code", sa.Text, nullable=False, server_default=""),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("priority_until", sa.Date, nullable=True),
        sa.Column("published_on", sa.Date, nullable=True),
        sa.Column("hidden", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("sandbox", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("duplicate_of", sa.Text, nullable=True),
        sa.Column("findings", sa.JSON, nullable=False, server_default="[]"),
        sa.Column("external_reference", sa.Text, nullable=True),
        sa.Column("kind", sa.Text, nullable=False, server_default="ordinary"),
        sa.Column("occupation_id", sa.Text, nullable=True),
        sa.Column("latitude", sa.Float, nullable=True),
        sa.Column("longitude", sa.Float, nullable=True),
        sa.Column("cooperation", sa.JSON, nullable=True),
        sa.Column("terms", sa.JSON, nullable=False, server_default="{}"),
    ]


def _employers() -> sa.Table:
    return op.create_table(
        "employers",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("uscc", sa.Text, nullable=True),
        sa.Column("kind", sa.Text, nullable=True),
        sa.Column("division_code", sa.Text, nullable=True),
        sa.Column("licence_number", sa.Text, nullable=True),
        sa.Column("licence_expires", sa.Date, nullable=True),
        sa.Column("agency_id", sa.Text, sa.ForeignKey("employers.id"), nullable=True),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("verified_at", UtcDateTime, nullable=True),
        sa.Column("verified_by", sa.Text, nullable=True),
        sa.Column("verified_documents", sa.JSON, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("standing_since", UtcDateTime, nullable=False),
        sa.Column("standing_reason_code", sa.Text, nullable=False),
        sa.Column("standing_reason", sa.Text, nullable=False),
        sa.Column("blacklisted_until", sa.Date, nullable=True),
        sa.Column("blacklist_reason", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("key", name="employers_key"),
        sa.UniqueConstraint("uscc", name="employers_uscc"),
    )


def upgrade() -> None:
    """Make what is new; what is there keeps its place: closings become reasons, employers are those that postings name."""
    table = _employers()
    op.create_index("employers_blacklisted_until", "employers", ["blacklisted_until"])
    op.create_table(
        "employer_contacts",
        sa.Column("employer_id", sa.Text, sa.ForeignKey("employers.id"), primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "posting_history",
        sa.Column("posting_id", sa.Text, sa.ForeignKey("postings.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason_code", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("changed", sa.JSON, nullable=False),
    )
    op.create_table(
        "posting_private",
        sa.Column("posting_id", sa.Text, sa.ForeignKey("postings.id"), primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    for column in _added():
        op.add_column("postings", column)
    _carry_over(table)
    op.drop_column("postings", "withdrawn_at")
    op.drop_column("postings", "withdrawal_reason")
    op.create_index("postings_external_reference", "postings", ["employer_id", "external_reference"], unique=True)
    op.create_index("postings_ends", "postings", ["status", "valid_until"])


def _carry_over(employers: sa.Table) -> None:
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "UPDATE postings SET status_since = coalesce(withdrawn_at, created_at), reason = withdrawal_reason,"
            " reason_code = CASE WHEN withdrawn_at IS NULL THEN '' ELSE 'other' END, published_on = date(created_at)"
            if connection.dialect.name == "sqlite"
            else "UPDATE postings SET status_since = coalesce(withdrawn_at, created_at), reason = withdrawal_reason,"
            " reason_code = CASE WHEN withdrawn_at IS NULL THEN '' ELSE 'other' END, published_on = created_at::date"
        )
    )
    named = connection.execute(sa.text("SELECT employer_key, min(employer_name), min(employer_kind) FROM postings GROUP BY 1"))
    now = datetime.now(UTC)
    for key, name, kind in named.all():
        employer = {
            "id": new_id("e"),
            "version": 1,
            "name": name,
            "key": key,
            "kind": kind,
            "sandbox": False,
            "verified_documents": [],
            "standing": "normal",
            "standing_since": now,
            "standing_reason_code": "",
            "standing_reason": "",
            "blacklist_reason": "",
            "created_at": now,
            "updated_at": now,
        }
        connection.execute(employers.insert().values(employer))
        mine = sa.text("UPDATE postings SET employer_id = :id WHERE employer_key = :key AND employer_id IS NULL")
        connection.execute(mine, {"id": employer["id"], "key": key})


def downgrade() -> None:
    """Forget what was made."""
    for index in ("postings_ends", "postings_external_reference"):
        op.drop_index(index, "postings")
    op.add_column("postings", sa.Column("withdrawn_at", UtcDateTime, nullable=True))
    op.add_column("postings", sa.Column("withdrawal_reason", sa.Text, nullable=False, server_default=""))
    for column in _added():
        op.drop_column("postings", column.name)
    for table in ("posting_private", "posting_history", "employer_contacts", "employers"):
        op.drop_table(table)
