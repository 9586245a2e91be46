"""Parse YAML and JSON from users or the internet. Every limit is checked before any data is built.

Aliases (`*name`) are refused: a few nested ones expand to more data than fits into memory, which shows only when the
data is written out. libyaml's own composer recurses without a limit and crashes the process at some ten thousand
brackets. JSON has no aliases, so its length limits its memory.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import msgspec
import yaml

from musearoo.engines.errors import PresetError

MAX_CHARACTERS: Final = 4 << 20
"""The length limit of a YAML text; ours have at most 80,000."""
MAX_NODES: Final = 200_000
"""The limit of scalars, lists and mappings in a YAML text; ours have at most 5,000."""
MAX_DEPTH: Final = 40
"""The nesting limit of lists and mappings; ours have at most 7."""
MAX_DIGITS: Final = 100
"""The length limit of a number. Python needs minutes for a million characters, and cannot write five thousand."""

Data = TypeVar("Data")

_SCALARS: Final = {
    f"tag:yaml.org,2002:{tag}": kind
    for tag, kind in (
        ("int", "number"),
        ("float", "number"),
        ("bool", "boolean"),
        ("null", "null"),
        ("timestamp", "date"),
    )
}
"""The scalar types other than text, by tag."""


def parse_yaml(text: str, source: str) -> object:
    """Return the data of a YAML text, None for an empty one.

    Raises PresetError naming `source`, with the line, for invalid YAML, aliases, merged keys, duplicate keys, numbers
    that are infinite or not a number, and data beyond the limits above.
    """
    if len(text) > MAX_CHARACTERS:
        raise PresetError(source, "", f"this has {len(text):,} characters, and may have {MAX_CHARACTERS:,}")
    loader = None
    try:
        loader = _BoundedLoader(text)
        root = loader.get_single_node()
        return None if root is None else _build(root, set(), loader)
    except (yaml.YAMLError, ValueError) as error:
        # The C parser accepts only UTF-8: text that cannot be encoded raises ValueError.
        raise PresetError(source, "", f"this is not YAML: {_locate(error)}") from error
    finally:
        if loader is not None:
            loader.dispose()


def parse_json(content: bytes | str, source: str, kind: type[Data]) -> Data:
    """Return the data of a JSON text as a `kind`, such as `dict[str, object]`.

    Raises PresetError naming `source`, and the field where the data is not of that kind.
    """
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        raise _not_of_kind(error, source) from error
    except (msgspec.DecodeError, UnicodeError) as error:
        raise PresetError(source, "", f"this is not JSON: {error}") from error
    except RecursionError as error:
        raise PresetError(source, "", "this is not JSON that can be read: it is nested too deep") from error


def convert_data(
    data: object,
    kind: type[Data],
    source: str,
    *,
    field: str = "",
    decode: Callable[[Any, Any], Any] | None = None,
    str_keys: bool = False,
) -> Data:
    """Return plain data as a `kind`. Raises PresetError naming `source` and the invalid field.

    `field`: the origin of the data. `decode`, `str_keys`: as in `msgspec.convert`.
    """
    try:
        return msgspec.convert(data, kind, dec_hook=decode, str_keys=str_keys)
    except msgspec.ValidationError as error:
        raise _not_of_kind(error, source, field) from error


def _not_of_kind(error: msgspec.ValidationError, source: str, field: str = "") -> PresetError:
    problem, _, path = str(error).partition(" - at `")
    field += path.rstrip("`").removeprefix("$")
    field = field.removeprefix(".")
    return PresetError(source, field, problem[:1].lower() + problem[1:])


# The C parser if PyYAML was built with it: ten times faster, and the daemon reads presets at start.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _BoundedLoader(_Loader):  # type: ignore[misc]
    """A safe loader that counts nodes and depth while it composes, through the hooks that it calls for each node."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._nodes = self._depth = 0

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:  # noqa: ARG002
        self._nodes += 1
        self._depth += 1
        if self._nodes > MAX_NODES:
            raise _fault(f"it has more than {MAX_NODES:,} values", current_node)
        if self._depth > MAX_DEPTH:
            raise _fault(f"it is nested more than {MAX_DEPTH} deep", current_node)

    def ascend_resolver(self) -> None:
        self._depth -= 1


def _build(node: yaml.Node, seen: set[int], loader: Any) -> object:
    """Return the data of a node of limited depth; `seen` are the nodes that were already built."""
    if id(node) in seen:
        raise _fault("an alias (*) stands for what begins here: write it out in each place", node)
    seen.add(id(node))
    match node.tag:
        case "tag:yaml.org,2002:str" if isinstance(node, yaml.ScalarNode):
            return node.value
        case "tag:yaml.org,2002:map" if isinstance(node, yaml.MappingNode):
            mapping: dict[object, object] = {}
            for key_node, value_node in node.value:
                key = _build(key_node, seen, loader)
                if isinstance(key, list | dict):
                    raise _fault("a key must be a text or a number", key_node)
                if key in mapping:
                    raise _fault(f"{key!s:.60} is given twice", key_node)
                mapping[key] = _build(value_node, seen, loader)
            return mapping
        case "tag:yaml.org,2002:seq" if isinstance(node, yaml.SequenceNode):
            return [_build(child, seen, loader) for child in node.value]
        case tag if tag in _SCALARS and isinstance(node, yaml.ScalarNode):
            return _build_scalar(node, _SCALARS[tag], loader)
        case tag:
            raise _fault(f"{tag.removeprefix('tag:yaml.org,2002:'):.60} cannot be used here: leave it out", node)


def _build_scalar(node: yaml.ScalarNode, kind: str, loader: Any) -> object:
    if len(node.value) > MAX_DIGITS:
        raise _fault(f"a {kind} has at most {MAX_DIGITS} characters, got {len(node.value):,}", node)
    try:
        value = loader.construct_object(node)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # PyYAML does not convert Python's error for a text that does not fit its tag.
        raise _fault(f"{node.value!r} is no {kind}", node) from error
    if isinstance(value, float) and not math.isfinite(value):
        raise _fault(f"{node.value!r} is no {kind}", node)
    return cast(object, value)


def _fault(problem: str, node: yaml.Node | None) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark if node else None)


def _locate(error: Exception) -> str:
    """Return what is wrong with a YAML text, and where, in one line; the parser uses several."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return " ".join(str(error).split())
    mark = error.problem_mark
    return f"{error.problem} (line {mark.line + 1}, column {mark.column + 1})" if mark else str(error.problem)
