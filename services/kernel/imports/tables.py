"""The tables of imports: the same six in the database of every service that imports."""

from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.schema import SchemaItem

from services.kernel.store.types import Serial, UtcDateTime

WAITING: Final = "waiting"
RUNNING: Final = "running"
DONE: Final = "done"
CHECKED: Final = "checked"
LAPSED: Final = "lapsed"
REFUSED: Final = "refused"
UNFINISHED: Final = (WAITING, RUNNING)


class TableOperations(Protocol):
    """The part of Alembic's `op` that makes the tables."""

    def create_table(self, table_name: str, *columns: SchemaItem) -> object: ...

    def add_column(self, table_name: str, column: Column[Any]) -> object: ...

    def create_index(self, index_name: str, table_name: str, columns: list[str]) -> object: ...


@dataclass(frozen=True, slots=True)
class ImportTables:
    """`imports`: state and progress. `files`: the uploaded bytes, sealed, until the import is done. `findings`: what the clerk
    should know, values masked. `rejects`: the rejected rows as they stood, sealed, for the sheet that goes back. `differences`:
    cells that said something else than the record, sealed, with what was decided. `templates`: a county's own headings."""

    imports: Table
    files: Table
    findings: Table
    rejects: Table
    differences: Table
    templates: Table


def _imports() -> list[SchemaItem]:
    counts = ("rows_done", "accepted", "warned", "rejected", "created", "changed", "unchanged")
    return [
        Column("id", Text, primary_key=True),
        Column("state", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("requested_by", Text, nullable=False),
        Column("dry_run", Boolean, nullable=False),
        Column("policy", Text, nullable=False),
        Column("synonyms", JSON, nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        Column("finished_at", UtcDateTime, nullable=True),
        Column("rows_total", Integer, nullable=True),
        *(Column(name, Integer, nullable=False) for name in counts),
        Column("last_row", Integer, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("sheet", JSON, nullable=False),
        Column("notes", JSON, nullable=False),
        Column("passed_over", JSON, nullable=False),
        Column("refusal_code", Text, nullable=True),
        Column("refusal_detail", Text, nullable=True),
    ]


def _files() -> list[SchemaItem]:
    return [
        Column("import_id", Text, ForeignKey("imports.id"), primary_key=True),
        Column("content", LargeBinary, nullable=False),
    ]


def _findings() -> list[SchemaItem]:
    return [
        Column("id", Serial, primary_key=True),
        Column("import_id", Text, ForeignKey("imports.id"), nullable=False),
        Column("row", Integer, nullable=False),
        Column("severity", Text, nullable=False),
        Column("column", Text, nullable=False),
        Column("code", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("value", Text, nullable=False),
    ]


def _rejects() -> list[SchemaItem]:
    return [
        Column("import_id", Text, ForeignKey("imports.id"), primary_key=True),
        Column("row", Integer, primary_key=True),
        Column("cells", LargeBinary, nullable=False),
    ]


def _differences() -> list[SchemaItem]:
    return [
        Column("id", Serial, primary_key=True),
        Column("import_id", Text, ForeignKey("imports.id"), nullable=False),
        Column("row", Integer, nullable=False),
        Column("subject", Text, nullable=False),
        Column("column", Text, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        Column("decision", Text, nullable=False),
        Column("decided_by", Text, nullable=True),
        Column("decided_at", UtcDateTime, nullable=True),
    ]


def _templates() -> list[SchemaItem]:
    return [
        Column("division_code", Text, primary_key=True),
        Column("headings", JSON, nullable=False),
        Column("changed_by", Text, nullable=False),
        Column("changed_at", UtcDateTime, nullable=False),
    ]


def import_tables(metadata: MetaData) -> ImportTables:
    """The tables, registered in a service's metadata."""
    findings = Table("import_findings", metadata, *_findings())
    Index("ix_import_findings_import", findings.c.import_id)
    imports = Table("imports", metadata, *_imports(), _scope())
    Index("ix_imports_state", imports.c.state)
    differences = Table("import_differences", metadata, *_differences())
    Index("ix_import_differences_import", differences.c.import_id, differences.c.decision)
    return ImportTables(
        imports,
        Table("import_files", metadata, *_files()),
        findings,
        Table("import_rejects", metadata, *_rejects()),
        differences,
        Table("import_templates", metadata, *_templates()),
    )


def _scope() -> Column[Any]:
    # An import from before there were scopes reaches nothing.
    return Column("scope", JSON, nullable=False, server_default="{}")


def add_import_scope(op: TableOperations) -> None:
    """Let imports remember the scope of who made them: in a later revision, with Alembic's `op`."""
    op.add_column("imports", _scope())


def create_imports(op: TableOperations) -> None:
    """Make the tables in a service's first revision: `create_imports(op)` with Alembic's `op`."""
    op.create_table("imports", *_imports())
    op.create_index("ix_imports_state", "imports", ["state"])
    op.create_table("import_files", *_files())
    op.create_table("import_findings", *_findings())
    op.create_index("ix_import_findings_import", "import_findings", ["import_id"])
    op.create_table("import_rejects", *_rejects())
    op.create_table("import_differences", *_differences())
    op.create_index("ix_import_differences_import", "import_differences", ["import_id", "decision"])
    op.create_table("import_templates", *_templates())
