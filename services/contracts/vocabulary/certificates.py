"""Certificates with their other names, and for which work the law asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from services.contracts.vocabulary import tables


@dataclass(frozen=True, slots=True)
class Certificate:
    """One row of certificates.csv, by canonical name."""

    name: str
    aliases: tuple[str, ...]
    levels: str
    validity: str
    legally_required_for: str
    legal_basis: str
    status: str


@cache
def load() -> Mapping[str, Certificate]:
    """All certificates by canonical name."""
    return {
        row["name"]: Certificate(
            name=row["name"],
            aliases=tables.split_list(row["aliases"]),
            levels=row["levels"],
            validity=row["validity"],
            legally_required_for=row["legally_required_for"],
            legal_basis=row["legal_basis"],
            status=row["status"],
        )
        for row in tables.rows("certificates")
    }


@cache
def _names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for certificate in load().values():
        for spoken in (certificate.name, *certificate.aliases):
            names.setdefault(tables.spelling(spoken), certificate.name)
    return names


def named(text: str) -> str | None:
    """The canonical name for a name or alias in any usual spelling, or None."""
    return _names().get(tables.spelling(text))
