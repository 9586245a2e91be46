"""Live MIDI from a device's press to the notes at a port: heard, kept, answered, and never left hanging.

The ports are JACK's, which needs no hardware; Live is simulated, and the MIDI process is the daemon's own.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.protocol import Answer, Done, Failed, MidiState, Refusal
from musearoo.bridge.services.playing.midi import LEDGER
from musearoo.bridge.settings.config_files import HOME_VARIABLE
from musearoo.tools.bench.midi.jack import is_installed, jack_server
from musearoo.tools.studio.device_presses import Press
from musearoo.tools.studio.device_stand_in import DeviceStandIn
from musearoo.tools.studio.processes import Studio
from tests.bridge.midi.keyboard import has_notes_on
from tests.optional import require

rtmidi: Any = require("rtmidi")

pytestmark = pytest.mark.skipif(not is_installed(), reason="jackd2 is not installed: it gives ports without hardware")

WITHIN = 20.0
"""Seconds in which a busy machine opens ports and plays."""

NOTE_OFF, NOTE_ON = 0x80, 0x90


class Ears:
    """What is connected to MuseAroo Out: every message as it comes, and what is on. Within `listen`.

    A thread asks for them: python-rtmidi's callbacks have been seen to mix messages up where the process is busy.
    """

    def __init__(self, name: str) -> None:
        self.heard: list[tuple[float, bytes]] = []
        self._port = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name=name, queue_size_limit=8192)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._take, daemon=True)

    @contextmanager
    def listen(self) -> Iterator[Ears]:
        open_at(self._port, "MuseAroo Out")
        self._thread.start()
        try:
            yield self
        finally:
            self._is_over.set()
            self._thread.join()
            self._port.close_port()

    def _take(self) -> None:
        while not self._is_over.wait(0.001):
            while (timed := self._port.get_message()) is not None:
                self.heard.append((time.perf_counter(), bytes(timed[0])))

    @property
    def strikes(self) -> int:
        return sum(data[0] & 0xF0 == NOTE_ON and data[2] > 0 for _, data in list(self.heard))

    @property
    def hanging(self) -> set[tuple[int, int]]:
        """Notes that were struck and not let go: (channel, pitch)."""
        on: set[tuple[int, int]] = set()
        for _, data in list(self.heard):
            note = (data[0] & 0x0F, data[1])
            if data[0] & 0xF0 == NOTE_ON and data[2]:
                on.add(note)
            elif data[0] & 0xF0 in (NOTE_OFF, NOTE_ON):
                on.discard(note)
            elif data[0] & 0xF0 == 0xB0 and data[1] in (120, 123):
                on = {one for one in on if one[0] != data[0] & 0x0F}
        return on


@dataclass
class Room:
    """A studio whose daemon has real MIDI ports, a keyboard at its input, ears at its output."""

    studio: Studio
    keyboard: Any
    ears: Ears

    @property
    def device(self) -> DeviceStandIn:
        return self.studio.device

    def done(self, press: Press) -> Done:
        answer = self.device.wait_for(press, WITHIN)
        assert isinstance(answer, Done), answer
        return answer

    def said(self, text: str) -> Done:
        """What comes of a sentence that is done."""
        return self.done(self.device.say(text))

    def answered(self, text: str) -> str:
        """What is said to a sentence that is answered in words."""
        answer = self.device.wait_for(self.device.say(text), WITHIN)
        assert isinstance(answer, Answer), answer
        return answer.sentence

    def hear(self, engine: str = "drummaroo", **asked: Any) -> Done:
        """A take of a bar is heard."""
        return self.done(self.device.press(engine, style="funk", bars=1, seed=7, hear=True, **asked))

    @property
    def midi(self) -> MidiState:
        """Live MIDI as the device was last told."""
        assert self.device.midi is not None
        return self.device.midi

    def wait(self, what: Any, name: str) -> None:
        self.device.wait_until(what, WITHIN, name)

    def wait_for_strikes(self, count: int) -> None:
        before = self.ears.strikes
        self.wait(lambda: self.ears.strikes >= before + count, "notes at MuseAroo Out")

    def wait_for_silence(self) -> None:
        """Until nothing sounds, and nothing more comes for as long as a bar lasts."""
        quiet_from = time.perf_counter()

        def is_quiet() -> bool:
            last = self.ears.heard[-1][0] if self.ears.heard else quiet_from
            return not has_notes_on(self.studio.home) and time.perf_counter() - max(last, quiet_from) > 1.1

        self.wait(is_quiet, "silence at MuseAroo Out")

    def play(self, *pitches: int) -> None:
        """Four to a second, each let go before the next."""
        for pitch in pitches:
            self.keyboard.send_message([NOTE_ON, pitch, 90])
            self.device.idle(0.1)
            self.keyboard.send_message([NOTE_OFF, pitch, 0])
            self.device.idle(0.02)

    def snapshot(self) -> dict[str, Any]:
        self.device.idle(0.05)
        return self.studio.live.snapshot()

    def pid(self) -> int:
        """The MIDI process."""
        asked = ["ps", "-o", "pid=", "--ppid", str(self.studio.daemon.pid)]
        children = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
        (found,) = [int(child) for child in children if holds_ledger(child)]
        return found


def holds_ledger(pid: str) -> bool:
    """Whether a process has the ledger of what sounds."""
    try:
        return LEDGER in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
    except OSError:
        return False


def open_at(port: Any, name: str) -> None:
    """Connects to the port of that name as soon as it is there."""
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        for number, there in enumerate(port.get_ports()):
            if name in there:
                port.open_port(number)
                return
        time.sleep(0.05)
    raise AssertionError(f"no port {name}: {port.get_ports()}")


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    """A room that the tests of this module share; each takes back what it did. At 240 BPM a bar lasts a second."""
    with jack_server(is_realtime=True), Studio(settings="midi: true\nhear: midi\nlisten: false\n") as studio:
        studio.live.set("song.tempo", 240.0)
        keyboard = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="keyboard")
        open_at(keyboard, "MuseAroo In")
        with Ears("ears").listen() as ears:
            made = Room(studio, keyboard, ears)
            made.wait(lambda: made.device.midi is not None, "/roo/midi")
            yield made
        keyboard.close_port()


@pytest.fixture
def played(room: Room) -> Iterator[Room]:
    """Live plays, and two bars of a tune are played in."""
    room.studio.live.call("song.start_playing")
    room.wait(lambda: room.midi.clock == "live" and room.midi.running == 1, "Live's clock")
    room.play(60, 64, 67, 64, 65, 69, 72, 69)
    yield room
    room.studio.live.call("song.stop_playing")


def test_a_take_is_heard_then_kept_and_one_undo_takes_it_back(room: Room) -> None:
    before = room.snapshot()
    heard = room.hear()
    assert heard.name.startswith("Heard: ")
    room.wait_for_strikes(heard.notes * 2)
    assert room.snapshot() == before, "nothing is written"
    assert room.midi.heard == heard.name.removeprefix("Heard: ")
    kept = room.done(room.device.keep())
    live = room.studio.live
    assert live.get(f"song.tracks[{kept.track}].name") == "DrummaRoo"
    clip = f"song.tracks[{kept.track}].clip_slots[{kept.scene}].clip"
    assert len(live.call(f"{clip}.get_all_notes_extended")) == heard.notes == kept.notes
    room.wait_for_silence()
    live.undo()
    assert room.snapshot() == before


def test_another_take_swaps_at_a_bar_line_and_dropping_forgets_both(room: Room) -> None:
    before = room.snapshot()
    room.hear()
    room.wait_for_strikes(1)
    second = room.hear("bassaroo", key="A minor")
    room.wait(lambda: any(data[0] & 0x0F == 1 for _, data in list(room.ears.heard)), "the bass")
    room.wait(lambda: has_notes_on(room.studio.home), "a note in the ledger")
    assert room.midi.heard == second.name.removeprefix("Heard: ")
    assert room.done(room.device.drop()).name.startswith("Dropped: ")
    room.wait_for_silence()
    refused = room.device.wait_for(room.device.keep(), WITHIN)
    assert isinstance(refused, Failed)
    assert refused.code == Refusal.GONE
    assert room.snapshot() == before


def test_what_was_played_is_kept_answered_and_jammed_with(played: Room) -> None:
    room = played
    before = room.snapshot()
    kept = room.done(room.device.keep(2))
    assert kept.name == "Played on Grand Piano"
    live = room.studio.live
    clip = f"song.tracks[{kept.track}].clip_slots[{kept.scene}].clip"
    pitches = [note[1] for note in live.call(f"{clip}.get_all_notes_extended")]
    assert sorted(pitches)[-1] == 72, "the notes that were played"
    live.undo()
    assert room.snapshot() == before
    answer = room.hear("melodyroo", to_played="answer")
    assert answer.notes > 0
    room.done(room.device.drop())
    begun = room.done(room.device.jam(bars=1, style="funk", seed=3))
    assert begun.name == "Jam: 1 bar each"
    room.wait(lambda: room.midi.turn == 2, "the player's turn")
    room.play(60, 64, 67, 64)
    room.wait(lambda: room.midi.turn == 3 and bool(room.midi.who), "the band's turn")
    room.wait_for_strikes(4)
    assert room.done(room.device.jam(False)).name == "Jam ended"
    room.wait_for_silence()
    assert room.midi.turn == 0


def test_by_words_a_take_is_heard_swapped_kept_and_dropped(room: Room) -> None:
    before = room.snapshot()
    assert room.said("let me hear some funk drums first, one bar").name.startswith("Heard: ")
    room.wait_for_strikes(1)
    heard = room.said("another")
    assert heard.name.startswith("Heard: ")
    assert room.snapshot() == before, "nothing is written"
    kept = room.said("keep it")
    assert kept.notes == heard.notes > 0
    assert room.studio.live.get(f"song.tracks[{kept.track}].name") == "DrummaRoo"
    assert room.answered("keep the drums").endswith("is kept already.")
    assert room.said("undo").name.startswith("Undone: ")
    assert room.snapshot() == before
    assert "Nothing is heard" in room.answered("drop the take")
    room.said("audition a bass in A minor, one bar")
    assert room.said("undo").name.startswith("Dropped: ")
    room.wait_for_silence()
    assert room.snapshot() == before


def test_by_words_what_was_played_is_kept_and_a_jam_begins_and_ends(played: Room) -> None:
    room = played
    before = room.snapshot()
    assert room.said("keep the last two bars").name == "Played on Grand Piano"
    assert room.said("undo").name == "Undone: Played"
    assert room.snapshot() == before
    answer = room.said("let me hear a melody in answer to what I just played first")
    assert answer.name.startswith("Heard: ")
    assert answer.notes > 0
    assert room.said("drop it").name.startswith("Dropped: ")
    assert room.said("trade one bar with the drums, funk").name == "Jam: 1 bar each"
    room.wait(lambda: room.midi.turn > 0, "the jam")
    # The terminal speaks of the same jam, though it leaves at once.
    surroundings = {**os.environ, HOME_VARIABLE: str(room.studio.home)}
    command = [sys.executable, "-m", "musearoo", "say", "--do", "stop the jam"]
    said = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("Ending the jam at the next bar. Jam ended")
    room.wait(lambda: room.midi.turn == 0, "the end of the jam")
    assert room.answered("stop the jam").startswith("Nobody jams just now")


def test_a_device_that_leaves_takes_its_sound_along(room: Room) -> None:
    with room.studio.new_device("second") as second:
        second.greet()
        assert isinstance(second.wait_for(second.press("drummaroo", bars=1, hear=True), WITHIN), Done)
        room.wait_for_strikes(1)
    room.wait_for_silence()


@pytest.mark.long  # JACK itself may stand still for half a minute after a program of it was killed.
def test_a_take_sounds_again_after_its_process_was_killed(room: Room) -> None:
    room.hear()
    room.wait_for_strikes(1)
    os.kill(room.pid(), signal.SIGKILL)
    # The ports come anew, and who listens connects to them anew.
    with Ears("ears again").listen() as ears:
        room.device.wait_until(lambda: ears.strikes > 3, 90.0, "the take, played by the new process")
        room.done(room.device.drop())
        room.wait(lambda: not ears.hanging, "silence")
