"""Every button of the device: pressed in the simulated Max, answered by the daemon, a clip in the simulated Live.

Each is followed on the device's face: what the hand sees at once, what is shown while the press is under way, and what
stays. One undo, Live's own or the device's, takes back what a press wrote.
"""

import json
import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from musearoo.bridge.settings.config_files import ConfigFolder
from musearoo.max_for_live.table.controls import CONTROLS
from musearoo.max_for_live.table.records import Twin
from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.studio.processes import write_set
from musearoo.tools.studio.synthesiser import render_parts, write_wave
from musearoo.tools.studio.with_max import Lamp, MaxStudio
from tests.band import BPM, play_band
from tests.path.device_faces import Watch, new_clips, settled_snapshot

WITHIN = 90.0
"""Seconds in which a busy machine starts the worker and takes some seconds of sound apart."""

RATE = 48_000
"""Samples a second of the simulated Max."""

KEYS, LOOPS = 0, 1
"""The tracks of the set: a MIDI track without clips, an audio track with one."""

PLAYERS = ("drums", "bass", "harmony", "melody", "atmos")
"""The buttons that make one clip."""

TITLES = {control.name: control.title for control in CONTROLS}
"""What each button is called in sentences."""


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MaxStudio]:
    """A studio with a loop on the audio track; only what is asked for is heard."""
    home = tmp_path_factory.mktemp("home")
    loop = write_wave(home / "Band.wav", render_parts(play_band(), BPM, loop=True))
    set_file = write_set(
        home / "set.json",
        {
            "song": {"tempo": BPM},
            "scenes": [{}, {}, {}, {}],
            "tracks": [{"kind": "midi", "given_name": "Keys"}, {"kind": "audio", "given_name": "Loops"}],
        },
    )
    settings = f"audio_folders: [{json.dumps(str(home))}]\nlisten: false\ndeep_networks: false\n"
    with MaxStudio(set_file=set_file, home=home, settings=settings) as made:
        made.live.call(f"song.tracks[{LOOPS}].clip_slots[0].create_audio_clip", str(loop))
        made.wait_until_ready(
            made.put(Twin.AUDIO, f"song.tracks[{LOOPS}]"), made.put(Twin.MIDI, f"song.tracks[{KEYS}]")
        )
        yield made


@pytest.fixture
def audio(studio: MaxStudio) -> Device:
    """The device on the audio track."""
    return next(iter(studio.devices.values()))


@pytest.fixture
def midi(studio: MaxStudio) -> Device:
    """The device on the MIDI track."""
    return list(studio.devices.values())[1]


@pytest.fixture(autouse=True)
def as_before(studio: MaxStudio) -> Iterator[None]:
    """The set as it was, whatever a test leaves in it."""
    steps = studio.live.stats()["undo_steps"]
    yield
    while studio.live.stats()["undo_steps"] > steps:
        studio.live.undo()
    # Until the daemon has heard of it: no hand presses in the same hundredth of a second in which it undoes.
    studio.max.run_for(0.1)


def follow(studio: MaxStudio, device: Device, button: str) -> Watch:
    """Presses a button, watches until the press is answered, and checks what every press must show."""
    reaction = device.press(button)
    studio.wait_until(lambda: bool(reaction.changed), f"reaction to {button}")
    watch = Watch(studio, device)
    assert watch.faces[0].status == f"{TITLES[button]} …"
    assert watch.faces[0].lamp is Lamp.BUSY
    assert watch.faces[0].progress > 0
    watch.wait_until(lambda: watch.is_over, f"answer to {button}", WITHIN)
    assert watch.progress == sorted(watch.progress), "progress goes one way"
    assert studio.face(device).progress == 0
    assert studio.face(device).lamp is Lamp.READY
    assert not device.errors
    return watch


@pytest.mark.parametrize("button", PLAYERS)
def test_a_player_makes_one_clip_and_says_its_name(studio: MaxStudio, audio: Device, button: str) -> None:
    before = settled_snapshot(studio)
    follow(studio, audio, button)
    (name,) = new_clips(before, settled_snapshot(studio))
    assert re.fullmatch(rf"{TITLES[button]}: {re.escape(name)} on [\w ]+, [\d.]+ m?s", studio.face(audio).status)
    studio.live.undo()
    assert settled_snapshot(studio) == before


def test_band_plays_several_parts_and_one_undo_takes_them_back(studio: MaxStudio, midi: Device) -> None:
    before = settled_snapshot(studio)
    follow(studio, midi, "band")
    assert len(new_clips(before, settled_snapshot(studio))) >= 3
    assert studio.face(midi).status.startswith("Band: ")
    studio.live.undo()
    assert settled_snapshot(studio) == before


def test_song_writes_its_sections_as_scenes(studio: MaxStudio, midi: Device) -> None:
    before = settled_snapshot(studio)
    midi.set("song_length", "1:00")
    follow(studio, midi, "song")
    assert studio.face(midi).status.startswith("Song: ")
    after = settled_snapshot(studio)
    assert len(after["scenes"]) > len(before["scenes"])
    assert len(new_clips(before, after)) > 10
    studio.live.undo()
    assert settled_snapshot(studio) == before


def test_mix_sets_levels_of_what_is_there(studio: MaxStudio, audio: Device) -> None:
    follow(studio, audio, "band")
    before = settled_snapshot(studio)
    follow(studio, audio, "mix")
    after = settled_snapshot(studio)
    assert [track["volume"] for track in after["tracks"]] != [track["volume"] for track in before["tracks"]]
    assert studio.face(audio).status.startswith("Mix: ")
    studio.live.undo()
    assert settled_snapshot(studio) == before


@pytest.mark.parametrize("button", ["again", "simpler", "busier"])
def test_a_clip_that_the_device_made_is_changed(studio: MaxStudio, midi: Device, button: str) -> None:
    follow(studio, midi, "drums")
    before = settled_snapshot(studio)
    follow(studio, midi, button)
    (name,) = new_clips(before, settled_snapshot(studio))
    assert studio.face(midi).status.startswith(f"{TITLES[button]}: {name}, ")
    studio.live.undo()
    assert settled_snapshot(studio) == before


def test_undo_takes_back_one_press_after_the_other(studio: MaxStudio, midi: Device) -> None:
    first = settled_snapshot(studio)
    follow(studio, midi, "drums")
    second = settled_snapshot(studio)
    follow(studio, midi, "bass")
    (name,) = new_clips(second, settled_snapshot(studio))
    follow(studio, midi, "undo")
    assert name in studio.face(midi).status
    assert settled_snapshot(studio) == second
    follow(studio, midi, "undo")
    assert settled_snapshot(studio) == first


def test_analyse_says_what_it_heard_and_writes_nothing(studio: MaxStudio, audio: Device) -> None:
    studio.live.set("song.view.detail_clip", {"path": f"song.tracks[{LOOPS}].clip_slots[0].clip"})
    before = settled_snapshot(studio)
    follow(studio, audio, "analyse")
    assert "96" in studio.face(audio).status
    assert "A minor" in studio.face(audio).status
    assert settled_snapshot(studio) == before


def test_analyse_writes_what_it_heard_where_that_is_wanted(studio: MaxStudio, audio: Device) -> None:
    clip = f"song.tracks[{LOOPS}].clip_slots[0].clip"
    studio.live.set("song.view.detail_clip", {"path": clip})
    studio.live.set("song.tempo", 120.0)
    before = settled_snapshot(studio)
    audio.set("analyse_for", "Set")
    follow(studio, audio, "analyse")
    assert studio.live.get("song.tempo") == pytest.approx(BPM, abs=0.2)
    assert studio.live.get("song.root_note") == 9
    assert studio.live.get(f"{clip}.name") == "Am · 96 BPM"
    studio.live.undo()
    assert settled_snapshot(studio) == before
    audio.set("analyse_for", "Look")


def test_split_puts_stems_beside_the_clip(studio: MaxStudio, audio: Device) -> None:
    studio.live.set("song.view.detail_clip", {"path": f"song.tracks[{LOOPS}].clip_slots[0].clip"})
    before = settled_snapshot(studio)
    watch = follow(studio, audio, "split")
    assert len(new_clips(before, settled_snapshot(studio))) == 4
    assert watch.progress[-1] > watch.progress[0], "the bar moves"
    assert studio.face(audio).status.startswith("Split: ")
    studio.live.undo()
    assert settled_snapshot(studio) == before


def test_imagine_makes_a_loop_of_the_words_in_the_field(studio: MaxStudio, audio: Device) -> None:
    before = settled_snapshot(studio)
    audio.type("prompt", "slow funk with slap bass")
    audio.set("imagine_with", "Sketch")
    audio.set("bars", "1 bar")
    follow(studio, audio, "imagine")
    (name,) = new_clips(before, settled_snapshot(studio))
    assert "funk" in name
    assert name in studio.face(audio).status
    studio.live.undo()
    assert settled_snapshot(studio) == before


def test_cancel_ends_what_is_under_way_and_leaves_nothing(studio: MaxStudio, audio: Device) -> None:
    before = settled_snapshot(studio)
    audio.type("prompt", "a long one that nobody waits for")
    audio.set("imagine_with", "Sketch")
    audio.set("bars", "32 bars")
    audio.press("imagine")
    studio.wait_until(lambda: studio.face(audio).lamp is Lamp.BUSY, "begin of Imagine")
    studio.max.run_for(0.1)
    audio.press("cancel")
    studio.wait_until_ready(audio)
    assert "cancel" in studio.face(audio).status.lower()
    assert studio.face(audio).progress == 0
    assert settled_snapshot(studio) == before
    audio.press("cancel")
    studio.wait_for_status(audio, "Nothing is under way.", within=1.0)


def test_listen_hears_the_last_bar_that_the_track_played(studio: MaxStudio, audio: Device) -> None:
    bpm = 160.0
    loop = render_parts(play_band(), bpm, rate=RATE, loop=True)

    def play(first: int, count: int) -> npt.NDArray[np.float32]:
        return loop[:, np.arange(first, first + count) % loop.shape[1]]

    studio.live.set("song.tempo", bpm)
    before = settled_snapshot(studio)
    audio.set("listen_bars", "1 bar")
    studio.live.call("song.start_playing")
    studio.max.play(bpm, 0.0)
    audio.listen_to(play)
    studio.max.run_for(1.3 * 4 * 60.0 / bpm)
    watch = follow(studio, audio, "listen")
    studio.live.call("song.stop_playing")
    studio.max.stop()
    audio.listen_to(lambda _, count: np.zeros((2, count), np.float32))
    assert "160" in watch.statuses[-1]
    assert list((studio.studio.home / "captures").iterdir()) == [], "what was heard is not kept"
    assert settled_snapshot(studio) == before


def test_talk_that_is_switched_off_says_so_and_goes_dark_though_it_is_held(studio: MaxStudio, audio: Device) -> None:
    reaction = audio.hold("talk")
    studio.wait_until(lambda: bool(reaction.changed), "reaction to Talk")
    studio.wait_for_status(audio, "Talk is switched off", within=3.0)
    studio.wait_until(lambda: audio.value("talk_face") == 0, "dark Talk", within=1.0)
    audio.release("talk")
    studio.max.run_for(0.1)
    assert studio.face(audio).lamp is Lamp.READY
    assert studio.face(audio).status.startswith("Talk is switched off")


def test_the_latch_talks_without_a_hand(studio: MaxStudio, midi: Device) -> None:
    midi.automate("talk_latch", 1)
    studio.wait_for_status(midi, "Talk is switched off", within=3.0)
    studio.wait_until(lambda: midi.value("talk_latch") == 0, "dark latch", within=1.0)
    assert studio.face(midi).lamp is Lamp.READY


def test_self_test_says_what_works(studio: MaxStudio, audio: Device, midi: Device) -> None:
    for device in (audio, midi):
        device.press("self_test")
        studio.wait_for_status(device, "Self-test …", within=1.0)
        studio.wait_for_status(device, "Self-test: all ", within=5.0)
        assert device.errors == []
        kept = ConfigFolder(studio.daemon.home).read_self_test()
        assert kept is not None
        assert "Remote Script=ok" in kept.checks


def test_without_midi_there_is_no_jam_and_the_device_says_what_to_do(studio: MaxStudio, audio: Device) -> None:
    before = settled_snapshot(studio)
    studio.wait_until(lambda: audio.shown("clock") == "MIDI is off", "display for playing along")
    reaction = audio.press("jam")
    studio.wait_until(lambda: bool(reaction.changed), "reaction to jam")
    studio.wait_for_status(audio, "Live MIDI is switched off")
    studio.wait_until(lambda: audio.value("jam") == 0, "dark Jam")
    studio.max.run_for(0.1)
    assert settled_snapshot(studio) == before


def test_a_take_is_heard_in_live_and_dropped_without_a_trace(studio: MaxStudio, audio: Device) -> None:
    before = settled_snapshot(studio)
    audio.press("hear")
    audio.press("drums")
    studio.wait_for_status(audio, "Heard: ")
    assert len(new_clips(before, settled_snapshot(studio))) == 1
    audio.press("drop")
    studio.wait_for_status(audio, "Dropped: ")
    audio.press("hear")
    studio.max.run_for(0.3)
    assert settled_snapshot(studio) == before
