"""Values that tantivy has no fitting type for.

Dates are kept as day numbers (tantivy's own begin in 1677). A point is a term, and a distance is asked of the terms that there
are: exact, and quick because people live in a few hundred places. A build of a million different points would be slow.
"""

import math
from collections.abc import Callable
from datetime import date

from services.kernel.index.documents import Value
from services.kernel.index.port import EARTH_RADIUS_KM, Point


def as_integer(value: Value) -> int:
    """An integer, or a date's day number (proleptic Gregorian, 1 January of year 1 is 1)."""
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, str | Point):
        raise TypeError("neither a number nor a date")
    return int(value)


def point_term(point: Point) -> str:
    """The point as a term."""
    return f"{point.latitude},{point.longitude}"


def terms_within(vocabulary: Callable[[str], list[str]], centre: Point, km: float) -> list[Value]:
    """The terms of the points within `km` of `centre`."""
    return [term for term in vocabulary("") if distance_km(centre, Point(*map(float, term.split(",")))) <= km]


def distance_km(one: Point, other: Point) -> float:
    """Along the great circle (haversine)."""
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (one.latitude, one.longitude, other.latitude, other.longitude))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(half, 1.0)))
