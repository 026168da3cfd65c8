"""The short code lists: education, Mandarin, household category, and so on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.contracts.vocabulary import tables


@dataclass(frozen=True, slots=True)
class Entry:
    """A code with the name that people read and the other names they write."""

    code: str
    name: str
    aliases: tuple[str, ...]


class Vocabulary:
    """One closed list of codes. `rank` is the place in the list (for ordered lists such as education, lowest first)."""

    def __init__(self, name: str, entries: list[Entry]) -> None:
        self.name = name
        self.entries: Mapping[str, Entry] = {entry.code: entry for entry in entries}
        self._ranks = {entry.code: rank for rank, entry in enumerate(entries)}
        self._codes: dict[str, str] = {}
        for entry in entries:
            for spoken in (entry.code, entry.name, tables.without_brackets(entry.name), *entry.aliases):
                self._codes.setdefault(tables.spelling(spoken), entry.code)

    def __contains__(self, code: object) -> bool:
        return code in self.entries

    def find(self, text: str) -> str | None:
        """The code that `text` (a code, name or alias in any usual spelling) stands for, or None."""
        return self._codes.get(tables.spelling(text)) or self._codes.get(tables.without_brackets(text))

    def label(self, code: str) -> str:
        """The name that people read, bracketed remarks left out. Raises KeyError for an unknown code."""
        return tables.without_brackets(self.entries[code].name) or self.entries[code].name

    def rank(self, code: str) -> int:
        """The place of a code in its list, from 0. Raises KeyError for an unknown code."""
        return self._ranks[code]


def _listed(name: str) -> list[Entry]:
    return [
        Entry(row["code"], row["name"], tables.split_list(row["aliases"]))
        for row in tables.rows("lists")
        if row["vocabulary"] == name
    ]


def _own_table(name: str) -> Vocabulary:
    return Vocabulary(
        name,
        [Entry(row["code"], row["name"], tables.split_list(row.get("aliases", ""))) for row in tables.rows(name)],
    )


EDUCATION: Final = Vocabulary("education", _listed("education"))
MANDARIN: Final = Vocabulary("mandarin", _listed("mandarin")[::-1])  # lowest first
EMPLOYMENT_STATUS: Final = Vocabulary("employment_status", _listed("employment_status"))
WILLINGNESS: Final = Vocabulary("willingness", _listed("willingness")[::-1])
WORK_LIMITS: Final = Vocabulary("work_limits", _listed("work_limits"))
EMPLOYMENT_KINDS: Final = Vocabulary("employment_kind", _listed("employment_kind"))
LABOUR_CHANNELS: Final = Vocabulary("labour_channel", _listed("labour_channel"))
IDLE_REASONS: Final = Vocabulary("idle_reason", _listed("idle_reason"))
CONTACT_CHANNELS: Final = Vocabulary("contact_channel", _listed("contact_channel"))
DESTINATION: Final = Vocabulary("destination", _listed("destination"))
RELATIONS: Final = Vocabulary("relation_to_head", _listed("relation_to_head"))
ETHNICITY: Final = Vocabulary("ethnicity", _listed("ethnicity"))  # statistics only; no event carries it
EMPLOYER_KINDS: Final = Vocabulary("employer_kind", _listed("employer_kind"))
POSTING_SOURCES: Final = Vocabulary("posting_source", _listed("posting_source"))
POSTING_KINDS: Final = Vocabulary("posting_kind", _listed("posting_kind"))
CONTRACT_FORMS: Final = Vocabulary("contract_form", _listed("contract_form"))
INSURANCES: Final = Vocabulary("insurance", _listed("insurance"))
SETTLEMENTS: Final = Vocabulary("settlement", _listed("settlement"))
CLOSING_REASONS: Final = Vocabulary("closing_reason", _listed("closing_reason"))
PAUSE_REASONS: Final = Vocabulary("pause_reason", _listed("pause_reason"))
STANDING_REASONS: Final = Vocabulary("standing_reason", _listed("standing_reason"))
CONTACT_ROLES: Final = Vocabulary("contact_role", _listed("contact_role"))
HOUSEHOLD_STATUS: Final = _own_table("household_status")
RISK_STATUS: Final = _own_table("risk_status")
FOLLOWUP_STATUS: Final = _own_table("followup_status")
