"""Templates: what a county's own sheets call our columns, learnt once and used for every later file of that county."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select, update

from services.kernel.audit import Audit, Entry
from services.kernel.clock import Clock
from services.kernel.errors import FieldError, InvalidInput
from services.kernel.imports.headings import HeadingTable, spelling
from services.kernel.imports.tables import ImportTables
from services.kernel.store.port import Store

LONGEST_HEADING: Final = 100
MOST_HEADINGS: Final = 200


@dataclass(frozen=True, slots=True)
class Template:
    """A county's (GB/T 2260) own headings: the sheet's words -> our heading."""

    division_code: str
    headings: Mapping[str, str]
    changed_by: str
    changed_at: datetime


def check(headings: Mapping[str, str], table: HeadingTable) -> None:
    """Raises InvalidInput, naming each heading that is blank, twice there in another spelling, or none of ours."""
    errors: list[FieldError] = []
    seen: set[str] = set()
    for own, ours in headings.items():
        place = f"/headings/{own}"
        if not spelling(own) or len(own) > LONGEST_HEADING:
            errors.append(FieldError(place, "bad_heading", f"表头应有 1 至 {LONGEST_HEADING} 个字"))
        elif spelling(own) in seen:
            errors.append(FieldError(place, "repeated_heading", "同一个表头写了两次"))
        if ours not in table.headings:
            errors.append(FieldError(place, "unknown_heading", "对应的列不在目录里"))
        seen.add(spelling(own))
    if errors:
        raise InvalidInput("表头对照有误", errors=errors)


class Templates:
    """The templates of one service. Raises StoreUnavailable."""

    def __init__(self, store: Store, tables: ImportTables, headings: HeadingTable, *, audit: Audit, clock: Clock) -> None:
        self._store = store
        self._table = tables.templates
        self._headings = headings
        self._audit = audit
        self._clock = clock

    async def synonyms(self, division_code: str) -> Mapping[str, str]:
        """What the county's sheets call our columns; nothing for a county without a template."""
        async with self._store.read() as connection:
            mine = select(self._table.c.headings).where(self._table.c.division_code == division_code)
            return await connection.scalar(mine) or {}

    async def all(self) -> Sequence[Template]:
        """Every template, by county."""
        async with self._store.read() as connection:
            rows = await connection.execute(select(self._table).order_by(self._table.c.division_code))
            return [Template(row.division_code, row.headings, row.changed_by, row.changed_at) for row in rows]

    async def put(self, division_code: str, headings: Mapping[str, str], by: str) -> Template:
        """Keep a county's template in place of the one before; one without headings is forgotten. Raises InvalidInput."""
        check(headings, self._headings)
        table, mine = self._table, self._table.c.division_code == division_code
        kept = Template(division_code, headings, by, self._clock.now())
        values = {"headings": dict(headings), "changed_by": by, "changed_at": kept.changed_at}
        async with self._store.write() as connection:
            if not headings:
                await connection.execute(delete(table).where(mine))
            elif (await connection.execute(update(table).where(mine).values(values))).rowcount == 0:
                await connection.execute(insert(table), {"division_code": division_code, **values})
            await self._audit.record(connection, Entry("import.template_kept", division_code))
        return kept
