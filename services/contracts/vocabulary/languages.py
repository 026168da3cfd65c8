"""Languages and dialects besides Mandarin: a skill, lawful to ask for where the job needs it. Never an ethnicity.

The vocabulary says which languages there are, not who speaks them: nobody's language is derived from anything but their word.
"""

from typing import Final

from services.contracts.vocabulary import tables
from services.contracts.vocabulary.codes import Entry, Vocabulary

_SPOKEN_BY_ALL: Final = "汉语"


def _entries() -> list[Entry]:
    entries: dict[str, Entry] = {}
    for row in tables.rows("languages_ethnicity"):
        if row["category"] == "ethnicity_language" and row["alias_or_language"] != _SPOKEN_BY_ALL:
            name = row["alias_or_language"]
            entries.setdefault(name, Entry(name, name, ()))
        elif row["category"] == "dialect":
            entries[row["name"]] = Entry(row["name"], row["name"], tables.split_list(row["alias_or_language"]))
    return list(entries.values())


LANGUAGES: Final = Vocabulary("language", _entries())
"""The code is the name: 彝语, 云南话, 粤语 …"""
