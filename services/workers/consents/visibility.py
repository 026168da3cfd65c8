"""Who may see a person, and why not. Rules only: an audience sees a person when every condition is known and true.

A condition says one sentence that tells nobody more than they may know: not the ground behind it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from services.contracts.events import Visibility
from services.workers.consents.consent import What, employers_with_contact, state
from services.workers.profile import WORKING_AGE, State, Worker, age_on

_NO_WISH: Final = "W1"
"""Willingness code of who wants no work at present."""


class Audience(StrEnum):
    """Before whom a person may appear. RANKING is no reader: it is the machine that puts people in an order."""

    STAFF = "staff"
    EMPLOYERS = "employers"
    KIOSK = "kiosk"
    RANKING = "ranking"


@dataclass(frozen=True, slots=True)
class Condition:
    """`holds` None is unknown. `code` is stable, `missing` the sentence when it is unknown, `broken` when it is false."""

    code: str
    holds: bool | None
    broken: str
    missing: str = ""

    @property
    def said(self) -> str:
        """Why it keeps the person from being seen; "" when it does not."""
        return "" if self.holds else self.broken if self.holds is False else self.missing


def conditions(worker: Worker, today: date) -> Mapping[Audience, Sequence[Condition]]:
    """Every audience's conditions on that day."""
    consents = worker.consents
    lawful = True if worker.basis == "statutory_register" else state(consents, What.REGISTRATION)
    age = age_on(today, worker.profile.identity.birth_date)
    staff = [
        Condition("lawful_basis", lawful, "登记的依据已不成立（本人撤回了同意）", "没有记下登记的依据"),
        Condition("registered", worker.state is State.REGISTERED, "已退出登记"),
        Condition("of_age", age >= WORKING_AGE, "不符合登记条件"),
    ]
    wants = Condition("wants_work", worker.profile.willingness != _NO_WISH, "目前没有求职意愿")
    not_objected = state(consents, What.RANKING_OBJECTION) is not True
    return {
        Audience.STAFF: staff,
        Audience.EMPLOYERS: [*staff, wants, _agreed(worker, What.EMPLOYERS, "向用人单位展示")],
        Audience.KIOSK: [*staff, wants, _agreed(worker, What.KIOSK, "在招聘会自助机上展示")],
        Audience.RANKING: [*staff, Condition("accepts_ranking", not_objected, "本人不接受自动排序，只能由工作人员自行查找")],
    }


def visibility(worker: Worker, today: date) -> Visibility:
    """What the event tells: per audience all conditions together, and which employers may have the contact."""
    holding = {audience.value: _all(found) for audience, found in conditions(worker, today).items()}
    shown = holding[Audience.STAFF.value] is True
    return Visibility(**holding, contact_employers=employers_with_contact(worker.consents) if shown else ())


def _agreed(worker: Worker, what: What, deed: str) -> Condition:
    agreed = state(worker.consents, what)
    return Condition(f"consent_{what.value}", agreed, f"本人已撤回{deed}的同意", f"本人还没有同意{deed}")


def _all(found: Sequence[Condition]) -> bool | None:
    if any(condition.holds is False for condition in found):
        return False
    return None if any(condition.holds is None for condition in found) else True
