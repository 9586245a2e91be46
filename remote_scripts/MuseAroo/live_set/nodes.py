"""The watch's data for each object that it listens to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..host.listeners import Listeners

if TYPE_CHECKING:
    from ..host.live import Clip, Scene, Slot, Track


class TrackNode:
    """A track, the addresses of its slots, and the ids of the clips in its Arrangement."""

    def __init__(self, track: Track, track_id: int) -> None:
        self.track, self.id = track, track_id
        self.kind = self.index = 0
        self.listeners = Listeners(track)
        self.slots: list[int] = []
        self.arrangement: list[int] = []
        self.controls: dict[str, list[Listeners]] = {}
        self.pointers: dict[str, list[int]] = {}

    def leave(self, what: str) -> None:
        """Remove the listeners from the controls of the mixer or of the equaliser."""
        for listeners in self.controls.pop(what, ()):
            listeners.remove()
        self.pointers.pop(what, None)


class SceneNode:
    """A scene and its index."""

    def __init__(self, scene: Scene, scene_id: int) -> None:
        self.scene, self.id, self.index = scene, scene_id, 0
        self.listeners = Listeners(scene)


class SlotNode:
    """A slot, and the id of the clip in it (0 for none)."""

    def __init__(self, slot: Slot, track_id: int) -> None:
        self.slot, self.track_id = slot, track_id
        self.scene_id = self.clip_id = 0
        self.listeners = Listeners(slot)


class ClipNode:
    """A clip and its position."""

    def __init__(self, clip: Clip, clip_id: int) -> None:
        self.clip, self.id = clip, clip_id
        self.track_id = self.scene_id = self.note_count = 0
        self.holder = 0
        """Its holder: the address of its slot, or minus the id of the track in whose Arrangement it is."""
        self.rest_until = 0.0
        self.looks_left = 0
        """The number of remaining checks without a notification."""
        self.listeners = Listeners(clip)
