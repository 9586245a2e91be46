"""The table of Max's objects with their ports and attributes, as `learn_objects` wrote it to JSON."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from musearoo.tools.workshop.lint.device.reading.patch import Box
from musearoo.tools.workshop.lint.device.reading.ports import Ports, computed_ports

_ANY_COUNT = "any"


@dataclass(frozen=True, slots=True)
class Table:
    """The learned data as sets, for fast look-up."""

    names: frozenset[str]
    faces: frozenset[str]
    aliases: dict[str, str]
    common: frozenset[str]
    parameter_keys: frozenset[str]
    patcher_keys: frozenset[str]
    cord_keys: frozenset[str]
    theme_colours: frozenset[str]
    attributes: dict[str, frozenset[str]]
    messages: dict[str, frozenset[str]]
    ports: dict[str, dict[str, tuple[Ports, ...]]]


@cache
def table() -> Table:
    """Return the table of the file."""
    data: dict[str, Any] = json.loads(
        files("musearoo.tools.workshop.lint.device.reading").joinpath("objects.json").read_text("utf-8")
    )
    objects = data["objects"]
    return Table(
        names=frozenset(objects),
        faces=frozenset(name for name, entry in objects.items() if entry["face"]),
        aliases=data["aliases"],
        common=frozenset(data["common"]),
        parameter_keys=frozenset(data["parameter_keys"]),
        patcher_keys=frozenset(data["patcher_keys"]),
        cord_keys=frozenset(data["cord_keys"]),
        theme_colours=frozenset(data["theme_colours"]),
        attributes={name: frozenset(entry["attributes"]) for name, entry in objects.items()},
        messages={name: frozenset(entry["messages"]) for name, entry in objects.items()},
        ports={
            name: {
                count: tuple(Ports(inlets, outlets, tuple(types)) for inlets, outlets, types in shapes)
                for count, shapes in found.items()
            }
            for name, found in ((name, entry["ports"]) for name, entry in objects.items())
        },
    )


def class_of(box: Box) -> str:
    """Return the object's full name: `trigger` for `t`.

    >>> class_of(Box("obj-1", {"maxclass": "newobj"}, "t"))
    'trigger'
    """
    return table().aliases.get(box.name, box.name)


def known_ports(name: str, arguments: tuple[str, ...], channels: int = 0) -> tuple[Ports, ...]:
    """Return the ports that the object with that full name may have with these arguments; empty if unknown.

    >>> [str(ports) for ports in known_ports("buffer~", ("ring", "1000", "4"))]
    ['1 inlet and 2 outlets']
    """
    computed = computed_ports(name, arguments, channels)
    if computed:
        return computed
    seen = table().ports.get(name, {})
    return seen.get(_ANY_COUNT) or seen.get(str(len(arguments)), ())
