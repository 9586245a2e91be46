"""All files built from the table, as bytes: the contents of `max_for_live`, which Live loads."""

import tomllib
from typing import Any

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.max_for_live.table import looks
from musearoo.max_for_live.table.ambience import AMBIENCE
from musearoo.max_for_live.table.banks import BANKS
from musearoo.max_for_live.table.changing import CHANGING
from musearoo.max_for_live.table.controls import CONTROLS
from musearoo.max_for_live.table.face import WIDTH
from musearoo.max_for_live.table.hearing import HEARING
from musearoo.max_for_live.table.imagining import IMAGINING
from musearoo.max_for_live.table.playing import PLAYING
from musearoo.max_for_live.table.playing_along import PLAYING_ALONG
from musearoo.max_for_live.table.plumbing import CORDS, THINGS
from musearoo.max_for_live.table.records import Twin
from musearoo.max_for_live.table.setting import SETTING
from musearoo.max_for_live.table.showing import SHOWING
from musearoo.max_for_live.table.talking import TALKING
from musearoo.tools import ROOT
from musearoo.tools.max_simulator.formats.container import DEVICE_FLAG, FROZEN_META, Container, DeviceFile, pack
from musearoo.tools.workshop.device_builder.manual import manual_page
from musearoo.tools.workshop.device_builder.max_json import dumps
from musearoo.tools.workshop.device_builder.objects import BuildError
from musearoo.tools.workshop.device_builder.patcher import MADE_AT, NAMES, device_document, patch_document
from musearoo.tools.workshop.device_builder.script import device_constants, join_script, read_wire
from musearoo.tools.workshop.device_builder.wiring import Table, wire

FOLDER = ROOT / "max_for_live"
SCRIPT_NAME = "MuseAroo.js"

TABLE = Table(CONTROLS, looks.LOOKS, THINGS, CORDS)

GROUPS = (
    ("Play", PLAYING),
    ("Style, key, length, place and feel", SETTING),
    ("Change and take back", CHANGING),
    ("Hear", HEARING),
    ("Imagine", IMAGINING),
    ("Play along", PLAYING_ALONG),
    ("Endless music", AMBIENCE),
    ("Talk and test", TALKING),
    ("What the device shows", SHOWING),
)
"""The manual's chapters."""


def build_files() -> dict[str, bytes]:
    """Return every built file by its path within the repository. Raises BuildError when the table is inconsistent."""
    _check_styles()
    script = build_script()
    files = {SCRIPT_NAME: script.encode("ascii"), "MANUAL.md": manual_page(GROUPS, BANKS).encode("utf-8")}
    for twin, name in NAMES.items():
        document = build_document(twin)
        files[f"{name}.maxpat"] = dumps(patch_document(document)).encode("utf-8")
        files[f"{name}.amxd"] = pack(freeze(twin, document, script))
    return {f"{FOLDER.name}/{name}": content for name, content in files.items()}


def build_document(twin: Twin) -> dict[str, Any]:
    """Return the document of one twin's device."""
    return device_document(wire(TABLE, twin), twin, width=WIDTH, banks=BANKS, controls=CONTROLS, script=SCRIPT_NAME)


def build_script() -> str:
    """Return the script of both twins."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return join_script(
        FOLDER / "script",
        read_wire((FOLDER / "wire_table.js").read_text(encoding="utf-8")),
        device_constants(CONTROLS, looks.LAMPS, project["version"]),
    )


def freeze(twin: Twin, document: dict[str, Any], script: str) -> Container:
    """Return the device with its script inside, as Max freezes it."""
    return Container(
        twin.value,
        (
            DeviceFile(f"{NAMES[twin]}.amxd", "JSON", dumps(document).encode("utf-8") + b"\0", DEVICE_FLAG, MADE_AT),
            DeviceFile(SCRIPT_NAME, "TEXT", script.encode("ascii"), made_at=MADE_AT),
        ),
        frozen=True,
        meta=FROZEN_META,
    )


def _check_styles() -> None:
    """Raise BuildError unless the menu and the included styles match."""
    menu = next(control.parameter for control in CONTROLS if control.name == "style")
    odd = set(read_styles()) ^ set(menu.choices[1:] if menu else ())
    if odd:
        raise BuildError(f"style: {', '.join(sorted(odd))} is in the menu or among the presets, but not in both")
