"""One line of the log: what changed, and by which keys followers choose. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from services.jobs.events import posting_changed
from services.jobs.posting import Posting, Status

Kind = Literal["posting", "webhook"]
"""What the log tells of. Referrals will be a kind of their own once placements exist; until then there is none to tell."""

FILTERS: Final = (
    "province_code",
    "city_code",
    "district_code",
    "kind",
    "occupation_id",
    "employer_id",
    "employer_kind",
    "contract_form",
    "scheme",
)
"""What the public feed is chosen by."""


def keys_of(posting: Posting) -> dict[str, str | None]:
    """The values that followers choose by."""
    opening = posting.opening
    own = ("province_code", "city_code", "district_code", "kind", "occupation_id", "employer_kind")
    return {
        **{name: getattr(opening, name) for name in own},
        "employer_id": posting.employer_id,
        "contract_form": opening.terms.contract_form,
        "scheme": opening.cooperation and opening.cooperation.scheme,
    }


def public(posting: Posting | None) -> bool:
    """Whether everybody may see it: not in its priority window, not a sandbox's, not hidden."""
    return posting is not None and posting.shown and posting.status is Status.PUBLISHED


def document_of(posting: Posting) -> dict[str, Any]:
    """The opening as it travels (contracts/events.PostingChanged): no contact, no identifiers."""
    return posting_changed(posting).model_dump(mode="json")


def row_of(before: Posting | None, after: Posting) -> dict[str, Any]:
    """The row of the log for one version of a posting."""
    return {
        "at": after.updated_at,
        "kind": "posting",
        "subject_id": after.id,
        "version": after.version,
        "employer_id": after.employer_id,
        "place_code": after.opening.division_code,
        "external_reference": after.external_reference,
        "status": str(after.status),
        "reason_code": after.reason_code,
        "public": public(after),
        "public_before": public(before),
        "keys": keys_of(after),
        "keys_before": keys_of(before) if before is not None else {},
        "document": None if after.status is Status.WITHDRAWN else document_of(after),
    }


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a follower of the public feed wants: key -> value; nothing asked is everything."""

    wanted: Mapping[str, str]

    def query(self) -> dict[str, str | None]:
        """What a cursor is bound to."""
        return {"list": "feed", **self.wanted}

    def holds(self, keys: Mapping[str, str | None]) -> bool:
        """Whether an opening with these keys is wanted."""
        return all(keys.get(name) == value for name, value in self.wanted.items())
