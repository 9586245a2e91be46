"""The generated clients: in step with the server's routes and types, and without asyncio where there shall be none."""

from __future__ import annotations

import ast
import json

import pytest

from tests.optional import require

require("fastapi", "httpx2", "sqlalchemy")

from musearoo.tools import ROOT
from musearoo.tools.workshop.generate import client as generate_client
from musearoo.tools.workshop.generate.client_routes import write_routes


def test_the_generated_files_are_in_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate_client.main(["--check"]) == 0, capsys.readouterr().err


def test_the_synchronous_client_has_no_asyncio_left() -> None:
    for path in sorted((ROOT / "musearoo/client/synchronous").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert "await" not in text, path
        assert "Async" not in text, path
        assert not [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.AsyncFunctionDef)], path


def test_names_of_operations_are_unique_and_every_reference_leads_somewhere() -> None:
    specification = json.loads((ROOT / "bridge/api/openapi.json").read_text(encoding="utf-8"))
    names = [each["operationId"] for path in specification["paths"].values() for each in path.values()]
    assert len(names) == len(set(names))
    for reference in _references(specification):
        found = specification
        for part in reference.removeprefix("#/").split("/"):
            assert part in found, reference
            found = found[part]


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [each for inner in value.values() for each in _references(inner)]
    return [each for inner in value for each in _references(inner)] if isinstance(value, list) else []


def test_a_new_route_becomes_a_method() -> None:
    specification = {
        "paths": {
            "/api/v3/sessions/{session}/dance/{take}": {
                "post": {
                    "operationId": "dance_session",
                    "description": "Dance to a take.",
                    "parameters": [
                        {"name": "session", "in": "path", "required": True, "schema": {"type": "string"}},
                        {"name": "take", "in": "path", "required": True, "schema": {"type": "string"}},
                        {"name": "slow", "in": "query", "schema": {"type": "boolean", "default": False}},
                    ],
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/x/Judgement"}}}},
                    "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/x/Take"}}}}},
                }
            }
        }
    }
    source = generate_client.tidy(write_routes(specification))
    assert "async def dance(self, take: str, value: Literal[-1, 0, 1], *, slow: bool = False) -> Take:" in source
    assert "body = Judgement(value=value)" in source
    assert 'query={"slow": slow}' in source
