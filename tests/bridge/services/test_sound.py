"""Requests that end in sound files: reported, written, cancelled, and nothing lost when Live has gone."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from musearoo.bridge.core.events.effects import ImagineLoops
from musearoo.bridge.core.events.incoming import Composed, Event, NotComposed, Progressed
from musearoo.bridge.imagining.generator import AudioGenerator
from musearoo.bridge.imagining.plan import Imagined, ImaginedTake
from musearoo.bridge.imagining.request import ImagineRequest
from musearoo.bridge.jobs.contract import Priority
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import CreateAudioClip, Imagine, Refusal
from musearoo.bridge.services.capture import CaptureService
from musearoo.bridge.services.sound import AudioService
from musearoo.bridge.stems.splitter import Splitter
from tests.bridge.requests.test_split import a_set
from tests.bridge.services.some_services import some_services
from tests.bridge.stage import REQUEST, ready_stage

IMAGINE = Imagine(1, 1, "warm dub bass", 2, 1, 7, "", "", "", "", 1, 0, -1, -1, -1, 0, 0)


class SomeImaginer:
    """An audio generator with a scripted result, which it returns when the test says so."""

    def __init__(self) -> None:
        self.requests: list[ImagineRequest] = []
        self.is_taken_back = False
        self.is_closed = False
        self.show: Callable[[float, str], None]
        self.done: Callable[[Imagined | str], None]

    def generate(
        self,
        request: ImagineRequest,
        _priority: Priority,
        show: Callable[[float, str], None],
        done: Callable[..., None],
    ) -> Callable[[], None]:
        self.requests.append(request)
        self.show, self.done = show, done
        return self._take_back

    def _take_back(self) -> None:
        self.is_taken_back = True

    def close(self) -> None:
        self.is_closed = True


class Nobody:
    def close(self) -> None:
        """There is nothing to close."""


class Room:
    """A press for loops under way, in a set whose Live may go."""

    def __init__(self, home: Path) -> None:
        stage, session = ready_stage()
        stage.device(replace(IMAGINE, session=session))
        self.home = home
        self.events: list[Event] = []
        self.mirrors: dict[int, SetMirror] = {1: a_set()}
        self.imaginer = SomeImaginer()
        self.order = ImagineLoops((session, 1), 1, REQUEST, IMAGINE, 48_000)
        services = some_services(self.events.append, self.mirrors, home, state=stage.state)
        self.work = AudioService(
            services,
            lambda: cast(Splitter, Nobody()),
            lambda: cast(AudioGenerator, self.imaginer),
            cast(CaptureService, Nobody()),
            lambda _link: None,
        )

    async def begin(self) -> None:
        """Has the order done as far as the imaginer."""
        self.work.begin(self.order)
        while not self.imaginer.requests:
            await asyncio.sleep(0.005)

    async def end(self, made: Imagined | str) -> None:
        """The imaginer is done."""
        self.imaginer.done(made)
        await asyncio.sleep(0.02)

    def loops(self) -> Imagined:
        """What was imagined."""
        return some_loops(self.home)


def some_loops(home: Path) -> Imagined:
    """One loop with a notice."""
    take = ImaginedTake(
        path=home / "loops" / "a.wav",
        sidecar=home / "loops" / "a.musearoo.json",
        title="warm dub bass",
        seed=7,
        rate=48_000,
        channels=1,
        frames=1,
        bpm=120.0,
        bars=2,
        beats=(0.0,),
        first_audio_ms=1.0,
        ms=2.0,
        notices=("No beat can be heard in it.",),
    )
    return Imagined((take,), "musicgen", "musicgen-small", "", "CC-BY-NC 4.0", "dub", ("The set's tempo wins.",))


def play(home: Path, scene: Callable[[Room], Any]) -> Room:
    """Plays a scene in a room within an event loop."""

    async def run() -> Room:
        room = Room(home)
        await scene(room)
        await room.work.close()
        return room

    return asyncio.run(run())


def test_loops_are_written_and_their_notices_reported(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await room.begin()
        room.imaginer.show(0.5, "4.0 of 8.0 s")
        await room.end(room.loops())

    room = play(tmp_path, scene)
    progressed, composed = room.events
    assert isinstance(progressed, Progressed)
    assert (progressed.fraction, progressed.sentence) == (0.5, "4.0 of 8.0 s")
    assert isinstance(composed, Composed)
    assert composed.notices == ("The set's tempo wins.", "No beat can be heard in it.")
    assert any(isinstance(message, CreateAudioClip) for message in composed.messages)
    assert room.imaginer.requests[0].bpm == 120.0


def test_the_reason_for_no_ports_is_reported(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await room.begin()
        await room.end("The model musicgen-small is not on this machine: run `musearoo models fetch musicgen-small`.")

    (failed,) = play(tmp_path, scene).events
    assert isinstance(failed, NotComposed)
    assert failed.code is Refusal.ENGINE_FAILED
    assert failed.sentence.startswith("The model musicgen-small is not on this machine")


def test_where_the_files_lie_is_told_when_live_has_gone(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await room.begin()
        room.mirrors.clear()
        await room.end(room.loops())

    (failed,) = play(tmp_path, scene).events
    assert isinstance(failed, NotComposed)
    assert failed.code is Refusal.LIVE_LOST
    assert str(tmp_path / "loops") in failed.sentence


def lay_down(made: Imagined) -> list[Path]:
    """The files of what was imagined."""
    for path in map(Path, made.files):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"loop")
    return [Path(path) for path in made.files]


async def are_gone(files: list[Path]) -> None:
    async with asyncio.timeout(10.0):
        while any(path.exists() for path in files):
            await asyncio.sleep(0.005)


def test_a_fault_of_ours_takes_the_loops_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("musearoo.bridge.services.sound.write_imagined", write)

    async def scene(room: Room) -> None:
        await room.begin()
        files = lay_down(room.loops())
        await room.end(room.loops())
        await are_gone(files)

    (failed,) = play(tmp_path, scene).events
    assert isinstance(failed, NotComposed)
    assert failed.sentence == "Imagine failed by a fault of ours: the log says where. Nothing was written."


def test_loops_that_are_ready_when_they_are_taken_back_go(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await room.begin()
        files = lay_down(room.loops())
        # Both in one round of the event loop, in either order: nobody has looked at what was made.
        room.imaginer.done(room.loops())
        room.work.stop(room.order.key)
        await are_gone(files)
        room.imaginer.requests.clear()
        await room.begin()
        files = lay_down(room.loops())
        room.work.stop(room.order.key)
        await asyncio.sleep(0.02)
        room.imaginer.done(room.loops())
        await are_gone(files)

    assert play(tmp_path, scene).events == []


def test_what_was_imagined_is_handed_on_with_its_files(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await room.begin()
        await room.end(room.loops())

    (composed,) = play(tmp_path, scene).events
    assert isinstance(composed, Composed)
    assert [Path(path).name for path in composed.files] == ["a.wav", "a.musearoo.json"]
    assert composed.stays == f"What was imagined lies in {tmp_path / 'loops'}."


def test_a_cancelled_request_is_stopped_and_not_reported(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await room.begin()
        room.work.stop(room.order.key)
        await room.end(room.loops())

    room = play(tmp_path, scene)
    assert room.imaginer.is_taken_back
    assert room.events == []


def test_the_daemons_end_stops_everything(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await room.begin()

    room = play(tmp_path, scene)
    assert room.imaginer.is_taken_back
    assert room.imaginer.is_closed
    assert room.events == []


def test_an_unreadable_set_is_reported(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.mirrors[1] = SetMirror()
        room.work.begin(room.order)
        await asyncio.sleep(0.02)

    (failed,) = play(tmp_path, scene).events
    assert isinstance(failed, NotComposed)
    assert failed.code is Refusal.NO_LIVE
    assert not failed.sentence.endswith("the log says where. Nothing was written.")


def test_what_nobody_asked_for_is_never_made(tmp_path: Path) -> None:
    def make() -> Any:
        raise AssertionError("nobody asked for it")

    async def scene(room: Room) -> None:
        services = some_services(room.events.append, room.mirrors, tmp_path)
        work = AudioService(services, make, make, cast(CaptureService, Nobody()), lambda _link: None)
        await work.close()

    play(tmp_path, scene)
