"""What the daemon reads of a set, measured in this process: no Live, no socket."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from musearoo.bridge.live_set.arrivals import Arrivals
from musearoo.bridge.live_set.listening import passages_in_view
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.prediction.moves import who_plays
from musearoo.bridge.protocol import Generate
from musearoo.bridge.protocol.codec import decode, encode
from musearoo.bridge.protocol.types import Route
from musearoo.bridge.requests.band import read_band
from musearoo.bridge.requests.generate import read_request
from musearoo.engines.players.band.catalogue import ENGINES
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.scale.sets import BARS, STYLE, SetSize, messages_of

READINGS: Final = 200
"""Readings of each kind; a reading takes a tenth of a millisecond."""
AUTO_SPLIT_TRACK: Final = "part 4"
"""A track that the settings mark for splitting, so that arrivals are looked for."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Seconds to take the set in, and medians of what is read of it, in microseconds."""

    mirror_seconds: float
    request: float
    band: float
    ticks: float
    """What a tick looks at after a change: audio in view, arrivals, who plays."""


def measure_readings(size: SetSize) -> Readings:
    """Return how long the daemon's own work on a set of that size takes."""
    packets = [encode(message) for message in messages_of(size)]
    mirror = SetMirror()
    began = time.perf_counter()
    for packet in packets:
        for message in decode(packet, Route.SCRIPT_TO_DAEMON):
            mirror.apply(message)
    took = time.perf_counter() - began
    arrivals = Arrivals((AUTO_SPLIT_TRACK,))

    def look() -> None:
        passages_in_view(mirror)
        arrivals.poll(mirror, (), time.monotonic())
        who_plays(mirror, ENGINES)

    return Readings(
        mirror_seconds=took,
        request=_median(lambda: read_request(mirror, _press("drummaroo"))),
        band=_median(lambda: read_band(mirror, _press("band"), ENGINES, lambda _: None)),
        ticks=_median(look),
    )


def _press(engine: str) -> Generate:
    return Generate(
        session=1,
        press=1,
        engine=engine,
        style=STYLE,
        bars=BARS,
        seed=0,
        complexity=0.5,
        density=0.5,
        humanise=0.5,
        swing=0.0,
        key="",
        options="",
        track=-1,
        scene=0,
        replace=0,
    )


def _median(read: Callable[[], object]) -> float:
    """Return the median of some readings in microseconds, after one that warms up."""
    read()
    times = []
    for _ in range(READINGS):
        began = time.perf_counter()
        read()
        times.append((time.perf_counter() - began) * 1e6)
    return percentile(times, 50)
