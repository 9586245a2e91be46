"""Snapshots of music: the same parameters and seed give the same notes from release to release, unless that is meant.

A folder of tests has a line a case in `snapshots.txt`, and its `test_snapshots.py` yields the cases. A short outcome
stands in the line whole, a long one by its beginning and a digest. When a change is meant:
`python -m tests.regenerate_snapshots`, and look at what it changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import FunctionType

import msgspec

Outcome = tuple[str, object]
"""The name of a case, and what came out."""

_WIDTH = 60


def check_snapshots(folder: Path, outcomes: Iterable[Outcome]) -> None:
    """Compares outcomes with those that a folder keeps, one after the other."""
    kept = (folder / "snapshots.txt").read_text(encoding="utf-8").splitlines()
    met = 0
    for number, line in enumerate(write_lines(outcomes)):
        before = kept[number] if number < len(kept) else "nothing"
        assert line == before, f"{folder.name}: when the change is meant: python -m tests.regenerate_snapshots"
        met += 1
    assert met == len(kept), f"{folder.name}: cases are missing"


def write_lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """A line for each case."""
    for name, outcome in outcomes:
        text = write(outcome)
        if len(text) > _WIDTH:
            text = f"{text[:_WIDTH]}… {hashlib.sha256(text.encode()).hexdigest()[:16]}"
        yield f"{name}: {text}"


def write(value: object, digits: int = 6) -> str:
    """A value as text that is the same on every machine: so many digits of numbers, sets in order.

    >>> write({"a": (0.1 + 0.2, None), "b": frozenset("yx")})
    "{'a': (0.3, None), 'b': {'x', 'y'}}"
    """
    match value:
        case Enum():
            return value.name
        case float():
            # What is nothing but rounding is nothing.
            return f"{round(value, 9) + 0.0:.{digits}g}"
        case bool() | int() | str() | bytes() | None:
            return repr(value)
        case Mapping():
            return "{" + ", ".join(f"{write(key, digits)}: {write(each, digits)}" for key, each in value.items()) + "}"
        case Set():
            return "{" + ", ".join(sorted(write(each, digits) for each in value)) + "}"
        case tuple() | list():
            return "(" + ", ".join(write(each, digits) for each in value) + ")"
        case msgspec.Struct():
            names = value.__struct_fields__
        case _ if is_dataclass(value):
            names = tuple(field.name for field in fields(value))
        case _ if hasattr(value, "tolist"):
            return write(value.tolist(), digits)
        case FunctionType():
            return value.__qualname__
        case BaseException():
            return f"{type(value).__name__}: {value}"
        case _:
            raise TypeError(f"{type(value).__name__} has no text that is the same everywhere")
    return type(value).__name__ + "(" + ", ".join(write(getattr(value, name), digits) for name in names) + ")"
