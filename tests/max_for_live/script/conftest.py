"""The joined script, and devices that have just been loaded or are known to a daemon."""

from collections.abc import Callable

import pytest

from musearoo.bridge.protocol import WIRE_VERSION, LiveState, Welcome
from musearoo.tools.workshop.device_builder.build import build_script
from tests.max_for_live.script.stage import Place, Sent, Stage

SESSION = 5

Load = Callable[..., Stage]


def welcome(session: int = SESSION, live: int = LiveState.READY, captures: str = "/tmp/captures") -> Welcome:
    """A daemon's welcome."""
    return Welcome(session, WIRE_VERSION, "0.1.0", live, captures)


def leave_unanswered(stage: Stage) -> list[Sent]:
    """Time passes in which a daemon that was restarted does not answer a sign of life, until the device says hello."""
    return stage.wait(1.5)


@pytest.fixture(scope="session")
def source() -> str:
    return build_script()


@pytest.fixture
def load(source: str) -> Load:
    """Loads a device into a set: `load(place, twin)`."""

    def loaded(place: Place | None = None, twin: str = "audio") -> Stage:
        stage = Stage(source, twin, place)
        stage.say("loaded")
        return stage

    return loaded


@pytest.fixture
def join(load: Load) -> Load:
    """Loads a device whose daemon and Live are there."""

    def joined(place: Place | None = None, twin: str = "audio") -> Stage:
        stage = load(place, twin)
        stage.hear(welcome())
        return stage

    return joined


@pytest.fixture
def stage(join: Load) -> Stage:
    """A device on the third track of a set, known to the daemon."""
    return join()
