"""A declaration of a person about the own record: a consent or an objection, dated, and how it was given. Rules only."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal, Self

ID_PREFIX: Final = "c"

How = Literal["paper", "kiosk", "staff"]
"""A signed paper, at a kiosk by the person, or said to staff, who write it down."""


class What(StrEnum):
    """What a declaration is about."""

    REGISTRATION = "registration"
    """Consent to stand on the register, where no statutory duty is its basis (PIPL 13(1))."""
    EMPLOYERS = "employers"
    """Consent to be shown to employers, masked."""
    KIOSK = "kiosk"
    """Consent to be found at the kiosks of job fairs."""
    CONTACT = "contact"
    """Separate consent that one employer, by name, gets identity and contact (PIPL 23)."""
    RANKING_OBJECTION = "ranking_objection"
    """Objection to being ranked by a machine (PIPL 24): from then on only staff's own search shows the person."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One declaration. `employer_id` for CONTACT only; `withdrawn_at` None while it stands."""

    id: str
    what: What
    given_on: date
    how: How
    employer_id: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_how: How | None = None

    @property
    def stands(self) -> bool:
        """Whether it was not withdrawn."""
        return self.withdrawn_at is None

    def withdraw(self, how: How, now: datetime) -> Self:
        """The same once it was withdrawn; itself if it was before."""
        return replace(self, withdrawn_at=now, withdrawn_how=how) if self.stands else self


def state(consents: Iterable[Consent], what: What) -> bool | None:
    """True while one about `what` stands, False once all were withdrawn, None when there never was one."""
    about = [one for one in consents if one.what is what]
    return any(one.stands for one in about) if about else None


def employers_with_contact(consents: Iterable[Consent]) -> tuple[str, ...]:
    """The employers who may have identity and contact, sorted."""
    standing = {one.employer_id for one in consents if one.what is What.CONTACT and one.stands and one.employer_id}
    return tuple(sorted(standing))
