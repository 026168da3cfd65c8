"""What reads statistics."""

from typing import Final

from services.kernel.errors import FieldError, InvalidInput
from services.kernel.http.auth import Scope
from services.workers.resources import WorkersService
from services.workers.statistics.cube import HEADINGS, Statistic, counted, label
from services.workers.statistics.schemas import Cell, Statistics

MOST_CELLS: Final = 20_000


async def statistics(service: WorkersService, scope: Scope, statistic: Statistic) -> Statistics:
    """The register as it stood. Raises InvalidInput for a day to come, a dimension named twice, or too many cells."""
    if statistic.as_of > service.clock.today():
        raise _refused("query:as_of", "date_to_come", "统计日期还没有到")
    if len(set(statistic.by)) < len(statistic.by):
        raise _refused("query:by", "repeated", "同一个分类填了两次")
    async with service.store.read() as connection:
        rows = (await connection.execute(counted(scope, statistic).limit(MOST_CELLS + 1))).all()
    if len(rows) > MOST_CELLS:
        raise _refused("query:by", "too_many_cells", f"超过 {MOST_CELLS} 格，请少分几类或只看一个县")
    cells = [
        Cell(
            key=row[:-1],
            labels=[label(name, value) for name, value in zip(statistic.by, row[:-1], strict=True)],
            workers=row[-1],
        )
        for row in rows
    ]
    return Statistics(
        as_of=statistic.as_of,
        by=statistic.by,
        headings=[HEADINGS[name] for name in statistic.by],
        total=sum(cell.workers for cell in cells),
        cells=cells,
    )


def _refused(pointer: str, code: str, detail: str) -> InvalidInput:
    return InvalidInput(detail, errors=[FieldError(pointer, code, detail)])
