"""The Session grid: tracks and scenes, and how they are created, duplicated and deleted."""

from __future__ import annotations

from typing import Any, cast

from musearoo.tools.live_simulator.core.objects import Model, Owned
from musearoo.tools.live_simulator.live_set.clip_slot import ClipSlot
from musearoo.tools.live_simulator.live_set.links import SceneSong
from musearoo.tools.live_simulator.live_set.scene import Scene
from musearoo.tools.live_simulator.live_set.track import AUDIO, MIDI, RETURN, Track
from musearoo.tools.live_simulator.live_set.transport import Transport
from musearoo.tools.live_simulator.live_set.view import SongView


class Grid(Model):
    """The tracks, return tracks and scenes of a set; the base of `Song`."""

    tracks: Owned[tuple[Track, ...]] = Owned((), also=("visible_tracks",))
    return_tracks: Owned[tuple[Track, ...]] = Owned((), also=("visible_tracks",))
    scenes: Owned[tuple[Scene, ...]] = Owned(())

    transport: Transport
    view: SongView

    def notify(self, *names: str) -> None:
        super().notify(*names)
        if "tracks" in names:
            for scene in self.scenes:
                scene.notify("clip_slots")
            for track in self.tracks:
                track.notify_position()

    def _make_track(self, kind: str, color_index: int) -> Track:
        track = Track(self.context, cast(SceneSong, self), kind, color_index % 70)
        if track.holds_clips:
            track.clip_slots = tuple(ClipSlot(self.context, track) for _ in self.scenes)
        return track

    def create_midi_track(self, index: int | None = None) -> Track:
        """Create a MIDI track at an index (-1 or None: at the end) and return it."""
        return self._insert_track(MIDI, index)

    def create_audio_track(self, index: int | None = None) -> Track:
        """Create an audio track at an index (-1 or None: at the end) and return it."""
        return self._insert_track(AUDIO, index)

    def _insert_track(self, kind: str, index: int | None) -> Track:
        if index is not None and not isinstance(index, int):
            raise TypeError(f"track index must be an int or None, not {type(index).__name__}")
        place = _place(index, len(self.tracks))
        track = self._make_track(kind, len(self.tracks))
        self._prepare_routing(track)
        self.tracks = (*self.tracks[:place], track, *self.tracks[place:])
        return track

    def _prepare_routing(self, track: Track) -> None:
        """Let a new track's routing lists become available at the next tick."""
        track.is_routing_ready = False

        def ready() -> None:
            track.is_routing_ready = True
            track.notify("available_input_routing_types", "available_output_routing_types")

        self.transport.defer(ready)

    def delete_track(self, index: int) -> None:
        """Remove a track; at least one must remain."""
        track = _at(self.tracks, index)
        if len(self.tracks) == 1:
            raise RuntimeError("The last track cannot be deleted")
        self.tracks = tuple(other for other in self.tracks if other is not track)
        self.view.repair(index)

    def duplicate_track(self, index: int) -> None:
        """Duplicate a track with its clips, devices and mixer to the index after it."""
        source = _at(self.tracks, index)
        copy = self._make_track(source.kind, source.color_index)
        for name in ("given_name", "mute", "solo", "current_monitoring_state", "_input_type", "_output_type"):
            setattr(copy, name, getattr(source, name))
        copy.mixer_device.copy_from(source.mixer_device)
        copy.copy_devices_from(source)
        for mine, theirs in zip(copy.clip_slots, source.clip_slots):
            mine.has_stop_button = theirs.has_stop_button
            if theirs.clip is not None:
                mine.clip = theirs.clip.copy_to(mine, copy)
        clips = []
        for clip in source.arrangement_clips:
            twin = clip.copy_to(copy, copy)
            twin.is_arrangement_clip = True
            clips.append(twin)
        copy.arrangement_clips = tuple(clips)
        self._prepare_routing(copy)
        self.tracks = (*self.tracks[: index + 1], copy, *self.tracks[index + 1 :])
        self.view.selected_track = copy

    def move_track(self, index: int, to: int) -> None:
        """Move a track to another index, as dragging its title does; no script can."""
        track = _at(self.tracks, index)
        others = [other for other in self.tracks if other is not track]
        if not 0 <= to <= len(others):
            raise IndexError("Index out of range")
        self.tracks = (*others[:to], track, *others[to:])

    def create_return_track(self) -> Track:
        """Create a return track and return it; every track gets a send to it."""
        track = self._make_track(RETURN, len(self.return_tracks))
        self.return_tracks += (track,)
        for other in self._all_tracks():
            other.mixer_device.resize_sends(len(self.return_tracks))
        return track

    def delete_return_track(self, index: int) -> None:
        """Remove a return track and the sends to it."""
        track = _at(self.return_tracks, index)
        for other in self._all_tracks():
            other.mixer_device.drop_send(index)
        self.return_tracks = tuple(other for other in self.return_tracks if other is not track)
        self.view.repair()

    def _all_tracks(self) -> tuple[Track, ...]:
        return (*self.tracks, *self.return_tracks)

    def create_scene(self, index: int) -> Scene:
        """Create an empty scene at an index (-1: at the end) and return it."""
        place = _place(index, len(self.scenes))
        for track in self.tracks:
            slot = ClipSlot(self.context, track)
            track.clip_slots = (*track.clip_slots[:place], slot, *track.clip_slots[place:])
        scene = Scene(self.context, cast(SceneSong, self))
        self.scenes = (*self.scenes[:place], scene, *self.scenes[place:])
        return scene

    def delete_scene(self, index: int) -> None:
        """Remove a scene with its clips; at least one must remain."""
        scene = _at(self.scenes, index)
        if len(self.scenes) == 1:
            raise RuntimeError("The last scene cannot be deleted")
        for track in self.tracks:
            track.clip_slots = track.clip_slots[:index] + track.clip_slots[index + 1 :]
        self.scenes = tuple(other for other in self.scenes if other is not scene)
        self.view.repair(index)

    def duplicate_scene(self, index: int) -> None:
        """Copy a scene with its clips to the row below."""
        source = _at(self.scenes, index)
        scene = self.create_scene(index + 1)
        for name in ("name", "color_index", "tempo", "tempo_enabled"):
            setattr(scene, name, getattr(source, name))
        for track in self.tracks:
            clip = track.clip_slots[index].clip
            if clip is not None:
                slot = track.clip_slots[index + 1]
                slot.clip = clip.copy_to(slot, track)
        self.view.selected_scene = scene


def _place(index: int | None, count: int) -> int:
    """Return the index at which to insert; None and -1 mean the end."""
    if index is None or index == -1:
        return count
    if not 0 <= index <= count:
        raise IndexError("Index out of range")
    return index


def _at(items: tuple[Any, ...], index: int) -> Any:
    if not 0 <= index < len(items):
        raise IndexError("Index out of range")
    return items[index]
