"""What the specification says for people and for generators of clients: names, summaries, tags, headers, examples."""

from __future__ import annotations

import copy
import re
from typing import Any, Final

from musearoo.bridge.api.documents.examples import EXAMPLES

TAGS: Final = {
    "sessions": "A session is a set that remembers: make one, see it, close it, go on with it tomorrow.",
    "music": "What the band plays into a session's set, at once: each request is one step, and can be undone.",
    "uploads": "Audio and MIDI files that come in, in one piece or resumably; speech, too.",
    "jobs": "What takes longer: see how far it is, wait for it, cancel it.",
    "takes": "What was made, with all that reproduces it; judgements, and the history of a set.",
    "files": "Takes and sets as MIDI, as pictures and as sound. Players may seek in sound.",
    "catalogue": "The engines with their parameters, and the styles.",
    "page": "The page in the browser: one-time links to it, and the way to it from the local network.",
    "people": "Who may: users, tokens with scopes, the members of a session, and settings.",
    "simple": "The polling form that simple clients know: a prompt in, a sound out.",
    "health": "Whether the server runs, can be asked, and how much it does.",
}
OPEN: Final = frozenset(
    {"log_in", "open_link", "is_alive", "is_ready", "read_documentation", "read_page", "read_specification"}
)
"""Operations that need no token."""
PARAMETERS: Final[dict[str, tuple[str, str | int]]] = {
    "session": ("id of a session", "0190f3a2c5d84b7e9a1c2d3e4f506172"),
    "clip": ("id of a clip in the set", 12),
    "take": ("id of a take: that of its request, and its number", "0190f3a2c5d84b7e9a1c2d3e4f506172.1"),
    "token": ("id of a token, not its secret", "0190f3a2c5d84b7e9a1c2d3e4f506172"),
    "job": ("id of a job", "0190f3a2c5d84b7e9a1c2d3e4f506172"),
    "task": ("id of a task", "0190f3a2c5d84b7e9a1c2d3e4f506172"),
    "file": ("id of a file", "0190f3a2c5d84b7e9a1c2d3e4f506172"),
    "upload": ("id of an upload", "0190f3a2c5d84b7e9a1c2d3e4f506172"),
    "name": ("name of a user", "bob"),
    "key": ("name of a setting", "theme"),
    "engine": ("engine or role", "drummaroo"),
}
"""What stands in paths: its meaning, and an example."""

IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": 'the ETag of the set that this is for, such as `"7"`: it is refused (412) where the set has changed',
    "schema": {"type": "string", "pattern": r'^(\*|"[0-9]{1,18}")$'},
}
IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "the ETag of the answer that you have: 304 without a body where it is still so",
    "schema": {"type": "string", "pattern": r'^"[!-~]*"$'},
}
RANGE: Final = {
    "name": "Range",
    "in": "header",
    "required": False,
    "description": "the bytes that you want of the file, such as `bytes=0-999`",
    "schema": {"type": "string", "pattern": "^bytes=[0-9]{1,15}-[0-9]{0,15}$"},
}
VERSIONED: Final = frozenset({"split", "imagine", "render", "analyze"})
"""Operations beside those of music that heed If-Match."""
IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "any text of your own, such as a UUID: the request is done once, however often it is sent",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,128}$"},
}
ANY_PROBLEM: Final = "Any other problem, such as a wrong Host or a body that is too large; `detail` says what to do"


def describe(specification: dict[str, Any]) -> None:
    """Complete a specification whose operations are named by the functions of their routes."""
    specification["tags"] = [{"name": name, "description": said} for name, said in TAGS.items()]
    components = specification["components"]
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": EXAMPLES["Problem"]}
    components["responses"]["Problem"] = {
        "description": ANY_PROBLEM,
        "content": {"application/problem+json": problem},
    }
    for path, operations in specification["paths"].items():
        for method, operation in operations.items():
            _describe_operation(path, method, operation)
    for name, schema in components["schemas"].items():
        if name in EXAMPLES:
            schema["examples"] = [EXAMPLES[name]]


def _describe_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    name = operation["operationId"]
    operation["operationId"] = camel_case(name)
    operation["summary"] = summarize(operation.get("description") or name)
    if name in OPEN:
        operation["security"] = []
    parameters = operation.setdefault("parameters", [])
    in_path = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    for parameter in parameters:
        if parameter["name"] in in_path:
            said, example = PARAMETERS[parameter["name"]]
            parameter.setdefault("description", said)
            parameter.setdefault("example", example)
    responses = operation["responses"]
    if method == "post" and ("music" in operation["tags"] or name in VERSIONED):
        parameters.append(copy.deepcopy(IF_MATCH))
        responses["412"] = {"$ref": "#/components/responses/Problem"}
    if method == "post" and name not in OPEN and "requestBody" in operation:
        parameters.append(copy.deepcopy(IDEMPOTENCY_KEY))
    if "206" in responses:
        parameters.append(copy.deepcopy(RANGE))
    if method == "get" and "health" not in operation["tags"]:
        parameters.append(copy.deepcopy(IF_NONE_MATCH))
        responses["304"] = {"description": "You have it already"}
    responses.setdefault("default", {"$ref": "#/components/responses/Problem"})
    if not parameters:
        del operation["parameters"]
    for response in responses.values():
        for content in response.get("content", {}).values():
            _give_example(content)
    for content in operation.get("requestBody", {}).get("content", {}).values():
        _give_example(content)


def _give_example(content: dict[str, Any]) -> None:
    """Give an example to a body that has none, by its type."""
    schema = content.get("schema", {})
    is_list = schema.get("type") == "array"
    kind = (schema.get("items", {}) if is_list else schema).get("$ref", "").rpartition("/")[2]
    if kind in EXAMPLES and "example" not in content:
        content["example"] = [EXAMPLES[kind]] if is_list else EXAMPLES[kind]


def camel_case(name: str) -> str:
    """Return the name of a function as other languages write it.

    >>> camel_case("read_take_piano_roll")
    'readTakePianoRoll'
    """
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def summarize(description: str) -> str:
    """Return the first sentence, of a very long one the beginning, without its full stop.

    >>> summarize("See a take, with its notes. They are beats.")
    'See a take, with its notes'
    """
    first = re.split(r"(?<=[.!?])\s", " ".join(description.split()), maxsplit=1)[0].rstrip(".")
    return first if len(first) <= 120 else re.split(r"[:;]", first, maxsplit=1)[0].strip()
