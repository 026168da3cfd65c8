"""The tables of training."""

from dataclasses import dataclass

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

from services.kernel.store.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class TrainingTables:
    courses: Table
    enrolments: Table


def training_tables(metadata: MetaData) -> TrainingTables:
    """The tables, registered in the workers database's metadata."""
    courses = Table(
        "training_courses",
        metadata,
        Column("id", Text, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("state", Text, nullable=False),
        Column("title", Text, nullable=False),
        Column("occupation", Text, nullable=False),
        Column("provider", Text, nullable=False),
        Column("division_code", Text, nullable=False),
        Column("place", Text, nullable=False),
        Column("starts_on", Date, nullable=False),
        Column("ends_on", Date, nullable=False),
        Column("hours", Integer, nullable=False),
        Column("seats", Integer, nullable=False),
        Column("subsidy", Integer, nullable=False),
        Column("certificate", Text, nullable=False),
        Column("brand_id", Text, nullable=True),
        Column("changed_at", UtcDateTime, nullable=False),
        Index("training_courses_division", "division_code", "starts_on"),
        Index("training_courses_brand", "brand_id"),
    )
    enrolments = Table(
        "training_enrolments",
        metadata,
        Column("id", Text, primary_key=True),
        Column("course_id", Text, ForeignKey("training_courses.id"), nullable=False),
        Column("worker_id", Text, ForeignKey("workers.id"), nullable=False),
        Column("result", Text, nullable=False),
        Column("enrolled_at", UtcDateTime, nullable=False),
        Column("decided_at", UtcDateTime, nullable=True),
        UniqueConstraint("course_id", "worker_id", name="training_enrolments_once"),
        Index("training_enrolments_worker", "worker_id"),
    )
    return TrainingTables(courses, enrolments)
