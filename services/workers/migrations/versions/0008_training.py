"""Training courses, who takes part, labour brands; the stated certificates of a record as a column to be searched."""

import sqlalchemy as sa
from alembic import op

from services.kernel.store.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them; records of before name their certificates when they are written again."""
    for table in ("workers", "worker_versions"):
        op.add_column(table, sa.Column("papers", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "training_courses",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("state", "title", "occupation", "provider")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("division_code", "place")),
        *(sa.Column(name, sa.Date, nullable=False) for name in ("starts_on", "ends_on")),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("hours", "seats", "subsidy")),
        sa.Column("certificate", sa.Text, nullable=False),
        sa.Column("brand_id", sa.Text, nullable=True),
        sa.Column("changed_at", UtcDateTime, nullable=False),
    )
    op.create_index("training_courses_division", "training_courses", ["division_code", "starts_on"])
    op.create_index("training_courses_brand", "training_courses", ["brand_id"])
    op.create_table(
        "training_enrolments",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("course_id", sa.Text, sa.ForeignKey("training_courses.id"), nullable=False),
        sa.Column("worker_id", sa.Text, sa.ForeignKey("workers.id"), nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("enrolled_at", UtcDateTime, nullable=False),
        sa.Column("decided_at", UtcDateTime, nullable=True),
        sa.UniqueConstraint("course_id", "worker_id", name="training_enrolments_once"),
    )
    op.create_index("training_enrolments_worker", "training_enrolments", ["worker_id"])
    op.create_table(
        "brands",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("state", "name", "division_code", "occupation")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("certificate", "description")),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("division_code", "name", name="brands_name"),
    )


def downgrade() -> None:
    """Forget them."""
    for table in ("brands", "training_enrolments", "training_courses"):
        op.drop_table(table)
    for table in ("worker_versions", "workers"):
        op.drop_column(table, "papers")
