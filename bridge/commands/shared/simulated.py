"""Explain failures of the simulated Max and Live in one line, for the commands that run them."""

from collections.abc import Iterator
from contextlib import contextmanager

from musearoo import how_to_install
from musearoo.bridge.commands.shared.failure import CommandError


@contextmanager
def simulation_explained() -> Iterator[None]:
    """Turn errors of the simulators, or a missing package, into CommandError."""
    try:
        from musearoo.tools.max_simulator.formats.faults import (
            HostTimeout,  # here, as all of them: they load the simulators
        )
        from musearoo.tools.studio.processes import STUDIO_FAILURES
    except ModuleNotFoundError as error:
        raise _missing(error) from error
    try:
        yield
    except ModuleNotFoundError as error:
        raise _missing(error) from error
    except (*STUDIO_FAILURES, HostTimeout) as error:
        raise CommandError(str(error)) from error


def _missing(error: ModuleNotFoundError) -> CommandError:
    return CommandError(f"The simulated Max needs {error.name}: run {how_to_install('simulator')}.")
