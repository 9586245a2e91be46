"""The control channel: JSON commands for user actions, one per line, run on the main thread between ticks.

`{"id": 1, "do": "get", "path": "song.tracks[0].clip_slots[1].clip.name"}` is answered by `{"id": 1, "value": …}` or
`{"id": 1, "error": "…"}`. An argument `{"path": "song.tracks[0]"}` stands for the object itself.
"""

from __future__ import annotations

import gc
import json
import os
import re
import sys
import threading
import traceback
from typing import Any, Callable, TextIO

from musearoo.tools.live_simulator.control_devices import DeviceCommands
from musearoo.tools.live_simulator.core.values import MidiNote, RoutingChannel, RoutingType, Vector, WarpMarker
from musearoo.tools.live_simulator.program.handle import Handle
from musearoo.tools.live_simulator.program.simulator import Simulator
from musearoo.tools.live_simulator.snapshot import take_snapshot

_PART = re.compile(r"\.?(?P<name>[A-Za-z_]\w*)|\[(?P<index>-?\d+)\]")


def resolve(simulator: Simulator, path: str) -> Any:
    """Return the object at a path such as `song.tracks[0].view` or `application.view`."""
    value, parts = _walk(simulator, path)
    for kind, part in parts:
        value = getattr(value, part) if kind == "name" else value[part]
    return value


def _walk(simulator: Simulator, path: str) -> tuple[Any, list[tuple[str, Any]]]:
    parts: list[tuple[str, Any]] = []
    position = 0
    while position < len(path):
        match = _PART.match(path, position)
        if match is None:
            raise ValueError(f"cannot read the path {path!r} from {path[position:]!r} on")
        name, index = match.group("name"), match.group("index")
        parts.append(("name", name) if name is not None else ("index", int(index)))
        position = match.end()
    roots = {"song": simulator.song, "application": simulator.application, "Live": simulator.Live}
    if not parts or parts[0][1] not in roots:
        raise ValueError(f"a path starts with song, application or Live, not {path!r}")
    return roots[parts[0][1]], parts[1:]


def plain(value: Any) -> Any:
    """Return a value as JSON-compatible data; an object becomes its class, pointer and name."""
    if isinstance(value, (Vector, list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Handle):
        if value == None:  # noqa: E711  a dead object equals None without being it
            return None
        name = getattr(type(value), "name", None)
        label = value.name if name is not None else None  # type: ignore[attr-defined]
        return {"class": type(value).__name__, "ptr": value._pointer, "name": label}
    if isinstance(value, MidiNote):
        return list(value._fields)
    if isinstance(value, WarpMarker):
        return [value.sample_time, value.beat_time]
    if isinstance(value, (RoutingType, RoutingChannel)):
        return value.display_name
    if isinstance(value, bool) or value is None or isinstance(value, (str, float)):
        return value
    return int(value) if isinstance(value, int) else str(value)


class ControlChannel:
    """Read commands from a stream in a separate thread and run them on the main thread."""

    def __init__(self, simulator: Simulator, out: TextIO) -> None:
        self.simulator = simulator
        self._device_commands = DeviceCommands(simulator, lambda path: resolve(simulator, path), plain)
        self._out = out
        self._goodbye: Any = None

    def start(self, commands: TextIO) -> None:
        """Start reading commands. Live quits when the stream ends."""
        threading.Thread(target=self._listen, args=(commands,), daemon=True).start()
        self._send({"ready": True, "pid": os.getpid(), "profile": self.simulator.shape.live_version})

    def _listen(self, commands: TextIO) -> None:
        for line in commands:
            if line.strip():
                self.simulator.loop.post(lambda line=line: self._answer(line))  # type: ignore[misc]
        self.simulator.loop.post(self.simulator.stop)

    def _answer(self, line: str) -> None:
        """Run one command and answer it. Any exception becomes the answer, so that later commands still run."""
        number: Any = None
        try:
            command = json.loads(line)
            number = command.get("id")
            action = self._actions().get(command.get("do"))
            if action is None:
                raise ValueError(
                    "no command {!r}: choose one of {}".format(command.get("do"), ", ".join(self._actions()))
                )
            value = action(command)
        except Exception as error:
            kind = type(error).__name__
            self._send({"id": number, "error": f"{kind}: {error}", "traceback": traceback.format_exc()})
            return
        if command["do"] == "quit":
            self._goodbye = number
        else:
            self._send({"id": number, "value": value})

    def acknowledge_quit(self) -> None:
        """Answer the command that made Live quit, after the shutdown is complete."""
        if self._goodbye is not None:
            self._send({"id": self._goodbye, "value": None})

    def _send(self, message: dict[str, Any]) -> None:
        self._out.write(json.dumps(message) + "\n")
        self._out.flush()

    # ----------------------------------------------------------------------------------- commands

    def _actions(self) -> dict[str, Callable[[dict[str, Any]], Any]]:
        simulator = self.simulator
        return {
            **self._device_commands.actions(),
            "get": lambda command: plain(resolve(simulator, command["path"])),
            "set": self._set,
            "call": self._call,
            "group": self._group,
            "snapshot": lambda _: take_snapshot(simulator.song_model),
            "undo": lambda _: simulator.song.undo(),
            "redo": lambda _: simulator.song.redo(),
            "freeze_track": self._freeze_track,
            "move_track": lambda command: simulator.song_model.move_track(command["index"], command["to"]),
            "stall": lambda command: simulator.stall(command["ms"] / 1000.0),
            "menu": lambda command: simulator.open_menu(command["ms"] / 1000.0),
            "kill_timers": lambda _: simulator.kill_timers(),
            "vanish_track": lambda command: simulator.song.delete_track(command["index"]),
            "log": lambda _: list(simulator.log_lines),
            "status_messages": lambda _: list(simulator.host.status_messages),
            "not_simulated": lambda _: list(simulator.context.not_simulated),
            "stats": lambda _: self.stats(),
            "save": self._save,
            "save_as": self._save_as,
            "quit": lambda _: simulator.stop(),
        }

    def _argument(self, value: Any) -> Any:
        if isinstance(value, dict) and set(value) == {"path"}:
            return resolve(self.simulator, value["path"])
        if isinstance(value, dict) and set(value) == {"notes"}:
            make = self.simulator.Live.Clip.MidiNoteSpecification
            return tuple(make(*note) for note in value["notes"])
        return value

    def _set(self, command: dict[str, Any]) -> None:
        owner, _, name = command["path"].rpartition(".")
        setattr(resolve(self.simulator, owner), name, self._argument(command["value"]))

    def _call(self, command: dict[str, Any]) -> Any:
        function = resolve(self.simulator, command["path"])
        return plain(function(*[self._argument(value) for value in command.get("args", [])]))

    def _group(self, command: dict[str, Any]) -> list[Any]:
        """Run several commands as one undo step."""
        with self.simulator.context.step():
            return [self._actions()[inner["do"]](inner) for inner in command["commands"]]

    def _freeze_track(self, command: dict[str, Any]) -> None:
        self.simulator.song_model.tracks[command["index"]].is_frozen = command.get("frozen", True)

    def _save(self, command: dict[str, Any]) -> None:
        with open(command["file"], "w", encoding="utf-8") as file:
            json.dump(take_snapshot(self.simulator.song_model), file, indent=1)

    def _save_as(self, command: dict[str, Any]) -> None:
        """Save the set under a new file name, which the set keeps from now on."""
        self.simulator.song_model.set_file_path(command["file"])
        self._save(command)

    def stats(self) -> dict[str, Any]:
        """Return the sizes and timings that a soak test monitors."""
        simulator = self.simulator
        loop = simulator.loop.stats
        gc.collect()
        return {
            "listeners": simulator.context.listener_count,
            "handles": simulator.context.handle_count,
            "undo_steps": simulator.context.journal.step_count,
            "python_objects": len(gc.get_objects()),
            "log_lines": len(simulator.log_lines),
            "events": loop.events,
            "display_ticks": loop.display_ticks,
            "largest_gap_ms": loop.largest_gap * 1000.0,
            "largest_lateness_ms": loop.largest_lateness * 1000.0,
            "open_files": _open_files(),
            "rss_bytes": _resident_bytes(),
            "modules": len(sys.modules),
        }


def _open_files() -> int | None:
    """Return the number of open file descriptors, or None where the system does not report it."""
    for folder in ("/proc/self/fd", "/dev/fd"):
        if os.path.isdir(folder):
            return len(os.listdir(folder))
    return None


def _resident_bytes() -> int | None:
    """Return the resident memory in bytes, or None where the system does not report it."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None
