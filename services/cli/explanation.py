"""One pair explained, for people to read."""

from collections.abc import Sequence
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from services.cli import console, ranking
from services.cli.console import out
from services.contracts.vocabulary.score_parts import part_name

Answer = dict[str, Any]

_MOST_CHANGES: Final = 5


def tell(answer: Answer, *, as_json: bool) -> None:
    """Where somebody stands, why, what would change it, and the parts with the words that they rest on."""
    if as_json:
        console.say_json(answer)
        return
    ranking.tell_posting(answer["posting"])
    ranking.tell_worker(answer["worker"])
    out.print(f"[bold]{_standing(answer)}[/]", soft_wrap=True)
    _tell_sentences("理由", "green", answer["reasons"])
    _tell_sentences("差距", "yellow", answer["gaps"])
    if answer["nearest_miss"]:
        out.print(
            f"[bold]差一点[/] {escape(answer['nearest_miss']['words'])}（改后得分 {answer['nearest_miss']['score_after']:.3f}）"
        )
    changes = [f"{one['words']}（{one['score_after']:.3f}）" for one in answer["changes"][:_MOST_CHANGES]]
    _tell_sentences("也有帮助", "cyan", changes)
    _tell_sentences("对本人说", "magenta", answer["words_for_the_worker"])
    out.print(_parts(answer["parts"]))


def _standing(answer: Answer) -> str:
    if answer["exclusion"]:
        return f"不在名单里：{escape(answer['exclusion']['reason'])}"
    if answer["rank"] is None:
        return f"没有检索到：用词和工种都不相干（得分 {answer['score']:.3f}）"
    return f"第 {answer['rank']} 名，共 {answer['of']} 名，得分 {answer['score']:.3f}"


def _change(one: Answer) -> str:
    return f"{one['words']}（改后得分 {one['score_after']:.3f}）"


def _tell_sentences(mark: str, style: str, sentences: Sequence[str]) -> None:
    if sentences:
        out.print(f"[{style}]{mark}[/] {escape('；'.join(sentences))}", soft_wrap=True)


def _parts(parts: Sequence[Answer]) -> Table:
    table = Table("项目", "得分", "权重", "说法", "依据")
    for part in parts:
        rests_on = "；".join(f"{one['label']}“{one['text']}”" for one in part["sources"])
        said = part["reason"] or part["gap"]
        table.add_row(part_name(part["name"]), f"{part['value']:.2f}", f"{part['weight']:.3f}", escape(said), escape(rests_on))
    return table
