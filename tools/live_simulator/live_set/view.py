"""The user's selection in the set."""

from __future__ import annotations

from typing import Any, cast

from musearoo.tools.live_simulator.core.objects import Context, Model, Stored
from musearoo.tools.live_simulator.devices.base import DeviceModel
from musearoo.tools.live_simulator.live_set.clip import Clip
from musearoo.tools.live_simulator.live_set.clip_slot import ClipSlot
from musearoo.tools.live_simulator.live_set.links import SongLink


class SongView(Model):
    """The user's selection. Selecting is not an undo step."""

    selected_track: Stored[Any] = Stored(None, undoable=False)
    selected_scene: Stored[Any] = Stored(None, undoable=False)
    _detail_clip: Stored[Clip | None] = Stored(None, undoable=False)
    selected_chain: Stored[Any] = Stored(None, undoable=False)
    draw_mode = Stored(False, undoable=False)
    follow_song = Stored(False, undoable=False)

    def __init__(self, context: Context, song: SongLink) -> None:
        super().__init__(context, cast(Model, song))
        self.song = song
        self.selected_parameter = None
        self.__dict__["selected_track"] = song.tracks[0]
        self.__dict__["selected_scene"] = song.scenes[0]

    @property
    def detail_clip(self) -> Clip | None:
        """The clip in the detail view, or None when it was deleted."""
        clip = self._detail_clip
        if clip is None:
            return None
        track = clip.track
        if track not in self.song.tracks:
            return None
        alive = clip in track.arrangement_clips or any(slot.clip is clip for slot in track.clip_slots)
        return clip if alive else None

    @detail_clip.setter
    def detail_clip(self, value: Clip | None) -> None:
        self._detail_clip = value

    @property
    def highlighted_clip_slot(self) -> ClipSlot | None:
        """The slot at the intersection of the selected track and scene."""
        track = self.selected_track
        return track.clip_slots[self.selected_scene.index] if track.holds_clips else None

    @highlighted_clip_slot.setter
    def highlighted_clip_slot(self, slot: ClipSlot) -> None:
        self.selected_track = slot.track
        self.selected_scene = self.song.scenes[slot.index]

    def select_device(self, device: DeviceModel, should_appoint_device: bool = True) -> None:
        """Select a device on its track, and appoint it for controllers."""
        holder: Any = device.parent
        while holder is not None and not hasattr(holder, "view"):
            holder = holder.parent
        if holder is not None and hasattr(holder.view, "selected_device"):
            holder.view.selected_device = device
        if should_appoint_device:
            self.song.appointed_device = device

    def repair(self, near: int = 0) -> None:
        """Select a neighbour when the selected object was deleted."""
        song = self.song
        tracks = (*song.tracks, *song.return_tracks, song.master_track)
        if self.selected_track not in tracks:
            self.selected_track = song.tracks[min(near, len(song.tracks) - 1)]
        if self.selected_scene not in song.scenes:
            self.selected_scene = song.scenes[min(near, len(song.scenes) - 1)]
