"""What of the index a caller reaches: the filters of every search, and the test of one document by id."""

from collections.abc import Sequence
from typing import Literal

from services.contracts.events import PostingChanged, WorkerChanged
from services.kernel import scoping
from services.kernel.http.auth import Scope
from services.kernel.index.port import AnyOf, Query, Term


def workers(scope: Scope) -> Sequence[Query]:
    """The filters that hold whom this scope may see among workers: an employer those who agreed to be shown to employers,
    wherever they live (PIPL article 23); a kiosk those of its regions who agreed to be found there; staff those of its regions.
    """
    audience = _audience(scope)
    agreed: list[Query] = [] if audience is None else [Term("audiences", [audience])]
    served = None if audience == "employers" else scoping.residents_indexed(scope)
    return agreed if served is None else [*agreed, served]


def registered(scope: Scope) -> Sequence[Query]:
    """The same for searching the register freely, which is for staff alone: its filters and counts tell of households and of
    care at home, which nobody agreed to have looked through by employers or at a fair."""
    return workers(scope) if _audience(scope) is None else [AnyOf([])]


def postings(scope: Scope) -> Sequence[Query]:
    """The same for searching openings: an employer its own, everybody else all that are published."""
    return [] if scope.employer_id is None else [Term("employer_id", [scope.employer_id])]


def serves(scope: Scope, profile: WorkerChanged) -> bool:
    """Whether this scope may look for openings in that worker's place: never an employer, who would see all the others'."""
    audience = _audience(scope)
    agreed = audience is None or (audience == "kiosk" and profile.visibility.kiosk is True)
    return agreed and scope.serves(profile.county_code)


def proposable(scope: Scope, profile: WorkerChanged) -> bool:
    """Whether that worker may stand in an opening's list for this scope: the test of `workers` for one document."""
    if _audience(scope) == "employers":
        return profile.visibility.employers is True
    return serves(scope, profile)


def _audience(scope: Scope) -> Literal["employers", "kiosk"] | None:
    if scope.employer_id is not None:
        return "employers"
    return "kiosk" if scope.fair_id is not None else None


def readable(scope: Scope, posting: PostingChanged) -> bool:
    """Whether this scope may see that posting: an employer its own, everybody else all that are published."""
    return scope.employer_id is None or posting.employer_id == scope.employer_id
