"""Components: parts of a surface that get the song from the surface whose guard is open when they are created."""

from __future__ import annotations

from typing import Any

from musearoo.tools.live_simulator.surfaces.surface import Surface


class Component:
    """A part of a surface; `song` and `application` come from the surface whose guard is open."""

    def __init__(self, name: str = "", parent: Any = None, **_: Any) -> None:
        if not Surface.guarded:
            raise RuntimeError("a Component can only be made inside component_guard()")
        self.name = name
        self.parent = parent
        self.canonical_parent = Surface.guarded[-1]

    @property
    def song(self) -> Any:
        """The open set."""
        return self.canonical_parent._c_instance.song()

    @property
    def application(self) -> Any:
        """The running Live."""
        import Live  # the simulated package exists only while a simulator is installed

        return Live.Application.get_application()

    def is_enabled(self) -> bool:
        """Return whether the component is enabled."""
        return True

    def update(self) -> None:
        """Do nothing; Live calls this when the component's state changes."""

    def disconnect(self) -> None:
        """Release the component."""
