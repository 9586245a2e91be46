"""The built devices as the tests break them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from musearoo.tools import ROOT
from musearoo.tools.max_simulator.formats.container import Container, unpack
from musearoo.tools.workshop.lint.device.linter import check_patcher
from musearoo.tools.workshop.lint.device.reading.findings import Finding

FOLDER = ROOT / "max_for_live"

BUILT = ("MuseAroo.amxd", "MuseAroo MIDI.amxd")

# The device's own script takes ten times as long to lint as all else; most breaks have nothing to do with it.
SMALL_SCRIPT = b"inlets = 1;\noutlets = 4;\n\nfunction anything() {\n  outlet(0, messagename);\n}\n"


@dataclass
class Device:
    """A device that can be broken: its patcher, what is frozen with it, and its container's kind."""

    patcher: dict[str, Any]
    files: dict[str, bytes]
    kind: str = "aaaa"

    @property
    def boxes(self) -> list[dict[str, Any]]:
        """The boxes of its patcher, front to back."""
        return [entry["box"] for entry in self.patcher["boxes"]]

    @property
    def cords(self) -> list[dict[str, Any]]:
        """The cords of its patcher."""
        return [entry["patchline"] for entry in self.patcher["lines"]]

    def box(self, name: str) -> dict[str, Any]:
        """The box with that scripting name, or whose text begins so."""
        return next(
            box for box in self.boxes if box.get("varname") == name or str(box.get("text", "")).startswith(name)
        )

    def face(self, name: str) -> dict[str, Any]:
        """The box with that scripting name."""
        return next(box for box in self.boxes if box.get("varname") == name)

    def valueof(self, name: str) -> dict[str, Any]:
        """The parameter of the box with that scripting name."""
        valueof: dict[str, Any] = self.face(name)["saved_attribute_attributes"]["valueof"]
        return valueof

    def cord(self, source: str, outlet: int = 0) -> dict[str, Any]:
        """The first cord out of that outlet."""
        return next(cord for cord in self.cords if cord["source"] == [self.box(source)["id"], outlet])

    def add(self, box: Mapping[str, Any], source: str = "", outlet: int = 0) -> dict[str, Any]:
        """Puts a box into the patcher, joined to an outlet of the box `source` if one is named."""
        whole = {"id": f"obj-new-{len(self.boxes)}", "patching_rect": [0.0, 0.0, 60.0, 20.0], **box}
        self.patcher["boxes"].append({"box": whole})
        if source:
            self.join(self.box(source)["id"], outlet, whole["id"])
        return whole

    def add_object(self, text: str, inlets: int, types: tuple[str, ...], source: str = "", outlet: int = 0) -> None:
        """Puts a typed object into the patcher, fed by `source`; its first outlet goes where nobody is hurt."""
        ports = {"numinlets": inlets, "numoutlets": len(types), **({"outlettype": list(types)} if types else {})}
        self.add({"maxclass": "newobj", "text": text, **ports}, source, outlet)

    def cut(self, cord: dict[str, Any]) -> None:
        """Takes a cord out of the patcher."""
        self.patcher["lines"] = [entry for entry in self.patcher["lines"] if entry["patchline"] is not cord]

    def lift(self, box: dict[str, Any], place: int) -> None:
        """Puts a box at another place from front to back."""
        others = [entry for entry in self.patcher["boxes"] if entry["box"] is not box]
        self.patcher["boxes"] = [*others[:place], {"box": box}, *others[place:]]

    def join(self, source: str, outlet: int, destination: str, inlet: int = 0) -> None:
        """Puts a cord into the patcher, by ids."""
        ends = {"source": [source, outlet], "destination": [destination, inlet]}
        self.patcher["lines"].append({"patchline": ends})

    def findings(self) -> list[Finding]:
        """What the lint finds."""
        return check_patcher({"patcher": self.patcher}, "broken", self.kind, self.files)


@cache
def _container(name: str) -> Container:
    return unpack((FOLDER / name).read_bytes())


def good_device(name: str = BUILT[0]) -> Device:
    """A built device with a small script in the place of its own; a fresh copy to be broken."""
    container = _container(name)
    return Device(
        container.patcher(),
        {file.name: SMALL_SCRIPT for file in container.files[1:]},
        container.kind,
    )
