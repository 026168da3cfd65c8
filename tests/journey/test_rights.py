"""`yungong subject` and `yungong audit` as their user sees them, on a server in a process of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journey.test_up import interface, settled, up, yungong
from tests.registers import identity_number, person, table, xlsx

NUMBER = identity_number(sequence=6)


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder, register = tmp_path / "var", tmp_path / "台账.xlsx"
    register.write_bytes(xlsx(table([person(1, 身份证号=NUMBER, 姓名="濮阳琇莹", 性别="女"), person(2)])))
    with up(folder, "--no-sample"):
        assert yungong(folder, "import", "workers", str(register))["accepted"] == 2
        settled(folder)
        yield folder


@pytest.mark.timeout(240)
def test_a_persons_rights_on_the_command_line(data: Path) -> None:
    with interface(data) as client:
        found = {item["number"]: item["id"] for item in client.get("/v1/workers")["items"]}
    first = found["W1"] if "W1" in found else next(iter(sorted(found.values())))
    verified = yungong(data, "audit", "verify")
    assert all(one["whole"] for one in verified.values())
    proof = yungong(data, "subject", "erase", first, "--yes")
    assert proof["complete"]
    assert set(proof["rows"].values()) == {0}
    assert not any(proof["index"]["generations"].values())
    assert yungong(data, "subject", "proof", first)["complete"]
    report = yungong(data, "audit", "report", first)["workers"]
    assert [row["deed"] for row in report] == ["worker.registered", "worker.erased"]
    noted = [f"--noted={service}:{one['rows']}:{one['digest']}" for service, one in verified.items() if one["rows"]]
    assert all(one["whole"] for one in yungong(data, "audit", "verify", *noted).values())
