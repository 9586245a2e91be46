"""The start of a loop in musical terms: on the one, on the three, a beat late, off the beat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

from musearoo.tools.bench.musicgen.takes import Take

Start = Literal["on the one", "near the one", "half a bar off", "on another beat", "off the beat", "anywhere"]

STARTS: Final[dict[Start, str]] = {
    "on the one": "within 30 ms",
    "near the one": "30 to 60 ms from it, as loose players are",
    "half a bar off": "on the three: where both halves of a bar are alike, it hardly hurts",
    "on another beat": "a beat early or late",
    "off the beat": "between the beats",
    "anywhere": "no beat was found",
}
"""The possible starts, best first, and their meaning."""

ON_SECONDS: Final = 0.03
"""A loop that begins this close to a beat begins on it."""
LOOSE_SECONDS: Final = 0.06


def name_start(take: Take, second: float) -> Start:
    """Return the position of a second of a take in the bars of its music.

    >>> from musearoo.engines.audio.loops.loop_request import LoopRequest
    >>> from musearoo.tools.bench.musicgen.takes import TakeSpec
    >>> downbeats = np.array([1.0, 3.0, 5.0])
    >>> take = Take(TakeSpec("rock", 120.0, 1.0), LoopRequest(120.0, 4.0, 2), np.zeros((1, 1)), 1, downbeats, downbeats)
    >>> name_start(take, 3.02), name_start(take, 4.0), name_start(take, 0.5), name_start(take, 1.25)
    ('on the one', 'half a bar off', 'on another beat', 'off the beat')
    """
    bar = float(np.median(np.diff(take.downbeats)))
    # The bar before the first known one, and the bar after the last, have the same length as the others.
    edges = np.concatenate(([take.downbeats[0] - bar], take.downbeats, [take.downbeats[-1] + bar]))
    quarters = take.spec.beats_per_bar
    place = float(np.interp(second, edges, np.arange(edges.size) * quarters)) % quarters

    def off(beat: float) -> float:
        away = abs(place - beat)
        return min(away, quarters - away) * bar / quarters

    if off(0.0) < ON_SECONDS:
        return "on the one"
    if off(0.0) < LOOSE_SECONDS:
        return "near the one"
    if quarters == 4.0 and off(2.0) < ON_SECONDS:
        return "half a bar off"
    return "on another beat" if off(round(place)) < ON_SECONDS else "off the beat"


def count_starts(starts: Sequence[Start]) -> dict[Start, int]:
    """Return the number of loops for each start, in the order of `STARTS`."""
    counts = Counter(starts)
    return {start: counts[start] for start in STARTS}
