"""The shapes of real Lives' Python APIs: their classes, properties, methods, enums and listeners.

`make_shapes.py` generates the tables under `shapes/` from dumps of real Lives. A profile is the shape of one Live
version.
"""

from __future__ import annotations

import functools
import json
import os
from typing import Any, NamedTuple

PROFILES = ("11.3.25", "12.0.0", "12.0.5", "12.2.0", "12.3.6")
"""The versions at which the API changed in a way that scripts must handle."""

NEWEST = PROFILES[-1]
TABLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "shapes")


class PropertyShape(NamedTuple):
    """One property as Live reported it: the Python type's name, and whether it is settable and observable."""

    type: str
    settable: bool
    observable: bool


class FunctionShape(NamedTuple):
    """One method or function: its Boost.Python signature and its C++ signature, as dumped."""

    signature: str
    cpp: str


class ClassShape(NamedTuple):
    """One class: members by name. `listeners` have add/remove/has methods but no property."""

    name: str
    bases: tuple[str, ...]
    properties: dict[str, PropertyShape]
    methods: dict[str, FunctionShape]
    listeners: tuple[str, ...]
    classes: dict[str, ClassShape]
    enums: dict[str, dict[str, int]]

    @property
    def observables(self) -> tuple[str, ...]:
        """The names that have add_, remove_ and _has_listener methods."""
        return tuple(n for n, p in self.properties.items() if p.observable) + self.listeners


class ModuleShape(NamedTuple):
    """One submodule of `Live`."""

    classes: dict[str, ClassShape]
    enums: dict[str, dict[str, int]]
    functions: dict[str, FunctionShape]


class Shape(NamedTuple):
    """One Live version's API, as far as the simulator covers it."""

    live_version: str
    embedded_python: str
    modules: dict[str, ModuleShape]
    other_modules: tuple[str, ...]

    @property
    def version(self) -> tuple[int, ...]:
        """The version as a tuple of numbers for comparisons: `(12, 3, 6)`."""
        return tuple(int(part) for part in self.live_version.split("."))


@functools.lru_cache(maxsize=None)
def read_shape(profile: str) -> Shape:
    """Return the shape of one profile. Cached: each call returns the same object.

    >>> read_shape("12.3.6").modules["Clip"].classes["Clip"].properties["name"]
    PropertyShape(type='str', settable=True, observable=True)
    """
    if profile not in PROFILES:
        raise ValueError(f"no profile {profile!r}: choose one of {', '.join(PROFILES)}")
    with open(os.path.join(TABLES, profile + ".json"), encoding="utf-8") as file:
        table = json.load(file)
    return Shape(
        live_version=table["live_version"],
        embedded_python=table["embedded_python"],
        modules={name: _read_module(module) for name, module in table["modules"].items()},
        other_modules=tuple(table["other_modules"]),
    )


def _read_module(table: Any) -> ModuleShape:
    return ModuleShape(
        classes={name: _read_class(name, shape) for name, shape in table.get("classes", {}).items()},
        enums=table.get("enums", {}),
        functions={name: FunctionShape(*pair) for name, pair in table.get("functions", {}).items()},
    )


def _read_class(name: str, table: Any) -> ClassShape:
    return ClassShape(
        name=name,
        bases=tuple(table.get("bases", ())),
        properties={
            property_name: PropertyShape(type_name, "s" in flags, "o" in flags)
            for property_name, (type_name, flags) in table.get("properties", {}).items()
        },
        methods={method_name: FunctionShape(*pair) for method_name, pair in table.get("methods", {}).items()},
        listeners=tuple(table.get("listeners", ())),
        classes={inner: _read_class(inner, shape) for inner, shape in table.get("classes", {}).items()},
        enums=table.get("enums", {}),
    )
