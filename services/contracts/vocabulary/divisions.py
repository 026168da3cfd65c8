"""Administrative divisions (GB/T 2260) of Yunnan, Shanghai and Guangdong, found by the names people really write."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from services.contracts.vocabulary import tables

Level = Literal["province", "prefecture", "county"]

_HOME_PROVINCE: Final = "530000"
_PROVINCE_SHORT: Final = {"310000": ("沪", "上海"), "440000": ("粤", "广东"), "530000": ("滇", "云南")}
_AUTONOMOUS: Final = re.compile(r"自治[州县]$")
_SUFFIX: Final = re.compile(r"(?:特别合作区|新区|地区|省|市|州|县|区)$")
_UNKNOWN_DIVISION: Final = re.compile(r"(?:县|市|州|自治州|自治县)$")
_SEPARATORS: Final = "/\\-—,，、.·|>"
_NO_COUNTY: Final = "市辖区"
"""What stands between a city and its districts in code tables: the districts taken together, none of them."""
_EARTH_RADIUS_KM: Final = 6371.0


@dataclass(frozen=True, slots=True)
class Division:
    """One division; `parent` is the code above it; coordinates in degrees (WGS 84 as the source gives them), or None."""

    code: str
    name: str
    level: Level
    parent: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, as deep as the text says. `text` is what no code stands for (a town, a zone, a street).

    `city_code` of a municipality is the municipality itself. `conflict`: the county named does not lie in the city named.
    """

    province_code: str
    city_code: str | None
    county_code: str | None
    text: str = ""
    conflict: bool = False

    @property
    def code(self) -> str:
        """The deepest code that is known."""
        return self.county_code or self.city_code or self.province_code


def _nationalities() -> re.Pattern[str]:
    names = {row["name"] for row in tables.rows("languages_ethnicity") if row["category"] == "ethnicity_language"}
    short = {name.removesuffix("族") for name in names if len(name) > 2}  # noqa: PLR2004 - 白族 keeps its 族
    return re.compile("(?:" + "|".join(sorted(names | short, key=len, reverse=True)) + "|各族)+$")


class Divisions:
    """The table, its names and its tree."""

    def __init__(self, divisions: Mapping[str, Division], former: Mapping[str, str], former_names: Mapping[str, str]):
        self._by_code = divisions
        self._former = former
        self._names: dict[str, list[Division]] = {}
        nationalities = _nationalities()
        for division in divisions.values():
            for name in self._spoken(division, nationalities):
                self._names.setdefault(name, []).append(division)
        for name, code in former_names.items():
            self._names.setdefault(name, [divisions[code]])
        self._zones = {row["name"]: row["city_code"] for row in tables.rows("zones")}
        self._longest = max(map(len, self._names))

    @staticmethod
    def _spoken(division: Division, nationalities: re.Pattern[str]) -> Iterator[str]:
        """The names a division goes by: 金平苗族瑶族傣族自治县, 金平县, 金平."""
        names = {division.name, *_PROVINCE_SHORT.get(division.code, ())}
        bare = _AUTONOMOUS.sub("", division.name)
        if bare != division.name:
            stem = nationalities.sub("", bare)
            names |= {stem, stem + ("州" if division.level == "prefecture" else "县")}
        else:
            short = _SUFFIX.sub("", division.name)
            names.add(short if len(short) > 1 else division.name[:-1])  # 清新区 is 清新, not 清
        yield from (name for name in names if len(name) > 1 or division.level == "province")

    def get(self, code: str) -> Division | None:
        """The division with this present code."""
        return self._by_code.get(code)

    def former(self, code: str) -> str | None:
        """The present code that took the place of a code no longer in use, or None (identity numbers keep the old one)."""
        return self._former.get(code)

    def spoken_names(self) -> Mapping[str, tuple[str, ...]]:
        """Every name that people use, full or short -> the codes it may stand for, the likeliest first."""
        return {
            name: tuple(dict.fromkeys(d.code for d in sorted(found, key=self._preference)))
            for name, found in self._names.items()
        }

    def path(self, code: str) -> tuple[str, ...]:
        """The codes from the province down to `code`; empty for an unknown code."""
        chain: list[str] = []
        division = self._by_code.get(code)
        while division is not None:
            chain.append(division.code)
            division = self._by_code.get(division.parent)
        return tuple(reversed(chain))

    def place(self, code: str) -> Place | None:
        """The place that a code alone stands for."""
        path = self.path(code)
        if not path:
            return None
        levels = {division.level: division.code for step in path if (division := self._by_code[step])}
        province = levels["province"]
        city = levels.get("prefecture") or (province if self.is_municipality(province) else None)
        return Place(province, city, levels.get("county"))

    def is_municipality(self, code: str) -> bool:
        """A province whose counties stand right under it (Shanghai)."""
        return code in {division.parent for division in self._by_code.values() if division.level == "county"} and (
            self._by_code[code].level == "province"
        )

    def full_name(self, code: str) -> str:
        """Names from the city down, as people say them: 昭通市镇雄县; the province alone for a province; "" if unknown."""
        names = [self._by_code[step].name for step in self.path(code)]
        return "".join(names[1:] or names)

    def resolve(self, province: str = "", city: str = "", county: str = "") -> Place | None:
        """The place that up to three cells name, in full or short forms; None when a named county or city is unknown.

        Towns and zones without a county code of their own go to their city, their name kept in `text`.
        """
        division, rest, conflict = self._descend(self._said_once(province, city, county))
        if division is None or division.level != "county":
            division = self._zone(rest, division) or division
        if division is None:
            return None
        place = self.place(division.code)
        if place is None or (rest and self._names_unknown_division(place, rest)):
            return None
        return Place(place.province_code, place.city_code, place.county_code, rest, conflict)

    def _said_once(self, *cells: str) -> str:
        """The cells as one text; a cell that begins again from above (昭通市 | 云南省昭通市镇雄县) goes on from there."""
        said = ""
        for cell in cells:
            text = tables.spelling(cell).replace(_NO_COUNTY, "")
            current, rest, _ = self._descend(said)
            said += text if current is None or rest else self._below(text, current)
        return said

    def _below(self, text: str, current: Division) -> str:
        """What a cell says below where we are. 大理 | 大理鹤庆县: the second 大理 is the prefecture again, no city."""
        name = next((text[:length] for length in range(self._longest, 0, -1) if text[:length] in self._names), "")
        rest = text[len(name) :].lstrip(_SEPARATORS)
        codes = {division.code for division in self._names.get(name, ())}
        if codes & set(self.path(current.code)[:-1]):
            return self._below(rest, current)
        goes_on = current.code in codes and rest and self._step(rest, current)
        return rest if goes_on else text

    def _descend(self, text: str) -> tuple[Division | None, str, bool]:
        """Eat names from the front, each within the one before; a full county name elsewhere is a conflict, not a loss."""
        current: Division | None = None
        conflict = False
        while text:
            step = self._step(text, current)
            if step is None:
                break
            division, name = step
            text = text[len(name) :].lstrip(_SEPARATORS)
            if current is not None and not self._within(division, current):
                conflict = True
            current = division
        return current, text, conflict

    def _step(self, text: str, current: Division | None) -> tuple[Division, str] | None:
        for length in range(min(self._longest, len(text)), 0, -1):
            name = text[:length]
            found = self._names.get(name)
            if found is None:
                continue
            inside = [d for d in found if current is None or self._within(d, current)]
            if inside:
                # Deeper beats the same again: after 大理州, 大理 is the city in it; 上海市上海市 is one place said twice.
                deeper = [d for d in inside if current is None or d.code != current.code]
                return min(deeper or inside, key=self._preference), name
            if name == text and len(found) == 1 and _UNKNOWN_DIVISION.search(name):
                return found[0], name
        return None

    @staticmethod
    def _preference(division: Division) -> tuple[int, bool, str]:
        level = ("province", "prefecture", "county").index(division.level)
        return level, not division.code.startswith(_HOME_PROVINCE[:2]), division.code

    def _within(self, inner: Division, outer: Division) -> bool:
        return outer.code in self.path(inner.code)

    def _zone(self, text: str, within: Division | None) -> Division | None:
        """The division in which a zone lies that has no code of its own, if that is inside what was named before."""
        for name, code in self._zones.items():
            zone = self._by_code[code]
            if text.startswith(name) and (within is None or self._within(zone, within)):
                return zone
        return None

    def _names_unknown_division(self, place: Place, rest: str) -> bool:
        has_counties = any(d.parent == (place.city_code or place.province_code) for d in self._by_code.values())
        return place.county_code is None and has_counties and bool(_UNKNOWN_DIVISION.search(rest))

    def distance_km(self, one: str, other: str) -> float | None:
        """Great-circle distance between two divisions' seats; None when either has no coordinates."""
        a, b = self._by_code.get(one), self._by_code.get(other)
        if a is None or b is None or None in (a.latitude, a.longitude, b.latitude, b.longitude):
            return None
        lat_a, lon_a, lat_b, lon_b = (math.radians(x or 0.0) for x in (a.latitude, a.longitude, b.latitude, b.longitude))
        half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
        return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(half))


def _coordinate(cell: str) -> float | None:
    return float(cell) if cell else None


@cache
def load() -> Divisions:
    """The table of this folder, read once."""
    divisions = {
        row["code"]: Division(
            row["code"],
            row["name"],
            row["level"],  # type: ignore[arg-type]  # the table's own three words, checked by a test
            row["parent"],
            _coordinate(row["latitude"]),
            _coordinate(row["longitude"]),
        )
        for row in tables.rows("divisions")
    }
    former: dict[str, str] = {}
    former_names: dict[str, str] = {}
    for row in tables.rows("divisions_historic"):
        if row["successor_code"] in divisions:
            former[row["code"]] = row["successor_code"]
            former_names.setdefault(row["name"], row["successor_code"])
    return Divisions(divisions, former, former_names)
