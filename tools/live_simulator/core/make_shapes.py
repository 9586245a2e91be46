"""Generate the committed shape tables from API dumps of real Lives: `make_shapes.py DIR_OF_DUMPS [--check]`.

A dump is one JSON file per Live version, `VERSION.json`. Only the modules that the simulator implements are kept in
full. Of the others only the name is kept, so that using one raises a clear error and does not look like a module that
Live never had.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from musearoo.tools.live_simulator.core.shapes import PROFILES, TABLES

MODULES = (
    "Application",
    "Base",
    "Browser",
    "Chain",
    "ChainMixerDevice",
    "Clip",
    "ClipSlot",
    "Device",
    "DeviceParameter",
    "DrumChain",
    "DrumPad",
    "Envelope",
    "Groove",
    "GroovePool",
    "Listener",
    "LomObject",
    "MaxDevice",
    "MidiMap",
    "MixerDevice",
    "PluginDevice",
    "RackDevice",
    "Scene",
    "SimplerDevice",
    "Song",
    "TakeLane",
    "Track",
    "TuningSystem",
)


def make_table(dump: Any) -> Any:
    """Return the compact table of one dump."""
    modules = dump["modules"]
    return {
        "generated_by": "tools/live_simulator/core/make_shapes.py",
        "live_version": dump["live_version"],
        "embedded_python": dump["embedded_python"],
        "other_modules": sorted(name for name in modules if name not in MODULES),
        "modules": {name: _members(modules[name]) for name in MODULES if name in modules},
    }


def _members(dumped: Any) -> Any:
    """Return the classes, enums and functions among `dumped`'s members."""
    table: dict[str, Any] = {"classes": {}, "enums": {}, "functions": {}}
    for name, member in dumped.items():
        if "enum" in member:
            table["enums"][name] = dict(sorted(member["enum"].items(), key=lambda pair: pair[1]))
        elif "signature" in member:
            table["functions"][name] = [member["signature"], member["cpp"]]
        else:
            table["classes"][name] = _class_table(member)
    return {kind: members for kind, members in table.items() if members}


def _class_table(dumped: Any) -> Any:
    table: dict[str, Any] = {
        "bases": [base[len("<class '") : -len("'>")] for base in dumped.get("bases", ())],
        "listeners": dumped.get("listeners_without_property", []),
        "properties": {
            name: [shape["type"], "s" * shape.get("settable", False) + "o" * shape.get("observable", False)]
            for name, shape in dumped.get("properties", {}).items()
        },
        # A method without its own signature is inherited from the base class.
        "methods": {
            name: [shape["signature"], shape["cpp"]] for name, shape in dumped.get("methods", {}).items() if shape
        },
    }
    table.update(_members(dumped.get("nested", {})))
    return {kind: members for kind, members in table.items() if members}


def render(table: Any) -> str:
    """Return the table as JSON with one member per line, so that a diff shows what changed between Live versions."""
    return _render(table, 0) + "\n"


def _render(value: Any, depth: int) -> str:
    if not isinstance(value, dict) or not value or all(isinstance(v, int) for v in value.values()):
        return json.dumps(value, ensure_ascii=True)
    indent = " " * (depth + 1)
    lines = [f"{indent}{json.dumps(key)}: {_render(value[key], depth + 1)}" for key in value]
    return "{\n" + ",\n".join(lines) + "\n" + " " * depth + "}"


def main(arguments: list[str] | None = None) -> int:
    """Return the exit status: 1 with --check when a committed table differs from its dump."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dumps", metavar="DIR_OF_DUMPS", help="folder with VERSION.json files")
    parser.add_argument("--check", action="store_true", help="only compare, write nothing")
    options = parser.parse_args(arguments)
    stale = []
    for profile in PROFILES:
        with open(os.path.join(options.dumps, profile + ".json"), encoding="utf-8") as file:
            text = render(make_table(json.load(file)))
        path = os.path.join(TABLES, profile + ".json")
        if options.check:
            with open(path, encoding="utf-8") as file:
                if file.read() != text:
                    stale.append(path)
        else:
            with open(path, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
    for path in stale:
        print(f"{path} differs from its dump: run make_shapes.py {options.dumps}", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
