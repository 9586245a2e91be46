"""What the tests of the whole path share: a studio, and a host that speaks to the script without the daemon."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from musearoo.bridge.settings.config_files import HOME_VARIABLE
from musearoo.tools.live_simulator.process import LiveProcess
from musearoo.tools.studio.processes import SCRIPT, Studio
from tests.path.script_host import ScriptHost

collect_ignore = ["audit"]
"""Runs in the processes that are watched, not in this one."""


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    """A studio that the tests of one module share; each takes back what it did."""
    with Studio() as running:
        yield running


@pytest.fixture
def fresh_studio() -> Iterator[Studio]:
    """A studio of one's own, to break."""
    with Studio() as running:
        yield running


class Hosted(NamedTuple):
    """A simulated Live whose script speaks to a host."""

    host: ScriptHost
    live: LiveProcess


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    """Simulated Live and host that the tests of one module share."""
    home: Path = tmp_path_factory.mktemp("home")
    with (
        ScriptHost(home) as host,
        LiveProcess(scripts=[str(SCRIPT)], env={HOME_VARIABLE: str(home)}) as live,
    ):
        host.wait_for_set()
        yield Hosted(host, live)
