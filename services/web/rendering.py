"""Templates to responses: escaped, never stored, and allowed nothing but our own files."""

from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.contracts.vocabulary.score_parts import part_name
from services.kernel.clock import CHINA
from services.web.asset_files import versioned

SEE_OTHER: Final = 303
HEADERS: Final = {
    # Forms and requests to ourselves only; no inline script or style, no plugins, no frames.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # with no-referrer browsers say "Origin: null" when our own forms are sent
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "HX-Request",
}


def pay(low: float | None, high: float | None) -> str:
    """The monthly pay in words."""
    if low is None and high is None:
        return "面议"
    if low is None or high is None or low == high:
        return f"{low if low is not None else high:g} 元/月"
    return f"{low:g}–{high:g} 元/月"


def day(value: str | None) -> str:
    """A date or moment of the interface as a day in China."""
    if not value:
        return ""
    if "T" in value:
        return datetime.fromisoformat(value).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return date.fromisoformat(value).isoformat()


_environment: Final = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals.update(asset=versioned, pay=pay, day=day, part_name=part_name)


def wants_fragment(request: Request) -> bool:
    """Whether htmx asks for a piece of the page (not for the whole one, to restore it when going back)."""
    return "hx-request" in request.headers and "hx-history-restore-request" not in request.headers


def html(template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """The response that a template makes."""
    return HTMLResponse(_environment.get_template(template).render(context), status, HEADERS)
