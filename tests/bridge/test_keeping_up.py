"""A daemon that measures delays: simpler takes while there are some, said once, counted, and full takes again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from musearoo.bridge.core.announcements import KEEPING_UP, KEPT_UP
from musearoo.bridge.core.events.effects import Effect
from musearoo.bridge.metrics.daemon import PREFIX
from musearoo.bridge.protocol import Heartbeat, Told
from musearoo.bridge.requests.effort import GAP_BOUND, LAG_BOUND, LATE_TIMES, WITHIN
from musearoo.engines.players.band.catalogue import ENGINES
from tests.bridge.core.test_failing_effects import FaultyDaemon
from tests.bridge.stage import ready_stage, told


class Room:
    """A daemon with a device, whose ticks and heartbeats come as the test says."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.daemon = FaultyDaemon(home)
        stage, _ = ready_stage()
        self.daemon._services.state = stage.state
        self.now = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        self.loaded: list[object] = []
        monkeypatch.setattr(self.daemon._warming, "start", self.loaded.extend)
        monkeypatch.setattr(self.daemon._ticker, "ride", lambda: None)
        monkeypatch.setattr(self.daemon._ticker, "hurry", lambda: None)

    def live_was_held(self, seconds: float) -> list[Effect]:
        """What follows a heartbeat after a gap."""
        self.now += 0.25
        self.daemon.performed = []
        self.daemon._on_script_message(1, Heartbeat(1, 1000.0 * seconds, 0, 3))
        return self.daemon.performed

    def tick_was_late(self, seconds: float) -> list[Effect]:
        """What follows a tick that came late."""
        self.now += 0.1
        self.daemon.performed = []
        self.daemon._ticker.lag = seconds
        self.daemon._observe(self.daemon._ticker.lag / LAG_BOUND)
        return self.daemon.performed

    def lean(self) -> dict[str, float]:
        """The gauge of each engine."""
        # Not the whole text: this daemon has no worker whose figures could be read.
        samples = self.daemon._metrics._registry.samples(f"{PREFIX}engine_lean")
        return {name: value for (name,), value in samples if isinstance(value, float)}


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(tmp_path, monkeypatch)


def test_gaps_of_live_make_takes_simpler_and_the_device_is_told_once(room: Room) -> None:
    assert room.lean() == dict.fromkeys((engine.name for engine in ENGINES), 0.0)
    news = [effect for _ in range(3 * LATE_TIMES) for effect in room.live_was_held(1.1 * GAP_BOUND)]
    assert told(news, Told) == [Told(0, 0, KEEPING_UP)]
    assert room.loaded == [room.daemon._patterns.warm], "an engine that is late has its stand-in at hand"
    assert room.lean() == dict.fromkeys((engine.name for engine in ENGINES), 1.0)
    news = [effect for _ in range(round(2 * WITHIN / 0.25)) for effect in room.live_was_held(0.012)]
    assert told(news, Told) == [Told(0, 0, KEPT_UP)]
    assert set(room.lean().values()) == {0.0}


def test_late_ticks_do_so_too_and_what_the_warm_up_delays_does_not(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(type(room.daemon._warming), "is_done", False)
        assert [effect for _ in range(3 * LATE_TIMES) for effect in room.tick_was_late(1.0)] == []
    news = [effect for _ in range(3 * LATE_TIMES) for effect in room.tick_was_late(1.1 * LAG_BOUND)]
    assert told(news, Told) == [Told(0, 0, KEEPING_UP)]
