"""What becomes of a device when the world around it goes on: it says what is, what to do, and nothing hangs.

Daemons come and go, ports are taken, tracks move, devices are copied, Live stands still. The real daemon, the real
script in the built device; only Max and Live are simulated.
"""

import json
import os
import random
import signal
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from musearoo.bridge.protocol import WIRE_VERSION, AutoSplit, Bye, Done, Generate, Hello
from musearoo.bridge.protocol.codec import decode
from musearoo.bridge.protocol.types import Message, Route
from musearoo.bridge.settings.live_folders import device_files
from musearoo.max_for_live.table.records import Twin
from musearoo.tools.bench.device.runner import BUTTONS, measure_clicks, measure_presses
from musearoo.tools.live_simulator.process import LiveProcess
from musearoo.tools.max_simulator.formats.container import pack, unpack
from musearoo.tools.max_simulator.outside.clock import RealClock
from musearoo.tools.max_simulator.outside.files import installed_files
from musearoo.tools.max_simulator.outside.simulated_live import SimulatedLive
from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.max_simulator.runtime.host import MaxHost
from musearoo.tools.studio.processes import DaemonProcess
from musearoo.tools.studio.with_max import DEVICES, Lamp, MaxStudio, StudioNetwork, lamp_of
from tests.path.device_faces import clips_in, settled_snapshot
from tests.path.device_noise import Packets, inlet_message

MIDI_TRACK, OTHER_MIDI_TRACK, AUDIO_TRACK = 0, 1, 2
"""Of the set with which Live begins."""


GONE_BETWEEN = "no valid object set"
"""What Max says where an undo takes away what the script has just found. The simulated Live is another process and goes
on between two questions of the script; in a real one both are in one thread."""

HEARD_AFTER = 0.15
"""Seconds in which the daemon hears of what a hand did in Live; the hand is not on the device sooner."""


@pytest.fixture(scope="module")
def studio() -> Iterator[MaxStudio]:
    """A studio without devices; each test puts its own."""
    with MaxStudio(settings="listen: false\n") as made:
        yield made


@pytest.fixture(autouse=True)
def as_before(studio: MaxStudio) -> Iterator[None]:
    """Set, ports and daemon as they were, whatever a test does to them."""
    steps = studio.live.stats()["undo_steps"]
    studio.network.packets.clear()
    yield
    studio.find_daemon()
    studio.live.set("song.view.selected_scene", {"path": "song.scenes[0]"})
    while studio.live.stats()["undo_steps"] > steps:
        studio.live.undo()
    studio.settle()
    # Until the daemon has heard of it: no hand presses in the same hundredth of a second in which it undoes.
    studio.max.run_for(0.1)


def put(studio: MaxStudio, twin: Twin = Twin.MIDI, into: str = f"song.tracks[{MIDI_TRACK}]") -> Device:
    """A device that has found daemon and Live."""
    device = studio.put(twin, into)
    studio.wait_until_ready(device)
    return device


def sent(studio: MaxStudio, kind: type[Message]) -> list[Message]:
    """What the devices have sent of one kind, the last one last."""
    packets = [packet.content for packet in studio.network.packets if packet.is_sent]
    messages = [message for content in packets for message in decode(content, Route.DEVICE_TO_DAEMON)]
    return [message for message in messages if isinstance(message, kind)]


def answers(studio: MaxStudio) -> list[Done]:
    """What the devices were answered, the last one last; the daemon repeats an answer that is not acknowledged."""
    packets = [packet.content for packet in studio.network.packets if not packet.is_sent]
    messages = [message for content in packets for message in decode(content, Route.DAEMON_TO_DEVICE)]
    return [message for message in messages if isinstance(message, Done)]


def marks(studio: MaxStudio) -> list[tuple[int, int]]:
    """Which tracks the daemon was told to split by itself, and whether it shall."""
    return [(mark.track, mark.on) for mark in sent(studio, AutoSplit) if isinstance(mark, AutoSplit)]


def slots_of(studio: MaxStudio, track: int) -> list[int]:
    """Which slots of a track hold a clip."""
    slots = studio.live.snapshot()["tracks"][track]["slots"]
    return [row for row, slot in enumerate(slots) if slot is not None]


def press_and_wait(studio: MaxStudio, device: Device, button: str = "drums") -> str:
    """Presses a button and runs Max until it is answered; returns the status line."""
    device.press(button)
    studio.wait_until(lambda: lamp_of(device) is Lamp.BUSY, f"begin of {button}")
    studio.wait_until_ready(device)
    return studio.face(device).status


def test_instances_are_independent_of_one_another(studio: MaxStudio) -> None:
    one, other = put(studio), put(studio, Twin.AUDIO, f"song.tracks[{AUDIO_TRACK}]")
    assert one.reply_port != other.reply_port
    hellos = {hello.instance: hello.reply_port for hello in sent(studio, Hello) if isinstance(hello, Hello)}
    assert {one.reply_port, other.reply_port} <= set(hellos.values())
    assert studio.face(other).status == "Ready."
    assert press_and_wait(studio, one).startswith("Drums: ")
    assert studio.face(other).status == "Ready."
    one.press("melody")
    other.press("bass")
    studio.wait_for_status(one, "Melody: ")
    studio.wait_for_status(other, "Bass: ")
    assert len(clips_in(studio.live.snapshot())) == 3


def test_a_reply_port_that_somebody_has_is_given_up_for_another(studio: MaxStudio) -> None:
    studio.network.refuse_ports(2)
    device = studio.put(Twin.MIDI)
    studio.wait_until(lambda: lamp_of(device) is Lamp.READY, "green lamp", within=5.0)
    assert device.reply_port is not None
    assert press_and_wait(studio, device).startswith("Drums: ")


def test_without_a_daemon_it_says_what_to_do_and_makes_the_clip_when_one_has_come(studio: MaxStudio) -> None:
    studio.network.ports = {}
    device = studio.put(Twin.MIDI)
    studio.wait_for_status(device, "No MuseAroo daemon: start it with “musearoo run”", within=4.0)
    assert lamp_of(device) is Lamp.NO_DAEMON
    assert studio.face(device).daemon == "no daemon"
    device.press("drums")
    studio.wait_for_status(device, "Drums: offline", within=1.0)
    studio.find_daemon()
    studio.wait_until_ready(device)
    assert studio.face(device).status.startswith("Drums: ")
    assert len(clips_in(studio.live.snapshot())) == 1


def test_a_daemon_killed_and_restarted_in_the_middle_of_a_press_makes_one_clip(studio: MaxStudio) -> None:
    device, other = put(studio), put(studio, Twin.AUDIO, f"song.tracks[{AUDIO_TRACK}]")
    other.press("auto_split")
    studio.wait_until(lambda: marks(studio) == [(AUDIO_TRACK, 1)], "mark")
    studio.network.packets.clear()
    studio.live.start_stall(400)
    device.press("drums")
    studio.max.run_for(0.05)
    studio.restart_daemon(away_for=0.3)
    studio.wait_until_ready(device, other)
    assert studio.face(device).status.startswith("Drums: ")
    assert len(clips_in(studio.live.snapshot())) == 1
    studio.wait_until(lambda: marks(studio) == [(AUDIO_TRACK, 1)], "word to the new daemon which track is marked")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot stop a process")
def test_no_answer_within_half_a_second_shows_offline_and_the_press_is_made_once(studio: MaxStudio) -> None:
    device = put(studio)
    os.kill(studio.daemon.pid, signal.SIGSTOP)
    try:
        device.press("drums")
        studio.wait_for_status(device, "Drums …", within=1.0)
        pressed_at = studio.max.now
        studio.wait_for_status(device, "Drums: offline, the MuseAroo daemon does not answer", within=2.0)
        assert 0.4 < studio.max.now - pressed_at < 1.5
    finally:
        os.kill(studio.daemon.pid, signal.SIGCONT)
    studio.wait_until_ready(device)
    studio.wait_for_status(device, "Drums: ")
    assert len(clips_in(studio.live.snapshot())) == 1


def test_a_daemon_of_another_version_is_told_in_one_sentence(studio: MaxStudio) -> None:
    container = unpack(DEVICES[Twin.MIDI].read_bytes())
    old = f'"wireVersion": {WIRE_VERSION}'.encode()
    assert container.file("MuseAroo.js").content.count(old) == 1
    files = tuple(replace(file, content=file.content.replace(old, b'"wireVersion": 1')) for file in container.files)
    stranger = replace(container, files=files)
    key = studio.live.insert_max_device(f"song.tracks[{MIDI_TRACK}]", "MuseAroo MIDI", "midi")
    path = device_files(studio.studio.library)[0].with_name("Older.amxd")
    path.write_bytes(pack(stranger))
    device = studio.devices[key] = studio.max.load(path, key=key)
    studio.wait_until(lambda: "install" in studio.face(device).status, "sentence about the version", within=5.0)
    assert lamp_of(device) is Lamp.NO_DAEMON
    studio.network.packets.clear()
    studio.max.run_for(0.7)
    assert "install" in studio.face(device).status, "it stays until it is mended"
    assert len(sent(studio, Hello)) <= 1, "it asks less often now"


def test_a_deleted_device_says_good_bye_and_the_others_go_on(studio: MaxStudio) -> None:
    device, other = put(studio), put(studio, into=f"song.tracks[{OTHER_MIDI_TRACK}]")
    port = device.reply_port
    studio.network.packets.clear()
    studio.live.delete_device(f"song.tracks[{MIDI_TRACK}].devices[0]")
    studio.settle()
    assert [type(message) for message in sent(studio, Bye)] == [Bye]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", port or 0))
    assert press_and_wait(studio, other).startswith("Drums: ")


def test_a_track_that_was_moved_gets_the_clip_where_it_is_now(studio: MaxStudio) -> None:
    device = put(studio)
    device.set("where", "This track")
    studio.live.move_track(MIDI_TRACK, 3)
    studio.max.run_for(HEARD_AFTER)
    assert press_and_wait(studio, device).startswith("Drums: ")
    assert slots_of(studio, 3) == [0]
    studio.live.set("song.view.selected_scene", {"path": "song.scenes[5]"})
    studio.max.run_for(HEARD_AFTER)
    assert press_and_wait(studio, device, "bass").startswith("Bass: ")
    assert slots_of(studio, 3) == [0, 5]


def test_a_device_within_racks_knows_its_track(studio: MaxStudio) -> None:
    track = f"song.tracks[{OTHER_MIDI_TRACK}]"
    studio.live.insert_device(track, "MIDI Effect Rack")
    studio.live.insert_device(f"{track}.devices[0].chains[0]", "MIDI Effect Rack")
    device = put(studio, into=f"{track}.devices[0].chains[0].devices[0].chains[0]")
    device.set("where", "Replace")
    for _ in range(2):
        assert press_and_wait(studio, device).startswith("Drums: ")
    assert slots_of(studio, OTHER_MIDI_TRACK) == [0]


def test_on_a_return_track_it_says_where_a_clip_can_go(studio: MaxStudio) -> None:
    device = put(studio, Twin.AUDIO, "song.return_tracks[0]")
    device.set("where", "This track")
    device.press("drums")
    studio.wait_for_status(device, "has no clips: choose “Own track”", within=1.0)
    device.set("where", "Own track")
    assert press_and_wait(studio, device).startswith("Drums: ")


def test_a_pasted_device_has_the_settings_and_a_session_of_its_own(studio: MaxStudio) -> None:
    device = put(studio)
    device.set("style", "funk")
    device.set("bars", "4 bars")
    studio.max.run_for(0.1)
    studio.live.duplicate_device(f"song.tracks[{MIDI_TRACK}].devices[0]")
    (copy,) = studio.settle()
    studio.wait_until_ready(device, copy)
    assert copy.reply_port != device.reply_port
    assert copy.shown("style") == "funk"
    studio.network.packets.clear()
    assert press_and_wait(studio, copy).startswith("Drums: ")
    (order,) = sent(studio, Generate)
    assert isinstance(order, Generate)
    assert (order.style, order.bars) == ("funk", 4)
    assert studio.face(device).status == "Ready."


def test_live_frozen_by_a_menu_loses_nothing(studio: MaxStudio) -> None:
    device = put(studio)
    device.press("drums")
    studio.max.run_for(0.02)
    studio.freeze_live(2.7)
    studio.wait_until_ready(device)
    # Not the status line: a daemon that hears so late from Live may go on with "Keeping up".
    assert len({done.press for done in answers(studio)}) == 1
    assert len(clips_in(studio.live.snapshot())) == 1


def test_settings_survive_saving_and_loading(studio: MaxStudio) -> None:
    device = put(studio)
    for name, value in (("style", "jazz swing"), ("bars", "2 bars"), ("where", "This track"), ("complexity", 80)):
        device.set(name, value)
    device.type("prompt", "dub chords, slow")
    studio.max.run_for(0.1)
    state = json.loads(json.dumps(device.save_state()))
    studio.live.delete_device(f"song.tracks[{MIDI_TRACK}].devices[0]")
    studio.settle()
    opened = studio.put(Twin.MIDI, f"song.tracks[{OTHER_MIDI_TRACK}]", state=state)
    studio.wait_until_ready(opened)
    assert [opened.shown(name) for name in ("style", "bars", "where")] == ["jazz swing", "2 bars", "This track"]
    assert opened.value("complexity") == 80
    assert opened.value("prompt") == "dub chords, slow"
    assert studio.face(opened).status == "Ready.", "what was restored is no press"
    studio.network.packets.clear()
    assert press_and_wait(studio, opened).startswith("Drums: ")
    (order,) = sent(studio, Generate)
    assert isinstance(order, Generate)
    assert (order.style, order.bars, order.track) == ("jazz swing", 2, OTHER_MIDI_TRACK)
    assert order.complexity == pytest.approx(0.8)


def test_auto_split_is_said_anew_after_loading_and_moving(studio: MaxStudio) -> None:
    device = put(studio, Twin.AUDIO, f"song.tracks[{AUDIO_TRACK}]")
    device.press("auto_split")
    studio.max.run_for(0.1)
    state = device.save_state()
    studio.remove_all()
    studio.network.packets.clear()
    opened = studio.put(Twin.AUDIO, f"song.tracks[{AUDIO_TRACK}]", state=state)
    studio.wait_until(lambda: marks(studio) == [(AUDIO_TRACK, 1)], "mark after loading")
    studio.live.move_track(AUDIO_TRACK, 0)
    studio.wait_until(lambda: marks(studio)[1:] == [(0, 1)], "mark of the moved track", within=5.0)
    opened.press("auto_split")
    studio.wait_until(lambda: marks(studio)[2:] == [(0, 0)], "end of the mark")


def test_a_frozen_track_is_left_alone(studio: MaxStudio) -> None:
    device = put(studio)
    device.set("where", "This track")
    studio.max.run_for(0.1)
    studio.live.freeze_track(MIDI_TRACK)
    studio.network.packets.clear()
    device.press("drums")
    studio.wait_for_status(device, "Track 1 is frozen: unfreeze it, or choose “Own track”.", within=1.0)
    assert sent(studio, Generate) == []
    studio.live.freeze_track(MIDI_TRACK, False)
    assert press_and_wait(studio, device).startswith("Drums: ")


def test_a_set_that_was_changed_since_is_not_undone_from_the_device(studio: MaxStudio) -> None:
    device = put(studio)
    press_and_wait(studio, device)
    studio.live.set("song.tempo", 93.0)
    before = settled_snapshot(studio)
    device.press("undo")
    studio.wait_for_status(device, "You have changed the set since")
    assert settled_snapshot(studio) == before


def test_noise_on_all_sides_leaves_daemon_and_device_at_work(studio: MaxStudio) -> None:
    device = put(studio)
    chance = random.Random(7)
    # Not what takes seconds: sixteen of these would be under way in no time.
    controls = sorted(set(device.values()) - {"imagine", "split", "song"})
    garbled = Packets(chance)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as somebody:
        for number in range(300):
            device.send_to_script(*inlet_message(chance, controls))
            somebody.sendto(garbled.draw(), ("127.0.0.1", device.reply_port or 0))
            if number % 10 == 0:
                studio.max.run_for(0.01)
    studio.wait_until_ready(device)
    device.set("where", "Own track")
    assert press_and_wait(studio, device).startswith("Drums: ")
    assert [error for error in device.errors if not error.endswith(GONE_BETWEEN)] == []
    assert "Traceback" not in studio.daemon.log()


def test_the_bench_times_every_button_and_presses_beside_the_stand_in(studio: MaxStudio) -> None:
    clicks = measure_clicks(studio.live, 1, lambda *_: None)
    assert [row.name for row in clicks] == list(BUTTONS)
    presses = measure_presses(studio, 1, lambda *_: None)
    assert [row.name for row in presses] == ["p50", "p95", "p99"] * 2
    assert all(row.ours is not None and row.ours > 0 for row in (*clicks, *presses))
    assert all(row.peer is not None and row.peer > 0 for row in presses)
    assert len(clips_in(studio.live.snapshot())) == 0


def test_without_lives_script_the_lamp_is_yellow(tmp_path: Path) -> None:
    files = installed_files(DEVICES[Twin.MIDI], tmp_path)
    with DaemonProcess(tmp_path, settings="listen: false\n") as daemon, LiveProcess() as live:
        network = StudioNetwork({daemon.device_port: daemon.device_port})
        with MaxHost(SimulatedLive(live), RealClock(), network, files=files) as host:
            key = live.insert_max_device("song.tracks[0]", "MuseAroo MIDI", "midi")
            device = host.load(DEVICES[Twin.MIDI], key=key)
            host.run_until(lambda: lamp_of(device) is Lamp.NO_LIVE, 10.0, "yellow lamp")
            assert "control surface" in str(device.shown("status"))
            assert device.errors == []
