"""What the command line says: results on standard output, the rest on standard error; Chinese for people, JSON for programs."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import typer
from rich.console import Console
from rich.markup import escape

from services.cli.client import Refused, Unreachable

out: Final = Console(highlight=False)
err: Final = Console(stderr=True, highlight=False)


class CannotContinue(Exception):
    """The command cannot do what was asked; the message says why and what to do, in Chinese."""


def say_json(answer: Any) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))


@contextmanager
def failures_told(*, as_json: bool = False) -> Iterator[None]:
    """Tell a refusal, an unreachable server or a plain impossibility, and end with exit code 1."""
    try:
        yield
    except Refused as refused:
        _tell_problem(refused.document, as_json=as_json)
    except (Unreachable, CannotContinue) as impossible:
        code = "unreachable" if isinstance(impossible, Unreachable) else "cannot_continue"
        _tell_problem({"code": code, "title": str(impossible)}, as_json=as_json)
    else:
        return
    raise typer.Exit(1)


def _tell_problem(problem: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        say_json(problem)
        return
    title, detail = str(problem.get("title", "")), str(problem.get("detail", ""))
    sentence = title if not detail or detail == title else f"{title}：{detail}"
    err.print(f"[bold red]错误[/] {escape(sentence)} [dim]({escape(str(problem.get('code', '')))})[/]", soft_wrap=True)
    for error in problem.get("errors", []):
        err.print(f"  · {escape(error.get('pointer', ''))}：{escape(error.get('detail', ''))}", soft_wrap=True)
    if request := problem.get("request_id"):
        err.print(f"  [dim]请求号 {escape(str(request))}[/]")
