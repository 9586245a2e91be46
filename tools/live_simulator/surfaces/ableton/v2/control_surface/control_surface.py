"""The control surface of `ableton.v2`: here `song` and `application` are properties."""

from __future__ import annotations

from typing import Any

from musearoo.tools.live_simulator.surfaces.surface import Surface


class ControlSurface(Surface):
    """The base of scripts written for the newer framework."""

    @property
    def song(self) -> Any:
        """The open set."""
        return self._c_instance.song()

    @property
    def application(self) -> Any:
        """The running Live."""
        import Live  # the simulated package exists only while a simulator is installed

        return Live.Application.get_application()
