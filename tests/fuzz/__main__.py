"""`make fuzz`: 5,000 cases against the whole application in this process. Exits 1 when one failed; the seed is printed."""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

import httpx

from services.cli import embedded
from services.kernel import logs
from services.kernel.http.local_credential import LocalCredential
from tests.builders import settings
from tests.fuzz.cases import Outcome, Target, fuzz
from tests.fuzz.serving import served

REGISTERS = Path(__file__).parents[1] / "data" / "registers"
COLLECTIONS = (("/v1/postings", "posting_id", "岗位需求表.xlsx"), ("/v1/workers", "worker_id", "劳动力台账.xlsx"))


def _known(url: str, token: str) -> dict[str, list[str]]:
    """Ids of postings, workers and imports that exist, from the registers of the tests."""
    known: dict[str, list[str]] = {"import_id": []}
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        for path, parameter, register in COLLECTIONS:
            with (REGISTERS / register).open("rb") as file:
                imported = client.post(f"{path}/imports", files={"file": (register, file)})
            known["import_id"].append(_done(client, imported.headers["location"]))
            items = client.get(path, params={"limit": 20}).json()["items"]
            known[parameter] = [item["id"] for item in items]
    return known


def _done(client: httpx.Client, path: str) -> str:
    """The id of an import once it is done."""
    while (state := client.get(path).json())["state"] not in ("done", "refused"):
        time.sleep(0.1)
    return str(state["id"])


def _report(outcome: Outcome, seconds: float) -> None:
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(outcome.statuses.items()))
    sys.stdout.write(f"{outcome.sent} cases in {seconds:.0f} s; {statuses}\n")
    for operation, failure in outcome.failures.items():
        sys.stdout.write(f"\n{operation}\n{failure}\n")


def main() -> int:
    """Run. 0: no case failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    asked = parser.parse_args()
    sys.stdout.write(f"seed {asked.seed} (again: make fuzz ARGS='--seed {asked.seed}')\n")
    logs.configure("ERROR", "json")
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory)
        application = embedded.build(settings(data))
        started = time.monotonic()
        with served(application) as url:
            token = LocalCredential.read(data)
            outcome = fuzz(Target(url, token, application.openapi(), _known(url, token)), asked.cases, asked.seed)
        _report(outcome, time.monotonic() - started)
    return 1 if outcome.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
