"""The device's script in one file: constants of the wire and of the table, then the parts in `max_for_live/script`."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from musearoo.max_for_live.table.records import Control, Kind
from musearoo.tools.workshop.device_builder.objects import BuildError

PARTS = (
    "texts.js",
    "words.js",
    "settings.js",
    "face.js",
    "orders.js",
    "place.js",
    "presses.js",
    "proof.js",
    "key.js",
    "link.js",
    "auto_split.js",
    "talk.js",
    "arm.js",
    "along.js",
    "running.js",
    "jam.js",
    "ambience.js",
    "dials.js",
    "listen.js",
    "self_test.js",
    "device.js",
    "shell.js",
)
"""The parts in the order of the script; only the last one uses Max's functions."""

HEAD = "// The script of MuseAroo's devices. Made by tools/workshop/device_builder from max_for_live; do not edit.\n"

_TABLE_STARTS = "var WIRE = "


def join_script(folder: Path, wire: Mapping[str, Any], device: Mapping[str, Any]) -> str:
    """Return the whole script, in ASCII: not every version of Max reads scripts as UTF-8.

    `wire` and `device` become its constants. Raises BuildError when the folder has other parts than PARTS.
    """
    odd = {path.name for path in folder.glob("*.js")} ^ set(PARTS)
    if odd:
        raise BuildError(f"{', '.join(sorted(odd))}: in {folder} or among PARTS, but not in both")
    parts = [f"\n// {name}\n{(folder / name).read_text(encoding='utf-8')}" for name in PARTS]
    return escape_letters("".join((HEAD, _constant("WIRE", wire), _constant("DEVICE", device), *parts)))


def read_wire(table: str) -> dict[str, Any]:
    """Return the wire's constants from the text of `wire_table.js`, without documentation."""
    wire: dict[str, Any] = json.loads(table[table.index(_TABLE_STARTS) + len(_TABLE_STARTS) :].rstrip().rstrip(";"))
    for direction in ("sent", "received"):
        for arguments in wire[direction].values():
            for argument in arguments:
                del argument["meaning"]
    return wire


def device_constants(
    controls: Sequence[Control], lamps: Sequence[Sequence[str | float]], version: str
) -> dict[str, Any]:
    """Return the table's constants for the script: the menus' choices, initial values, button labels."""
    choices = {c.name: list(c.parameter.choices) for c in controls if c.kind is Kind.MENU and c.parameter is not None}
    initial = {c.name: _initial(c) for c in controls if c.parameter is not None and c.kind in _SETTINGS}
    labels = {c.name: c.title or c.label for c in controls if c.kind in (Kind.BUTTON, Kind.HOLD)}
    return {
        "version": version,
        "choices": choices,
        "initial": initial,
        "labels": labels,
        "lamps": [list(message) for message in lamps],
    }


_SETTINGS = (Kind.MENU, Kind.DIAL, Kind.TOGGLE)


def _initial(control: Control) -> int | float:
    """Return the control's initial value; an integer where it is one."""
    value = control.parameter.initial if control.parameter else 0.0
    return int(value) if value == int(value) else value


def escape_letters(script: str) -> str:
    r"""Return the script with every non-ASCII letter as JavaScript's `\u` and four digits.

    >>> escape_letters("say('…')")
    "say('\\u2026')"
    """
    return "".join(letter if letter.isascii() else _escaped(letter) for letter in script)


def _escaped(letter: str) -> str:
    units = letter.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _constant(name: str, value: Mapping[str, Any]) -> str:
    """Return a constant with a line for each member of its members."""
    lines = []
    for key, member in value.items():
        if isinstance(member, dict) and member:
            inner = ",\n".join(f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in member.items())
            lines.append(f"  {json.dumps(key)}: {{\n{inner}\n  }}")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(member)}")
    return f"\nvar {name} = {{\n" + ",\n".join(lines) + "\n};\n"
