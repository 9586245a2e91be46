"""The specification of REST: OpenAPI 3.1 from the routes and the types, and a page of documentation made from it.

FastAPI describes paths and their parameters; bodies and answers are described by the very types that encode them.
"""

from __future__ import annotations

import json
import re
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from musearoo import __version__
from musearoo.bridge.api import types
from musearoo.bridge.api.documents.describing import describe
from musearoo.bridge.api.types import answers

TYPES: Final = tuple(
    kind
    for name in sorted(each.name for each in iter_modules(types.__path__))
    for module in (import_module(f"{types.__name__}.{name}"),)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__module__ == module.__name__
)
"""Every type that travels between the server and its clients."""

ABOUT: Final = """\
A band inside Ableton Live, for other programs: sessions that remember, takes with all that reproduces them, and every
action of the device.

Send the token as `Authorization: Bearer …`: `musearoo tokens add NAME` makes one, and your own is in the file `token`
in MuseAroo's folder. Bodies are JSON, or msgpack with `Content-Type: application/msgpack`; answers follow `Accept`.

Errors are problem+json (RFC 9457), and their `detail` says what to do. A POST with the header `Idempotency-Key` is done
once, however often it is sent. Lists come in pages: `next` of one page is `after` of the following one.

What is listed under /api/v3 keeps its meaning: fields and paths are only added, and what is to go away is marked as
deprecated for at least one minor release first, here and by the header `Deprecation`. HEAD is answered as GET is,
without the body.
"""

SIMPLE: Final = "/api/ai/"
"""Where the form of simple clients begins, whose names stand apart from those of the real one."""

PROBLEMS: Final = {
    "401": "No valid token",
    "403": "The token or the role does not suffice",
    "404": "Not there, or not yours to see",
    "409": "Something has changed meanwhile",
    "422": "A value is wrong; `field` names it",
    "429": "Too many requests; `Retry-After` says when",
    "503": "Not now; `Retry-After` says when",
}


def make_specification(app: FastAPI) -> dict[str, Any]:
    """Return the specification as plain data."""
    specification = get_openapi(
        title="MuseAroo", version=__version__, openapi_version="3.1.0", description=ABOUT, routes=app.routes
    )
    used = [kind for kind in TYPES if kind.__name__ not in ("Request", "Answer", "Event", "FromClient")]
    _, schemas = msgspec.json.schema_components(used, ref_template="#/components/schemas/{name}")
    problem = {"$ref": "#/components/schemas/Problem"}
    for path, operations in specification["paths"].items():
        for method, operation in operations.items():
            # The name of the route's function: FastAPI appends path and method.
            end = re.sub(r"\W", "_", path) + f"_{method}"
            name = operation["operationId"].removesuffix(end)
            operation["operationId"] = f"simple_{name}" if path.startswith(SIMPLE) else name
            given = operation["responses"]
            given.pop("422", None)
            for each in given.values():
                # FastAPI's own entry for JSON, which describes nothing, next to that of a file.
                if len(each.get("content", {})) > 1 and each["content"].get("application/json") == {"schema": {}}:
                    each["content"].pop("application/json")
            # FastAPI's own entry for 200, which describes nothing, where another status is the good one.
            good = [status for status in given if status.startswith("2") and given[status].get("content")]
            if good and "200" in given and "200" not in good:
                given.pop("200")
            for status in PROBLEMS:
                given.setdefault(status, {"$ref": f"#/components/responses/Problem{status}"})
    for kind in used:
        if issubclass(kind, answers.Answer) and not kind.__struct_config__.omit_defaults:
            # All fields are sent; a default is for clients of a later version.
            schemas[kind.__name__]["required"] = list(schemas[kind.__name__]["properties"])
    components = specification.setdefault("components", {})
    components["schemas"] = dict(sorted(schemas.items()))
    content = {"application/problem+json": {"schema": problem}}
    components["responses"] = {
        f"Problem{status}": {"description": said, "content": content} for status, said in PROBLEMS.items()
    }
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    specification["security"] = [{"token": []}]
    specification["servers"] = [{"url": "http://127.0.0.1:24640"}]
    describe(specification)
    return specification


def write_specification(app: FastAPI) -> str:
    """Return the specification as the text of the committed file."""
    return json.dumps(make_specification(app), indent=1, ensure_ascii=False) + "\n"
