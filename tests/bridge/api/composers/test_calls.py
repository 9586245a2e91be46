"""What composers tell of the engines: schemas that fit the requests that are accepted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from musearoo.bridge.api.composers.calls import describe_engines
from musearoo.bridge.api.problems.decoding import decode_body
from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.types.requests import UNIT, Generate
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.requests.refusing import RequestError
from tests.bridge.api.sets.some_sets import empty_set, perform, some_players

ENGINES: Final = describe_engines(some_players(), Path())
BODIES: Final = msgspec.json.Decoder(Generate)


def is_accepted(engine: str, **fields: Any) -> bool:
    """Whether the server takes a body, and the engine plays it in an empty set; the set need not have its place."""
    body = {"seed": 1, "bars": 1, **fields}
    try:
        request = msgspec.structs.replace(decode_body(BODIES, msgspec.json.encode(body)), engine=engine)
        perform(empty_set(), request)
    except ApiError as error:
        if error.code != "bad_parameter":
            raise
        return False
    except RequestError as error:
        if error.code not in (Refusal.BAD_PARAMETER, Refusal.GONE):
            raise
        return error.code is Refusal.GONE
    return True


def edges_of(schema: dict[str, Any]) -> Iterator[tuple[Any, bool]]:
    """The values at the bounds of a schema and just outside of them, with whether they fit it."""
    for kind in schema.get("anyOf", (schema,)):
        step = 1 if kind.get("type") == "integer" else 0.001
        if "minimum" in kind:
            yield from ((kind["minimum"], True), (kind["minimum"] - step, False))
        if "maximum" in kind:
            yield from ((kind["maximum"], True), (kind["maximum"] + step, False))
        if "maxLength" in kind:
            yield "x" * (kind["maxLength"] + 1), False
        if kind.get("type") == "null":
            yield None, True
        if kind.get("type") == "boolean":
            yield from ((True, True), (False, True), ("perhaps", False))
        if "enum" in kind:
            yield from ((value, True) for value in kind["enum"])
            yield "kazoo", False
        if kind.get("type") == "array":
            yield [], True
            for value, fits in edges_of(kind["items"]):
                yield [value], fits
            for value in kind["items"].get("examples", ()):
                yield [value], True
        yield from ((value, True) for value in kind.get("examples", ()))
    if "default" in schema:
        yield schema["default"], True
    if schema.get("additionalProperties") is False:
        yield {"kazoo": 1}, False


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: str(engine["name"]))
def test_what_fits_the_schema_of_an_engine_is_accepted_and_what_does_not_is_refused(engine: dict[str, Any]) -> None:
    parameters = engine["parameters"]
    assert is_accepted(engine["name"])
    tried = 0
    for name, schema in parameters["properties"].items():
        for value, fits in edges_of(schema):
            assert is_accepted(engine["name"], **{name: value}) is fits, (name, value)
            tried += 1
    own = parameters["properties"]["options"]["properties"]
    for name, schema in own.items():
        for value, fits in edges_of(schema):
            assert is_accepted(engine["name"], options={name: value}) is fits, (name, value)
            tried += 1
    assert not is_accepted(engine["name"], kazoo=1)
    assert own == engine["options"]["properties"]
    assert own
    assert tried > 60


def test_every_parameter_says_what_it_is_and_what_is_measured_its_unit() -> None:
    for engine in ENGINES:
        shared = engine["parameters"]["properties"]
        assert shared.keys() == set(Generate.__struct_fields__) - {"engine"}, "all but what is in the path"
        units = {name: kind.get(UNIT) for name, schema in shared.items() for kind in schema.get("anyOf", (schema,))[:1]}
        assert {name: unit for name, unit in units.items() if unit} == {"bars": "bars", "bpm": "bpm", "swing": "ratio"}
        assert all("default" in schema for schema in shared.values()), shared
        for name, schema in shared.items():
            assert schema.get("description") or schema["anyOf"][0].get("description"), name
