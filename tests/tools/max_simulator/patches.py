"""Hand-made devices for the tests of the simulated Max."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from musearoo.tools.max_simulator.formats.container import Container, DeviceFile, pack
from musearoo.tools.max_simulator.outside.live_api import FakeLive
from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.max_simulator.runtime.host import MaxHost

PORTS: dict[tuple[int, int], str] = {
    (1, 0): "comment live.comment panel live.line udpsend midiout",
    (1, 1): "udpreceive prepend deferlow defer freebang midiin js",
    (1, 2): "live.text live.dial multislider buffer~ plugphasor~",
    (1, 3): "live.menu live.thisdevice",
    (1, 4): "textedit ubutton dspstate~",
    (2, 1): "message count~ snapshot~",
    (2, 2): "plugin~ plugout~",
}
"""Inlets and outlets of what has always the same."""

NOTE = """
inlets = 1;
outlets = 1;
var heard = [];
function note() { outlet(0, "heard", arrayfromargs(messagename, arguments)); }
function anything() { outlet(0, "heard", arrayfromargs(messagename, arguments)); }
"""


def box(
    name: str, what: str, *, at: tuple[float, float] = (0.0, 0.0), ports: tuple[int, int] | None = None, **keys: Any
) -> dict[str, Any]:
    """One box: an object (`prepend x`), or a UI object (`ui:comment`); its id and scripting name are `name`."""
    is_ui = what.startswith("ui:")
    class_name = what.removeprefix("ui:").split(" ")[0]
    if ports is None:
        words = [word for word in what.split(" ")[1:] if not word.startswith("@")]
        sizes = {
            "route": (1, len(words) + 1),
            "t": (1, len(words)),
            "record~": ((int(words[1]) if len(words) > 1 and words[1].isdigit() else 1) + 2, 1),
        }
        ports = sizes.get(class_name) or next(size for size, names in PORTS.items() if class_name in names.split())
    shape = {"maxclass": class_name} if is_ui else {"maxclass": "newobj", "text": what}
    sizes_of = {"numinlets": ports[0], "numoutlets": ports[1], "patching_rect": [*at, 80.0, 22.0]}
    return {"id": name, "varname": name, **sizes_of, **shape, **keys}


def parameter(long_name: str, kind: int, **values: Any) -> dict[str, Any]:
    """The keys of a box that make it a parameter: `initial`, `enum`, `mmin`, `mmax`, `invisible`."""
    stored: dict[str, Any] = {"parameter_longname": long_name, "parameter_shortname": long_name, "parameter_type": kind}
    for name, value in values.items():
        stored[f"parameter_{name}"] = value
    if "initial" in values:
        stored["parameter_initial_enable"] = 1
    return {"parameter_enable": 1, "saved_attribute_attributes": {"valueof": stored}}


def patcher(boxes: Sequence[dict[str, Any]], cords: Sequence[str]) -> dict[str, Any]:
    """A patcher; cords as `a:1 -> b:0`, numbers of outlets and inlets may be left out."""
    lines = []
    for cord in cords:
        ends = [end.strip().split(":") for end in cord.split("->")]
        (source, outlet), (target, inlet) = [(end[0], int(end[1]) if len(end) > 1 else 0) for end in ends]
        lines.append({"patchline": {"source": [source, outlet], "destination": [target, inlet]}})
    registry = {
        found["id"]: [found["saved_attribute_attributes"]["valueof"]["parameter_longname"], "", 0]
        for found in boxes
        if found.get("parameter_enable")
    }
    return {"boxes": [{"box": found} for found in boxes], "lines": lines, "parameters": registry}


def amxd(content: Mapping[str, Any], scripts: Mapping[str, str] | None = None, kind: str = "aaaa") -> bytes:
    """A frozen device with its scripts."""
    files = [DeviceFile("Test.amxd", "JSON", json.dumps({"patcher": content}).encode() + b"\n\0", flag=0x11)]
    files += [DeviceFile(name, "TEXT", source.encode()) for name, source in (scripts or {}).items()]
    return pack(Container(kind, tuple(files), True, 7))


def load(
    boxes: Sequence[dict[str, Any]],
    cords: Sequence[str] = (),
    *,
    host: MaxHost | None = None,
    scripts: Mapping[str, str] | None = None,
    **options: Any,
) -> Device:
    """A device that runs, in a virtual Max of its own unless another is given; initialised already."""
    host = host or MaxHost(FakeLive.with_tracks(2))
    device = host.load(amxd(patcher(boxes, cords), scripts), **options)
    host.run_for(0.02)
    return device
