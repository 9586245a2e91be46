"""Endless music at the MIDI port: one phrase after the other on the clock, steered, and silent where the clock is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import pytest

from musearoo.bridge.protocol.midi_process import ClockSource, ClockState, Command, Play, Silence
from musearoo.bridge.services.playing.phrases import AmbienceMidi
from musearoo.engines.ambient.steering import Steering
from musearoo.engines.improvisation.listening.played_notes import Recording
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from tests.engines.ambient.some_music import presets, style

BPM = 120.0


@dataclass
class Stage:
    """A MIDI process that only notes what it is sent; its clock stands on a beat, running."""

    sent: list[Command] = field(default_factory=list)
    clock: ClockState | None = None
    meter: Meter = field(default_factory=Meter)

    def at(self, beat: float, is_running: bool = True) -> None:
        self.clock = ClockState(time.perf_counter(), ClockSource.OWN, is_running, beat, BPM, 0.0)

    def bar_line(self) -> float | None:
        return None

    def recording(self) -> Recording | None:
        return None

    def send(self, command: Command) -> None:
        self.sent.append(command)

    @property
    def plays(self) -> list[Play]:
        return [each for each in self.sent if isinstance(each, Play)]


def on_a_stage(preset: str, act: Callable[[Stage, AmbienceMidi], Coroutine[Any, Any, None]]) -> None:
    """Let endless music play on a stage."""

    async def run() -> None:
        with ThreadPoolExecutor(1) as threads:
            stage = Stage()
            await act(stage, AmbienceMidi(stage, threads, 7, Steering(preset=preset), presets().__getitem__, style()))

    asyncio.run(run())


async def play_to(stage: Stage, music: AmbienceMidi, beat: float, since: float = 0.0) -> None:
    """Let the clock run to a beat, step by step."""
    at = since
    while at <= beat:
        stage.at(at)
        music.poll()
        await settle(music)
        at += 0.5


async def settle(music: AmbienceMidi) -> None:
    while music._is_composing:
        await asyncio.sleep(0.001)


def test_phrases_follow_each_other_without_a_gap_and_are_sent_in_time() -> None:
    async def act(stage: Stage, music: AmbienceMidi) -> None:
        await play_to(stage, music, 200.0, since=1.0)
        assert stage.plays[0].start == 4.0, "it begins on a bar line"
        for one, other in pairwise(stage.plays):
            assert other.start == pytest.approx(one.start + one.part.length)
            assert one.number != other.number, "the next waits beside it"
        assert stage.plays[-1].start + stage.plays[-1].part.length > 206.0, "three seconds ahead"
        assert music.playing is not None
        assert music.playing.preset == "tape"
        assert music.upcoming()
        stage.at(200.5, is_running=False)
        music.poll()
        assert {each.number for each in stage.sent[-2:] if isinstance(each, Silence)} == {90, 91}
        assert music.playing is None

    on_a_stage("tape", act)


def test_a_pulse_keeps_to_the_beats_of_the_clock_and_free_time_to_its_seconds() -> None:
    async def act(stage: Stage, music: AmbienceMidi) -> None:
        await play_to(stage, music, 8.0)
        (phrase, play) = music._planned[0].phrase, stage.plays[0]
        ratio = play.part.length / phrase.length
        if presets()[phrase.preset].free:
            assert play.part.length * 60.0 / BPM == pytest.approx(phrase.seconds)
        else:
            assert ratio in (0.5, 1.0, 2.0, 4.0)

    for preset in ("tape", "drift", "night bus", "glass"):
        on_a_stage(preset, act)


def test_steering_is_heard_from_the_next_half_beat_on() -> None:
    async def act(stage: Stage, music: AmbienceMidi) -> None:
        await play_to(stage, music, 10.0)
        before = len(stage.sent)
        music.steer(Steering(preset="tape", key=Key.parse("D lydian")))
        await settle(music)
        silence, play = stage.sent[before], stage.plays[-1]
        assert isinstance(silence, Silence)
        assert silence.beat == play.start
        assert 10.0 < play.start <= 11.5
        await play_to(stage, music, 20.0, since=10.5)
        assert music.playing is not None
        assert str(music.playing.key) == "D lydian"

    on_a_stage("tape", act)


def test_a_set_that_is_followed_gives_key_and_beats() -> None:
    async def act(stage: Stage, music: AmbienceMidi) -> None:
        await play_to(stage, music, 6.0)
        music.follow(MusicalContext.plain(bpm=BPM, meter="4/4", key=Key.parse("A major"), chords=()))
        await settle(music)
        await play_to(stage, music, 14.0, since=6.5)
        assert music.playing is not None
        assert str(music.playing.key) == "A major"
        assert music._planned[-1].stretch == 1.0

    on_a_stage("drift", act)


def test_after_a_jump_of_the_clock_it_begins_again_at_a_bar_line() -> None:
    async def act(stage: Stage, music: AmbienceMidi) -> None:
        await play_to(stage, music, 20.0)
        before = len(stage.plays)
        await play_to(stage, music, 3.0, since=1.0)
        assert stage.plays[before].start == 4.0

    on_a_stage("tape", act)


def test_what_cannot_be_composed_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    async def act(stage: Stage, music: AmbienceMidi) -> None:
        with monkeypatch.context() as patched:
            patched.setattr("musearoo.bridge.services.playing.phrases.next_phrase", fail)
            await play_to(stage, music, 2.0)
        assert not stage.plays
        music.steer(replace(Steering(preset="tape"), density=0.9))
        await play_to(stage, music, 3.0, since=2.5)
        assert stage.plays

    on_a_stage("tape", act)
