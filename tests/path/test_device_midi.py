"""Playing along on the built device: heard first, kept, dropped, jammed, and what was played kept.

In the simulated Max, with the daemon and the simulated Live; MIDI goes through real ports of JACK, where it is there.
"""

from collections.abc import Iterator

import pytest

from musearoo.bridge.protocol import Beat, Dials, Hello
from musearoo.bridge.protocol.codec import decode
from musearoo.bridge.protocol.types import Route
from musearoo.max_for_live.table.records import Twin
from musearoo.tools.bench.midi.jack import jack_server
from musearoo.tools.max_simulator.outside.live_api import FakeLive
from musearoo.tools.max_simulator.outside.network import MemoryNetwork
from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.max_simulator.runtime.host import MaxHost
from musearoo.tools.studio.with_max import DEVICES, MaxStudio
from tests.bridge.midi.keyboard import Keyboard, Synthesiser, has_notes_on, needs_jack
from tests.each_case import each_case
from tests.path.device_faces import clips_in, new_clips, settled_snapshot
from tests.path.device_welcomes import welcome_last

BPM = 240.0
"""A bar lasts a second: nobody waits long for a bar line."""

ROOM = 0.15
"""Seconds in which the daemon hears of what a hand has undone in Live."""

CHORD = ((0.0, "903c50"), (0.0, "903f50"), (0.0, "904350"))
RELEASE = ((0.8, "803c40"), (0.0, "803f40"), (0.0, "804340"))
"""A held chord of C minor, and its end, as a keyboard sends them."""


@pytest.fixture(scope="module")
def studio() -> Iterator[MaxStudio]:
    """A studio with MIDI through JACK, and the device on the set's first track."""
    with jack_server(), MaxStudio(settings="midi: true\nhear: midi\nlisten: false\n") as made:
        made.live.set("song.tempo", BPM)
        made.wait_until_ready(made.put(Twin.MIDI, "song.tracks[0]"))
        device = next(iter(made.devices.values()))
        made.wait_until(lambda: line(device, "clock") == "Live stopped", "clock in the display")
        yield made


@pytest.fixture
def device(studio: MaxStudio) -> Iterator[Device]:
    """The device; afterwards the set is as before, and nothing is heard."""
    device = next(iter(studio.devices.values()))
    steps = studio.live.stats()["undo_steps"]
    yield device
    if device.value("hear"):
        device.press("hear")
    while studio.live.stats()["undo_steps"] > steps:
        studio.live.undo()
    studio.max.run_for(ROOM)
    assert device.errors == []


@pytest.fixture
def synthesiser() -> Iterator[Synthesiser]:
    """What sounds at MuseAroo Out."""
    made = Synthesiser()
    made.start()
    yield made
    made.stop()


def line(device: Device, name: str) -> str:
    """A line of the display for playing along."""
    return str(device.shown(name))


def hear(studio: MaxStudio, device: Device, button: str) -> str:
    """Has a player's take heard; its name."""
    if not device.value("hear"):
        device.press("hear")
    device.press(button)
    sentence = studio.wait_for_status(device, "Keep it or drop it")
    name = sentence.removeprefix("Heard: ").removesuffix(". Keep it or drop it.")
    studio.wait_until(lambda: line(device, "to_keep").startswith("Heard: "), "take in the display")
    return name


@needs_jack
def test_a_take_is_heard_then_kept_once_and_undo_takes_it_back(
    studio: MaxStudio, device: Device, synthesiser: Synthesiser
) -> None:
    before = settled_snapshot(studio)
    name = hear(studio, device, "bass")
    studio.wait_until(lambda: bool(synthesiser.sounding), "sound of the take")
    assert settled_snapshot(studio) == before, "what is only heard is not written"
    device.press("keep")
    assert studio.wait_for_status(device, "Keep: ").startswith(f"Keep: {name} on ")
    assert new_clips(before, settled_snapshot(studio)) == [name]
    studio.wait_until(lambda: line(device, "to_keep") == "Nothing to keep yet", "end of the take in the display")
    device.press("keep")
    studio.wait_until(lambda: not str(device.shown("status")).startswith("Keep"), "answer to Keep")
    assert new_clips(before, settled_snapshot(studio)) == [name], "once"
    studio.wait_until(lambda: not has_notes_on(studio.studio.home), "silence")
    device.press("undo")
    studio.wait_for_status(device, name)
    assert settled_snapshot(studio) == before


@needs_jack
def test_another_take_replaces_it_and_drop_forgets_it(studio: MaxStudio, device: Device) -> None:
    before = settled_snapshot(studio)
    hear(studio, device, "drums")
    device.press("busier")
    studio.wait_for_status(device, "Busier …")
    studio.wait_for_status(device, "Keep it or drop it")
    assert line(device, "to_keep").startswith("Heard: ")
    device.press("drop")
    studio.wait_for_status(device, "Dropped: ")
    studio.wait_until(lambda: line(device, "to_keep") == "Nothing to keep yet", "end of the take in the display")
    studio.wait_until(lambda: not has_notes_on(studio.studio.home), "silence")
    assert settled_snapshot(studio) == before


@needs_jack
def test_a_jam_goes_on_until_it_is_switched_off(studio: MaxStudio, device: Device) -> None:
    device.set("jam_bars", "1 bar each")
    device.set("jam_with", "Bass")
    device.press("jam")
    studio.wait_for_status(device, "Jam: 1 bar")
    studio.wait_until(lambda: line(device, "turn").startswith("Your turn, bar 1"), "turn of the player")
    studio.wait_until(lambda: line(device, "turn") == "Bass, bar 1", "turn of the bass")
    assert device.value("jam") == 1
    device.press("jam")
    studio.wait_for_status(device, "Jam ended")
    studio.wait_until(lambda: line(device, "turn") == "No jam", "end of the jam in the display")
    assert device.value("jam") == 0


@needs_jack
def test_what_is_played_is_seen_and_kept(studio: MaxStudio, device: Device) -> None:
    before = settled_snapshot(studio)
    hands = Keyboard((*CHORD, *RELEASE))
    hands.start()
    studio.wait_until(lambda: line(device, "held") == "Cm", "held chord")
    hands.join()
    studio.wait_until(lambda: line(device, "to_keep").endswith("to keep"), "bars that can be kept")
    device.press("keep")
    studio.wait_for_status(device, "Keep: Played")
    after = settled_snapshot(studio)
    assert len(new_clips(before, after)) == 1
    assert clips_in(after)
    device.press("undo")
    studio.wait_until(lambda: settled_snapshot(studio) == before, "the set as it was")


@each_case("twin", Twin)
@each_case("restore", ["before", "after"])
def test_a_set_that_was_saved_while_one_jammed_makes_no_sound_when_it_is_opened(twin: Twin, restore: str) -> None:
    live, network = FakeLive.with_tracks(1), MemoryNetwork()
    with MaxHost(live, network=network) as host:
        saved = host.load(DEVICES[twin], key=live.key(0))
        host.run_for(0.1)
        for toggle in ("hear", "jam"):
            saved.press(toggle)
        host.run_for(0.1)
        state = saved.save_state()
        assert state["Hear First"] == 1
        assert "Jam" not in state
        saved.delete()
        network.sent.clear()
        opened = host.load(DEVICES[twin], key=live.key(0), state={**state, "Jam": 1}, restore=restore)  # type: ignore[arg-type]
        host.run_for(0.2)
        welcome_last(network)
        host.run_for(2.0)
        sent = [message for _, packet in network.sent for message in decode(packet, Route.DEVICE_TO_DAEMON)]
        assert opened.value("hear") == 1
        assert opened.value("jam") == 0
        assert {type(message) for message in sent} <= {Hello, Beat, Dials}
        assert opened.errors == []
