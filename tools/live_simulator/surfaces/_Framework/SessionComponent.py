# ruff: noqa: N999  the name is Live's
"""The session box of `_Framework`: the rectangle of clip slots that a controller shows."""

from __future__ import annotations

from typing import Any, Callable

from musearoo.tools.live_simulator.surfaces._Framework.ControlSurfaceComponent import ControlSurfaceComponent


class SessionComponent(ControlSurfaceComponent):
    """A box of `num_tracks` by `num_scenes` slots, from an offset in the set on."""

    def __init__(self, num_tracks: int = 0, num_scenes: int = 0, *_: Any, **__: Any) -> None:
        super().__init__("Session")
        if num_tracks < 0 or num_scenes < 0:
            raise ValueError("a session box cannot have fewer than 0 tracks or scenes")
        self._width, self._height = num_tracks, num_scenes
        self._track_offset = self._scene_offset = 0
        self._listeners: list[Callable[[], Any]] = []
        self._highlight: Callable[..., None] | None = None

    def width(self) -> int:
        """Return the number of tracks."""
        return self._width

    def height(self) -> int:
        """Return the number of scenes."""
        return self._height

    def track_offset(self) -> int:
        """Return the index of the first track."""
        return self._track_offset

    def scene_offset(self) -> int:
        """Return the index of the first scene."""
        return self._scene_offset

    def tracks_to_use(self) -> Any:
        """Return the tracks that the box moves over."""
        return self.song().visible_tracks

    def set_offsets(self, track_offset: int, scene_offset: int) -> None:
        """Move the box; offsets count from 0. Does nothing beyond the last track or scene."""
        if track_offset < 0 or scene_offset < 0:
            raise ValueError("the offsets of a session box must not be negative")
        if track_offset >= len(self.tracks_to_use()) or scene_offset >= len(self.song().scenes):
            return
        if (track_offset, scene_offset) != (self._track_offset, self._scene_offset):
            self._track_offset, self._scene_offset = track_offset, scene_offset
            for listener in tuple(self._listeners):
                listener()
        self._show()

    def add_offset_listener(self, listener: Callable[[], Any]) -> None:
        """Call a listener whenever the box moves."""
        self._listeners.append(listener)

    def remove_offset_listener(self, listener: Callable[[], Any]) -> None:
        """Disconnect a listener."""
        self._listeners.remove(listener)

    def offset_has_listener(self, listener: Callable[[], Any]) -> bool:
        """Return whether a listener is connected."""
        return listener in self._listeners

    def set_highlighting_callback(self, callback: Callable[..., None] | None) -> None:
        """Show the box in Live by a callback (track offset, scene offset, width, height, with returns)."""
        self._highlight = callback
        self._show()

    def _show(self) -> None:
        if self._highlight is not None:
            self._highlight(self._track_offset, self._scene_offset, self._width, self._height, False)

    def disconnect(self) -> None:
        """Release the box."""
        self._highlight = None
        self._listeners = []
