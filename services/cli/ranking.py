"""Ranked candidates and openings, for people to read."""

from collections.abc import Callable
from typing import Any

from rich.markup import escape

from services.cli.console import out

Item = dict[str, Any]


def tell_items(items: list[Item], line: Callable[[Item], str], *, nobody: str) -> None:
    """Each with its rank, score, reasons and gaps."""
    if not items:
        out.print(nobody)
    for item in items:
        out.print(f"[bold]{item['rank']:>3}[/] [green]{item['score']:.3f}[/]  {line(item)}", soft_wrap=True)
        for mark, style, sentences in (("理由", "green", item["reasons"]), ("差距", "yellow", item["gaps"])):
            if sentences:
                out.print(f"      [{style}]{mark}[/] {escape('；'.join(sentences))}", soft_wrap=True)


def tell_posting(posting: Item) -> None:
    """The opening that candidates are for."""
    out.print(f"岗位 [bold]{posting_facts(posting)}[/]", soft_wrap=True)


def tell_worker(worker: Item) -> None:
    """The person that openings are for."""
    out.print(f"人员 [bold]{worker_facts(worker)}[/]", soft_wrap=True)


def worker_line(item: Item) -> str:
    """One candidate on a line."""
    return f"{worker_facts(item['summary'])} [dim]{item['worker_id']}[/]"


def posting_line(item: Item) -> str:
    """One opening on a line."""
    return f"{posting_facts(item['summary'])} [dim]{item['posting_id']}[/]"


def worker_facts(summary: Item) -> str:
    """What tells one masked person from another."""
    age = f"{summary['age']} 岁" if summary.get("age") is not None else ""
    said = (summary.get("number"), summary["masked_name"], age, summary.get("county"), summary.get("intention_occupations"))
    return escape("  ".join(str(fact) for fact in said if fact))


def posting_facts(summary: Item) -> str:
    """What tells one opening from another."""
    said = (summary.get("number"), summary["title"], summary["employer_name"], summary.get("place"), pay(summary))
    return escape("  ".join(str(fact) for fact in said if fact))


def pay(summary: Item) -> str:
    """The monthly pay in words; "" when it is not said."""
    low, high = summary.get("pay_min"), summary.get("pay_max")
    if low is None and high is None:
        return ""
    if low is None or high is None or low == high:
        return f"{low if low is not None else high:g} 元/月"
    return f"{low:g}–{high:g} 元/月"
