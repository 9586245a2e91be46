# ruff: noqa: N999  the name is Live's
"""The control surface of `_Framework`: here `song` and `application` are methods."""

from __future__ import annotations

from typing import Any

from musearoo.tools.live_simulator.surfaces.surface import Surface


class ControlSurface(Surface):
    """The base of scripts written for the older framework."""

    def song(self) -> Any:
        """Return the open set."""
        return self._c_instance.song()

    def set_highlighting_session_component(self, session: Any) -> None:
        """Show the box of a session component in Live."""
        session.set_highlighting_callback(self._c_instance.set_session_highlight)

    def application(self) -> Any:
        """Return the running Live."""
        import Live  # the simulated package exists only while a simulator is installed

        return Live.Application.get_application()
