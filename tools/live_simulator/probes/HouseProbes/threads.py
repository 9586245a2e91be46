"""Probes of timers, the display tick, and the effect of an exception on them."""

from __future__ import annotations

from typing import Any, Iterator

import Live

from .expect import expect, expect_true


def the_display_tick_comes_every_100_ms(run: Any) -> Iterator[float]:
    run.display_ticks.clear()
    yield 0.65
    ticks = run.display_ticks
    gaps = sorted(after - before for before, after in zip(ticks, ticks[1:]))
    expect_true("about six ticks in 0.65 s, got", 5 <= len(ticks) <= 7, len(ticks))
    expect_true("gaps between ticks of 0.08 to 0.13 s, got", 0.08 < gaps[len(gaps) // 2] < 0.13, gaps)


def _median_gap(run: Any, interval: int) -> Iterator[float]:
    calls: list[float] = []
    timer = Live.Base.Timer(callback=lambda: calls.append(run.clock()), interval=interval, repeat=True)
    timer.start()
    yield 0.6
    timer.stop()
    gaps = sorted(after - before for before, after in zip(calls, calls[1:]))
    median = gaps[len(gaps) // 2] * 1000.0
    expect_true(f"a timer of {interval} ms comes every 9.5 to 12 ms, got", 9.5 < median < 12.0, median)


def a_timer_of_10_ms_comes_every_10_ms(run: Any) -> Iterator[float]:
    return _median_gap(run, 10)


def a_timer_of_1_ms_still_comes_every_10_ms(run: Any) -> Iterator[float]:
    return _median_gap(run, 1)


def an_exception_stops_the_timer(_: Any) -> Iterator[float]:
    calls: list[int] = []

    def fail() -> None:
        calls.append(1)
        raise ValueError("this probe raises on purpose")

    timer = Live.Base.Timer(callback=fail, interval=10, repeat=True)
    timer.start()
    expect("a started timer says that it runs", timer.running, True)
    yield 0.1
    expect("calls after the first one raised", len(calls), 1)
    expect("running after an exception", timer.running, False)


def a_timer_without_repeat_comes_once(_: Any) -> Iterator[float]:
    calls: list[int] = []
    timer = Live.Base.Timer(callback=lambda: calls.append(1), interval=10, repeat=False)
    timer.start()
    yield 0.1
    expect("calls of a timer without repeat", len(calls), 1)


PROBES = (
    the_display_tick_comes_every_100_ms,
    a_timer_of_10_ms_comes_every_10_ms,
    a_timer_of_1_ms_still_comes_every_10_ms,
    an_exception_stops_the_timer,
    a_timer_without_repeat_comes_once,
)
