"""Occupations of home service, property management and public-welfare posts, with what the law asks of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from services.contracts.vocabulary import tables


@dataclass(frozen=True, slots=True)
class Occupation:
    """One row of occupations.csv. `min_age` in full years; certificate texts as the source has them (with its caveats)."""

    id: str
    name: str
    family: str
    group: str
    synonyms: tuple[str, ...]
    typical_certificates: tuple[str, ...]
    mandatory_certificates: str
    min_age: int
    legal_requirements: str
    physical_demands: tuple[str, ...]
    work_pattern: str
    wage_min: int | None
    wage_max: int | None


@cache
def _names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for occupation in load().values():
        for spoken in (occupation.name, *occupation.synonyms):
            names.setdefault(tables.spelling(spoken), occupation.id)
    return names


def find(title: str) -> str | None:
    """The id of the occupation whose name or synonym is `title` (in any usual spelling, bracketed remarks left out)."""
    return _names().get(tables.spelling(title)) or _names().get(tables.without_brackets(title))


def _wage(cell: str) -> int | None:
    return int(cell) if cell.isdigit() else None


@cache
def load() -> Mapping[str, Occupation]:
    """All occupations by id (H01… home service, P01… property, G01… public welfare)."""
    return {
        row["id"]: Occupation(
            id=row["id"],
            name=row["canonical_name"],
            family=row["family"],
            group=row["group"],
            synonyms=tables.split_list(row["synonyms"]),
            typical_certificates=tables.split_list(row["typical_certificates"]),
            mandatory_certificates=row["mandatory_certificates"],
            min_age=int(row["min_age"]),
            legal_requirements=row["legal_requirements"],
            physical_demands=tables.split_list(row["physical_demands"]),
            work_pattern=row["work_pattern"],
            wage_min=_wage(row["wage_min_cny_month"]),
            wage_max=_wage(row["wage_max_cny_month"]),
        )
        for row in tables.rows("occupations")
    }
