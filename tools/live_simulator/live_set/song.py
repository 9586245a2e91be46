"""The Live Set: tracks, scenes, tempo, transport buttons, history, and its view."""

from __future__ import annotations

import os
from typing import Any

from musearoo.tools.live_simulator.core.checks import in_range
from musearoo.tools.live_simulator.core.clock import Clock
from musearoo.tools.live_simulator.core.objects import Context, Model, Owned, Stored, reads, without_undo_step
from musearoo.tools.live_simulator.core.scales import DEFAULT_SCALE, SCALES
from musearoo.tools.live_simulator.core.values import BeatTime
from musearoo.tools.live_simulator.devices.base import DeviceModel
from musearoo.tools.live_simulator.devices.parameters import float32
from musearoo.tools.live_simulator.devices.racks import DeviceHolder, move_device
from musearoo.tools.live_simulator.live_set.grid import Grid
from musearoo.tools.live_simulator.live_set.groove import GroovePool
from musearoo.tools.live_simulator.live_set.recording import Recorder
from musearoo.tools.live_simulator.live_set.scene import CuePoint, Scene
from musearoo.tools.live_simulator.live_set.session_recording import TransportBar
from musearoo.tools.live_simulator.live_set.track import AUDIO, MAIN, MIDI, RETURN, Track
from musearoo.tools.live_simulator.live_set.transport import Transport
from musearoo.tools.live_simulator.live_set.view import SongView

SCENES_AT_START = 8
TICKS_PER_SIXTEENTH = 60


def _tempo(_: Any, value: float) -> float:
    if not 20.0 <= value <= 999.0:
        raise RuntimeError(f"tempo must be in range 20..999 BPM, not {value!r}")
    return float32(value)


def _scale(_: Any, value: str) -> str:
    if value not in SCALES:
        raise RuntimeError(f"Invalid scale name {value!r}")
    return value


def _quantization(_: Any, value: int) -> int:
    if not 0 <= value <= 13:
        raise RuntimeError(f"clip_trigger_quantization must be in range 0..13, not {value!r}")
    return value


def _deferred_flag(name: str) -> Any:
    def read(song: Any) -> bool:
        value: bool = getattr(song, "_" + name)
        return value

    def write(song: Any, value: bool) -> None:
        song._defer_put("_" + name, value)

    return property(read, write, doc=f"{name}, as it was at the last tick.")


class Song(TransportBar, Grid):
    """The open Live Set."""

    signals = frozenset({"data", "scale_information"})

    cue_points: Owned[tuple[CuePoint, ...]] = Owned(())

    tempo = Stored(120.0, check=_tempo)
    signature_numerator = Stored(4, check=in_range(1, 99, "signature_numerator"))
    signature_denominator = Stored(4)
    clip_trigger_quantization = Stored(4, check=_quantization)
    midi_recording_quantization = Stored(0, check=in_range(0, 8, "midi_recording_quantization"))
    groove_amount = Stored(0.0, check=in_range(0.0, 1.3125, "groove_amount"))
    swing_amount = Stored(0.0, check=in_range(0.0, 1.0, "swing_amount"))
    root_note = Stored(0, check=in_range(0, 11, "root_note"))
    scale_name = Stored(DEFAULT_SCALE, check=_scale, also=("scale_intervals", "scale_information"))
    scale_mode = Stored(False, also=("scale_information",))
    metronome = Stored(False, undoable=False)
    arrangement_overdub = Stored(False, undoable=False)
    nudge_down = Stored(False, undoable=False)
    nudge_up = Stored(False, undoable=False)
    is_ableton_link_enabled = Stored(False, undoable=False)
    is_ableton_link_start_stop_sync_enabled = Stored(False, undoable=False)
    _is_playing = Stored(False, undoable=False)
    _current_song_time = Stored(0.0, undoable=False)
    _start_time = Stored(0.0, undoable=False)
    _loop = Stored(False, undoable=False)
    _loop_start = Stored(0.0, undoable=False)
    _loop_length = Stored(16.0, undoable=False)
    _punch_in = Stored(False, undoable=False)
    _punch_out = Stored(False, undoable=False)
    _record_mode = Stored(False, undoable=False)
    _back_to_arranger = Stored(False, undoable=False)

    loop = _deferred_flag("loop")
    punch_in = _deferred_flag("punch_in")
    punch_out = _deferred_flag("punch_out")

    def __init__(self, context: Context, clock: Clock, version: tuple[int, ...]) -> None:
        super().__init__(context, None)
        self.version = version
        self.name = ""
        self.file_path = ""
        self.exclusive_arm = True
        self.exclusive_solo = True
        self.select_on_launch = True
        self.count_in_duration = 0
        self.is_counting_in = False
        self.can_capture_midi = False
        self.re_enable_automation_enabled = False
        self.session_record_status = 0
        self.data: dict[str, Any] = {}
        self.groove_pool = GroovePool(context, self)
        self.transport = Transport(context, self, clock, Recorder(clock.now))
        self.return_tracks = tuple(self._make_track(RETURN, 12 + i) for i in range(2))
        for track, name in zip(self.return_tracks, ("Reverb", "Delay")):
            track.given_name = name
        for other in self.return_tracks:
            other.mixer_device.resize_sends(2)
        self.master_track = self._make_track(MAIN, 13)
        self.scenes = tuple(Scene(context, self) for _ in range(SCENES_AT_START))
        for position, kind in enumerate((MIDI, MIDI, AUDIO, AUDIO)):
            self.tracks += (self._make_track(kind, position),)
        self.view = SongView(context, self)

    def children(self) -> tuple[Model, ...]:
        frame = (*self.tracks, *self.return_tracks, self.master_track, *self.scenes, *self.cue_points)
        return (*frame, self.groove_pool, self.view)

    def set_file_path(self, path: str) -> None:
        """Set the path of the file that the set was saved to or opened from; "" for an unsaved set."""
        self.file_path = path
        self.name = os.path.splitext(os.path.basename(path))[0]

    @property
    def visible_tracks(self) -> tuple[Track, ...]:
        """The tracks that are not hidden in a folded group: all of them."""
        return self.tracks

    # ----------------------------------------------------------------------------------- transport

    @property
    def is_playing(self) -> bool:
        """Whether the transport was running at the last tick."""
        return self._is_playing

    @is_playing.setter
    def is_playing(self, value: bool) -> None:
        self.start_playing() if value else self.stop_playing()

    @property
    def current_song_time(self) -> float:
        """The position at the last tick, in beats."""
        return self._current_song_time

    @current_song_time.setter
    def current_song_time(self, value: float) -> None:
        if value < 0.0:
            raise RuntimeError(f"current_song_time must not be negative, but is {value!r}")
        self.transport.defer(lambda: self.transport.jump(value))

    @property
    def start_time(self) -> float:
        """The position where `start_playing` starts."""
        return self._start_time

    @start_time.setter
    def start_time(self, value: float) -> None:
        self._start_time = max(0.0, value)

    @property
    def loop_length(self) -> float:
        """The length of the Arrangement's loop, in beats."""
        return self._loop_length

    @loop_length.setter
    def loop_length(self, value: float) -> None:
        if value <= 0.0:
            raise RuntimeError(f"loop_length must be greater than 0, not {value!r}")
        self._defer_put("_loop_length", value)

    @property
    def loop_start(self) -> float:
        """The start of the Arrangement's loop, in beats."""
        return self._loop_start

    @loop_start.setter
    def loop_start(self, value: float) -> None:
        if value < 0.0:
            raise RuntimeError(f"loop_start must not be negative, but is {value!r}")
        self._defer_put("_loop_start", value)

    @property
    def back_to_arranger(self) -> bool:
        """Whether Session clips override the Arrangement; only False can be assigned."""
        return self._back_to_arranger

    @back_to_arranger.setter
    def back_to_arranger(self, value: bool) -> None:
        if not value:
            self.transport.defer(self.transport.back_to_arrangement)

    @property
    def record_mode(self) -> bool:
        """The Arrangement's record button; switching it on starts the transport."""
        return self._record_mode

    @record_mode.setter
    def record_mode(self, value: bool) -> None:
        self._defer_put("_record_mode", value)
        if value and not self._is_playing:
            self.start_playing()

    def _defer_put(self, name: str, value: Any) -> None:
        self.transport.defer(lambda: setattr(self, name, value))

    def start_playing(self) -> None:
        """Play from the start position."""
        self.transport.defer(lambda: self.transport.start(self._start_time))

    def continue_playing(self) -> None:
        """Play from the current position."""
        self.transport.defer(lambda: self.transport.start(None))

    def stop_playing(self) -> None:
        """Stop the transport and all recordings."""

        def stop() -> None:
            self.transport.stop()
            self._record_mode = False

        self.transport.defer(stop)

    def stop_all_clips(self, quantized: bool = True) -> None:
        """Stop every track's clip."""
        for track in self.tracks:
            track.stop_clip(quantized)

    def jump_by(self, beats: float) -> None:
        """Move the position by a number of beats."""
        self.transport.defer(lambda: self.transport.jump_by(beats))

    scrub_by = jump_by

    @property
    def beats_in_bar(self) -> float:
        """The length of a bar in beats (quarter notes)."""
        return self.signature_numerator * 4.0 / self.signature_denominator

    @property
    def last_event_time(self) -> float:
        """The end of the last clip of the Arrangement."""
        return max([clip.end_time for track in self.tracks for clip in track.arrangement_clips] or [0.0])

    @property
    def song_length(self) -> float:
        """The Arrangement's length: a little more than its last event."""
        return self.last_event_time + 4 * self.beats_in_bar

    @reads
    def get_current_beats_song_time(self) -> BeatTime:
        """Return the position in bars, beats, sixteenths and ticks, counted from 1."""
        return self._beat_time(self._current_song_time, 1)

    @reads
    def get_beats_loop_start(self) -> BeatTime:
        """Return the loop's start in bars, beats, sixteenths and ticks."""
        return self._beat_time(self._loop_start, 1)

    @reads
    def get_beats_loop_length(self) -> BeatTime:
        """Return the loop's length in bars, beats, sixteenths and ticks, counted from 0."""
        return self._beat_time(self._loop_length, 0)

    def _beat_time(self, beats: float, first: int) -> BeatTime:
        ticks = round(beats * 4 * TICKS_PER_SIXTEENTH)
        per_beat = 4 * TICKS_PER_SIXTEENTH * 4 // self.signature_denominator
        bars, ticks = divmod(ticks, per_beat * self.signature_numerator)
        in_bar, ticks = divmod(ticks, per_beat)
        sixteenths, ticks = divmod(ticks, TICKS_PER_SIXTEENTH)
        return BeatTime(bars + first, in_bar + first, sixteenths + first, ticks + first)

    # ------------------------------------------------------------------------------------- scales

    @property
    def scale_intervals(self) -> tuple[int, ...]:
        """The scale's notes in semitones above the root."""
        return SCALES[self.scale_name]

    # ------------------------------------------------------------------------------------- history

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return self.context.journal.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to redo."""
        return self.context.journal.can_redo

    @without_undo_step
    def begin_undo_step(self) -> None:
        """Open an undo step."""
        self.context.journal.begin_step()

    @without_undo_step
    def end_undo_step(self) -> None:
        """Close the undo step."""
        self.context.journal.end_step()

    @without_undo_step
    def undo(self) -> str:
        """Undo the last step and return its label."""
        label = self.context.journal.undo()
        self.view.repair()
        return label

    @without_undo_step
    def redo(self) -> str:
        """Redo the last undone step and return its label."""
        label = self.context.journal.redo()
        self.view.repair()
        return label

    # -------------------------------------------------------------------------------------- devices

    def move_device(self, device: DeviceModel, target: DeviceHolder, target_position: int) -> int:
        """Move a device to another index or chain; return its new index."""
        return move_device(device, target, target_position)

    # ----------------------------------------------------------------------------------- cue points

    @property
    def can_jump_to_next_cue(self) -> bool:
        """Whether there is a locator after the position."""
        return any(cue.time > self._current_song_time for cue in self.cue_points)

    @property
    def can_jump_to_prev_cue(self) -> bool:
        """Whether there is a locator before the position."""
        return any(cue.time < self._current_song_time for cue in self.cue_points)

    def jump_to_next_cue(self) -> None:
        """Jump to the next locator, if there is one."""
        later = [cue.time for cue in self.cue_points if cue.time > self._current_song_time]
        if later:
            self.current_song_time = min(later)

    def jump_to_prev_cue(self) -> None:
        """Jump to the previous locator, if there is one."""
        earlier = [cue.time for cue in self.cue_points if cue.time < self._current_song_time]
        if earlier:
            self.current_song_time = max(earlier)

    @reads
    def is_cue_point_selected(self) -> bool:
        """Return whether the position is at a locator."""
        return any(cue.time == self._current_song_time for cue in self.cue_points)

    def set_or_delete_cue(self) -> None:
        """Set a locator on the sixteenth grid, or remove the one at that position.

        The position is that of the last tick, because the engine does not yet use a position written since. The list is
        in order of creation, not of time.
        """
        time = round(self._current_song_time * 4) / 4
        kept = tuple(cue for cue in self.cue_points if cue.time != time)
        if len(kept) == len(self.cue_points):
            kept = (*kept, CuePoint(self.context, self, time, str(len(kept) + 1)))
        self.cue_points = kept

    # -------------------------------------------------------------------------------------- data

    @reads
    def get_data(self, key: str, default: Any) -> Any:
        """Return the value that a script stored in the set, or the default."""
        return self.data.get(key, default)

    def set_data(self, key: str, value: Any) -> None:
        """Store a value in the set."""
        self.data[key] = value
        self.notify("data")
