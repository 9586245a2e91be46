"""The capture service: analysed with known beats, used by the next request, continued, cancelled."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from musearoo.bridge.analysis.analyzer import AudioAnalyzer, make_analyzer
from musearoo.bridge.capture.folder import CaptureFolder
from musearoo.bridge.core.events.effects import Capture
from musearoo.bridge.core.events.incoming import Analyzed, Composed, Event, NotComposed
from musearoo.bridge.imagining.generator import AudioGenerator
from musearoo.bridge.jobs.contract import JobBackend
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import CreateAudioClip, Gone, Listen, Refusal
from musearoo.bridge.requests.generate import read_neighbours, read_scene
from musearoo.bridge.services.capture import CONTINUED, CaptureService
from musearoo.bridge.services.sound import AudioService
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.user_settings import Settings
from musearoo.bridge.stems.splitter import Splitter
from musearoo.engines.music.progression import parse_progression
from tests.band import BPM, CHORDS
from tests.bridge.capture.some_rings import TapedRing, band_sound, tape
from tests.bridge.requests.test_split import a_set
from tests.bridge.services.some_services import some_services
from tests.bridge.services.test_sound import Nobody, SomeImaginer, some_loops
from tests.bridge.stage import REQUEST, ready_stage

SELECTED = 20
"""The id of the set's first scene."""


def no_worker() -> JobBackend:
    raise AssertionError("nothing here is heard deeply")


@cache
def ears() -> AudioAnalyzer:
    """An analyzer without a cache, because captures are not cached."""
    return make_analyzer(Settings(deep_networks=False), read_styles(), Path("nowhere"), no_worker)


@cache
def some_tape() -> TapedRing:
    """Four bars of the band and a little more."""
    return tape(band_sound(), BPM, 4.2, seconds=12.0)


class Room:
    """A press on Listen under way, after four bars of the band and a little more."""

    def __init__(self, home: Path, **changed: Any) -> None:
        self.home = home
        stage, session = ready_stage()
        taped = some_tape()
        folder = CaptureFolder(home)
        folder.open()
        self.ring = taped.write(folder.path)
        self.listen: Listen = taped.press(session=session, **changed)
        stage.device(self.listen)
        self.events: list[Event] = []
        self.analyzed_in: list[int] = []
        self.mirrors: dict[int, SetMirror] = {1: a_set()}
        self.imaginer = SomeImaginer()
        self.order = Capture((session, 1), 1, REQUEST, self.listen, 48_000)
        services = some_services(self.events.append, self.mirrors, home, state=stage.state)
        self.work = AudioService(
            services,
            lambda: cast(Splitter, Nobody()),
            lambda: cast(AudioGenerator, self.imaginer),
            CaptureService(home, ears()),
            self.analyzed_in.append,
        )

    @property
    def recordings(self) -> list[str]:
        """The names of what was recorded."""
        return [path.name for path in (self.home / "recordings").glob("*")]

    async def until(self, condition: Callable[[], object]) -> None:
        """Waits, not for ever."""
        for _ in range(4000):
            if condition():
                return
            await asyncio.sleep(0.005)
        raise AssertionError("it never came")


def play(room: Room, scene: Callable[[Room], Any]) -> Room:
    """Plays a scene in a room within an event loop."""

    async def run() -> None:
        room.work.begin(room.order)
        await scene(room)
        await room.work.close()

    asyncio.run(run())
    return room


async def until_reported(room: Room) -> None:
    await room.until(lambda: room.events)


@pytest.fixture(scope="module")
def analyzed_room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """A room in which the band was captured and analysed."""
    return play(Room(tmp_path_factory.mktemp("home")), until_reported)


def test_what_was_heard_is_told_in_a_sentence(analyzed_room: Room) -> None:
    (event,) = analyzed_room.events
    assert isinstance(event, Analyzed)
    found = event.found
    assert found.sentence == "4 bars heard: A minor, Am Dm E7 Am, 96.0 BPM."
    assert (found.key, found.numerator, found.denominator) == ("A minor", 4, 4)
    assert found.tempo == pytest.approx(BPM, abs=0.01)
    assert found.tempo_confidence == 1.0
    assert event.messages == ()
    assert analyzed_room.recordings == ["Listen 4 bars 96 BPM.wav"]
    assert not analyzed_room.ring.exists()


def test_the_next_press_in_that_scene_follows_it_and_no_other(analyzed_room: Room) -> None:
    mirror = analyzed_room.mirrors[1]
    assert analyzed_room.analyzed_in == [1]
    parts = read_neighbours(mirror, SELECTED, lambda _: None)
    assert mirror.song is not None
    context = read_scene(mirror.song, parts, read_styles())
    assert [(span.start, span.chord) for span in context.chords] == [
        (span.start, span.chord) for span in parse_progression(CHORDS)
    ]
    assert read_neighbours(mirror, SELECTED + 1, lambda _: None) == ()


def test_what_was_heard_goes_with_its_scene(analyzed_room: Room) -> None:
    mirror = replace(analyzed_room.mirrors[1], captures=dict(analyzed_room.mirrors[1].captures))
    assert list(mirror.captures) == [SELECTED]
    mirror.scenes = dict(mirror.scenes)
    mirror.apply(Gone(SELECTED))
    assert mirror.captures == {}
    mirror.keep_capture(SELECTED, analyzed_room.mirrors[1].captures[SELECTED])
    assert mirror.captures == {}


def test_what_is_continued_is_the_recording_in_its_own_tempo(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await room.until(lambda: room.imaginer.requests)
        room.imaginer.done("The model musicgen-small is not on this machine.")
        await until_reported(room)

    room = play(Room(tmp_path, use=CONTINUED, prompt="with strings", length=2), scene)
    (request,) = room.imaginer.requests
    assert request.before is not None
    assert Path(request.before.path) == tmp_path / "recordings" / "Listen 4 bars 96 BPM.wav"
    assert request.before.bpm == pytest.approx(BPM, abs=0.01)
    assert (request.text, request.bars, request.bpm) == ("with strings", 2, 120.0)
    # The analysis goes into the prompt, and determines the loudness.
    assert request.key == "A minor"
    assert request.loudness_lufs is not None
    (failed,) = room.events
    assert isinstance(failed, NotComposed)
    assert failed.code is Refusal.ENGINE_FAILED
    # The user's sound is not lost for that.
    assert room.recordings == ["Listen 4 bars 96 BPM.wav"]


def test_a_continuation_is_written_like_any_loop(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await room.until(lambda: room.imaginer.requests)
        room.imaginer.done(some_loops(room.home))
        await until_reported(room)

    (composed,) = play(Room(tmp_path, use=CONTINUED, bars=8), scene).events
    assert isinstance(composed, Composed)
    assert any(isinstance(message, CreateAudioClip) for message in composed.messages)
    assert composed.notices[0] == "That is 4 bars, not 8: Live had played no more without a break."


def test_a_press_that_is_cancelled_leaves_no_file(tmp_path: Path) -> None:
    async def at_once(room: Room) -> None:
        await asyncio.sleep(0.02)
        room.work.stop(room.order.key)
        await room.until(lambda: not room.ring.exists() and not room.recordings)

    room = play(Room(tmp_path), at_once)
    assert (room.events, room.recordings) == ([], [])

    async def later(room: Room) -> None:
        await room.until(lambda: room.imaginer.requests)
        room.work.stop(room.order.key)
        await room.until(lambda: room.imaginer.is_taken_back)

    room = play(Room(tmp_path, use=CONTINUED), later)
    assert (room.events, room.recordings) == ([], [])


def test_an_unreadable_ring_is_reported(tmp_path: Path) -> None:
    (failed,) = play(Room(tmp_path, counter=2_000_000), until_reported).events
    assert isinstance(failed, NotComposed)
    assert (failed.code, failed.sentence) == (
        Refusal.NOT_HEARD,
        "The recording is not of this moment: press Listen again.",
    )


def test_a_folder_that_was_taken_away_is_there_for_the_next_press(tmp_path: Path) -> None:
    room = Room(tmp_path, file="no such name")
    shutil.rmtree(tmp_path / "captures")
    (failed,) = play(room, until_reported).events
    assert isinstance(failed, NotComposed)
    assert "is no name of a recording" in failed.sentence
    assert (tmp_path / "captures").is_dir()


def test_the_conductor_orders_it_once() -> None:
    stage, session = ready_stage()
    listen = Listen(session, 1, "device-1-1.wav", 4, 100, 3, 50, 4, 4, 0, "", 4)
    orders = [effect for effect in stage.device(listen) if isinstance(effect, Capture)]
    assert orders == [Capture((session, 1), 1, REQUEST, listen, 44_100)]
    assert not [effect for effect in stage.device(listen) if isinstance(effect, Capture)]
