"""How much each engine may spend on a take, by measured latency. Pure.

Each observation is a strain: 1 at the bound from which something is late. An engine composes lean takes after several
late observations within some seconds, and full ones again after as many seconds without any. In between nothing
changes, so that an engine does not go to and fro.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from musearoo.engines.foundation.frozen import frozen
from musearoo.engines.players.params import Effort

LATE: Final = 1.0
"""The strain of what is late."""
LATE_TIMES: Final = 4
"""Late observations after which takes are lean: a few alone may be a start, or a file that is read."""
WITHIN: Final = 10.0
"""Seconds within which they count, and after which takes are full again."""

LAG_BOUND: Final = 0.015
"""Seconds by which the event loop is late: on an idle machine of two cores it is a third of that at most."""
GAP_BOUND: Final = 0.04
"""Seconds between two ticks of Live's script, which come every 0.01 to 0.02 s."""
WAY_BOUND: Final = 0.015
"""Seconds for a request's way to the engines' threads and back."""
ENGINE_BOUND: Final = 0.005
"""Seconds for eight bars of one engine, and for what is written of them."""
USUAL_BARS: Final = 8
BAR_BOUND: Final = 0.0005
"""Seconds for each further bar of one engine."""


@frozen
class EngineLoad:
    """How late an engine was: the last late observations (seconds of a monotonic clock), and what it may spend now."""

    late_at: tuple[float, ...] = ()
    effort: Effort = Effort.FULL

    def observe(self, now: float, strain: float) -> EngineLoad:
        """Return the load after one more observation."""
        if strain >= LATE:
            late_at = (*self.late_at, now)[-LATE_TIMES:]
            is_lean = self.effort is Effort.LEAN or (len(late_at) == LATE_TIMES and now - late_at[0] <= WITHIN)
            return EngineLoad(late_at, Effort.LEAN if is_lean else Effort.FULL)
        if self.effort is Effort.LEAN and now - self.late_at[-1] > WITHIN:
            return EngineLoad()
        return self


@frozen
class Efforts:
    """The load of each engine, by name."""

    loads: Mapping[str, EngineLoad]

    @classmethod
    def full(cls, engines: Iterable[str]) -> Efforts:
        """Return full efforts of some engines."""
        return cls(dict.fromkeys(engines, EngineLoad()))

    @property
    def lean(self) -> frozenset[str]:
        """The engines whose takes are lean."""
        return frozenset(name for name, load in self.loads.items() if load.effort is Effort.LEAN)

    def observe(self, now: float, strain: float, engines: Collection[str] | None = None) -> Efforts:
        """Return the efforts after an observation of some engines, or of what all of them depend on."""
        wanted = self.loads if engines is None else engines
        loads = {name: load.observe(now, strain) if name in wanted else load for name, load in self.loads.items()}
        return self if all(loads[name] is load for name, load in self.loads.items()) else Efforts(loads)


def composing_strain(seconds: float, bars: int, engines: int) -> float:
    """Return the strain of a request for so many bars of each of some engines.

    >>> [round(composing_strain(*taken), 3) for taken in ((0.02, 8, 1), (0.04, 4, 5), (0.096, 64, 1))]
    [1.0, 1.0, 2.0]
    """
    return seconds / (WAY_BOUND + engines * (ENGINE_BOUND + BAR_BOUND * max(0, bars - USUAL_BARS)))
