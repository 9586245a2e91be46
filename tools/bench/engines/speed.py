"""The engines' speed: every engine in every style at 8 and at 64 bars, with different chords and seeds each time.

The target is the time on one processor core, which other programs do not affect; wall-clock time is reported as well.
Garbage collection is that of the daemon.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from time import perf_counter, thread_time
from typing import Final, NamedTuple

from musearoo.bridge.process.gc_control import calmed_collector
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord
from musearoo.engines.players.params import Effort
from musearoo.engines.styles.schema import Style
from musearoo.tools.bench.engines.excerpts import known_progressions
from musearoo.tools.bench.engines.takes import play_together
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.rows import Row

PART: Final = "speed"
BOUNDS_MS: Final = {8: 10.0, 64: 35.0}
"""The limit of one engine for a number of bars, in ms at the 99th percentile."""
BAND_BOUND_MS: Final = 120.0
_FEWER: Final = {8: 1, 64: 4}
"""Long takes are timed a quarter as often."""


class Timed(NamedTuple):
    """Processor and wall-clock milliseconds of one take."""

    core: float
    clock: float


def judge_speed(styles: Mapping[str, Style], seeds: range, effort: Effort = Effort.FULL) -> Iterator[Row]:
    """Yield p50 and p99 of each engine, and of the band in which each player gets the others' parts."""
    with calmed_collector():
        for engine in ENGINES:
            for bars, bound in BOUNDS_MS.items():
                times = {
                    name: _time(engine, style, bars, seeds[:: _FEWER[bars]], effort) for name, style in styles.items()
                }
                slowest = max(times, key=lambda name: percentile([timed.core for timed in times[name]], 50))
                every = [timed for found in times.values() for timed in found]
                yield from _rows(f"{engine.name}, {bars} bars", every, bound, f"slowest style: {slowest}")
        band = [_time_band(style, seed, effort) for style in styles.values() for seed in seeds]
        yield from _rows("band, 8 bars", band, BAND_BOUND_MS, "")


def _rows(name: str, times: Sequence[Timed], bound: float, slowest: str) -> Iterator[Row]:
    cores, clocks = ([timed[which] for timed in times] for which in (0, 1))
    yield Row(PART, f"{name}, p50", "ms", percentile(cores, 50), note=slowest)
    high = percentile(cores, 99)
    note = f"{percentile(clocks, 99):.1f} by the clock, {len(times)} takes; the peer is the bound"
    yield Row(PART, f"{name}, p99", "ms", high, bound, high <= bound, note)


def _time(engine: EngineRecord, style: Style, bars: int, seeds: range, effort: Effort) -> list[Timed]:
    params = engine.params(style=style, bars=bars, effort=effort)
    return [_stop(partial(engine.generate, params, _context(seed), seed)) for seed in seeds]


def _time_band(style: Style, seed: int, effort: Effort) -> Timed:
    return _stop(partial(play_together, style, _context(seed), seed, effort))


def _stop(play: Callable[[], object]) -> Timed:
    clock, core = perf_counter(), thread_time()
    play()
    return Timed((thread_time() - core) * 1000.0, (perf_counter() - clock) * 1000.0)


def _context(seed: int) -> MusicalContext:
    """Return different chords each time, so that caches hardly help."""
    progressions = known_progressions()
    return progressions[seed % len(progressions)].context
