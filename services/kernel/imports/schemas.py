"""What the interface tells about an import."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from services.kernel.http.models import RequestModel
from services.kernel.imports.outcomes import Decision, Policy
from services.kernel.imports.templates import MOST_HEADINGS


class FindingView(BaseModel):
    """Something about one cell. `value` is masked; rows are numbered as the sheet shows them."""

    row: int
    column: str
    severity: Literal["rejected", "warning"]
    code: str
    reason: str
    value: str


class NoteView(BaseModel):
    """Something that was mended by itself, how often, and the first rows where."""

    column: str
    code: str
    text: str
    count: int
    rows: list[int]


class PassedOver(BaseModel):
    """A line that is no data: a heading repeated, a remark under the table."""

    row: int
    text: str


class ImportReport(BaseModel):
    """What was found: the sheet and its headings, what was rejected and why, what needs a look, what was mended."""

    sheet: str = ""
    heading_row: int = 0
    headings: dict[str, str] = Field(default_factory=dict, description="our heading -> the sheet's own words")
    unknown_headings: list[str] = []
    repeated_headings: list[str] = []
    other_sheets: list[str] = []
    passed_over: list[PassedOver] = []
    notes: list[NoteView] = []
    findings: list[FindingView] = Field([], description="the first 1,000, by row")
    findings_total: int = 0


class Refusal(BaseModel):
    """Why the whole file was refused: a stable code, a Chinese sentence."""

    code: str
    detail: str


class ImportView(BaseModel):
    """An import: its state, progress and report. `warned` of the accepted rows have warnings; accepted = created + changed +
    unchanged. A dry run ends `checked`: nothing was changed, the counts tell what would be; its file waits seven days for the
    confirmation and is then forgotten (`lapsed`). `differences`: cells that disagree with the records, by decision."""

    id: str
    state: Literal["waiting", "running", "done", "checked", "lapsed", "refused"]
    source: str
    dry_run: bool
    policy: Policy
    created_at: datetime
    finished_at: datetime | None
    rows_total: int | None = Field(description="about, while running; None: not known yet")
    rows_done: int
    accepted: int
    warned: int
    rejected: int
    created: int
    changed: int
    unchanged: int
    differences: dict[Decision, int]
    refusal: Refusal | None
    report: ImportReport


class DifferenceView(BaseModel):
    """A cell that said something else than the record held; both masked. `taken`: the sheet's was taken; `kept`: the record's
    stayed; `open`: somebody is to decide."""

    id: int
    row: int
    column: str
    held: str
    offered: str
    decision: Decision


class DifferencePage(BaseModel):
    """Differences by id; the next page begins after `next_after`, None: that was all. `counts`: all of them by decision."""

    items: list[DifferenceView]
    next_after: int | None
    counts: dict[Decision, int]


Ids = Annotated[list[Annotated[int, Field(ge=1, strict=True)]], Field(max_length=1000)]


class Decisions(RequestModel):
    """Differences decided for the sheet (`take`) and for what is held (`keep`), by their ids."""

    take: Ids = Field(default_factory=list)
    keep: Ids = Field(default_factory=list)


class DecisionsView(BaseModel):
    """How many were taken just now, and how the import's differences stand."""

    taken: int
    counts: dict[Decision, int]


class TemplateHeadings(RequestModel):
    """What a county's sheets call our columns: their heading -> ours (such as `{"身份证": "身份证号"}`); {} forgets all."""

    headings: dict[str, str] = Field(max_length=MOST_HEADINGS)


class TemplateView(BaseModel):
    """A county's own headings."""

    division_code: str
    headings: dict[str, str]
    changed_by: str
    changed_at: datetime


def view_of(row: Row[Any], findings: Sequence[Row[Any]], findings_total: int, differences: Mapping[str, int]) -> ImportView:
    """An import's row with its findings as the interface tells it."""
    sheet = row.sheet
    cells = sheet.get("cells", [])
    counts = ("rows_done", "accepted", "warned", "rejected", "created", "changed", "unchanged")
    return ImportView(
        id=row.id,
        state=row.state,
        source=row.source,
        dry_run=row.dry_run,
        policy=row.policy,
        created_at=row.created_at,
        finished_at=row.finished_at,
        rows_total=row.rows_total,
        **{name: getattr(row, name) for name in counts},
        differences=dict(differences),
        refusal=Refusal(code=row.refusal_code, detail=row.refusal_detail) if row.refusal_code else None,
        report=ImportReport(
            sheet=sheet.get("name", ""),
            heading_row=sheet.get("heading_row", 0),
            headings={heading: cells[column] for heading, column in sheet.get("columns", {}).items()},
            unknown_headings=sheet.get("unknown", []),
            repeated_headings=sheet.get("repeated", []),
            other_sheets=sheet.get("other_sheets", []),
            passed_over=[PassedOver(**line) for line in row.passed_over],
            notes=[NoteView(**note) for note in row.notes.values()],
            findings=[FindingView.model_validate(finding._mapping) for finding in findings],  # noqa: SLF001 - SQLAlchemy's own name
            findings_total=findings_total,
        ),
    )
