"""The house's proportions: small files, small functions, names that say what a thing is, nothing of this machine."""

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE_LINES = 400
FUNCTION_LINES = 50
BANNED_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|misc)(_|\.|$)|^Abstract|Manager$")
FOREIGN = re.compile(
    r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|maven\.org|crates\.io|golang|deb\.debian)[\w.-]*|(?<![\w.])/(?:work|root)/"
)


def _tracked(*patterns: str) -> list[Path]:
    listing = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603, S607
    return [path for line in listing.stdout.splitlines() if (path := ROOT / line).is_file()]


def _python() -> list[Path]:
    return _tracked("*.py")


def test_no_file_is_too_long() -> None:
    long = {str(p.relative_to(ROOT)): n for p in _python() if (n := len(p.read_text("utf-8").splitlines())) > FILE_LINES}
    assert long == {}


def test_no_function_is_too_long() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in _python()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


def test_names_say_what_a_thing_is() -> None:
    names = [path.stem for path in _python()] + [
        node.name
        for path in _python()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    assert [name for name in names if BANNED_NAMES.search(name)] == []


def test_every_public_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in _tracked("services/*.py")
        if path.name != "__init__.py" and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_nothing_names_a_registry_or_this_machine() -> None:
    texts = [p for p in _tracked() if p.suffix not in {".xlsx", ".xls", ".png", ".ico", ".js", ".css"} and p != Path(__file__)]
    found = [str(path.relative_to(ROOT)) for path in texts if FOREIGN.search(path.read_text("utf-8", errors="replace"))]
    assert found == []
