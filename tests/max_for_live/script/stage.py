"""The script on a stage: as much of Max as it touches, the real constants, and a clock that is moved by hand."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dukpy

from musearoo.bridge.protocol import MESSAGE_BY_PATH, Hello, Welcome
from musearoo.bridge.protocol.device_proof import prove_welcome
from musearoo.bridge.protocol.types import Message, Route, arguments, build, for_session

SECRET = "5e" * 32
"""What proves the device and its daemon to each other."""

KEY = {"~:/Library/Application Support/MuseAroo/device_key.txt": f"24620 {SECRET}\n"}
"""The key as Max reads it on macOS."""

FAKE_MAX = Path(__file__).with_name("fake_max.js").read_text(encoding="utf-8")


@dataclass(slots=True)
class Sent:
    """One message out of the script: when, through which outlet, and its atoms."""

    at: int
    outlet: int
    atoms: list[Any]


@dataclass(slots=True)
class Place:
    """The set around the device: the path of its track, what lies between, and what is chosen."""

    track: str = "live_set tracks 2"
    racks: tuple[str, ...] = ()
    scene: int = 3
    detail: str = ""
    clips: dict[tuple[int, int], str] = field(default_factory=dict)
    is_frozen: bool = False
    playing: int = -1
    set_name: str = "My Song"
    version: tuple[int, int, int] = (12, 3, 6)
    time: float = 17.26
    bars: str = "005.07.02.001"

    def table(self) -> dict[str, Any]:
        """The set as the fake LiveAPI wants it."""
        paths: dict[str, Any] = {}

        def add(path: str, kind: str, **values: Any) -> None:
            paths[path] = {"type": kind, "values": values, "calls": {}, "counts": {}}

        song = {"name": self.set_name, "current_song_time": self.time, "signature_numerator": 7}
        add("live_set", "Song", **song, signature_denominator=8)
        paths["live_set"]["calls"] = {"get_current_beats_song_time": self.bars}
        add("live_app", "Application")
        names = ("major", "minor", "bugfix")
        calls = {f"get_{name}_version": n for name, n in zip(names, self.version, strict=True)}
        paths["live_app"]["calls"] = calls
        add(self.track, "Track", is_frozen=int(self.is_frozen), playing_slot_index=self.playing)
        device, aliases, ways = self.track, {}, []
        for step in (*self.racks, "devices 0"):
            ways.append(device)
            device = f"{device} {step}"
            if device not in paths:
                add(device, "Chain" if "chains" in step else "RackDevice")
        paths[device]["type"], paths[device]["counts"] = "MaxDevice", {"parameters": 30}
        aliases["this_device"] = device
        for count, way in enumerate(reversed(ways), 1):
            aliases["this_device" + " canonical_parent" * count] = way
        add(f"live_set scenes {self.scene}", "Scene")
        aliases["live_set view selected_scene"] = f"live_set scenes {self.scene}"
        for track in range(4):
            for slot in range(6):
                name = self.clips.get((track, slot))
                path = f"live_set tracks {track} clip_slots {slot}"
                add(path, "ClipSlot", has_clip=int(name is not None))
                if name is not None:
                    add(f"{path} clip", "Clip", name=name)
        if self.detail:
            if self.detail not in paths:
                add(self.detail, "Clip", name="shown")
            aliases["live_set view detail_clip"] = self.detail
        return {"paths": paths, "aliases": aliases, "isBroken": False}


class Stage:
    """One device's script in an interpreter of its own; `source` is the whole script with its constants."""

    def __init__(
        self,
        source: str,
        twin: str = "audio",
        place: Place | None = None,
        *,
        files: Mapping[str, str] = KEY,
        os: str = "macintosh",
        path: str = "",
    ) -> None:
        self._js = dukpy.JSInterpreter()
        self._do(FAKE_MAX)
        self.keep(files)
        self._do(f"max.os = {json.dumps(os)}; patcher.filepath = {json.dumps(path)}")
        self._do(f'jsarguments[1] = "{twin}"')
        self.put(place or Place())
        self._do(source)
        self.sent: list[Sent] = []
        self.shown: dict[str, list[Any]] = {}
        self.session = 0

    def put(self, place: Place) -> None:
        """The set is now so."""
        self._do("world = " + json.dumps(place.table()))

    def keep(self, files: Mapping[str, str]) -> None:
        """These files can be read from now on, by their paths."""
        self._do(f"files = {json.dumps(dict(files))}")

    def _do(self, code: str) -> None:
        # What the last statement gives need not be plain data.
        self._js.evaljs(f"{code}\n;0")

    def evaluate(self, code: str) -> Any:
        """The value of JavaScript in the script's own world."""
        return self._js.evaljs(code)

    def say(self, name: str, *args: Any) -> list[Sent]:
        """A message into the inlet; what came out because of it."""
        return self.run(f"receive({json.dumps(name)}, {json.dumps(args)})")

    def hear(self, message: Message) -> list[Sent]:
        """A message of the daemon arrives; the script sees it as Max hands it over.

        A welcome without a proof gets one, in answer to the last hello; what names no session is for the last welcomed.
        """
        if isinstance(message, Welcome) and not message.hello:
            hellos = [each for each in orders(self.sent) if isinstance(each, Hello)]
            message = prove_welcome(SECRET, message, hellos[-1]) if hellos else message
            self.session = message.session
        elif getattr(message, "session", None) == 0:
            message = for_session(message, self.session)
        return self.say(message.path, *(value for _, value in arguments(message)))

    def wait(self, seconds: float) -> list[Sent]:
        """Time passes; what came out meanwhile."""
        return self.run(f"pass({round(seconds * 1000)})")

    def echo(self, outlet: int, name: str, *answers: list[Any]) -> None:
        """What the patch answers at once to a message out of the script."""
        self._do(f"echoes[{json.dumps(f'{outlet} {name}')}] = {json.dumps(answers)}")

    def run(self, code: str) -> list[Sent]:
        """Runs JavaScript; what came out because of it."""
        found = self._js.evaljs(f"sent = []; {code}; sent")
        news = [Sent(at, outlet, atoms) for at, outlet, *atoms in found]
        for each in news:
            if each.outlet == 0:
                self.shown[each.atoms[0]] = each.atoms[1:]
        self.sent += news
        return news

    @property
    def complaints(self) -> list[str]:
        """What Max's console would show."""
        found: list[str] = self._js.evaljs("complaints")
        return found

    @property
    def status(self) -> str:
        """What the status line says."""
        return str(self.shown["status"][1])

    @property
    def bar(self) -> int:
        """How far the progress bar is, 0..1000."""
        return int(self.shown["progress"][0])


def orders(sent: list[Sent]) -> list[Message]:
    """What went to the daemon, read by the wire table. WireError for what is illegal, ValueError for an empty text."""
    known = MESSAGE_BY_PATH[Route.DEVICE_TO_DAEMON]
    if any("" in each.atoms for each in sent if each.outlet == 1):
        raise ValueError("an empty text may get lost in Max")
    packets = [each.atoms for each in sent if each.outlet == 1 and each.atoms[0] != "port"]
    return [build(known[path], atoms) for path, *atoms in packets]
