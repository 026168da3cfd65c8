"""A worker's record as a row and back: the only place where what is sealed of it is sealed and opened."""

from dataclasses import asdict
from typing import Any, Final

import orjson
from pydantic import TypeAdapter
from sqlalchemy import Row

from services.kernel.vault.port import FieldCipher, Vault
from services.workers.consents.consent import Consent
from services.workers.intentions.destination import destination
from services.workers.intentions.intention import Asking
from services.workers.papers import listed
from services.workers.profile import OwnWords, Profile, State, Worker, said
from services.workers.quality.score import missing
from services.workers.stated import Stated
from services.workers.travel_groups.group import TravelGroup

_TIDY: Final = (
    "county_code",
    "number",
    "township",
    "household_category",
    "relocated",
    "education",
    "mandarin",
    "employment_status",
    "willingness",
    "ethnicity",
)
_LIFE: Final = (
    "id",
    "version",
    "basis",
    "source",
    "imported_digest",
    "registered_at",
    "changed_at",
    "withdrawn_at",
    "withdrawal_reason",
)
_STATED: Final = TypeAdapter(Stated)
_NOTHING_STATED: Final = Stated()


def blind_number(vault: Vault, identity_number: str) -> str:
    """What an identity number is found by."""
    return vault.blind(identity_number, "workers.identity_number")


def row_of(worker: Worker, key: FieldCipher, vault: Vault, changed_by: str) -> dict[str, Any]:
    """The row of a record; `key` is the person's own, `changed_by` who made this version."""
    profile, facts = worker.profile, worker.profile.identity
    return {
        **{name: getattr(worker, name) for name in _LIFE},
        **{name: getattr(profile, name) for name in _TIDY},
        **_sealed(worker, key),
        **_asking(profile.asking),
        "state": worker.state.value,
        "identity_number_blind": blind_number(vault, profile.identity_number),
        "phone_blind": vault.blind(profile.phone, "workers.phone") if profile.phone else None,
        "likeness_blind": vault.blind(f"{profile.name}\0{facts.birth_date}\0{profile.county_code}", "workers.likeness"),
        "sex": facts.sex,
        "birth_date": facts.birth_date,
        "travel_group_id": profile.travel_group and profile.travel_group.id,
        "travel_group": profile.travel_group and asdict(profile.travel_group),
        "destination": destination(profile.stated.intention, profile.words.intention_places, profile.county_code),
        "missing": missing(profile),
        "certificates_until": profile.stated.certificates_count_until,
        "papers": listed(profile.stated),
        "changed_by": changed_by,
    }


def worker_of(row: Row[Any], key: FieldCipher, consents: tuple[Consent, ...] = ()) -> Worker:
    """The record of a row of `workers` or `worker_versions`, with the declarations that stand beside it. Raises VaultSealed."""

    def opened(column: str) -> str:
        sealed: bytes | None = getattr(row, f"{column}_sealed")
        return key.open(sealed, _place(column, row.id)).decode() if sealed is not None else ""

    profile = Profile(
        name=opened("name"),
        identity_number=opened("identity_number"),
        phone=opened("phone"),
        words=OwnWords(**orjson.loads(opened("words"))),
        stated=_STATED.validate_json(stated) if (stated := opened("stated")) else _NOTHING_STATED,
        asking=_asked(row),
        travel_group=TravelGroup(**row.travel_group) if row.travel_group is not None else None,
        **{name: getattr(row, name) for name in _TIDY},
    )
    life = {name: getattr(row, name) for name in _LIFE}
    return Worker(profile=profile, state=State(row.state), consents=consents, **life)


def _sealed(worker: Worker, key: FieldCipher) -> dict[str, bytes | None]:
    profile = worker.profile
    nothing_stated = profile.stated == _NOTHING_STATED
    plain = {
        "name": profile.name.encode(),
        "identity_number": profile.identity_number.encode(),
        "phone": profile.phone.encode() or None,
        "words": orjson.dumps(said(profile.words)),
        "stated": None if nothing_stated else _STATED.dump_json(profile.stated, exclude_defaults=True),
    }
    return {
        f"{column}_sealed": None if text is None else key.seal(text, _place(column, worker.id))
        for column, text in plain.items()
    }


def _asking(asking: Asking | None) -> dict[str, Any]:
    return {
        "intention_confirmed_on": asking and asking.on,
        "intention_channel": asking and asking.channel,
        "intention_asked_by": asking and asking.by,
    }


def _asked(row: Row[Any]) -> Asking | None:
    if row.intention_confirmed_on is None:
        return None
    return Asking(row.intention_confirmed_on, row.intention_channel, row.intention_asked_by or "")


def _place(column: str, worker_id: str) -> str:
    return f"workers.{column}:{worker_id}"
