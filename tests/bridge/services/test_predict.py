"""Composing ahead: what is likely is ready, politely, and what was learnt is kept and may be erased."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.copilot.habits_file import HABITS_FILE
from musearoo.bridge.core.composing import Basis, Players, prepare_composition
from musearoo.bridge.core.events.effects import Compose
from musearoo.bridge.core.events.incoming import ClipWritten, DeviceMessageReceived, EffortChanged, Source
from musearoo.bridge.prediction.habits import NO_HABITS, learn_move
from musearoo.bridge.prediction.moves import Situation
from musearoo.bridge.protocol import Audition, Dials, Keep, Selection
from musearoo.bridge.services import predict
from musearoo.bridge.services.band_runner import play_with_patience
from musearoo.bridge.services.predict import PredictService
from musearoo.bridge.settings.user_settings import Settings
from musearoo.engines.players.band.catalogue import ENGINES, find_engine, lean_engine
from tests.bridge.core.some_orders import a_mixed_set
from tests.bridge.requests.test_generate import VERSE, styles
from tests.bridge.services.some_services import some_services
from tests.bridge.stage import Stage, ready_stage, requests

LINK = 1


class Room:
    """A device that presses, the set in which its clips are, and the service."""

    def __init__(self, home: Path, **settings: Any) -> None:
        self.stage: Stage
        self.stage, self.session = ready_stage()
        self.mirror = a_mixed_set()
        self.mirror.apply(Selection(0, VERSE, 0))
        self.is_idle = True
        self.warmed: list[str] = []
        self.players = Players(ENGINES, styles(), play_with_patience)
        self.services = some_services(
            lambda _: None, {LINK: self.mirror}, home, Settings(**{"predict": True} | settings), self.stage.state
        )
        self.predict = PredictService(self.services, lambda: self.players, lambda: self.is_idle, self.warmed.append)

    def press(self, press: int, engine: str = "drummaroo", **changed: Any) -> Compose:
        """A press that is written, as the conductor has it done; returns what was to be composed."""
        before = self.stage.state
        (asked,) = requests(self.stage.press(self.session, press, engine=engine, seed=-1, scene=1, track=-1, **changed))
        self.predict.observe(before, self.stage.state, ClipWritten(0.0, "another's", 0, -1, -1, ""))
        self.stage.composed(self.session, press)
        before = self.stage.state
        written = ClipWritten(self.stage.now, asked.request_id, 128, 5, 1, self.mirror.clips[60].name)
        self.stage.play(written)
        self.services.state = self.stage.state
        self.predict.observe(before, self.stage.state, written)
        return asked

    def say(self, message: Any) -> None:
        """A message of the device that is no press."""
        before = self.stage.state
        source = before.sessions[self.session].source
        self.stage.device(message)
        self.services.state = self.stage.state
        self.predict.observe(before, self.stage.state, DeviceMessageReceived(self.stage.now, source, message))

    def ask(self, press: int, engine: str, **changed: Any) -> tuple[Any, Basis | None]:
        """What a press would ask for, and all that it depends on."""
        changed = {"engine": engine, "seed": -1, "scene": 1, "track": -1, **changed}
        asked = requests(self.stage.press(self.session, press, **changed))[0]
        return asked.request, prepare_composition(self.mirror, asked, self.players, 0.0, lambda _: None).basis

    async def wait(self, is_done: Callable[[], bool], seconds: float = 10.0) -> None:
        """Let time go on until something is so."""
        until = time.monotonic() + seconds
        while not is_done():
            assert time.monotonic() < until, "it did not come to this"
            self.predict.poll(time.monotonic())
            await asyncio.sleep(0.005)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody needs to wait for quiet."""
    monkeypatch.setattr(predict, "QUIET_FOR", 0.0)
    monkeypatch.setattr(predict, "REST", 0.0)


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def to_the_end() -> None:
        await work()

    asyncio.run(asyncio.wait_for(to_the_end(), 30.0))


def test_the_next_player_is_ready_and_is_taken_once(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def work() -> None:
        room.press(1)
        await room.wait(lambda: room.predict.is_done)
        asked = room.ask(2, "bassaroo")
        taken = room.predict.take(*asked, time.monotonic())
        assert taken is not None
        assert taken.parts[0].role == "bass"
        assert room.predict.take(*asked, time.monotonic()) is None
        counts = room.predict.counts
        assert (counts.hits, counts.misses) == (1, 1)
        assert counts.work > 0.0

    run(work)


def test_a_dial_at_rest_is_composed_with(tmp_path: Path) -> None:
    room = Room(tmp_path)
    dials = Dials(room.session, 2, "house", 4, 0.5, 0.5, 0.5, 0.0, "", -1, 0, 0, "")

    async def work() -> None:
        room.press(1)
        await room.wait(lambda: room.predict.is_done)
        room.say(dials)
        assert not room.predict.is_done
        await room.wait(lambda: room.predict.is_done)
        asked = room.ask(2, "bassaroo", style="house", bars=4)
        assert room.predict.take(*asked, time.monotonic()) is not None

    run(work)


def test_dials_of_a_stranger_are_not_composed_with(tmp_path: Path) -> None:
    room = Room(tmp_path)
    dials = Dials(room.session, 2, "house", 4, 0.5, 0.5, 0.5, 0.0, "", -1, 0, 0, "")

    async def work() -> None:
        room.press(1)
        await room.wait(lambda: room.predict.is_done)
        stranger, before = Source("127.0.0.1", 9), room.stage.state
        room.stage.device(dials, stranger)
        room.predict.observe(before, room.stage.state, DeviceMessageReceived(room.stage.now, stranger, dials))
        assert room.predict.is_done

    run(work)


def test_the_first_press_is_ready_where_a_dial_was_turned(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def work() -> None:
        room.say(Dials(room.session, 1, "house", 4, 0.5, 0.5, 0.5, 0.0, "", -1, 0, 0, ""))
        await room.wait(lambda: room.predict.is_done)
        asked = room.ask(1, "bassaroo", style="house", bars=4)
        assert room.predict.take(*asked, time.monotonic()) is not None

    run(work)


@pytest.mark.parametrize("answered", [Keep(0, 2, 0, 1.0, -1, -1, 0), Audition(0, 2, 0, -1, -1)])
def test_a_request_that_is_answered_at_once_is_counted(tmp_path: Path, answered: Keep | Audition) -> None:
    room = Room(tmp_path)

    async def work() -> None:
        room.press(1)
        await room.wait(lambda: room.predict.is_done)
        room.say(replace(answered, session=room.session))
        assert room.stage.state.sessions[room.session].answers.keys() == {1, 2}
        assert not room.predict.is_done
        await room.wait(lambda: room.predict.is_done)
        assert room.predict.take(*room.ask(3, "bassaroo"), time.monotonic()) is not None

    run(work)


def test_a_change_of_the_set_drops_what_was_ready(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def work() -> None:
        room.press(1)
        await room.wait(lambda: room.predict.is_done)
        song = room.mirror.song
        assert song is not None
        room.mirror.apply(type(song)("another", 133.0, 4, 4, 9, "Minor", 1, 0))
        request, basis = room.ask(2, "bassaroo")
        assert room.predict.take(request, basis, time.monotonic()) is None, "it was made at another tempo"
        room.predict.note_change()
        await room.wait(lambda: room.predict.is_done)
        assert room.predict.take(request, basis, time.monotonic()) is not None
        assert room.predict.counts.wasted > 0

    run(work)


@pytest.mark.parametrize("settings", [{"predict": False}, {"predict_share": 0.0}])
def test_nothing_is_composed_ahead_where_that_is_not_wanted(
    tmp_path: Path, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predict, "MOST_SAVED", 0.0)
    room = Room(tmp_path, **settings)

    async def work() -> None:
        room.press(1)
        for _ in range(20):
            room.predict.poll(time.monotonic())
            await asyncio.sleep(0.005)
        assert (room.predict.counts.work, room.predict.is_done) == (0.0, False)

    run(work)


def test_nothing_is_composed_ahead_while_something_else_is_to_be_done(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.is_idle = False

    async def work() -> None:
        room.press(1)
        for _ in range(20):
            room.predict.poll(time.monotonic())
            await asyncio.sleep(0.005)
        assert room.predict.counts.work == 0.0
        room.is_idle = True
        await room.wait(lambda: room.predict.is_done)

    run(work)


def test_a_machine_that_saves_power_is_left_alone_unless_the_user_insists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predict, "saves_power", lambda: True)

    async def work() -> None:
        polite, insisting = Room(tmp_path, predict="auto"), Room(tmp_path, predict=True)
        for room in (polite, insisting):
            room.press(1)
        await insisting.wait(lambda: insisting.predict.is_done)
        polite.predict.poll(time.monotonic())
        assert (polite.predict.counts.work, polite.predict.is_done) == (0.0, False)
        # Asked again after a while, the system says otherwise.
        monkeypatch.setattr(predict, "saves_power", lambda: False)
        monkeypatch.setattr(predict, "POWER_EVERY", 0.0)
        await polite.wait(lambda: polite.predict.is_done)

    run(work)


def test_what_would_be_refused_is_left_to_its_press(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.players = Players((), styles(), play_with_patience)

    async def work() -> None:
        room.press(1)
        await room.wait(lambda: room.predict.is_done)
        assert room.predict.counts.wasted == 0

    run(work)


def test_what_a_likely_job_needs_is_loaded_once(tmp_path: Path) -> None:
    known = NO_HABITS
    for _ in range(8):
        known = learn_move(known, Situation("", "play drummaroo"), "say split")
    HABITS_FILE.write(tmp_path, known)
    room = Room(tmp_path)

    async def work() -> None:
        room.predict.poll(time.monotonic())
        for press in (1, 2):
            room.press(press)
            await room.wait(lambda: room.predict.is_done)
        assert sorted(room.warmed) == ["say", "split"]

    run(work)


def test_what_was_composed_at_one_effort_is_not_given_at_another(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def work() -> None:
        room.press(1)
        await room.wait(lambda: room.predict.is_done)
        request, full = room.ask(2, "bassaroo")
        assert full is not None
        lean = replace(
            full,
            players=replace(room.players, engines=tuple(map(lean_engine, ENGINES))),
            reading=replace(full.reading, engine=lean_engine(find_engine("bass"))),  # type: ignore[arg-type]
        )
        assert room.predict.take(request, lean, time.monotonic()) is None
        room.players = lean.players
        state = room.stage.state
        room.predict.observe(state, state, EffortChanged(0.0, frozenset({"bassaroo"}), had_lean=False))
        await room.wait(lambda: room.predict.is_done)
        assert room.predict.take(request, full, time.monotonic()) is None
        assert room.predict.take(request, lean, time.monotonic()) is not None

    run(work)


def test_habits_are_kept_in_a_thread_and_not_over_what_the_user_has_erased(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predict, "SAVE_EVERY", 0.0)
    room = Room(tmp_path)
    room.is_idle = False

    async def work() -> None:
        room.predict.poll(time.monotonic())
        room.press(1)
        await room.wait(HABITS_FILE.path(tmp_path).exists)
        await asyncio.sleep(0.05)
        HABITS_FILE.delete(tmp_path)
        room.press(2, "bassaroo")
        room.predict.poll(time.monotonic())
        await asyncio.sleep(0.05)
        room.predict.poll(time.monotonic())
        room.press(3, "harmonyroo")
        await room.wait(HABITS_FILE.path(tmp_path).exists)
        assert set(HABITS_FILE.read(tmp_path).tables[""]) == {"play harmonyroo"}

    run(work)


def test_habits_are_learnt_kept_and_erased(tmp_path: Path) -> None:
    known = learn_move(NO_HABITS, Situation(), "undo")
    HABITS_FILE.write(tmp_path, known)
    room = Room(tmp_path)

    async def work() -> None:
        room.predict.poll(time.monotonic())
        room.press(1)
        room.predict.save()
        tables = json.loads(HABITS_FILE.path(tmp_path).read_text())["tables"]
        assert tables["start"] == {"undo": 0.98, "play drummaroo": 1.0}
        room.press(2, "bassaroo")
        HABITS_FILE.delete(tmp_path)
        room.predict.save()
        assert HABITS_FILE.read(tmp_path) == NO_HABITS, "what the user has erased stays erased"
        room.press(3, "bassaroo")
        room.predict.save()
        assert set(HABITS_FILE.read(tmp_path).tables[""]) == {"play bassaroo"}

    run(work)
