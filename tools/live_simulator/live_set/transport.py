"""The transport: song time by the clock, quantized launches, playing and recording clips.

Scripts never see it move within a tick. The main loop calls it at *pulses*, and a request of a script (start, jump,
launch …) takes effect at the next pulse. That is why song time, loop and is_playing read stale in the tick that wrote
them.
"""

from __future__ import annotations

import math
import traceback
from typing import Callable, NamedTuple, cast

from musearoo.tools.live_simulator.core.clock import Clock
from musearoo.tools.live_simulator.core.objects import Context, Model
from musearoo.tools.live_simulator.live_set.clip import Clip
from musearoo.tools.live_simulator.live_set.clip_slot import ClipSlot
from musearoo.tools.live_simulator.live_set.links import Protocol
from musearoo.tools.live_simulator.live_set.playback import Playback
from musearoo.tools.live_simulator.live_set.recording import Recorder
from musearoo.tools.live_simulator.live_set.track import Track

NOTHING, STOPPED = -1, -2

BARS_OF_QUANTIZATION = {1: 8, 2: 4, 3: 2, 4: 1}
QUANTIZATION_BEATS = {
    5: 2.0,
    6: 4.0 / 3.0,
    7: 1.0,
    8: 2.0 / 3.0,
    9: 0.5,
    10: 1.0 / 3.0,
    11: 0.25,
    12: 1.0 / 6.0,
    13: 0.125,
}
"""The grid of each Live.Song.Quantization value, in bars and in beats; 0 is none."""

ON_GRID = 1e-9
"""The tolerance in beats within which a position counts as on the grid."""


class Launch(NamedTuple):
    """A pending launch: the slot (None to stop), and the running beat at which it is due."""

    slot: ClipSlot | None
    due: float


class PlayedSong(Protocol):
    """The song members that the transport uses."""

    _current_song_time: float
    _is_playing: bool
    _back_to_arranger: bool

    @property
    def tempo(self) -> float:
        """The tempo in BPM."""

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The MIDI and audio tracks."""

    @property
    def scenes(self) -> tuple[Model, ...]:
        """The scenes of the Session grid."""

    @property
    def loop(self) -> bool:
        """Whether the Arrangement loops."""

    @property
    def loop_start(self) -> float:
        """The loop's start, in beats."""

    @property
    def loop_length(self) -> float:
        """The loop's length, in beats."""

    @property
    def start_time(self) -> float:
        """The position where playing starts, in beats."""

    @property
    def beats_in_bar(self) -> float:
        """The length of a bar, in beats."""

    @property
    def clip_trigger_quantization(self) -> int:
        """The launch quantization, as Live.Song.Quantization."""

    @property
    def can_jump_to_prev_cue(self) -> bool:
        """Whether there is a locator before the position."""

    @property
    def can_jump_to_next_cue(self) -> bool:
        """Whether there is a locator after the position."""

    def notify(self, *names: str) -> None:
        """Notify the listeners of properties."""


class Transport:
    """The song's playback state. `run` counts the beats played since the start and never jumps back."""

    def __init__(self, context: Context, song: PlayedSong, clock: Clock, recorder: Recorder) -> None:
        self.context = context
        self.song = song
        self.clock = clock
        self.recorder = recorder
        self.is_running = False
        self._pending: list[Callable[[], None]] = []
        self._launches: dict[Track, Launch] = {}
        self._time = clock.now()
        self._tempo = song.tempo
        self._beat = 0.0
        self._run = 0.0

    # ----------------------------------------------------------------------------------- pulses

    @property
    def needs_pulse(self) -> bool:
        """True while there is work for the next pulse."""
        return self.is_running or bool(self._pending)

    def defer(self, action: Callable[[], None]) -> None:
        """Run an action at the next pulse."""
        self._pending.append(action)
        self.context.request_pulse()

    def pulse(self) -> None:
        """Advance to the current time: perform due launches and deferred actions, then notify listeners."""
        self._advance()
        pending, self._pending = self._pending, []
        for action in pending:
            self._run_deferred(action)
        self._perform_due()
        self._publish()

    def _run_deferred(self, action: Callable[[], None]) -> None:
        """Run one deferred action. An exception is logged, and later actions still run."""
        try:
            action()
        except Exception:
            self.context.log_error(traceback.format_exc())

    def _advance(self) -> None:
        """Advance song time and running beats to the current time; a new tempo applies from now on."""
        now = self.clock.now()
        if self.is_running:
            moved = (now - self._time) * self._tempo / 60.0
            self._run += moved
            self._beat = self._looped(self._beat, self._beat + moved)
            self._perform_due()
            self._move_clips()
        self._time = now
        self._tempo = self.song.tempo

    def _looped(self, before: float, after: float) -> float:
        song = self.song
        end = song.loop_start + song.loop_length
        if song.loop and before < end <= after:
            return song.loop_start + (after - song.loop_start) % song.loop_length
        return after

    def _move_clips(self) -> None:
        for track in self.song.tracks:
            clip = track.playing_clip
            if clip is None or clip.playback is None:
                continue
            if clip.is_recording:
                self.recorder.extend(clip, self._run - clip.playback.started)
            if not clip.playback.advance(self._run, self._tempo):
                self._stop_track(track)

    def _publish(self) -> None:
        song = self.song
        cues = (song.can_jump_to_prev_cue, song.can_jump_to_next_cue)
        song._current_song_time = self._beat
        song._is_playing = self.is_running
        if cues != (song.can_jump_to_prev_cue, song.can_jump_to_next_cue):
            song.notify("can_jump_to_prev_cue", "can_jump_to_next_cue")

    # --------------------------------------------------------------------------------- start, stop

    def start(self, from_beat: float | None) -> None:
        """Start from a beat or from the current position; playing clips start over."""
        if from_beat is not None:
            self._beat = from_beat
            for track in self.song.tracks:
                clip = track.playing_clip
                if clip is not None and clip.playback is not None:
                    clip.playback = Playback(clip, self._run)
        self.is_running = True
        self._time = self.clock.now()

    def stop(self) -> None:
        """Stop the transport and all recordings."""
        self.is_running = False
        for track in self.song.tracks:
            clip = track.playing_clip
            if clip is not None and clip.is_recording:
                self.recorder.finish(clip)

    def jump(self, beat: float) -> None:
        """Jump to a beat; while stopped, the start position moves too."""
        self._beat = max(0.0, beat)
        if not self.is_running:
            self.song.__dict__["_start_time"] = self._beat
            self.song.notify("start_time")

    def jump_by(self, beats: float) -> None:
        """Move the position by a number of beats."""
        self.jump(self._beat + beats)

    # ----------------------------------------------------------------------------------- launches

    def schedule(self, track: Track, slot: ClipSlot) -> None:
        """Schedule a slot's launch by its quantization; a stopped transport starts and launches immediately."""
        if slot not in track.clip_slots:
            return
        if slot.clip is None and not (track._arm and track.holds_clips):
            if slot.has_stop_button:
                self.schedule_stop(track, quantized=True)
            return
        if not self.is_running:
            self.start(self.song.start_time)
            due = self._run
        else:
            due = self._next_grid(slot.clip)
        self._launches[track] = Launch(slot, due)
        self._show_fired(track, slot)

    def schedule_stop(self, track: Track, quantized: bool) -> None:
        """Schedule a track's stop by the quantization; immediate when stopped or not quantized."""
        if track.playing_clip is None and track not in self._launches:
            return
        if not self.is_running or not quantized:
            self._launches.pop(track, None)
            self._stop_track(track)
            return
        self._launches[track] = Launch(None, self._next_grid(track.playing_clip))
        self._show_fired(track, STOPPED)

    def _next_grid(self, clip: Clip | None) -> float:
        """Return the running beat of the next launch point."""
        quantization = self.song.clip_trigger_quantization
        if clip is not None and clip.launch_quantization > 0:
            quantization = clip.launch_quantization - 1
        grid = QUANTIZATION_BEATS.get(quantization, 0.0)
        if quantization in BARS_OF_QUANTIZATION:
            grid = BARS_OF_QUANTIZATION[quantization] * self.song.beats_in_bar
        if grid == 0.0:
            return self._run
        steps = math.ceil((self._beat - ON_GRID) / grid)
        return self._run + steps * grid - self._beat

    def _perform_due(self) -> None:
        for track, launch in list(self._launches.items()):
            if launch.due <= self._run + ON_GRID:
                del self._launches[track]
                if launch.slot is None:
                    self._stop_track(track)
                else:
                    self._launch_now(track, launch.slot, launch.due)

    def _launch_now(self, track: Track, slot: ClipSlot, due: float) -> None:
        previous = track.playing_clip
        if previous is not None and previous is not slot.clip:
            self._end_playback(previous)
        if slot.clip is None:
            self.recorder.begin(slot)
        clip = slot.clip
        if clip is None:
            return
        if clip.is_recording and previous is clip:
            self.recorder.finish(clip)
        clip._fired_at = self._beat - (self._run - due)
        clip.notify("start_time")
        clip.playback = Playback(clip, due)
        track.playing = slot
        self._show_fired(track, NOTHING)
        track.back_to_arranger = True
        self.song._back_to_arranger = True
        self._notify_status(clip)

    def _stop_track(self, track: Track) -> None:
        clip = track.playing_clip
        if clip is not None:
            self._end_playback(clip)
            track.playing = STOPPED
            self._notify_status(clip)
        self._show_fired(track, NOTHING)

    def _end_playback(self, clip: Clip) -> None:
        if clip.is_recording:
            self.recorder.finish(clip)
        clip.playback = None
        clip.notify("playing_status")
        if clip.parent is not None:
            clip.parent.notify("playing_status")

    def _notify_status(self, clip: Clip) -> None:
        clip.notify("playing_status")
        if clip.parent is not None:
            clip.parent.notify("playing_status")

    def _show_fired(self, track: Track, fired: ClipSlot | int) -> None:
        before = track.fired_slot
        track.fired = fired
        for slot in (before, track.fired_slot):
            if slot is not None:
                slot.notify("is_triggered")
                if slot in track.clip_slots and track in self.song.tracks:
                    self.song.scenes[slot.index].notify("is_triggered")

    # ------------------------------------------------------------------------------- disappearing

    def forget_clip(self, clip: Clip) -> None:
        """Stop a clip that is about to be deleted."""
        track = cast(Track, clip.track)
        launch = self._launches.get(track)
        if launch is not None and launch.slot is clip.parent:
            del self._launches[track]
            self._show_fired(track, NOTHING)
        if clip.playback is not None:
            clip.playback = None
            clip.is_recording = False
            track.playing = STOPPED
            self._show_fired(track, NOTHING)

    def forget_track(self, track: Track) -> None:
        """Drop the pending launches of a track that is about to be deleted."""
        self._launches.pop(track, None)

    def back_to_arrangement(self) -> None:
        """Stop all Session clips and let the Arrangement play."""
        for track in self.song.tracks:
            clip = track.playing_clip
            if clip is not None:
                self._end_playback(clip)
            track.playing = NOTHING
            track.back_to_arranger = False
        self._launches.clear()
        self.song._back_to_arranger = False
