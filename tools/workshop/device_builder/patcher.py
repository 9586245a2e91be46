"""A whole patcher as Max saves it, from the boxes and cords of one device."""

from collections.abc import Mapping
from typing import Any

from musearoo.max_for_live.table.records import HEIGHT, Bank, Control, Rect, Twin
from musearoo.tools.workshop.device_builder.layout import lay_out
from musearoo.tools.workshop.device_builder.objects import BuildError
from musearoo.tools.workshop.device_builder.wiring import Patch

APP_VERSION: dict[str, Any] = {"major": 8, "minor": 6, "revision": 5, "architecture": "x64", "modernui": 1}
"""The Max version in Live 12.0 and the last Live 11: they warn about a file of a newer one."""

MADE_AT = 3_850_070_400
"""The fixed build date, in seconds since the start of 1904 (it is the start of 2026), so that builds are
reproducible.
"""

PLACES_IN_BANK = 8

DEVICE_KEYS = frozenset(
    {
        *("latency", "is_mpe", "external_mpe_tuning_enabled", "minimum_live_version", "minimum_max_version"),
        *("platform_compatibility", "project"),
    }
)
"""Keys of a device's patcher only: none of 359 public `.maxpat` files has any of them."""

_WINDOW = [64.0, 100.0, 1280.0, 720.0]

NAMES = {Twin.AUDIO: "MuseAroo", Twin.MIDI: "MuseAroo MIDI"}
"""The devices' names, in Live's browser and as files."""


def device_document(
    patch: Patch, twin: Twin, *, width: int, banks: tuple[Bank, ...], controls: tuple[Control, ...], script: str
) -> dict[str, Any]:
    """Return the document of an `.amxd`. `script` is the name of the script's file."""
    ids = {box.name: f"obj-{number}" for number, box in enumerate(patch.boxes, 1)}
    places = lay_out(patch)
    return {
        "patcher": {
            "fileversion": 1,
            "appversion": APP_VERSION,
            "classnamespace": "box",
            "rect": _WINDOW,
            "openrect": [0.0, 0.0, float(width), float(HEIGHT)],
            "bglocked": 0,
            "openinpresentation": 1,
            "default_fontsize": 10.0,
            "default_fontface": 0,
            "default_fontname": "Arial Bold",
            "gridonopen": 1,
            "gridsize": [8.0, 8.0],
            "gridsnaponopen": 1,
            "objectsnaponopen": 1,
            "statusbarvisible": 2,
            "toolbarvisible": 1,
            "lefttoolbarpinned": 0,
            "toptoolbarpinned": 0,
            "righttoolbarpinned": 0,
            "bottomtoolbarpinned": 0,
            "toolbars_unpinned_last_save": 0,
            "tallnewobj": 0,
            "boxanimatetime": 500,
            "enablehscroll": 1,
            "enablevscroll": 1,
            "devicewidth": float(width),
            "description": "",
            "digest": "",
            "tags": "",
            "style": "",
            "subpatcher_template": "",
            "assistshowspatchername": 0,
            "boxes": _boxes(patch, ids, places),
            "lines": _lines(patch, ids),
            "parameters": _parameters(patch, ids, banks, controls),
            "dependency_cache": [
                {"name": script, "bootpath": ".", "patcherrelativepath": ".", "type": "TEXT", "implicit": 1}
            ],
            "latency": 0,
            # The MIDI twin passes every byte; without this Live would give it no per-note channels.
            "is_mpe": int(twin is Twin.MIDI),
            "external_mpe_tuning_enabled": 0,
            "minimum_live_version": "",
            "minimum_max_version": "",
            "platform_compatibility": 0,
            "project": _project(twin, script),
            "autosave": 0,
        }
    }


def patch_document(device: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document of a `.maxpat` with the same boxes and cords as the device."""
    return {"patcher": {key: value for key, value in device["patcher"].items() if key not in DEVICE_KEYS}}


def _boxes(patch: Patch, ids: dict[str, str], places: dict[str, Rect]) -> list[dict[str, Any]]:
    """Return every box with its id and rectangles, its keys in alphabetical order, as Max writes them."""
    boxes = []
    for box in patch.boxes:
        values: dict[str, Any] = dict(box.attributes) | {
            "id": ids[box.name],
            "maxclass": box.maxclass,
            "numinlets": box.ports.inlets,
            "numoutlets": len(box.ports.outlets),
            "patching_rect": _rect(places[box.name]),
        }
        if box.ports.outlets:
            values["outlettype"] = list(box.ports.outlets)
        if box.text:
            values["text"] = box.text
        if box.rect is not None:
            values |= {"presentation": 1, "presentation_rect": _rect(box.rect)}
        boxes.append({"box": _sorted(values)})
    return boxes


def _lines(patch: Patch, ids: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"patchline": {"destination": [ids[cord.destination], cord.inlet], "source": [ids[cord.source], cord.outlet]}}
        for cord in patch.cords
    ]


def _parameters(
    patch: Patch, ids: dict[str, str], banks: tuple[Bank, ...], controls: tuple[Control, ...]
) -> dict[str, Any]:
    """Return the registry: long and short name by box, then the banks of Push's encoders.

    The number after the names is `parameter_order`; Max writes 0 where no order was given.
    """
    registry: dict[str, Any] = {
        ids[box.name]: [box.parameter.long_name, box.parameter.short_name, 0]
        for box in sorted(patch.boxes, key=lambda box: ids[box.name])
        if box.parameter is not None
    }
    registry["parameterbanks"] = {
        str(number): {"index": number, "name": bank.name, "parameters": _bank(bank, patch, controls)}
        for number, bank in enumerate(banks)
    }
    registry["inherited_shortname"] = 1
    return registry


def _bank(bank: Bank, patch: Patch, controls: tuple[Control, ...]) -> list[str]:
    """Return eight long names, "-" for none; a control of the other twin only leaves its position free."""
    if len(bank.controls) > PLACES_IN_BANK:
        raise BuildError(f"bank {bank.name}: {len(bank.controls)} controls, Push has {PLACES_IN_BANK} encoders")
    parameters = {box.name: box.parameter for box in patch.boxes}
    known = {control.name for control in controls}
    places = []
    for name in bank.controls:
        parameter = parameters.get(name)
        if name and parameter is None and (name in parameters or name not in known):
            raise BuildError(f"bank {bank.name}: no control named {name} has a parameter")
        places.append("-" if parameter is None else parameter.long_name)
    return places + ["-"] * (PLACES_IN_BANK - len(places))


def _project(twin: Twin, script: str) -> dict[str, Any]:
    """Return the block that makes a patcher a device, with the script among its files."""
    return {
        "version": 1,
        "creationdate": MADE_AT,
        "modificationdate": MADE_AT,
        "viewrect": [0.0, 0.0, 300.0, 500.0],
        "autoorganize": 1,
        "hideprojectwindow": 1,
        "showdependencies": 1,
        "autolocalize": 0,
        "contents": {"patchers": {}, "code": {script: {"kind": "javascript", "local": 1}}},
        "layout": {},
        "searchpath": {},
        "detailsvisible": 0,
        "amxdtype": int.from_bytes(twin.value.encode("ascii"), "big"),
        "readonly": 0,
        "devpathtype": 0,
        "devpath": ".",
        "sortmode": 0,
        "viewmode": 0,
        "includepackages": 0,
    }


def _rect(rect: Rect) -> list[float]:
    return [float(rect.left), float(rect.top), float(rect.width), float(rect.height)]


def _sorted(value: Any) -> Any:
    """Return the value with all object keys in alphabetical order."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return value
