"""Endless music from a device's press, or from a sentence, to the sound card and to a MIDI port.

Card and ports are JACK's, which needs no hardware; Live is simulated, the daemon and its processes are real.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from musearoo.bridge.protocol import Answer, Done, Failed, Refusal
from musearoo.tools.bench.midi.jack import is_installed, jack_server
from musearoo.tools.studio.device_presses import Press
from musearoo.tools.studio.processes import Studio
from tests.bridge.midi.keyboard import has_notes_on
from tests.optional import require

require("rtmidi")
require("sounddevice")

pytestmark = pytest.mark.skipif(not is_installed(), reason="jackd2 is not installed: it gives a card without hardware")

WITHIN = 30.0
"""Seconds in which a busy machine starts a player."""


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    """A studio with a sound card and MIDI ports, whose song has chords in D minor; each test ends its music."""
    with jack_server(), Studio(settings="midi: true\nlisten: false\n") as made:
        yield made


def done(studio: Studio, press: Press) -> str:
    answer = studio.device.wait_for(press, WITHIN)
    assert isinstance(answer, Done), answer
    return answer.name


def said(studio: Studio, text: str) -> str:
    return done(studio, studio.device.say(text))


def wait_until_shown(studio: Studio, preset: str, key: str) -> None:
    def is_shown() -> bool:
        shown = studio.device.ambience
        return shown is not None and (shown.preset, shown.key) == (preset, key) and bool(shown.chords)

    studio.device.wait_until(is_shown, WITHIN, f"{preset} in {key}")


def wait_until_over(studio: Studio) -> None:
    studio.device.wait_until(
        lambda: studio.device.ambience is not None and not studio.device.ambience.on, WITHIN, "end"
    )


def players(studio: Studio) -> list[int]:
    """The processes that play through the card: those that have their log open."""
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(studio.daemon.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    return [int(child) for child in children if has_log(child)]


def has_log(pid: str) -> bool:
    try:
        return any(os.readlink(each).endswith("ambience.log") for each in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return False


def test_a_press_plays_through_the_card_is_steered_survives_its_player_and_ends(studio: Studio) -> None:
    device = studio.device
    assert done(studio, device.ambience_press(preset="tape", key="D minor")) == "Ambience: tape in D minor"
    wait_until_shown(studio, "tape", "D minor")
    assert done(studio, device.ambience_press(key="E minor")) == "Ambience: tape in E minor"
    wait_until_shown(studio, "tape", "E minor")
    (first,) = players(studio)
    os.kill(first, signal.SIGKILL)
    device.wait_until(
        lambda: device.ambience is not None and "goes on where it was" in device.ambience.sentence, WITHIN, "its news"
    )
    wait_until_shown(studio, "tape", "E minor")
    assert players(studio) != [first]
    refused = device.wait_for(device.ambience_press(preset="polka"), WITHIN)
    assert isinstance(refused, Failed)
    assert (refused.code, "cathedral" in refused.sentence) == (Refusal.BAD_PARAMETER, True)
    assert done(studio, device.ambience_press(False)) == "Ambience fades out"
    wait_until_over(studio)
    device.wait_until(lambda: not players(studio), WITHIN, "the player's end")


def test_by_words_it_begins_darkens_and_stops(studio: Studio) -> None:
    assert said(studio, "something calm in D while I mix") == "Ambience: drift in D major, calm"
    wait_until_shown(studio, "drift", "D major")
    assert said(studio, "darker") == "Ambience: drift in D major, darker"
    assert said(studio, "a glass ambience") == "Ambience: glass in D major"
    assert said(studio, "stop") == "Ambience fades out"
    wait_until_over(studio)
    answer = studio.device.wait_for(studio.device.say("stop the ambience"), WITHIN)
    assert isinstance(answer, Answer)
    assert answer.sentence.startswith("No endless music plays")


def test_at_the_midi_port_it_plays_follows_the_set_and_falls_silent(studio: Studio) -> None:
    device, live = studio.device, studio.live
    live.set("song.tempo", 240.0)
    assert done(studio, device.ambience_press(preset="tape", out="midi", key="F minor", seed=3)).startswith("Ambience")
    device.wait_until(lambda: has_notes_on(studio.home), WITHIN, "notes at MuseAroo Out")
    wait_until_shown(studio, "tape", "F minor")
    live.set("song.root_note", 9)
    live.set("song.scale_name", "Major")
    live.set("song.scale_mode", True)
    assert done(studio, device.ambience_press(preset="glass", follow=1)) == "Ambience: glass with the set"
    wait_until_shown(studio, "glass", "A major")
    live.set("song.root_note", 7)
    wait_until_shown(studio, "glass", "G major")
    assert done(studio, device.ambience_press(False)) == "Ambience fades out"
    device.wait_until(lambda: not has_notes_on(studio.home), WITHIN, "silence at MuseAroo Out")
    wait_until_over(studio)
