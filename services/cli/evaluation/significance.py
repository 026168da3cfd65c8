"""Whether one order is better than another by more than chance, over the same queries."""

import random
from collections.abc import Mapping, Sequence
from typing import Final

PERMUTATIONS: Final = 10_000
_SEED: Final = 20261101


def p_value(ours: Mapping[str, float], others: Mapping[str, float]) -> float:
    """Two-sided paired permutation test on the mean difference of a measure by query: how often signs dealt at random give a
    difference as large. Exact up to the number of permutations; the same for the same figures."""
    differences = [ours[query] - others.get(query, 0.0) for query in sorted(ours)]
    if not differences:
        return 1.0
    seen = abs(sum(differences))
    dealt = random.Random(_SEED)  # noqa: S311 - chance, not secrecy
    extreme = sum(_dealt(differences, dealt) >= seen - 1e-12 for _ in range(PERMUTATIONS))
    return (extreme + 1) / (PERMUTATIONS + 1)


def _dealt(differences: Sequence[float], dealt: random.Random) -> float:
    signs = dealt.getrandbits(len(differences))
    return abs(sum(value if signs >> place & 1 else -value for place, value in enumerate(differences)))


def folds(queries: Sequence[str], count: int = 5) -> Sequence[Sequence[str]]:
    """The queries dealt into folds, the same ones every time."""
    mixed = sorted(queries)
    random.Random(_SEED).shuffle(mixed)  # noqa: S311 - chance, not secrecy
    return [mixed[fold::count] for fold in range(count)]
