"""ableton-mcp: its Remote Script, driven by every command that it dispatches.

Its repository never runs the script, so the commands, their order and what must come of them are ours.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
import time
import wave
from types import MappingProxyType
from typing import Any, Mapping, NamedTuple

from musearoo.tools.live_simulator.probes.conformance.report import Outcome
from musearoo.tools.live_simulator.process import LiveProcess

FOLDER_NAME = "AbletonMCP_Remote_Script"
PORT = 9877
REPLY_SECONDS = 20.0
SETTLE_SECONDS = 0.3
"""The time in which what a command asks of Live is done."""

ITEMS = ("instruments/Simpler", "sounds/Bass", "drums/909 Core Kit.adg", "audio_effects/Reverb", "midi_effects/Chord")
KICK = {"pitch": 36, "start_time": 0.0, "duration": 0.5, "velocity": 100, "mute": False}
SNARE = {"pitch": 38, "start_time": 1.0, "duration": 0.5, "velocity": 90, "mute": False}

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Step(NamedTuple):
    """One command: what it is sent with, what of its result must be so, and what must be in the set afterwards."""

    command: str
    params: Mapping[str, Any] = NOTHING
    result: Mapping[str, Any] = NOTHING
    effect: tuple[str, Any] | None = None
    variant: str = ""

    @property
    def name(self) -> str:
        """The command and its variant."""
        return f"{self.command} {self.variant}".strip()


def steps(audio_file: str) -> list[Step]:
    """Return the commands in order, for a fresh default set."""
    slot = "song.tracks[{}].clip_slots[{}]".format
    at = {"track_index": 0, "clip_index": 0}
    return [
        Step("get_script_info", {}, {"name": "AbletonMCP"}),
        Step("get_session_info", {}, {"tempo": 120.0, "track_count": 4, "return_track_count": 2}),
        *(Step("get_track_info", {"track_index": n}, {"is_midi_track": n < 2}, variant=str(n)) for n in range(4)),
        Step("set_tempo", {"tempo": 97.0}, {"tempo": 97.0}, ("song.tempo", 97.0)),
        Step("create_midi_track", {"index": -1}, {"index": 4}, ("len:song.tracks", 5), "at the end"),
        Step("create_midi_track", {"index": 0}, {"index": 0}, ("len:song.tracks", 6), "at the start"),
        Step("create_audio_track", {"index": -1}, {"index": 6}, ("len:song.tracks", 7), "at the end"),
        Step("create_audio_track", {"index": 1}, {"index": 1}, ("len:song.tracks", 8), "at an index"),
        Step("set_track_name", {"track_index": 0, "name": "Beat"}, {"name": "Beat"}, ("song.tracks[0].name", "Beat")),
        Step("create_clip", {**at, "length": 8.0}, {"length": 8.0}, (slot(0, 0) + ".has_clip", True)),
        Step("set_clip_name", {**at, "name": "Beat"}, {"name": "Beat"}, (slot(0, 0) + ".clip.name", "Beat")),
        Step("add_notes_to_clip", {**at, "notes": [KICK, SNARE]}, {"note_count": 2}),
        Step("get_clip_notes", at, {"len:notes": 2}),
        Step("add_notes_to_clip", {**at, "notes": [{**KICK, "start_time": 2.0}]}, {"note_count": 1}, variant="again"),
        Step("clear_notes_from_clip", at, {"clip_name": "Beat"}),
        Step("get_clip_notes", at, {"len:notes": 0}, variant="of an empty clip"),
        Step("add_notes_to_clip", {**at, "notes": [KICK]}, {"note_count": 1}, variant="after clearing"),
        Step("fire_clip", at, {"fired": True}, (slot(0, 0) + ".clip.is_playing", True)),
        Step("stop_clip", at, {"stopped": True}),
        Step("start_playback", {}, {}, ("song.is_playing", True)),
        Step("stop_playback", {}, {}, ("song.is_playing", False)),
        Step("create_audio_clip", {"track_index": 1, "clip_index": 0, "path": audio_file}, {"is_audio_clip": True}),
        Step("switch_to_arrangement_view", {}, {"view": "Arranger"}),
        Step("set_current_song_time", {"time": 8.0}, {}, ("song.current_song_time", 8.0)),
        Step("duplicate_session_clip_to_arrangement", {**at, "destination_time": 16.0}, {"success": True}),
        Step("get_arrangement_clips", {"track_index": 0}, {"clip_count": 1}),
        Step(
            "set_arrangement_clip_name", {**at, "name": "Verse"}, {"name": "Verse"},
            ("song.tracks[0].arrangement_clips[0].name", "Verse"),
        ),
        Step("create_locator", {"name": "Here", "time": 8.0}, {"success": True}, variant="where the song stands"),
        Step("create_locator", {"name": "Chorus", "time": 32.0}, {"success": True}),
        *(
            Step("get_browser_categories", {"category_type": each}, {}, variant=each)
            for each in ("all", "instruments", "sounds", "drums", "audio_effects", "midi_effects")
        ),
        *(
            Step("get_browser_tree", {"category_type": each}, {}, variant=each)
            for each in ("all", "instruments", "sounds", "drums", "audio_effects", "midi_effects")
        ),
        *(
            Step("get_browser_items_at_path", {"path": each}, {}, variant=each)
            for each in ("instruments", "sounds", "drums", "audio_effects", "midi_effects", "sounds/Bass", "packs")
        ),
        Step("get_browser_items", {"path": "drums", "item_type": "all"}),
        Step("get_browser_item", {"uri": "query:Drums#909%20Core%20Kit.adg"}, {"found": True}, variant="by address"),
        *(
            Step("get_browser_item", {"path": each}, {"found": True}, variant=each)
            for each in ITEMS
        ),
        Step(
            "load_browser_item", {"track_index": 0, "item_uri": "query:Drums#909%20Core%20Kit.adg"}, {"loaded": True},
            ("song.tracks[0].devices[0].name", "909 Core Kit"),
        ),
        Step(
            "load_instrument_or_effect", {"track_index": 2, "uri": "query:Synths#Operator"}, {"loaded": True},
            ("song.tracks[2].devices[0].class_name", "Operator"), "an instrument",
        ),
        Step(
            "load_instrument_or_effect", {"track_index": 2, "uri": "query:AudioFx#Audio%20Effect%20Rack"},
            {"loaded": True}, ("song.tracks[2].devices[1].class_name", "AudioEffectGroupDevice"), "a rack",
        ),
        Step("get_device_parameters", {"track_index": 2, "device_index": 0}),
        Step(
            "set_device_parameter", {"track_index": 2, "device_index": 0, "parameter_index": 1, "value": 0.5}, {},
            ("song.tracks[2].devices[0].parameters[1].value", 0.5),
        ),
        Step("inspect_rack", {"track_index": 2, "device_index": 1}, variant="of effects"),
        Step("inspect_rack", {"track_index": 0, "device_index": 0}, variant="of drums"),
        Step("map_rack_magnitude", {"track_index": 2, "device_index": 1, "macro_name": "Magnitude"}),
        Step("get_session_snapshot", {"include_notes": True, "include_params": True}, variant="with all"),
        Step("get_session_snapshot", {"include_notes": False, "include_params": False}, variant="short"),
        Step("drain_passive_events", {}, {}),
        Step("delete_clip", at, {"deleted": True}, (slot(0, 0) + ".has_clip", False)),
        Step("delete_clip", at, {"deleted": False}, variant="of an empty slot"),
    ]  # fmt: skip


def find_fault(checkout: str) -> str:
    """Return what is missing in a checkout, "" for nothing."""
    if os.path.isfile(os.path.join(checkout, FOLDER_NAME, "__init__.py")):
        return ""
    return f"{checkout} is no checkout of ableton-mcp: it has no {FOLDER_NAME}/__init__.py"


def run(checkout: str, profile: str, mutation: str | None, python: str | None) -> tuple[list[Outcome], list[str]]:
    """Return the outcome of each command, and what the script touched that is not simulated."""
    with tempfile.TemporaryDirectory(prefix="conformance ") as folder:
        copy = os.path.join(folder, FOLDER_NAME)
        shutil.copytree(os.path.join(checkout, FOLDER_NAME), copy)
        library = os.path.join(folder, "User Library")
        os.mkdir(library)
        audio_file = os.path.join(folder, "loop.wav")
        _write_silence(audio_file)
        with LiveProcess(profile, scripts=(copy,), user_library=library, mutation=mutation, python=python) as live:
            connection = _connect()
            try:
                outcomes = [_perform(step, connection, live) for step in steps(audio_file)]
            finally:
                connection.close()
            return outcomes, live.not_simulated()


def _perform(step: Step, connection: socket.socket, live: LiveProcess) -> Outcome:
    try:
        answer = ask(connection, step.command, step.params)
    except (OSError, ValueError) as error:
        return Outcome(step.name, False, f"no answer: {error}")
    if answer.get("status") != "success":
        return Outcome(step.name, False, str(answer.get("message", answer)))
    result = answer.get("result", {})
    for key, wanted in step.result.items():
        found = len(result[key[4:]]) if key.startswith("len:") else result.get(key)
        if found != wanted:
            return Outcome(step.name, False, f"{key} is {found!r}, not {wanted!r}")
    if isinstance(result, dict) and result.get("error"):
        return Outcome(step.name, False, str(result["error"]))
    if step.effect is not None:
        return _check_effect(step, live)
    return Outcome(step.name, True, "")


def _check_effect(step: Step, live: LiveProcess) -> Outcome:
    path, wanted = step.effect or ("", None)
    deadline = time.monotonic() + SETTLE_SECONDS * 10
    while time.monotonic() < deadline:
        try:
            found = len(live.get(path[4:])) if path.startswith("len:") else live.get(path)
        except Exception as error:
            found = error
        if found == wanted:
            return Outcome(step.name, True, "")
        time.sleep(0.05)
    return Outcome(step.name, False, f"{path} is {found!r}, not {wanted!r}")


def ask(connection: socket.socket, command: str, params: Mapping[str, Any]) -> Any:
    """Send a command and return its answer: JSON without any frame, so it is read until it is whole."""
    connection.sendall(json.dumps({"type": command, "params": dict(params)}).encode())
    data = b""
    while True:
        chunk = connection.recv(65536)
        if not chunk:
            raise ValueError("the script closed the connection")
        data += chunk
        try:
            return json.loads(data)
        except ValueError:
            continue


def _connect() -> socket.socket:
    deadline = time.monotonic() + REPLY_SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", PORT), timeout=REPLY_SECONDS)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _write_silence(path: str) -> None:
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44100)
        file.writeframes(b"\0\0" * 88200)
