"""A simulated Live that tests step by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from musearoo.tools.live_simulator.core.clock import ManualClock
from musearoo.tools.live_simulator.core.shapes import NEWEST
from musearoo.tools.live_simulator.program.simulator import Simulator

MakeLive = Callable[..., Simulator]


@pytest.fixture
def make_live() -> Iterator[MakeLive]:
    """Return a function that makes simulators on manual clocks; they quit at the end."""
    made: list[Simulator] = []

    def make(
        profile: str = NEWEST,
        mutation: str | None = None,
        user_library: str | None = None,
        edition: str = "Suite",
    ) -> Simulator:
        simulator = Simulator(
            profile, clock=ManualClock(), mutation=mutation, user_library=user_library, edition=edition
        )
        simulator.install()
        made.append(simulator)
        return simulator

    yield make
    for simulator in reversed(made):
        simulator.quit()


@pytest.fixture
def live(make_live: MakeLive) -> Simulator:
    """Return a simulator of the newest profile."""
    return make_live()
