"""`make fuzz`: 10,000 cases against the whole application in this process, as every role in turn, half of them as the
administrator. Exits 1 when one failed; the seed is printed."""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from services.cli import embedded
from services.contracts.permissions import Permission
from services.kernel import logs
from services.kernel.http.local_credential import LocalCredential
from tests.builders import settings
from tests.fuzz.cases import Outcome, Target, fuzz
from tests.fuzz.serving import served
from tests.matrix import world as worlds
from tests.matrix.world import Caller, World

ROLES = ("clerk", "station", "employer", "portal", "kiosk", "auditor", "stranger")
REGISTERS = Path(__file__).parents[1] / "data" / "registers"
COLLECTIONS = (("/v1/postings", "posting_id", "岗位需求表.xlsx"), ("/v1/workers", "worker_id", "劳动力台账.xlsx"))


async def _world(url: str, token: str) -> World:
    """People, postings and callers of every role."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30, trust_env=False) as admin:
        return await worlds.build(admin)


def _known(url: str, token: str, world: World) -> dict[str, list[str]]:
    """Ids that exist: those of the world, and what the registers of the tests bring."""
    known: dict[str, list[str]] = {}
    for name, records in world.records.items():
        known.setdefault(name.rpartition(".")[2], []).extend(record.id for record in records.values())
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        for path, parameter, register in COLLECTIONS:
            with (REGISTERS / register).open("rb") as file:
                imported = client.post(f"{path}/imports", files={"file": (register, file)})
            known["import_id"].append(_done(client, imported.headers["location"]))
            items = client.get(path, params={"limit": 20}).json()["items"]
            known[parameter] += [item["id"] for item in items]
    return known


def _done(client: httpx.Client, path: str) -> str:
    """The id of an import once it is done."""
    while (state := client.get(path).json())["state"] not in ("done", "refused"):
        time.sleep(0.1)
    return str(state["id"])


def _report(role: str, outcome: Outcome, seconds: float) -> None:
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(outcome.statuses.items()))
    sys.stdout.write(f"{role}: {outcome.sent} cases in {seconds:.0f} s; {statuses}\n")
    for operation, failure in outcome.failures.items():
        sys.stdout.write(f"\n{operation}\n{failure}\n")


def main() -> int:
    """Run. 0: no case failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    asked = parser.parse_args()
    sys.stdout.write(f"seed {asked.seed} (again: make fuzz ARGS='--seed {asked.seed}')\n")
    logs.configure("ERROR", "json")
    failed = False
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory)
        application = embedded.build(settings(data))
        with served(application) as url:
            token = LocalCredential.read(data)
            world = asyncio.run(_world(url, token))
            known = _known(url, token, world)
            for caller, cases in _shares(world, token, asked.cases):
                started = time.monotonic()
                target = Target(url, caller.tokens, caller.permissions, application.openapi(), known)
                outcome = fuzz(target, cases, asked.seed)
                _report(caller.role, outcome, time.monotonic() - started)
                failed |= bool(outcome.failures)
    return 1 if failed else 0


def _shares(world: World, token: str, cases: int) -> Iterator[tuple[Caller, int]]:
    """Who asks, and how many cases are theirs: the last and largest share is the first administrator's, who may end everybody
    else's credentials."""
    others = [caller for caller in world.callers if caller.role in ROLES]
    for caller in others:
        yield caller, cases // 2 // len(others)
    yield Caller("administrator", [token], frozenset(Permission)), cases - cases // 2


if __name__ == "__main__":
    raise SystemExit(main())
