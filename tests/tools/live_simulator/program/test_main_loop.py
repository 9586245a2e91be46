"""The main thread: ticks, timers, faults."""

from __future__ import annotations

import itertools
import statistics
import time
from typing import Any

import pytest

from musearoo.tools.live_simulator.core.clock import ManualClock, RealClock
from musearoo.tools.live_simulator.program.main_loop import MainLoop, make_timer_class
from musearoo.tools.live_simulator.program.simulator import Simulator

from ..conftest import MakeLive


def timer_calls(live: Simulator, seconds: float, interval: int = 10, **options: Any) -> list[float]:
    """Return when a timer called, over so many seconds."""
    calls: list[float] = []
    live.Live.Base.Timer(callback=lambda: calls.append(live.clock.now()), interval=interval, start=True, **options)
    live.run_for(seconds)
    return calls


@pytest.mark.parametrize("interval", [1, 5, 10])
def test_short_timers_come_about_every_10_ms(live: Simulator, interval: int) -> None:
    calls = timer_calls(live, 30.0, interval, repeat=True)
    gaps = [1000.0 * (after - before) for before, after in itertools.pairwise(calls)]
    assert 10.2 < statistics.median(gaps) < 10.5
    assert min(gaps) >= 10.0
    assert 12.0 < max(gaps) <= 22.0


def test_jitter_is_the_same_for_the_same_seed() -> None:
    runs = []
    for seed in (1, 1, 2):
        live = Simulator(clock=ManualClock(), seed=seed)
        runs.append(timer_calls(live, 1.0, repeat=True))
    assert runs[0] == runs[1] != runs[2]


def test_longer_timers_keep_their_interval(live: Simulator) -> None:
    assert 9 <= len(timer_calls(live, 2.0, 200, repeat=True)) <= 10


def test_a_timer_without_repeat_comes_once(live: Simulator) -> None:
    assert len(timer_calls(live, 1.0)) == 1


def test_stop_restart_and_running(live: Simulator) -> None:
    calls: list[int] = []
    timer = live.Live.Base.Timer(callback=lambda: calls.append(1), interval=10, repeat=True)
    assert not timer.running
    live.run_for(0.1)
    timer.start()
    timer.start()
    live.run_for(0.055)
    assert 4 <= len(calls) <= 5
    timer.stop()
    live.run_for(0.1)
    assert len(calls) <= 5
    timer.restart()
    assert timer.running
    live.run_for(0.1)
    assert len(calls) > 5


def test_an_exception_stops_a_timer_and_is_logged(live: Simulator) -> None:
    def fail() -> None:
        raise ValueError("on purpose")

    timer = live.Live.Base.Timer(callback=fail, interval=10, repeat=True)
    timer.start()
    live.run_for(0.1)
    assert not timer.running
    assert sum("ValueError: on purpose" in line for line in live.log_lines) == 1


def test_killed_timers_can_be_started_again(live: Simulator) -> None:
    calls: list[int] = []
    timer = live.Live.Base.Timer(callback=lambda: calls.append(1), interval=10, repeat=True)
    timer.start()
    live.kill_timers()
    live.run_for(0.1)
    assert (calls, timer.running) == ([], False)
    timer.start()
    live.run_for(0.1)
    assert calls


def test_a_stall_swallows_ticks_and_a_menu_brings_them_all(live: Simulator) -> None:
    calls: list[float] = []
    timer = live.Live.Base.Timer(callback=lambda: calls.append(live.clock.now()), interval=10, repeat=True)
    timer.start()
    live.run_for(0.1)
    calls.clear()
    live.stall(1.0)
    live.run_for(0.005)
    assert len(calls) == 1
    calls.clear()
    live.open_menu(1.0)
    live.run_for(0.005)
    assert 90 < len(calls) <= 101
    live.run_for(0.1)
    assert len(calls) < 115


def test_the_display_tick_keeps_its_grid(live: Simulator) -> None:
    live.run_for(10.05)
    assert live.loop.stats.display_ticks == 100
    live.stall(1.0)
    live.run_for(1.0)
    assert 109 <= live.loop.stats.display_ticks <= 111


def test_instant_replies_tick_without_waiting(make_live: MakeLive) -> None:
    broken = make_live(mutation="instant-replies")
    broken.run_for(0.1)
    assert broken.loop.stats.display_ticks > 100


def test_the_real_clock_sleeps_and_wakes() -> None:
    errors: list[str] = []
    loop = MainLoop(RealClock(), 0, errors.append)
    calls: list[float] = []
    timer = make_timer_class(loop)(lambda: calls.append(time.perf_counter()), 10, True, True)
    used = time.process_time()
    loop.run_until(loop.clock.now() + 0.5)
    used = time.process_time() - used
    assert timer.running
    assert 20 <= len(calls) <= 50
    assert used < 0.4  # it sleeps: spinning would use all of the half second
    done: list[int] = []
    loop.post(lambda: done.append(1))
    loop.post(lambda: done.append([][0]))
    loop.run_until(loop.clock.now() + 0.01)
    assert done == [1]
    assert "IndexError" in errors[0]


def test_unknown_mutations_are_refused() -> None:
    with pytest.raises(ValueError, match="no mutation 'nonsense': choose one of note-order"):
        Simulator(mutation="nonsense")
