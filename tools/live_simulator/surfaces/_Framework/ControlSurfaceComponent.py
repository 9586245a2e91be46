# ruff: noqa: N999  the name is Live's
"""Components of `_Framework`: here `song` and `application` are methods."""

from __future__ import annotations

from typing import Any

from musearoo.tools.live_simulator.surfaces.surface import Surface


class ControlSurfaceComponent:
    """A part of a surface, the one whose guard is open when it is made."""

    def __init__(self, name: str = "", *_: Any, **__: Any) -> None:
        if not Surface.guarded:
            raise RuntimeError("a component can only be made inside component_guard()")
        self.name = name
        self.canonical_parent = Surface.guarded[-1]
        self._is_enabled = True

    def song(self) -> Any:
        """Return the open set."""
        return self.canonical_parent._c_instance.song()

    def application(self) -> Any:
        """Return the running Live."""
        import Live  # the simulated package exists only while a simulator is installed

        return Live.Application.get_application()

    def is_enabled(self) -> bool:
        """Return whether the component is enabled."""
        return self._is_enabled

    def set_enabled(self, enable: bool) -> None:
        """Enable or disable the component."""
        self._is_enabled = bool(enable)
        self.update()

    def update(self) -> None:
        """Do nothing; called when the component's state changes."""

    def disconnect(self) -> None:
        """Release the component."""
