"""What the user calls a posting or a worker: our id, or the number in the file it came from."""

from typing import Any, Final, Literal

from services.cli.client import Client
from services.cli.console import CannotContinue

Kind = Literal["workers", "postings"]

_PREFIXES: Final[dict[Kind, str]] = {"workers": "w_", "postings": "p_"}
_NAMES: Final[dict[Kind, str]] = {"workers": "劳动力（序号）", "postings": "岗位（岗位编号）"}


def resolve(client: Client, kind: Kind, said: str) -> str:
    """The id of what was said. Raises CannotContinue when no record, or more than one, has that number."""
    if said.startswith(_PREFIXES[kind]):
        return said
    found = client.get(f"/v1/{kind}", number=said)["items"]
    if not found:
        raise CannotContinue(f"没有编号为 {said} 的{_NAMES[kind]}。请核对编号，或用我们的 id（{_PREFIXES[kind]}…）。")
    if len(found) > 1:
        listed = "".join(f"\n  {item['id']}  {_title(kind, item)}" for item in found)
        raise CannotContinue(f"编号 {said} 不止一条，请用下面的 id 指明是哪一条：{listed}")
    return str(found[0]["id"])


def _title(kind: Kind, item: dict[str, Any]) -> str:
    if kind == "postings":
        return f"{item['title']}，{item['employer_name']}"
    return f"{item['name']}，{item['county_name']}"
