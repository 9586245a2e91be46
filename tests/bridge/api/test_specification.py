"""The specification against the real server: whatever fits it, or nearly so, gets an answer that it describes."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

from tests.bridge.api.running import RunningServer, people
from tests.optional import require

schemathesis = require("schemathesis", "fastapi", "sqlalchemy")

import hypothesis
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)

from musearoo.bridge.api.documents.page import SPECIFICATION


def status_is_specified(_: Any, response: Any, case: Any) -> None:
    """Require a status that the operation names, or a problem of that status: `default` alone would pass all."""
    named = case.operation.definition.raw["responses"]
    if str(response.status_code) not in named:
        assert response.status_code >= 400, f"{response.status_code} is not one of {', '.join(named)}"
        assert response.headers["content-type"] == ["application/problem+json"], response.headers
        if case.method != "HEAD":
            assert json.loads(response.content)["status"] == response.status_code


CHECKS: Final = (
    not_a_server_error,
    status_is_specified,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
schemathesis.serializer.alias(["application/offset+octet-stream", "audio/*"], "application/octet-stream")
SHORT: Final = 3
"""Examples of an operation that fit it, and as many that do not."""
LONG: Final = 100
ENDING: Final = frozenset({"close_session", "deleteSession", "closeSession", "unshareSession", "revokeOwnToken"})
"""Operations that get no real ids: the others need what they would end."""
SLOW: Final = frozenset({"split", "imagine", "simpleGenerate", "render"})
"""Operations that begin jobs."""
OF_ADMINS: Final = frozenset({"listAllUsers", "addNewUser", "readMetrics"})
"""Operations that are asked with the token of the machine's owner."""


@pytest.fixture(scope="module")
def specification() -> dict[str, Any]:
    """The committed one; notes are only rows of numbers in it, for schemathesis 4.32 reads no `prefixItems`."""

    def simplify(node: dict[str, Any]) -> dict[str, Any]:
        if "prefixItems" in node:
            return {**{name: node[name] for name in ("type", "minItems", "maxItems")}, "items": {"type": "number"}}
        return node

    found: dict[str, Any] = json.loads(SPECIFICATION.read_text(encoding="utf-8"), object_hook=simplify)
    return found


@dataclass(frozen=True, slots=True)
class Target:
    """A server of its own with a session and some takes of a user's, and real ids for paths."""

    server: RunningServer
    token: str
    known: dict[str, str]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """Ada's session."""
    home = tmp_path_factory.mktemp("specified") / "home"
    with RunningServer(home, "--composers", "1", "--rate", "10000") as server, people(server, "ada") as known:
        ada = known["ada"]
        session = ada.post("/sessions", json={}).json()["id"]
        made = ada.post(f"/sessions/{session}/band", json={"style": "funk", "bars": 2}).json()
        token = str(ada.headers["authorization"]).removeprefix("Bearer ")
        yield Target(server, token, {"session": session, "take": made["takes"][0]["id"]})


def _play(specification: dict[str, Any], target: Target, examples: int) -> Counter[tuple[str, int]]:
    """Send examples of all operations, and return how often each gave each status. Raises AssertionError with all
    faults.
    """
    faults = []
    schema = schemathesis.openapi.from_dict(specification)
    statuses: Counter[tuple[str, int]] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        name = operation.definition.raw["operationId"]
        most = min(examples, 5) if name in SLOW else examples
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                _play_one(operation, mode, most, target, statuses)
            except (schemathesis.errors.SchemathesisError, BaseExceptionGroup, AssertionError) as error:
                faults.append(f"{operation.label}, {mode.value}: {_first(error)}")
    assert not faults, "\n\n".join(faults)
    return statuses


def _first(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"


def _play_one(operation: Any, mode: Any, examples: int, target: Target, statuses: Counter[tuple[str, int]]) -> None:
    name = operation.definition.raw["operationId"]
    token = target.server.token if name in OF_ADMINS else target.token
    known = {} if name in ENDING else target.known
    strategy = operation.as_strategy(generation_mode=mode)
    count = itertools.count()

    @hypothesis.settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=strategy)
    def send(case: Any) -> None:
        if next(count) % 2 == 0:
            for each in case.path_parameters or {}:
                case.path_parameters[each] = known.get(each, case.path_parameters[each])
        response = case.call(base_url=target.server.url, headers={"authorization": f"Bearer {token}"}, timeout=30)
        statuses[name, response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    try:
        send()
    except hypothesis.errors.Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, operation.label


def test_every_operation_answers_as_it_is_specified(specification: dict[str, Any], target: Target) -> None:
    statuses = _play(specification, target, SHORT)
    assert "fault of ours" not in target.server.log_text
    # It does not only refuse.
    good = Counter({name: count for (name, status), count in statuses.items() if status < 300})
    assert good.total() > 50, statuses
    assert good.keys() >= OF_ADMINS, good


@pytest.mark.long
def test_every_operation_answers_as_it_is_specified_at_length(specification: dict[str, Any], target: Target) -> None:
    _play(specification, target, LONG)
    assert "fault of ours" not in target.server.log_text
