"""Tracks: MIDI, audio, return and master."""

from __future__ import annotations

import os
from typing import Any, cast

from musearoo.tools.live_simulator.core.audio_file import read_audio_file
from musearoo.tools.live_simulator.core.objects import Context, Model, Owned, Stored, reads
from musearoo.tools.live_simulator.core.palette import PALETTE, check_index, nearest_index
from musearoo.tools.live_simulator.devices.parameters import MixerDevice
from musearoo.tools.live_simulator.devices.racks import DeviceHolder
from musearoo.tools.live_simulator.devices.stock import INSTRUMENT
from musearoo.tools.live_simulator.live_set import routing
from musearoo.tools.live_simulator.live_set.arrangement import insert_clip
from musearoo.tools.live_simulator.live_set.clip import Clip
from musearoo.tools.live_simulator.live_set.clip_slot import ClipSlot, assert_clips_allowed
from musearoo.tools.live_simulator.live_set.links import SongLink
from musearoo.tools.live_simulator.live_set.track_routing import NamedRouting

MIDI, AUDIO, RETURN, MAIN = "midi", "audio", "return", "master"

NOTHING, STOPPED = -1, -2
"""The values of the slot indices when no slot is playing: the Arrangement plays, or the track was stopped."""

LAST_BEAT = 1576800.0
"""The Arrangement's end for `create_audio_clip`."""


def _monitoring(_: Any, value: int) -> int:
    if value not in (0, 1, 2):
        raise RuntimeError(f"current_monitoring_state must be 0 (In), 1 (Auto) or 2 (Off), not {value!r}")
    return value


class Track(NamedRouting, DeviceHolder):
    """One track of the set."""

    signals = frozenset({"data"})

    clip_slots: Owned[tuple[ClipSlot, ...]] = Owned(())
    arrangement_clips: Owned[tuple[Clip, ...]] = Owned(())
    given_name: Stored[str | None] = Stored(None, also=("name",))
    color_index = Stored(0, check=lambda _, value: check_index(value), also=("color",))
    mute = Stored(False)
    solo = Stored(False)
    _arm = Stored(False, undoable=False)
    current_monitoring_state = Stored(1, check=_monitoring)
    is_showing_chains = Stored(False, undoable=False)
    back_to_arranger = Stored(False, undoable=False)
    playing: Stored[Any] = Stored(NOTHING, also=("playing_slot_index",), undoable=False)
    fired: Stored[Any] = Stored(NOTHING, also=("fired_slot_index",), undoable=False)
    is_frozen = Stored(False, undoable=False)

    def __init__(self, context: Context, song: SongLink, kind: str, color_index: int) -> None:
        super().__init__(context, cast(Model, song))
        self.song = song
        self.kind = kind
        self.__dict__["color_index"] = color_index
        self.mixer_device = MixerDevice(context, self, kind == MAIN, len(song.return_tracks))
        self.view = TrackView(context, self)
        self.take_lanes: tuple[Model, ...] = ()
        self.group_track = None
        self.is_foldable = False
        self.is_grouped = False
        self.is_visible = True
        self.can_show_chains = False
        self.performance_impact = 0.0
        self.input_meter_level = self.input_meter_left = self.input_meter_right = 0.0
        self.output_meter_level = self.output_meter_left = self.output_meter_right = 0.0
        self._told_name = ""
        self.data: dict[str, Any] = {}

    def children(self) -> tuple[Model, ...]:
        return (*self.clip_slots, *self.arrangement_clips, *self.devices, self.mixer_device, self.view)

    def notify(self, *names: str) -> None:
        super().notify(*names)
        if "solo" in names:
            for other in self.song.tracks:
                other.notify("muted_via_solo")
        if "devices" in names:
            super().notify("has_audio_output", "has_midi_output", "available_output_routing_types")
            super().notify("output_routing_type")
        if "arrangement_clips" in names:
            self.song.notify("song_length")

    def detach(self) -> None:
        self.song.transport.forget_track(self)
        super().detach()

    # ------------------------------------------------------------------------------- what it is

    @property
    def is_audio(self) -> bool:
        """True for tracks whose input is audio."""
        return self.kind != MIDI

    @property
    def holds_clips(self) -> bool:
        """True for tracks with slots and an Arrangement lane."""
        return self.kind in (MIDI, AUDIO)

    @property
    def name(self) -> str:
        """The name. A track without a user-given name is numbered; a return track keeps its letter."""
        song = self.song
        if self.kind == MAIN:
            return self.given_name or routing.main_name(song)
        if self.kind == RETURN:
            letter = chr(65 + song.return_tracks.index(self)) if self in song.return_tracks else "?"
            return "{}-{}".format(letter, self.given_name or "Return")
        if self.given_name is not None:
            return self.given_name
        number = song.tracks.index(self) + 1 if self in song.tracks else 0
        return f"{number}-{'MIDI' if self.kind == MIDI else 'Audio'}"

    @name.setter
    def name(self, value: str) -> None:
        self.given_name = value or None

    def notify_position(self) -> None:
        """Notify listeners that tracks were added or removed, which changes numbered names and routing choices."""
        if self.given_name is None and self.name != self._told_name:
            self._told_name = self.name
            self.notify("name")
        self.notify("available_input_routing_types", "available_output_routing_types")

    @property
    def color(self) -> int:
        """The colour as 0x00RRGGBB; setting takes the palette's nearest."""
        return PALETTE[self.color_index]

    @color.setter
    def color(self, value: int) -> None:
        self.color_index = nearest_index(value)

    @property
    def has_midi_input(self) -> bool:
        """True for MIDI tracks."""
        return self.kind == MIDI

    @property
    def has_audio_input(self) -> bool:
        """True for every other track."""
        return self.kind != MIDI

    @property
    def has_midi_output(self) -> bool:
        """True for a MIDI track without an instrument."""
        return self.kind == MIDI and not self.has_instrument

    @property
    def has_audio_output(self) -> bool:
        """True for every track except a MIDI track without an instrument."""
        return not self.has_midi_output

    @property
    def fold_state(self) -> bool:
        """Whether a group track is folded. Raises RuntimeError for other tracks."""
        raise RuntimeError("Only group tracks can be folded")

    @fold_state.setter
    def fold_state(self, _: bool) -> None:
        raise RuntimeError("Only group tracks can be folded")

    @property
    def is_part_of_selection(self) -> bool:
        """True for the selected track."""
        return self.song.view.selected_track is self

    # ------------------------------------------------------------------------------------ mixer

    @property
    def can_be_armed(self) -> bool:
        """True for MIDI and audio tracks."""
        return self.holds_clips

    @property
    def can_be_frozen(self) -> bool:
        """True for MIDI and audio tracks."""
        return self.holds_clips

    @property
    def arm(self) -> bool:
        """Whether the track is armed."""
        self._assert_armable()
        return self._arm

    @arm.setter
    def arm(self, value: bool) -> None:
        self._assert_armable()
        self._arm = value

    def _assert_armable(self) -> None:
        if not self.can_be_armed:
            raise RuntimeError("Main and return tracks have no 'Arm' state!")

    @property
    def implicit_arm(self) -> bool:
        """The second arm state, which controllers use: never on here."""
        return False

    @property
    def muted_via_solo(self) -> bool:
        """True while another track's solo silences this one."""
        return not self.solo and any(track.solo for track in self.song.tracks)

    # ---------------------------------------------------------------------------------- launching

    @property
    def playing_slot_index(self) -> int:
        """The scene index that is playing; -1 when the Arrangement is, -2 when the track was stopped."""
        return self._row(self.playing)

    @property
    def fired_slot_index(self) -> int:
        """The scene index whose launch is pending; -1 for none, -2 for a pending stop."""
        return self._row(self.fired)

    def _row(self, slot: Any) -> int:
        if isinstance(slot, int):
            return slot
        return self.clip_slots.index(slot) if slot in self.clip_slots else STOPPED

    @property
    def fired_slot(self) -> ClipSlot | None:
        """The slot whose launch is waiting for quantization."""
        return self.fired if isinstance(self.fired, ClipSlot) else None

    @property
    def fired_clip(self) -> Clip | None:
        """The clip whose launch is waiting for quantization."""
        slot = self.fired_slot
        return slot.clip if slot is not None else None

    @property
    def playing_clip(self) -> Clip | None:
        """The clip that is playing or recording."""
        return self.playing.clip if isinstance(self.playing, ClipSlot) else None

    @property
    def is_recording(self) -> bool:
        """True while a clip of the track is recording."""
        clip = self.playing_clip
        return clip is not None and clip.is_recording

    def launch(self, slot: Any) -> None:
        """Ask the transport to launch a slot at the next tick, by its quantization."""
        self.song.transport.defer(lambda: self.song.transport.schedule(self, slot))

    def stop_clip(self, quantized: bool) -> None:
        """Ask the transport to stop the track's clip."""
        self.song.transport.defer(lambda: self.song.transport.schedule_stop(self, quantized))

    def stop_all_clips(self, quantized: bool = True) -> None:
        """Stop the track's clip, at the next launch point or immediately."""
        self.stop_clip(quantized)

    def jump_in_running_session_clip(self, beats: float) -> None:
        """Jump within the clip that plays; does nothing without one."""
        if self.playing_clip is not None:
            self.playing_clip.move_playing_pos(beats)

    # -------------------------------------------------------------------------------- arrangement

    def create_midi_clip(self, start: float, length: float) -> Clip:
        """Create an empty MIDI clip in the Arrangement."""
        self._assert_has_arrangement()
        assert_clips_allowed(self, is_audio=False)
        self._check_position(start)
        if not length > 0.0:
            raise ValueError(f"Clip length must be greater than 0 beats, not {length!r}")
        clip = Clip(self.context, self, self)
        clip.place(0.0, length)
        return self.put_clip(clip, start, length)

    def create_audio_clip(self, path: str, position: float) -> Clip:
        """Create a clip from an audio file in the Arrangement (before Live 12.2 it returns None)."""
        self._assert_has_arrangement()
        assert_clips_allowed(self, is_audio=True)
        self._check_position(position)
        clip = Clip(self.context, self, self, read_audio_file(path))
        clip.name = os.path.splitext(os.path.basename(path))[0]
        clip.adopt_sample(self.song.tempo)
        return self.put_clip(clip, position, clip.extent())

    def duplicate_clip_to_arrangement(self, clip: Clip, destination_time: float) -> Clip:
        """Copy a clip of the same kind of track to a position in the Arrangement."""
        self._assert_has_arrangement()
        if clip.is_audio_clip != self.is_audio:
            raise RuntimeError("Incompatible track types for clip duplication")
        if self.is_frozen:
            raise RuntimeError("Clips cannot be created on frozen tracks")
        self._check_position(destination_time)
        length = clip.end_time - clip.start_time if clip.is_arrangement_clip else clip.extent()
        return self.put_clip(clip.copy_to(self, self), destination_time, length)

    def put_clip(self, clip: Clip, start: float, length: float) -> Clip:
        """Insert a clip of this track at a beat of the Arrangement and return it."""
        self.arrangement_clips = insert_clip(self, self.arrangement_clips, clip, start, length)
        return clip

    def delete_clip(self, clip: Clip) -> None:
        """Remove a clip of this track, from its slot or from the Arrangement."""
        if clip in self.arrangement_clips:
            self.arrangement_clips = tuple(c for c in self.arrangement_clips if c is not clip)
            return
        for slot in self.clip_slots:
            if slot.clip is clip:
                slot.delete_clip()
                return
        raise RuntimeError("The clip does not belong to this track")

    def _assert_has_arrangement(self) -> None:
        if not self.holds_clips:
            raise RuntimeError("Main and return tracks hold no clips")

    def _check_position(self, beats: float) -> None:
        if not 0.0 <= beats <= LAST_BEAT:
            raise ValueError(f"Position must be in range 0..{LAST_BEAT:g} beats, not {beats!r}")

    def duplicate_clip_slot(self, index: int) -> int:
        """Copy a slot's clip to the next free slot below, in a new scene if necessary; return its index."""
        if not 0 <= index < len(self.clip_slots):
            raise IndexError("Index out of range")
        target = index + 1
        while target < len(self.clip_slots) and self.clip_slots[target].has_clip:
            target += 1
        if target == len(self.clip_slots):
            self.song.create_scene(-1)
        self.clip_slots[index].duplicate_clip_to(self.clip_slots[target])
        return target

    # -------------------------------------------------------------------------------------- data

    @reads
    def get_data(self, key: str, default: Any) -> Any:
        """Return the value that a script stored in the track, or the default."""
        return self.data.get(key, default)

    def set_data(self, key: str, value: Any) -> None:
        """Store a value in the track."""
        self.data[key] = value
        self.notify("data")


class TrackView(Model):
    """The view of a track."""

    is_collapsed = Stored(False, undoable=False)
    device_insert_mode = Stored(0, undoable=False)
    selected_device: Stored[Any] = Stored(None, undoable=False)

    @reads
    def select_instrument(self) -> bool:
        """Select the track's instrument, and return whether there is one."""
        track: Any = self.parent
        found = next((device for device in track.devices if device.type == INSTRUMENT), None)
        if found is not None:
            self.selected_device = found
        return found is not None
