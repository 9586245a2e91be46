"""Outcomes without the wording of what is said to people, which may change at any time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import msgspec


def without_prose(value: object) -> Any:
    """A value of which the wording of its sentences is left out: of a text with blanks the numbers stay."""
    match value:
        case Enum():
            return value.name
        case str() if " " in value:
            return tuple(re.findall(r"\d+(?:[.,]\d+)?", value))
        case tuple() | list():
            return tuple(without_prose(each) for each in value)
        case Mapping():
            return {key: without_prose(each) for key, each in value.items()}
        case msgspec.Struct():
            return (type(value).__name__, *(without_prose(each) for each in msgspec.structs.astuple(value)))
        case _ if is_dataclass(value):
            return (type(value).__name__, *(without_prose(getattr(value, each.name)) for each in fields(value)))
    return value
