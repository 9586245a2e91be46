"""Replay a scripted session: the device's buttons, the sentences, and what the user does in the simulated Live."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from musearoo.bridge.links.api_client import DaemonClient
from musearoo.bridge.protocol import Dials, Done
from musearoo.bridge.settings.config_files import ConfigFolder
from musearoo.tools.bench.predict.scripts import CHANGES, PLAYERS, Script, Step
from musearoo.tools.live_simulator.process import LiveError
from musearoo.tools.studio.device_presses import Press
from musearoo.tools.studio.device_stand_in import DeviceStandIn
from musearoo.tools.studio.processes import Studio

LEAST_PAUSE: Final = 0.6
"""Seconds between two steps at the least, however fast a session is replayed: nobody presses faster."""
AT_REST: Final = 0.25
"""Seconds until the device tells of a dial that came to rest: 0.15, and up to 0.1 until its next look at the clock."""
SCENES: Final = 8
_SAMPLE: Final = re.compile(
    r'^musearoo_daemon_prediction(s|_work_seconds|_age_seconds)_total(?:\{result="(\w+)"\})? (.+)$'
)


class Counted(NamedTuple):
    """What the daemon has counted of its predictions so far."""

    hits: float
    misses: float
    wasted: float
    work: float
    age: float


class Asked(NamedTuple):
    """A request of a session: what kind it was, whether its take was ready, and milliseconds until it was in Live.

    `kind` is again, busier, simpler, next player, same player, band or words; `was_ready` is None where no engine
    played.
    """

    kind: str
    was_ready: bool | None
    total_ms: float


@dataclass(slots=True)
class Replay:
    """A session in a studio: how the device is set, and where its last clip lies."""

    studio: Studio
    speed: float
    settings: dict[str, str] = field(default_factory=dict)
    is_turned: bool = False
    """Whether a dial has been turned that the daemon was not told of."""
    scene: int = 0
    last: tuple[int, int, str] | None = None
    player: str = ""

    def run(self, script: Script) -> Iterator[Asked]:
        """Yield the requests of a session as they are answered."""
        live = self.studio.live
        for _ in range(SCENES - len(live.get("song.scenes"))):
            live.call("song.create_scene", -1)
        self._select(0)
        counted = read_counts(self.studio)
        for step in script.steps:
            pause = max(step.pause / self.speed, LEAST_PAUSE)
            if self.is_turned:
                self.studio.device.idle(AT_REST)
                self._tell_dials()
                pause -= AT_REST
            self.studio.device.idle(pause)
            press, kind = self._do(step)
            if press is None:
                continue
            answer = self.studio.device.wait_for(press, within=30.0)
            if isinstance(answer, Done) and answer.notes > 0 and answer.track >= 0:
                self.last = (answer.track, answer.scene, self._name_of(answer.track, answer.scene))
            before, counted = counted, read_counts(self.studio)
            was_ready = {(1, 0): True, (0, 1): False}.get(
                (int(counted.hits - before.hits), int(counted.misses - before.misses))
            )
            yield Asked(kind, was_ready, 1000.0 * ((press.answered_at or time.perf_counter()) - press.pressed_at))

    def _do(self, step: Step) -> tuple[Press | None, str]:
        """Do a step; returns its press, if it is one, and the kind of its request."""
        device = self.studio.device
        if step.verb in PLAYERS:
            kind = "band" if step.verb == "band" else "same player" if step.verb == self.player else "next player"
            self.player = step.verb
            return self._play(device, PLAYERS[step.verb]), kind
        if step.verb in CHANGES:
            track, scene = self.last[:2] if self.last is not None and self._is_there(self.last) else (-1, -1)
            is_replacing = self.settings.get("where") == "replace"
            return device.refine(step.verb, track=track, scene=scene, replace=is_replacing), step.verb
        match step.verb:
            case "undo":
                return device.undo(), "undo"
            case "say":
                return device.say(step.what), "words"
            case "set":
                name, _, value = step.what.partition(" ")
                self.settings[name] = value
                self.is_turned = True
            case "scene":
                self._select(int(step.what) - 1)
            case "tempo":
                self.studio.live.set("song.tempo", float(step.what))
            case "delete" | "edit":
                self._change_by_hand(step.verb)
            case _:
                raise ValueError(f"{step.verb} is no step of a session")
        return None, ""

    def _play(self, device: DeviceStandIn, engine: str) -> Press:
        self.is_turned = False
        return device.press(engine, scene=self.scene, **self._dials())

    def _dials(self) -> dict[str, Any]:
        """Return how the device is set, as arguments of a press."""
        is_replacing = self.settings.get("where") == "replace"
        amounts = {name: float(self.settings.get(name, "0.5")) for name in ("complexity", "density", "humanise")}
        style, bars = self.settings.get("style", ""), int(self.settings.get("bars", "8"))
        return {"style": style, "bars": bars, "track": 0 if is_replacing else -1, "replace": is_replacing, **amounts}

    def _tell_dials(self) -> None:
        """Tell the daemon of the dials, as the device does once they have come to rest."""
        self.is_turned = False
        device = self.studio.device
        dials = {"swing": 0.0, "key": "", "hear": 0, "to_played": "", **self._dials()}
        dials["replace"] = int(dials["replace"])
        device.send(Dials(session=device.session, press=len(device.presses) + 1, **dials))

    def _select(self, scene: int) -> None:
        self.scene = scene
        self.studio.live.set("song.view.selected_scene", {"path": f"song.scenes[{scene}]"})

    def _name_of(self, track: int, scene: int) -> str:
        """Return the name of the clip in a slot, "" for none: the slot may have gone with an undo."""
        slot = f"song.tracks[{track}].clip_slots[{scene}]"
        with suppress(LiveError):
            return str(self.studio.live.get(f"{slot}.clip.name")) if self.studio.live.get(f"{slot}.has_clip") else ""
        return ""

    def _is_there(self, clip: tuple[int, int, str]) -> bool:
        return self._name_of(*clip[:2]) == clip[2]

    def _change_by_hand(self, verb: str) -> None:
        """Delete the last clip, or take its first notes out."""
        if self.last is None or not self._is_there(self.last):
            return
        slot = f"song.tracks[{self.last[0]}].clip_slots[{self.last[1]}]"
        if verb == "delete":
            self.studio.live.call(f"{slot}.delete_clip")
        else:
            self.studio.live.call(f"{slot}.clip.remove_notes_extended", 0, 128, 0.0, 0.3)


def read_counts(studio: Studio) -> Counted:
    """Return what a studio's daemon has counted."""

    async def ask() -> str:
        client = DaemonClient("bench predict", watches=False)
        try:
            await client.connect(ConfigFolder(studio.home))
            return await client.metrics()
        finally:
            await client.close()

    found = {f"{name}{label or ''}": float(value) for name, label, value in _samples(asyncio.run(ask()))}
    return Counted(found["shit"], found["smiss"], found["swasted"], found["_work_seconds"], found["_age_seconds"])


def _samples(text: str) -> Iterator[tuple[str, str, str]]:
    for line in text.splitlines():
        if match := _SAMPLE.match(line):
            yield match[1], match[2], match[3]
