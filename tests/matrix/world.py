"""The world that the matrix asks about: people of two prefectures, postings of two employers, and who calls.

Every record carries a mark of its own in what the interface shows of it, so that an answer that shows it is found out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import httpx

from tests.builders import new_posting
from tests.registers import identity_number
from tests.services.test_employers_api import uscc

HOME, AWAY = "530627", "532301"
OWN, OTHER_REGION, OTHER_EMPLOYER, ERASED, RANDOM = "own", "other region", "other employer", "erased", "random"
KINDS: Final = (OWN, OTHER_REGION, OTHER_EMPLOYER, ERASED, RANDOM)
RANDOM_ID: Final = "zz_01M86ZZZZZZZZZZZZZZZZZZZZZ"
# A role's holders take turns: one alone would soon have made all the requests of its minute.
HOLDERS: Final = 4
EMPLOYERS: Final = ("mine", "other")
NAME: Final = "欧阳测试"
COURSE: Final = {"occupation": "H01", "starts_on": "2027-01-04", "ends_on": "2027-01-15", "hours": 40, "seats": 20}
SHEET: Final = "序号,姓名\n1,测试".encode()
_OF_THE_EMPLOYER: Final = ("employer_name", "employer_kind")


@dataclass(frozen=True, slots=True)
class Record:
    """Something that has an id. `county` for what belongs to people, `employer` for what belongs to one; both None: to all."""

    parameter: str
    id: str
    mark: str
    county: str | None = None
    employer: str | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """One row of the matrix."""

    role: str
    tokens: Sequence[str]
    permissions: frozenset[str]
    regions: tuple[str, ...] = ()
    employer: str | None = None
    staff: bool = False

    def sees(self, record: Record) -> bool:
        """Whether the record is this caller's to see."""
        if record.employer is not None and self.employer is not None:
            return record.employer == self.employer
        if record.county is not None:
            return self.staff and any(record.county.startswith(region.rstrip("0")) for region in self.regions)
        return True


@dataclass(slots=True)
class World:
    """All of it. `records` by path parameter; `identifiers`: names and numbers of people, which no answer may hold."""

    admin: httpx.AsyncClient
    callers: list[Caller] = field(default_factory=list)
    records: dict[str, dict[str, Record]] = field(default_factory=dict)
    identifiers: set[str] = field(default_factory=set)

    def keep(self, kind: str, record: Record) -> str:
        """Remember a record; its id."""
        self.records.setdefault(record.parameter, {})[kind] = record
        return record.id

    def about(self, path: str, parameter: str, kind: str) -> Record | None:
        """The record of that kind that a parameter of that path stands for."""
        area = path.split("/")[2]
        return self.records.get(f"{area}.{parameter}", self.records.get(parameter, {})).get(kind)

    def marked(self) -> list[Record]:
        """All records."""
        return [record for kinds in self.records.values() for record in kinds.values()]

    async def send(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """What the administrator is answered."""
        answer = await self.admin.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.text}"
        document: dict[str, Any] = answer.json()
        return document


async def people(world: World) -> None:
    """A person at home and one away, with what hangs on them, and one who has left."""
    for kind, county, mark in ((OWN, HOME, "QHOME"), (OTHER_REGION, AWAY, "QAWAY"), (ERASED, HOME, "QGONE")):
        number = identity_number(date(1985, 3, 4), len(mark) + ord(mark[1]))
        phone = f"1540000{len(world.identifiers):04d}"
        body: dict[str, Any] = {
            "name": NAME,
            "identity_number": number,
            "phone": phone,
            "county_code": county,
            "township": f"{mark}镇",
        }
        body |= {"number": mark, "words": {"remark": f"{NAME}的电话{phone}，身份证{number}", "intention_occupations": "保洁"}}
        world.identifiers |= {number, phone, NAME}
        identity = (await world.send("POST", "/v1/workers", body))["id"]
        world.keep(kind, Record("worker_id", identity, mark, county=county, gone=kind == ERASED))
        agreed = await world.send("POST", f"/v1/workers/{identity}/consents", {"what": "kiosk", "how": "staff"})
        world.keep(kind, Record("consent_id", agreed["items"][-1]["id"], f"{mark}-consent", county=county))
        if kind == ERASED:
            await world.send("POST", f"/v1/workers/{identity}/withdrawal", {})
            continue
        cadre = {"name": "测试干部", "county_code": county, "township": f"{mark}镇"}
        made = await world.send("POST", "/v1/cadres", cadre)
        world.keep(kind, Record("cadre_id", made["id"], f"{mark}-cadre", county=county))
        household = {"code": f"{mark}户", "county_code": county, "members": [{"name": NAME, "relation": "L0"}]}
        made = await world.send("POST", "/v1/households", household)
        world.keep(kind, Record("household_id", made["id"], f"{mark}户", county=county))
        number = identity_number(date(1986, 3, 4), len(mark) + ord(mark[1]))
        companion = body | {"identity_number": number, "number": f"{mark}伴", "words": {}}
        world.identifiers.add(number)
        ids = [identity, (await world.send("POST", "/v1/workers", companion))["id"]]
        made = await world.send("POST", "/v1/travel-groups", {"kind": "villagers", "worker_ids": ids})
        world.keep(kind, Record("group_id", made["id"], f"{mark}伴", county=county))
        brand = {"name": f"{mark}保洁", "division_code": county, "occupation": "H01"}
        made = await world.send("POST", "/v1/brands", brand)
        world.keep(kind, Record("brand_id", made["id"], f"{mark}保洁", county=county))
        made = await world.send("POST", "/v1/training/courses", COURSE | {"title": f"{mark}班", "division_code": county})
        world.keep(kind, Record("course_id", made["id"], f"{mark}班", county=county))


async def offers(world: World) -> None:
    """A published posting of each employer."""
    for index, name in enumerate(EMPLOYERS, start=1):
        kind = OWN if name == "mine" else OTHER_EMPLOYER
        company = {"name": f"QCOMPANY{name}家政公司", "uscc": uscc(index), "kind": "K01"}
        employer = (await world.send("POST", "/v1/employers", company))["id"]
        world.keep(kind, Record("employer_id", employer, f"QCOMPANY{name}", employer=employer))
        await world.send("POST", f"/v1/employers/{employer}/verification", {"documents": ["business_licence"]})
        posting = new_posting(number=f"QPOST{name}", employer_id=employer)
        posting = {name: value for name, value in posting.items() if name not in _OF_THE_EMPLOYER}
        made = await world.send("POST", "/v1/postings", posting)
        world.keep(kind, Record("posting_id", made["id"], f"QPOST{name}", employer=employer))


async def callers(world: World) -> None:
    """A caller of every role, each with the scope that makes it one."""
    mine, other = (world.records["employer_id"][kind].id for kind in (OWN, OTHER_EMPLOYER))
    scopes: Mapping[str, tuple[str, dict[str, Any]]] = {
        "clerk": ("clerk", {"regions": [HOME]}),
        "clerk elsewhere": ("clerk", {"regions": [AWAY]}),
        "prefecture": ("prefecture", {"regions": ["530600"]}),
        "province": ("province", {"regions": ["530000"]}),
        "station": ("station", {"regions": ["530600"], "workplaces": ["310000"]}),
        "employer": ("employer", {"employer_id": mine}),
        "portal": ("portal", {"employer_id": other}),
        "kiosk": ("kiosk", {"fair_id": "f_1"}),
        "auditor": ("auditor", {"regions": ["530000"]}),
        "monitor": ("monitor", {}),
        "administrator": ("administrator", {}),
    }
    for name, (role, scope) in scopes.items():
        tokens, account = [], {}
        for _ in range(HOLDERS):
            account = await world.send("POST", "/v1/access/accounts", {"name": name, "role": role, "scope": scope})
            tokens.append(account["credential"])
        world.callers.append(_caller(name, tokens, account))
        if role == "clerk":
            kind, county = (OWN, HOME) if name == "clerk" else (OTHER_REGION, AWAY)
            world.keep(kind, Record("account_id", account["id"], f"account of {name}", county=county))
    world.callers.append(Caller("stranger", [], frozenset()))
    world.callers.append(Caller("forger", ["eyJhbGciOiJub25lIn0.e30."], frozenset()))


def _caller(name: str, tokens: Sequence[str], account: Mapping[str, Any]) -> Caller:
    regions = account["scope"]["regions"]
    return Caller(
        role=name,
        tokens=tokens,
        permissions=frozenset(account["permissions"]),
        regions=("",) if regions is None else tuple(regions),
        employer=account["scope"]["employer_id"],
        staff=account["kind"] == "staff",
    )


async def imports(world: World) -> None:
    """Sheets that clerks of two places and two employers have handed in."""
    mine, other = (world.records["employer_id"][kind].id for kind in (OWN, OTHER_EMPLOYER))
    planted: Sequence[tuple[str, str, str, str | None, str | None]] = (
        ("workers", "clerk", OWN, HOME, None),
        ("workers", "clerk elsewhere", OTHER_REGION, AWAY, None),
        ("postings", "employer", OWN, None, mine),
        ("postings", "portal", OTHER_EMPLOYER, None, other),
    )
    tokens = {caller.role: caller.tokens[0] for caller in world.callers if caller.tokens}
    for what, role, kind, county, employer in planted:
        headers = {"Authorization": f"Bearer {tokens[role]}"}
        files = {"file": (f"Q{role}.csv", SHEET)}
        answer = await world.admin.post(f"/v1/{what}/imports", files=files, headers=headers)
        assert answer.status_code == 202, answer.text
        world.keep(kind, Record(f"{what}.import_id", answer.json()["id"], f"Q{role}.csv", county, employer))


async def build(admin: httpx.AsyncClient) -> World:
    """The world, built over the interface by the administrator."""
    world = World(admin)
    await people(world)
    await offers(world)
    await callers(world)
    await imports(world)
    return world
