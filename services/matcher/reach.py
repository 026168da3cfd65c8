"""What of the index a caller reaches: the filter of every search over workers, and the test of one document by id."""

from collections.abc import Sequence

from services.contracts.events import PostingChanged, WorkerChanged
from services.kernel import scoping
from services.kernel.http.auth import Scope
from services.kernel.index.port import AnyOf, Query


def workers(scope: Scope) -> Sequence[Query]:
    """The filters that hold whom this scope may see among workers.

    An employer sees a person only with that person's consent to be shown to employers (PIPL article 23); the documents do not
    tell consent, so an employer sees nobody.
    """
    if scope.employer_id is not None:
        return [AnyOf([])]
    served = scoping.residents_indexed(scope)
    return [] if served is None else [served]


def serves(scope: Scope, profile: WorkerChanged) -> bool:
    """Whether this scope may see that worker."""
    return scope.employer_id is None and scope.serves(profile.county_code)


def readable(scope: Scope, posting: PostingChanged) -> bool:
    """Whether this scope may see that posting: an employer its own, everybody else all that are published."""
    return scope.employer_id is None or posting.employer_id == scope.employer_id
