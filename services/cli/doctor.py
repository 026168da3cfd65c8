"""`yungong doctor`: what is not well here, and what to do about it."""

from dataclasses import asdict

import typer
from rich.markup import escape

from services.cli import checks, console, options
from services.cli.checks import Finding
from services.cli.client import connected
from services.kernel.settings import Settings

MARKS = {"ok": "[green]✓[/]", "warning": "[yellow]![/]", "error": "[red]✗[/]"}


def doctor(data: options.Data = options.DATA, url: options.Url = None, as_json: options.Json = False) -> None:
    """检查环境、数据目录、凭证和服务器，并说明该怎么办。有错误时退出码为 1。"""
    settings = Settings(data=data)
    with connected(url, settings.data) as client:
        findings: list[Finding] = [
            *checks.python(),
            *checks.directory(settings.data),
            *checks.secrets(settings.data, settings.key_file),
            *checks.port(settings.data, settings.host, settings.port),
            *checks.server(client),
            *checks.versions(),
        ]
    if as_json:
        console.say_json([asdict(finding) for finding in findings])
    else:
        _tell(findings)
    if any(finding.state == "error" for finding in findings):
        raise typer.Exit(1)


def _tell(findings: list[Finding]) -> None:
    for finding in findings:
        console.out.print(f"{MARKS[finding.state]} {finding.subject}：{escape(finding.said)}", soft_wrap=True)
        if finding.advice:
            console.out.print(f"    [dim]{escape(finding.advice)}[/]", soft_wrap=True)
