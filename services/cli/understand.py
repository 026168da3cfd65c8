"""`yungong understand FILE` and `yungong check FILE`: what the words of a posting say, and what the law has against them.

Both work without a server: nothing is stored and nothing is asked.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from services.cli import console, options
from services.cli.console import CannotContinue
from services.jobs.compliance import check as check_notice
from services.jobs.understanding.notice import Notice
from services.jobs.understanding.schemas import Understood
from services.jobs.understanding.understand import understand as understand_notice
from services.kernel.clock import SystemClock

File = Annotated[
    Path,
    typer.Argument(allow_dash=True, metavar="FILE|-", help="一段招工文字（.txt），或每行一个岗位的 .jsonl；- 为标准输入"),
]

_SEVERITIES: Final = {"blocks": "[red]阻止发布[/]", "staff": "[yellow]须人工核实[/]", "advice": "建议"}
_BLOCKED: Final = 3
"""Exit code of `check` when a posting may not be published."""


def understand(file: File, *, as_json: options.Json = False) -> None:
    """读懂一段招工文字：工资、人数、工时、食宿、证书等，附原话和把握。"""
    with console.failures_told(as_json=as_json):
        for name, understood in _each(file):
            if as_json:
                typer.echo(json.dumps({"id": name, **understood.model_dump(mode="json")}, ensure_ascii=False))
            else:
                _tell_facts(name, understood)


def check(file: File, *, as_json: options.Json = False) -> None:
    """发布前的合规检查：违法的说法、法条、可以怎样改；有应当阻止的，退出码为 3。"""
    publishable = True
    with console.failures_told(as_json=as_json):
        for name, understood in _each(file):
            publishable = publishable and understood.publishable
            findings = [finding.model_dump(mode="json") for finding in understood.findings]
            if as_json:
                said = {"id": name, "publishable": understood.publishable, "findings": findings}
                typer.echo(json.dumps(said, ensure_ascii=False))
            else:
                _tell_findings(name, understood)
    if not publishable:
        raise typer.Exit(_BLOCKED)


def _each(file: Path) -> Iterator[tuple[str, Understood]]:
    today = SystemClock().today()
    for name, notice in _notices(file):
        yield name, Understood.of(understand_notice(notice, today), check_notice(notice, today))


def _notices(file: Path) -> Iterator[tuple[str, Notice]]:
    """The notices of a file: one message, or a record a line. Raises CannotContinue."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as unreadable:
        raise CannotContinue(f"读不了 {file}：{unreadable}") from unreadable
    if not text.strip():
        raise CannotContinue(f"{file} 里没有文字")
    records = _records(text)
    if records is None:
        yield "", Notice.of_text(text)
        return
    for number, record in enumerate(records, 1):
        yield str(record.get("岗位编号") or number), Notice.of_record(record)


def _records(text: str) -> list[dict[str, Any]] | None:
    """JSON objects, one a line; None for plain words."""
    try:
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        return None
    return found if all(isinstance(one, dict) for one in found) else None


def _tell_facts(name: str, understood: Understood) -> None:
    works = "、".join(work.name for work in understood.occupations)
    table = Table("", "值", "原话", "把握", title=escape(f"{name} {works}".strip()) or None)
    for key, fact in understood.facts.items():
        value = "、".join(fact.value) if isinstance(fact.value, tuple) else str(fact.value)
        table.add_row(key, escape(value), escape(fact.span.text), f"{fact.confidence:.2f}")
    console.out.print(table)
    for conflict in understood.conflicts:
        console.out.print(f"[yellow]矛盾[/] {escape(conflict.message)}", soft_wrap=True)
    if understood.findings:
        _tell_findings(name, understood)


def _tell_findings(name: str, understood: Understood) -> None:
    if not understood.findings:
        console.out.print(f"{escape(name)} 没有发现问题".strip())
    for finding in understood.findings:
        words = "、".join(f"“{span.text}”" for span in (finding.span, *finding.also))
        head = f"{escape(name)} {_SEVERITIES[finding.severity.value]}".strip()
        why = f"{finding.reason}（{finding.article}）。{finding.rewording}"
        console.out.print(f"{head} {escape(words)}：{escape(why)}", soft_wrap=True)
