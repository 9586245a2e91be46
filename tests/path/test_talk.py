"""From a recorded sentence to what it asks for: said to the daemon's own ear, done in the simulated Live.

The microphone is a file that is played as time goes by; each Talk hears the recording that was put in its place.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import soundfile

from musearoo.bridge.cache.catalogue import RECOGNISER
from musearoo.bridge.core.talk import GETTING_READY, READY_NO_MORE
from musearoo.bridge.protocol import Answer, Done, Failed, Refusal
from musearoo.bridge.protocol.types import Message
from musearoo.engines.music.scale import Key
from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.studio.device_presses import Press
from musearoo.tools.studio.device_stand_in import DeviceStandIn
from musearoo.tools.studio.processes import Studio
from musearoo.tools.studio.with_max import MaxStudio
from musearoo.tools.workshop.generate.recordings import read_recordings
from tests.optional import require
from tests.path.device_faces import Watch, new_clips, settled_snapshot

require("pocketsphinx")

RECORDINGS = read_recordings()

WITHIN = 20.0
"""Seconds in which a busy machine understands."""


BASS = 1
"""The track that is called so."""


@dataclass(frozen=True, slots=True)
class Microphone:
    """The file that is played to the daemon's ear."""

    path: Path

    @property
    def settings(self) -> str:
        """The settings of a daemon that listens to it."""
        return f"microphone: {json.dumps(f'file:{self.path}')}\nlisten: false\n"

    def put(self, name: str) -> float:
        """What the next Talk will hear; returns for how many seconds."""
        shutil.copyfile(RECORDINGS[name].path, self.path)
        return float(soundfile.info(self.path).duration)


def a_microphone(folder: Path) -> Microphone:
    microphone = Microphone(folder / "said.flac")
    microphone.put("hiss")
    return microphone


@dataclass(frozen=True, slots=True)
class Room:
    """A studio, and the microphone in it."""

    studio: Studio
    microphone: Microphone

    @property
    def device(self) -> DeviceStandIn:
        return self.studio.device

    def say(self, name: str) -> tuple[Press, Message]:
        """Holds Talk for as long as a recording lasts; the press and its answer."""
        seconds = self.microphone.put(name)
        press = self.device.talk()
        self.device.idle(seconds)
        self.device.let_go(press)
        return press, self.device.wait_for(press, WITHIN)

    def said(self, name: str) -> Done:
        """The same, of a sentence that is done."""
        _, answer = self.say(name)
        assert isinstance(answer, Done), answer
        return answer

    def answered(self, name: str) -> Answer:
        """The same, of a sentence that is answered in words."""
        _, answer = self.say(name)
        assert isinstance(answer, Answer), answer
        return answer

    def snapshot(self) -> dict[str, Any]:
        self.device.idle(0.05)
        return self.studio.live.snapshot()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room that the tests of this module share; each takes back what it did."""
    microphone = a_microphone(tmp_path_factory.mktemp("microphone"))
    with Studio(settings=microphone.settings) as studio:
        studio.daemon.wait_for_recogniser()
        studio.live.set(f"song.tracks[{BASS}].name", "Bass")
        yield Room(studio, microphone)


@pytest.fixture
def built_home(room: Room, tmp_path: Path) -> Path:
    """A home with what the recogniser is built from, which takes seconds to make."""
    shutil.copytree(room.studio.home / RECOGNISER.folder, tmp_path / "home" / RECOGNISER.folder)
    return tmp_path / "home"


def clip_path(done: Done) -> str:
    return f"song.tracks[{done.track}].clip_slots[{done.scene}].clip"


def test_a_spoken_sentence_becomes_a_clip_and_another_one_takes_it_back(room: Room) -> None:
    before = room.snapshot()
    press, done = room.say("funk_bass")
    assert isinstance(done, Done), done
    live = room.studio.live
    assert live.get(f"song.tracks[{done.track}].name") == "BassaRoo"
    assert "funk" in done.name
    assert live.get(f"{clip_path(done)}.length") == 4 * 4.0
    notes = live.call(f"{clip_path(done)}.get_all_notes_extended")
    assert len(notes) == done.notes > 8
    in_key = [int(pitch) % 12 in Key.parse("D minor").pitch_classes for _, pitch, *_ in notes]
    assert sum(in_key) / len(in_key) > 0.75, "a bass in D minor, but for passing notes"
    levels = [level.level for level in press.levels]
    assert max(levels) > 0.5, "somebody was heard"
    assert any("funk bass" in level.words for level in press.levels), [level.words for level in press.levels]
    undone = room.said("undo")
    assert (done.name, undone.name) == ("funk bass on Electric Bass Slap", "Undone: funk bass")
    assert room.snapshot() == before


def test_what_is_outside_the_grammar_changes_nothing(room: Room) -> None:
    before = room.snapshot()
    _, answer = room.say("outside")
    assert isinstance(answer, Failed), answer
    assert "I did not understand that" in answer.sentence
    assert room.snapshot() == before


def test_a_question_is_answered_by_talking_again(room: Room) -> None:
    live, slot = room.studio.live, "song.tracks[0].clip_slots[0]"
    live.call(f"{slot}.create_clip", 4.0)
    live.set("song.view.detail_clip", {"path": f"{slot}.clip"})
    before = room.snapshot()
    question = room.answered("delete_clip")
    assert question.asks == 1
    assert question.sentence.startswith("Delete ")
    assert room.snapshot() == before, "nothing is deleted before somebody says yes"
    room.said("yes")
    assert live.get(f"{slot}.has_clip") is False
    live.undo()
    assert room.snapshot() == before, "one undo brings it back"
    live.call(f"{slot}.delete_clip")


def test_a_yes_that_nothing_asked_for_does_nothing(room: Room) -> None:
    before = room.snapshot()
    assert room.answered("yes").asks == 0
    assert room.snapshot() == before


def test_a_talk_that_is_never_let_go_ends_by_itself(room: Room) -> None:
    before = room.snapshot()
    room.microphone.put("mute_bass")
    press = room.device.talk()
    # The sentence, and the silence after which nobody is expected to say more.
    assert isinstance(room.device.wait_for(press, WITHIN), Done)
    assert press.progress, "the device is told that nobody listens any more"
    assert room.studio.live.get(f"song.tracks[{BASS}].mute") is True
    # Its late letting go, and one that comes twice, change nothing.
    room.device.let_go(press)
    room.device.let_go(press)
    room.studio.live.undo()
    assert room.snapshot() == before


def test_a_device_of_which_no_sign_comes_any_more_has_let_go(room: Room) -> None:
    room.microphone.put("hiss")
    press = room.device.talk(signs=False)
    room.device.wait_for(press, WITHIN)
    assert press.answered_at is not None
    assert press.answered_at - press.pressed_at < 4.5, "nobody who has gone is waited for as long as one who is silent"


def test_two_devices_share_one_microphone(room: Room) -> None:
    with room.studio.new_device("second") as second:
        second.greet()
        second.wait_until(lambda: second.facts is not None, 5.0, "facts")
        room.microphone.put("mute_bass")
        press = room.device.talk()
        room.device.idle(0.3)
        refused = second.wait_for(second.talk())
        assert isinstance(refused, Failed)
        assert refused.code == Refusal.TOO_MANY
        assert isinstance(room.device.wait_for(press, WITHIN), Done), "the first goes on undisturbed"
    room.studio.live.undo()


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_what_is_said_while_the_recogniser_loads_is_done_all_the_same(tmp_path: Path) -> None:
    """Right after the daemon's first start, when nothing is kept yet, and right after a crash."""
    microphone = a_microphone(tmp_path)
    with Studio(settings=f"{microphone.settings}log_level: debug\n") as studio:
        room = Room(studio, microphone)
        studio.live.set(f"song.tracks[{BASS}].name", "Bass")
        press, answer = room.say("mute_bass")
        assert isinstance(answer, Done), answer
        assert press.told[0].sentence == GETTING_READY
        studio.daemon.wait_for_recogniser()
        press, answer = room.say("yes")
        assert not press.told, "nothing is waited for"
        os.kill(studio.daemon.recogniser_pid(), signal.SIGKILL)
        room.said("undo")
        assert studio.live.get(f"song.tracks[{BASS}].mute") is False
        assert READY_NO_MORE in studio.daemon.log()


def test_a_style_that_was_just_learned_can_be_said(tmp_path: Path, built_home: Path) -> None:
    microphone = a_microphone(tmp_path)
    with Studio(home=built_home, settings=microphone.settings) as studio:
        studio.daemon.wait_for_recogniser()
        styles = studio.home / "styles"
        styles.mkdir(exist_ok=True)
        (styles / "zydeco.yaml").write_text("name: zydeco\nbased_on: funk\n", encoding="utf-8")
        studio.device.wait_until(lambda: READY_NO_MORE in studio.daemon.log(), WITHIN, "another recogniser")
        studio.daemon.wait_for_recogniser()
        builds = (studio.home / RECOGNISER.folder).iterdir()
        assert sorted(b"zydeco" in build.read_bytes() for build in builds) == [False, True]


@pytest.fixture
def max_studio(tmp_path: Path, built_home: Path) -> Iterator[tuple[MaxStudio, Microphone]]:
    """The built device in the simulated Max, and a microphone."""
    microphone = a_microphone(tmp_path)
    with MaxStudio(home=built_home, settings=microphone.settings) as studio:
        studio.daemon.wait_for_recogniser()
        studio.wait_until_ready(studio.put())
        yield studio, microphone


def test_the_device_shows_what_it_hears_and_what_came_of_it(max_studio: tuple[MaxStudio, Microphone]) -> None:
    studio, microphone = max_studio
    device: Device = next(iter(studio.devices.values()))
    before = settled_snapshot(studio)
    seconds = microphone.put("house_drums")
    watch = Watch(studio, device)
    device.hold("talk")
    until = time.perf_counter() + seconds
    watch.wait_until(lambda: time.perf_counter() > until, "end of the recording", seconds + 5.0)
    device.release("talk")
    watch.wait_until(lambda: watch.is_over, "end of the press", WITHIN)
    # Whether words are seen before the end depends on how busy the machine is; that they stand in it does not.
    assert max(watch.progress) > 30, "the bar is the level of the microphone"
    (name,) = new_clips(before, settled_snapshot(studio))
    assert "house drums" in name
    assert watch.statuses[-1].startswith("“play house drums two bars”: ")
    assert name in watch.statuses[-1]
    assert device.errors == []
    device.press("undo")
    studio.wait_for_status(device, "Undone: ", within=5.0)
    assert settled_snapshot(studio) == before
