"""Parse YAML and JSON that a user or the internet wrote. Every bound is checked before anything is built.

An alias (`*name`) is refused: a few of them within each other stand for more data than a machine can hold, which shows
only when somebody writes the data out. libyaml's own composer recurses without a bound, and ends the process at some
ten thousand brackets. JSON has no aliases: what it takes of memory is bounded by its length.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import msgspec
import yaml

from musearoo.engines.errors import PresetError

MAX_CHARACTERS: Final = 4 << 20
"""Of a YAML text; ours have at most 80,000."""
MAX_NODES: Final = 200_000
"""Scalars, lists and mappings of a YAML text; ours have at most 5,000."""
MAX_DEPTH: Final = 40
"""Lists and mappings within each other; ours have 7 at most."""
MAX_DIGITS: Final = 100
"""Characters of a number. Python needs minutes for one of a million, and cannot write one of five thousand."""

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
"""What a scalar may be beside a text, by its tag."""


def parse_yaml(text: str, source: str) -> object:
    """Return the data of a YAML text, None for an empty one.

    Raises PresetError naming `source`, with the line, for what is no YAML, for aliases, merged keys, a key that is
    given twice, numbers that are infinite or none, and for more than the bounds above.
    """
    if len(text) > MAX_CHARACTERS:
        raise PresetError(source, "", f"this has {len(text):,} characters, and may have {MAX_CHARACTERS:,}")
    loader = None
    try:
        loader = _BoundedLoader(text)
        root = loader.get_single_node()
        return None if root is None else _build(root, set(), loader)
    except (yaml.YAMLError, ValueError) as error:
        # The C parser takes UTF-8 alone: what cannot be written so is a ValueError.
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
    """Return plain data as a `kind`; raises PresetError naming `source` and the field that does not fit.

    `field`: where the data is from. `decode`, `str_keys`: as `msgspec.convert` has them.
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


# The C parser where PyYAML was built with it: ten times faster, and the daemon reads presets at start.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _BoundedLoader(_Loader):  # type: ignore[misc]
    """A safe loader that counts nodes and depth while it composes, by the calls that it makes for each node."""

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
    """Return the data of a node whose depth is bounded; `seen` are the nodes that were built before."""
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
        # PyYAML lets through what Python says of a text that does not fit its tag.
        raise _fault(f"{node.value!r} is no {kind}", node) from error
    if isinstance(value, float) and not math.isfinite(value):
        raise _fault(f"{node.value!r} is no {kind}", node)
    return cast(object, value)


def _fault(problem: str, node: yaml.Node | None) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark if node else None)


def _locate(error: Exception) -> str:
    """What is wrong with a YAML text, and where, in one line: the parser takes several."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return " ".join(str(error).split())
    mark = error.problem_mark
    return f"{error.problem} (line {mark.line + 1}, column {mark.column + 1})" if mark else str(error.problem)
