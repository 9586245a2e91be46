"""Argument conversion as Boost.Python does it, with the same error messages.

Live's classes are C++ bound by Boost.Python. The C++ types in the dumped signature determine what a call accepts: an
int or a bool converts to a double, an int or None to a bool, but a float never converts to an int, nor a list to a
tuple. A mismatch raises `Boost.Python.ArgumentError`.
"""

from __future__ import annotations

import functools
import re
from typing import Any, Callable, NamedTuple

from musearoo.tools.live_simulator.core.shapes import FunctionShape

ArgumentError = type(
    "ArgumentError", (TypeError,), {"__module__": "Boost.Python", "__doc__": "No overload takes these."}
)

_PARAMETER = re.compile(r"\((?P<type>[\w.]+)\)(?P<name>\w+)")
_LIMITS = {"int": (-(2**31), 2**31 - 1), "unsigned int": (0, 2**32 - 1)}

Converter = Callable[[Any], Any]


class MismatchError(Exception):
    """The C++ parameter does not accept a value of this type."""


class Parameter(NamedTuple):
    """One parameter: Python type in the signature, C++ type, keyword name, C++ text of its default."""

    python_type: str
    cpp_type: str
    name: str
    default: str | None

    @property
    def is_named(self) -> bool:
        """True when Boost knows the keyword; Boost prints a nameless parameter as `arg1`."""
        return re.match(r"arg\d+$", self.name) is None


class Signature(NamedTuple):
    """One C++ signature: the parameters (self first for methods) and the Python name of the result."""

    name: str
    parameters: tuple[Parameter, ...]
    result: str

    @property
    def cpp(self) -> str:
        """The signature as Boost prints it in an ArgumentError."""
        parts = []
        for parameter in self.parameters:
            text = parameter.cpp_type
            if parameter.is_named:
                text += " " + parameter.name
            if parameter.default is not None:
                text += "=" + parameter.default
            parts.append(text)
        return "{}({})".format(self.name, ", ".join(parts))


@functools.lru_cache(maxsize=None)
def parse_signature(shape: FunctionShape) -> Signature:
    """Return the parsed signature of a dumped method or function.

    >>> parse_signature(FunctionShape(
    ...     "create_clip( (ClipSlot)arg1, (float)arg2) -> Clip",
    ...     "TWeakPtr<TPyHandle<AClip>> create_clip(TPyHandle<AGroupAndClipSlotBase>,double)",
    ... )).cpp
    'create_clip(TPyHandle<AGroupAndClipSlotBase>, double)'
    """
    name, _, rest = shape.signature.partition("(")
    python_part, _, result = rest.rpartition("->")
    python_parameters = _PARAMETER.findall(python_part)
    cpp_parameters = _split_cpp(shape.cpp, name)
    parameters = []
    for (python_type, keyword), (cpp_type, default) in zip(python_parameters, cpp_parameters):
        parameters.append(Parameter(python_type, cpp_type, keyword, default))
    return Signature(name.strip(), tuple(parameters), result.strip())


def _split_cpp(cpp: str, name: str) -> list[tuple[str, str | None]]:
    """Return (type, default) of each C++ parameter; the dump writes optional ones as `[,int=0]`."""
    start = cpp.index(name.strip() + "(") + len(name.strip()) + 1
    inside = cpp[start : cpp.rindex(")")]
    parts: list[str] = []
    depth = 0
    current = ""
    for character in inside:
        if character in "<(":
            depth += 1
        elif character in ">)":
            depth -= 1
        if character == "," and depth == 0:
            parts.append(current)
            current = ""
        elif character not in "[]" or depth:
            current += character
    if current.strip():
        parts.append(current)
    pairs: list[tuple[str, str | None]] = []
    for part in parts:
        text = part.strip()
        cpp_type, equals, default = text.partition("=")
        pairs.append((cpp_type.strip(), default.strip() if equals else None))
    return pairs


def argument_error(owner: str, name: str, values: tuple[Any, ...], cpp: str) -> Exception:
    """Return the error that Boost raises when no C++ signature accepts these values."""
    types = ", ".join(type(value).__name__ for value in values)
    error: Exception = ArgumentError(
        f"Python argument types in\n    {owner}.{name}({types})\ndid not match C++ signature:\n    {cpp}"
    )
    return error


def bind(
    signature: Signature,
    owner: str,
    converters: tuple[Converter, ...],
    values: tuple[Any, ...],
    keywords: dict[str, Any],
) -> tuple[Any, ...]:
    """Return the converted arguments; trailing ones that were not given are left out.

    `converters` holds one converter for each parameter. Raises ArgumentError on a wrong count, an
    unknown keyword or a type that does not convert.
    """
    given = values
    if keywords:
        names = [parameter.name for parameter in signature.parameters if parameter.is_named]
        positions = {parameter.name: i for i, parameter in enumerate(signature.parameters)}
        for position in range(len(values), len(values) + len(keywords)):
            matching = [n for n in keywords if n in names and positions[n] == position]
            if not matching:
                raise argument_error(owner, signature.name, values, signature.cpp)
            given += (keywords[matching[0]],)
    required = sum(parameter.default is None for parameter in signature.parameters)
    if not required <= len(given) <= len(signature.parameters):
        raise argument_error(owner, signature.name, given, signature.cpp)
    try:
        return tuple(convert(value) for convert, value in zip(converters, given))
    except MismatchError:
        raise argument_error(owner, signature.name, given, signature.cpp) from None


def to_int(value: Any, cpp_type: str = "int") -> int:
    """Return the value for a C++ integer: ints, bools and enums convert, floats do not."""
    if not isinstance(value, int):
        raise MismatchError
    low, high = _LIMITS.get(cpp_type, (-(2**63), 2**63 - 1))
    if not low <= value <= high:
        raise OverflowError(f"Python int too large to convert to C {cpp_type}")
    return int(value)


def to_float(value: Any) -> float:
    """Return the value for a C++ float or double: floats, ints, bools and enums convert."""
    if not isinstance(value, (float, int)):
        raise MismatchError
    return float(value)


def to_bool(value: Any) -> bool:
    """Return the value for a C++ bool: ints, bools and None convert, floats and strings do not."""
    if value is not None and not isinstance(value, int):
        raise MismatchError
    return bool(value)


def to_str(value: Any) -> str:
    """Return the value for a C++ string."""
    if not isinstance(value, str):
        raise MismatchError
    return value


def to_tuple(value: Any) -> tuple[Any, ...]:
    """Return the value for a boost::python::tuple; a list does not convert."""
    if not isinstance(value, tuple):
        raise MismatchError
    return value


def to_object(value: Any) -> Any:
    """Return the value itself: boost::python::object takes anything."""
    return value


def extract(value: Any, wanted: type, cpp_type: str) -> Any:
    """Return a value extracted from a Python object inside a call; raise Boost's TypeError for any other type."""
    if not isinstance(value, wanted):
        raise TypeError(
            f"No registered converter was able to extract a C++ reference to type {cpp_type} "
            f"from this Python object of type {type(value).__name__}"
        )
    return value
