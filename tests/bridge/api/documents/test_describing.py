"""The specification in words: every operation has a name, a summary and examples, which are of their types."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from tests.optional import require

require("fastapi", "sqlalchemy")

from musearoo.bridge.api.documents.describing import OPEN, PARAMETERS, TAGS, camel_case
from musearoo.bridge.api.documents.examples import EXAMPLES
from musearoo.bridge.api.documents.page import SPECIFICATION
from musearoo.bridge.api.openapi import TYPES

KINDS = {kind.__name__: kind for kind in TYPES}


@pytest.fixture(scope="module")
def specification() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SPECIFICATION.read_text(encoding="utf-8"))
    return found


def operations(specification: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in specification["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_every_operation_has_a_name_of_its_own(specification: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(specification)]
    assert len(names) == len(set(names)) > 50
    for name in names:
        assert re.fullmatch(r"[a-z]+([A-Z][a-z0-9]*)*", name), name
    assert {camel_case(name) for name in OPEN} <= set(names)


def test_every_operation_says_what_it_does(specification: dict[str, Any]) -> None:
    assert specification["info"]["description"]
    assert specification["openapi"] == "3.1.0"
    for path, method, operation in operations(specification):
        where = f"{method} {path}"
        assert 3 <= len(operation["summary"]) <= 120, where
        assert not operation["summary"].endswith("."), where
        assert operation["description"].rstrip().endswith((".", ")")), where
        assert len(operation["tags"]) == 1, where
        assert operation["tags"][0] in TAGS, where
        assert "default" in operation["responses"], where
        assert any(status.startswith("2") for status in operation["responses"]), where


def test_every_parameter_and_every_body_is_described(specification: dict[str, Any]) -> None:
    for path, method, operation in operations(specification):
        where = f"{method} {path}"
        in_path = re.findall(r"\{(\w+)\}", path)
        assert set(in_path) <= set(PARAMETERS), where
        for parameter in operation.get("parameters", ()):
            assert parameter["schema"], where
            if parameter["in"] == "path":
                assert parameter["description"], where
                assert parameter["example"], where
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            assert "json" not in kind or "example" in content, where
        for response in operation["responses"].values():
            content = response.get("content", {}).get("application/json")
            if content is not None and "$ref" in content["schema"]:
                assert "example" in content, where


def test_every_reference_leads_somewhere(specification: dict[str, Any]) -> None:
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(specification))):
        found: Any = specification
        for part in reference.split("/"):
            assert part in found, reference
            found = found[part]


def test_examples_are_of_their_types() -> None:
    for name, example in EXAMPLES.items():
        kind = KINDS[name]
        read = msgspec.convert(example, kind, strict=True)
        # Answers have all their fields, in their order.
        if "Answer" in {base.__name__ for base in kind.__mro__} and not kind.__struct_config__.omit_defaults:
            assert json.loads(msgspec.json.encode(read)) == json.loads(json.dumps(example)), name


def test_examples_of_requests_are_of_their_types(specification: dict[str, Any]) -> None:
    count = 0
    for path, method, operation in operations(specification):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            name = content["schema"].get("$ref", "").rpartition("/")[2]
            if "example" in content and name in KINDS:
                msgspec.convert(content["example"], KINDS[name], strict=True)
                count += 1
            assert name == "" or name in KINDS, (method, path)
    assert count > 15
