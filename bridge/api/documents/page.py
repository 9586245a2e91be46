"""The page of documentation: HTML made from the committed specification, without scripts and without other machines."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.api.documents.style import STYLE

SPECIFICATION: Final = Path(__file__).parent.parent / "openapi.json"
ORDER: Final = ("get", "head", "post", "put", "patch", "delete")
_BOUNDS: Final = (
    ("minimum", "≥ {}"),
    ("exclusiveMinimum", "> {}"),
    ("maximum", "≤ {}"),
    ("exclusiveMaximum", "< {}"),
    ("minLength", "≥ {} characters"),
    ("maxLength", "≤ {} characters"),
    ("minItems", "≥ {} items"),
    ("maxItems", "≤ {} items"),
)

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A page and the policy that it is sent with: nothing but its own style is loaded."""

    html: bytes
    policy: str


@cache
def read_specification_file() -> bytes:
    """Return the specification as it is committed."""
    return SPECIFICATION.read_bytes()


@cache
def read_page() -> Page:
    """Return the page of the committed specification; it takes some milliseconds the first time."""
    return make_page(json.loads(read_specification_file()))


def make_page(specification: Node) -> Page:
    """Return the page of a specification."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
    return Page("".join(_Writer(specification).write()).encode(), policy)


class _Writer:
    """Writes one specification as HTML, in pieces."""

    def __init__(self, specification: Node) -> None:
        self._specification = specification
        self._schemas: Node = specification["components"]["schemas"]
        self._operations: dict[str, list[tuple[str, str, Node]]] = {tag["name"]: [] for tag in specification["tags"]}
        for path, methods in specification["paths"].items():
            for method in sorted(methods, key=ORDER.index):
                self._operations[methods[method]["tags"][0]].append((path, method, methods[method]))
        self._used = self._find_used()

    def write(self) -> Iterator[str]:
        """Yield the page."""
        info = self._specification["info"]
        title = escape(info["title"])
        yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
        yield '<meta name="color-scheme" content="light dark">'
        yield f"<title>{title}: REST</title><style>{STYLE}</style></head>"
        yield '<body><a class="skip" href="#main">To the text</a><div class="frame">'
        yield from self._navigation(title, escape(info["version"]))
        yield f'<main id="main"><h1>{title}</h1><div class="lead">{prose(info["description"])}'
        yield '<p>The specification itself: <a href="/api/v3/openapi.json">openapi.json</a>.</p></div>'
        for tag in self._specification["tags"]:
            name = escape(tag["name"])
            yield f'<section id="{name}"><h2>{name}</h2><p>{inline(tag["description"])}</p>'
            for path, method, operation in self._operations[tag["name"]]:
                yield from self._operation(path, method, operation)
            yield "</section>"
        yield '<section id="problems"><h2>Problems</h2><p>What any operation may answer instead, as '
        yield f"{self._kind({'$ref': '#/components/schemas/Problem'})}.</p>"
        yield f"{self._responses(self._problems())}</section>"
        yield '<section id="types"><h2>Types</h2><p>What bodies and answers are made of.</p>'
        for name in self._used:
            yield from self._type(name, self._schemas[name])
        yield "</section></main></div></body></html>"

    def _navigation(self, title: str, version: str) -> Iterator[str]:
        yield f'<nav aria-label="Contents"><a class="name" href="#main">{title}</a>'
        yield f'<p class="version">REST, version {version}</p><div class="all">'
        for tag, operations in self._operations.items():
            yield f'<h2><a href="#{escape(tag)}">{escape(tag)}</a></h2><ul>'
            for _, _, operation in operations:
                id = operation["operationId"]
                yield f'<li><a href="#{escape(id)}">{escape(name_words(id))}</a></li>'
            yield "</ul>"
        yield '<h2><a href="#problems">problems</a></h2><h2><a href="#types">types</a></h2></div></nav>'

    def _operation(self, path: str, method: str, operation: Node) -> Iterator[str]:
        shown = re.sub(r"\{(\w+)\}", r"<i>{\1}</i>", escape(path))
        yield f'<details id="{escape(operation["operationId"])}"><summary><span class="verb {method}">{method.upper()}'
        yield f'</span><span class="path">{shown}</span><span class="what">{inline(operation["summary"])}</span>'
        said = operation.get("description", "")
        yield '</summary><div class="inside">'
        if said.rstrip(".") != operation["summary"]:
            yield prose(said)
        if operation.get("security") == []:
            yield "<p>Needs no token.</p>"
        if parameters := operation.get("parameters"):
            yield "<h3>Parameters</h3>" + self._parameters(parameters)
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            yield f'<h3>Body: {escape(kind)}</h3><p class="kind">{self._kind(content.get("schema", {}))}</p>'
            if "example" in content:
                yield _pre(content["example"])
        own = {status: each for status, each in operation["responses"].items() if not _is_problem(each)}
        yield f"<h3>Answers</h3>{self._responses(own)}"
        others = [status for status in operation["responses"] if status not in own and status != "default"]
        if others:
            yield f'<p class="others">Or a <a href="#problems">problem</a>: {", ".join(sorted(others))}.</p>'
        for response in operation["responses"].values():
            for kind, content in response.get("content", {}).items():
                if "example" in content and kind == "application/json":
                    yield "<h3>Example of an answer</h3>" + _pre(content["example"])
        yield f"<h3>By curl</h3><pre>{escape(curl(path, method, operation))}</pre></div></details>"

    def _parameters(self, parameters: list[Node]) -> str:
        rows = [
            f"<tr><td>{escape(each['name'])}{_must(each.get('required', False))}</td>"
            f'<td><span class="kind">{self._kind(each.get("schema", {}))}</span></td>'
            f"<td>{inline(each.get('description', ''))}{_where(each['in'])}</td></tr>"
            for each in parameters
        ]
        return _table(("name", "type", "what"), rows)

    def _responses(self, responses: Node) -> str:
        rows = []
        for status in sorted(responses, key=lambda status: (status == "default", status)):
            response = self._resolve(responses[status])
            kinds = {self._kind(content.get("schema", {})) for content in response.get("content", {}).values()}
            kind = f" → {', '.join(sorted(kinds))}" if kinds and status[0] == "2" else ""
            look = "good" if status[0] in "23" else "bad"
            shown = "else" if status == "default" else status
            rows.append(f'<dt class="{look}">{shown}</dt><dd>{inline(response["description"])}{kind}</dd>')
        return f"<dl>{''.join(rows)}</dl>"

    def _problems(self) -> Node:
        found: dict[str, Any] = {}
        for methods in self._specification["paths"].values():
            for operation in methods.values():
                found |= {status: each for status, each in operation["responses"].items() if _is_problem(each)}
        return found

    def _type(self, name: str, schema: Node) -> Iterator[str]:
        yield f'<details id="type-{escape(name)}"><summary><span class="path">{escape(name)}</span>'
        said = schema.get("description", "")
        first = re.split(r"(?<=[.!?])\s", said, maxsplit=1)[0]
        yield f'<span class="what">{inline(first)}</span></summary><div class="inside">{prose(said)}'
        must = schema.get("required", ())
        rows = [
            f"<tr><td>{escape(field)}{_must(field in must)}</td><td><span class='kind'>{self._kind(each)}</span></td>"
            f"<td>{inline(each.get('description', ''))}{_default(each)}</td></tr>"
            for field, each in schema.get("properties", {}).items()
        ]
        yield _table(("field", "type", "what"), rows) if rows else f'<p class="kind">{self._kind(schema)}</p>'
        for example in schema.get("examples", ()):
            yield "<h3>Example</h3>" + _pre(example)
        yield "</div></details>"

    def _kind(self, schema: Node) -> str:
        """Return the type of a value in words, with links to the types that have a name."""
        if "$ref" in schema:
            name = escape(schema["$ref"].rpartition("/")[2])
            return f'<a href="#type-{name}">{name}</a>'
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return " or ".join(dict.fromkeys(self._kind(each) for each in schema[several]))
        if "enum" in schema:
            return " or ".join(escape(json.dumps(each, ensure_ascii=False)) for each in schema["enum"])
        if "const" in schema:
            return escape(json.dumps(schema["const"], ensure_ascii=False))
        kind: str = schema.get("type", "anything")
        if kind == "array" and "prefixItems" in schema:
            kind = "[" + ", ".join(self._kind(each) for each in schema["prefixItems"]) + "]"
        elif kind == "array":
            kind = f"array of {self._kind(schema.get('items', {}))}"
        elif kind == "object" and isinstance(schema.get("additionalProperties"), Mapping):
            kind = f"object of {self._kind(schema['additionalProperties'])}"
        elif schema.get("format") == "binary":
            kind = "bytes"
        bounds = [words.format(f"{schema[name]:.15g}") for name, words in _BOUNDS if name in schema]
        return kind + (f", {escape(', '.join(bounds))}" if bounds else "")

    def _resolve(self, response: Node) -> Node:
        while "$ref" in response:
            found: Any = self._specification
            for part in response["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            response = found
        return response

    def _find_used(self) -> list[str]:
        """Return the types that operations use, and those that these are made of, by name."""
        waiting, found = [json.dumps(self._specification["paths"])], {"Problem"}
        while waiting:
            names = set(re.findall(r'"#/components/schemas/(\w+)"', waiting.pop())) & set(self._schemas)
            waiting += [json.dumps(self._schemas[name]) for name in names - found]
            found |= names
        return sorted(found)


def name_words(operation_id: str) -> str:
    """Return the name of an operation in words.

    >>> name_words("readTakePianoRoll")
    'Read take piano roll'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", operation_id).capitalize()


def _is_problem(response: Node) -> bool:
    return "/responses/Problem" in response.get("$ref", "") or "application/problem+json" in response.get("content", {})


def curl(path: str, method: str, operation: Node) -> str:
    """Return the command that asks for an operation."""
    examples = {each["name"]: str(each.get("example", "…")) for each in operation.get("parameters", ())}
    shown = re.sub(r"\{(\w+)\}", lambda found: examples.get(found[1], "…"), path)
    words = ["curl"]
    if method == "head":
        words.append("--head")
    elif method != ("post" if "requestBody" in operation else "get"):
        words.append(f"-X {method.upper()}")
    words.append(f"http://127.0.0.1:24640{shown}")
    url = len(words) - 1
    if operation.get("security") != []:
        words.append('-H "Authorization: Bearer $TOKEN"')
    content: Node = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        example = json.dumps(content["application/json"].get("example", {}), ensure_ascii=False)
        words += ["-H 'Content-Type: application/json'", f"-d '{example}'"]
    elif content:
        kind = "audio/wav" if "audio/*" in content else next(iter(content))
        words += [f"-H 'Content-Type: {kind}'", "--data-binary @FILE"]
    return " ".join(words[: url + 1]) + "".join(f" \\\n  {word}" for word in words[url + 1 :])


def prose(text: str) -> str:
    """Return plain text with `code` as HTML: paragraphs stand apart by an empty line."""
    return "".join(f"<p>{inline(' '.join(part.split()))}</p>" for part in text.split("\n\n") if part.strip())


def inline(text: str) -> str:
    """Return a line as HTML.

    >>> inline("send `a<b`")
    'send <code>a&lt;b</code>'
    """
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def _pre(example: Any) -> str:
    text = json.dumps(example, indent=2, ensure_ascii=False)
    # Rows of numbers, such as notes, on one line each.
    text = re.sub(r"\[\s+((?:[-\d.]+,?\s*)+)\]", lambda found: f"[{' '.join(found[1].split())}]", text)
    return f"<pre>{escape(text, quote=False)}</pre>"


def _table(heads: tuple[str, ...], rows: list[str]) -> str:
    head = "".join(f"<th>{name}</th>" for name in heads)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def _must(is_required: bool) -> str:
    return '<span class="must">required</span>' if is_required else ""


def _where(place: str) -> str:
    return "" if place == "query" else f' <span class="kind">in the {escape(place)}</span>'


def _default(schema: Node) -> str:
    default = schema.get("default")
    if default in (None, "", [], {}):
        return ""
    return f' <span class="kind">default {escape(json.dumps(default, ensure_ascii=False))}</span>'
