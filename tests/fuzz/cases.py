"""Cases by the thousand: every operation, valid and broken input, on ids that exist and ids that do not."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Final

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Err
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

# Not asked: that all the document allows is accepted and all else refused. Codes, places and dates are checked against
# vocabularies and the calendar, which a document cannot say.
CHECKS: Final = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
MODES: Final = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
_MOST_A_ROUND: Final = 50
_LEAST_A_ROUND: Final = 5
_FORGED: Final = 19
_TIMEOUT_S: Final = 30


@schemathesis.serializer("application/x-ndjson")
def lines(_context: Any, value: Any) -> bytes:
    """Documents a line each; what is no list, as it is."""
    documents = value if isinstance(value, list) else [value]
    return b"".join(json.dumps(one).encode() + b"\n" for one in documents)


@dataclass(slots=True)
class Outcome:
    """What was sent, what came back, what was wrong: operation -> the first failure."""

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """How many cases one round of an operation has, and what they are made from."""

    cases: int
    seed: int


@dataclass(frozen=True, slots=True)
class Target:
    """A served application, as one role sees it. `known`: path parameter -> ids that exist; `tokens` are shown in turn, none by
    a stranger: one holder alone would soon have made all the requests of its minute."""

    url: str
    tokens: Sequence[str]
    permissions: frozenset[str]
    document: dict[str, Any]
    known: Mapping[str, Sequence[str]]


def fuzz(target: Target, cases: int, number: int) -> Outcome:
    """Send at least `cases` cases, made from the seed `number`, in rounds over all operations that have not failed."""
    outcome = Outcome()
    schema = schemathesis.openapi.from_dict(target.document)
    session = requests.Session()
    operations = [one for one in schema.get_all_operations() if isinstance(one, Err) or _permitted(one.ok(), target)]
    a_round = max(_LEAST_A_ROUND, min(_MOST_A_ROUND, cases // (len(operations) * len(MODES))))
    for turn in _turns(outcome, cases):
        for result in operations:
            if isinstance(result, Err):
                raise result.err()
            operation = result.ok()
            for mode in MODES:
                if operation.label not in outcome.failures:
                    plan = Plan(a_round, number + turn)
                    _round(operation, mode, _sender(target, session, outcome), outcome, plan)
    return outcome


def _permitted(operation: Any, target: Target) -> bool:
    """Whether the role gets past the door there: how it is turned away otherwise is the matrix's to ask."""
    permission = operation.definition.raw.get("x-permission")
    return permission is None or permission in target.permissions


def _turns(outcome: Outcome, cases: int) -> Iterator[int]:
    turn, sent = 0, -1
    while outcome.sent < cases and outcome.sent > sent:
        sent = outcome.sent
        yield turn
        turn += 1


def _sender(target: Target, session: requests.Session, outcome: Outcome) -> Callable[[Any, Any], None]:
    examples = _examples(target.document)
    tokens = cycle(target.tokens)

    def send(case: Any, data: Any) -> None:
        for name in set(case.path_parameters or ()) & set(target.known):
            if not data.draw(st.booleans()):  # the simplest draw, which comes first, is the one that gets somewhere
                case.path_parameters[name] = data.draw(st.sampled_from(target.known[name]))
        _make_sense(case, data, examples)
        if target.tokens and data.draw(st.integers(0, 19)) != _FORGED:  # else what the document's scheme brought forth
            case.headers["Authorization"] = f"Bearer {next(tokens)}"
        response = case.call(base_url=target.url, session=session, timeout=_TIMEOUT_S)
        outcome.sent += 1
        outcome.statuses[response.status_code] += 1
        # A server that is busy says so at /readyz, with the status that it documents: that is its answer, no failure.
        checks = [check for check in CHECKS if case.path != "/readyz" or check is not not_a_server_error]
        case.validate_response(response, checks=checks)

    return send


def _examples(document: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Field -> values that the document gives as examples: codes that no generator would hit upon."""
    found: dict[str, list[Any]] = {}
    for schema in document["components"]["schemas"].values():
        for name, field_schema in schema.get("properties", {}).items():
            for told in (field_schema, *field_schema.get("anyOf", ())):
                found.setdefault(name, []).extend(told.get("examples", ()))
    return {name: values for name, values in found.items() if values}


def _make_sense(case: Any, data: Any, examples: Mapping[str, Sequence[Any]]) -> None:
    """Half of the time, codes that exist and a version that may be the present one: so that cases get past the door."""
    if not data.draw(st.booleans()) and isinstance(case.body, dict):
        for name in sorted(case.body.keys() & examples.keys()):
            case.body[name] = data.draw(st.sampled_from(examples[name]))
    if case.method == "PATCH" and not data.draw(st.booleans()):
        case.headers["If-Match"] = data.draw(st.sampled_from(['"1"', '"2"', '"3"']))


def _round(operation: Any, mode: GenerationMode, send: Callable[[Any, Any], None], outcome: Outcome, asked: Plan) -> None:
    plan = settings(
        max_examples=asked.cases,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    strategy = operation.as_strategy(generation_mode=mode)
    try:
        seed(asked.seed)(plan(given(strategy, st.data())(send)))()
    except Unsatisfiable:  # an operation that takes nothing cannot be sent wrong
        return
    except (AssertionError, BaseExceptionGroup, requests.RequestException) as failure:
        outcome.failures[operation.label] = str(failure)
