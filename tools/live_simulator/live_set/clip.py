"""Clips: what MIDI and audio clips have in common, loop and markers, notes and sample."""

from __future__ import annotations

from typing import Any

from musearoo.tools.live_simulator.core.audio_file import AudioFile
from musearoo.tools.live_simulator.core.checks import in_range
from musearoo.tools.live_simulator.core.notes import NoteTable
from musearoo.tools.live_simulator.core.objects import Context, Model, Stored
from musearoo.tools.live_simulator.core.palette import PALETTE, check_index, nearest_index
from musearoo.tools.live_simulator.live_set.clip_sample import SampleHolder
from musearoo.tools.live_simulator.live_set.clip_view import ClipView
from musearoo.tools.live_simulator.live_set.envelopes import EnvelopeHolder
from musearoo.tools.live_simulator.live_set.groove import Groove
from musearoo.tools.live_simulator.live_set.links import TrackLink
from musearoo.tools.live_simulator.live_set.note_selection import NoteSelector
from musearoo.tools.live_simulator.live_set.playback import Playback


def _denominator(_: Any, value: int) -> int:
    if value not in (1, 2, 4, 8, 16):
        raise RuntimeError(f"Invalid signature denominator {value!r}: must be 1, 2, 4, 8 or 16")
    return value


def _index(_: Any, value: int) -> int:
    return check_index(value)


def _looping(clip: Clip, value: bool) -> bool:
    if value and clip.audio is not None and not clip._warping:
        raise RuntimeError("Unwarped audio clips cannot be looped")
    return value


class Clip(NoteSelector, EnvelopeHolder, SampleHolder):
    """One clip, in a slot or in the arrangement. `audio` is None for a MIDI clip."""

    signals = frozenset({"loop_jump", "playing_status"})

    name = Stored("")
    color_index = Stored(0, check=_index, also=("color",))
    muted = Stored(False)
    launch_mode = Stored(0, check=in_range(0, 3, "launch_mode"))
    launch_quantization = Stored(0, check=in_range(0, 14, "launch_quantization"))
    legato = Stored(False)
    groove: Stored[Groove | None] = Stored(None)
    velocity_amount = Stored(0.0, check=in_range(0.0, 1.0, "velocity_amount"))
    signature_numerator = Stored(4, check=in_range(1, 99, "signature_numerator"))
    signature_denominator = Stored(4, check=_denominator)
    looping = Stored(True, check=_looping, also=("loop_start", "loop_end", "start_marker", "end_marker"))
    _loop: Stored[tuple[float, float]] = Stored((0.0, 4.0), also=("loop_start", "loop_end", "position", "end_time"))
    _markers: Stored[tuple[float, float]] = Stored(
        (0.0, 4.0), also=("start_marker", "end_marker", "loop_start", "loop_end", "end_time")
    )
    _span: Stored[tuple[float, float]] = Stored((0.0, 0.0), also=("start_time", "end_time"))

    def __init__(self, context: Context, parent: Model, track: TrackLink, audio: AudioFile | None = None) -> None:
        super().__init__(context, parent)
        self.track = track
        self.audio = audio
        self.is_arrangement_clip = False
        self.is_take_lane_clip = False
        self.playback: Playback | None = None
        self.is_recording = False
        self.is_overdubbing = False
        self.will_record_on_start = False
        self.view = ClipView(context, self)
        self._fired_at = 0.0
        self._phantom_end: float | None = None
        self.__dict__["color_index"] = track.color_index

    def children(self) -> tuple[Model, ...]:
        return (*self.automation_envelopes, self.view)

    def detach(self) -> None:
        self.track.song.transport.forget_clip(self)
        super().detach()

    # ------------------------------------------------------------------------------- what it is

    @property
    def is_midi_clip(self) -> bool:
        """True for a MIDI clip."""
        return self.audio is None

    @property
    def is_audio_clip(self) -> bool:
        """True for an audio clip."""
        return self.audio is not None

    @property
    def is_session_clip(self) -> bool:
        """True for a clip in a slot."""
        return not self.is_arrangement_clip

    @property
    def color(self) -> int:
        """The colour as 0x00RRGGBB; setting takes the palette's nearest."""
        return PALETTE[self.color_index]

    @color.setter
    def color(self, value: int) -> None:
        self.color_index = nearest_index(value)

    @property
    def has_groove(self) -> bool:
        """True when the clip has a groove."""
        return self.groove is not None

    # --------------------------------------------------------------------------------- playback

    @property
    def is_playing(self) -> bool:
        """True while the clip plays or records; assigning launches or stops it."""
        return self.playback is not None

    @is_playing.setter
    def is_playing(self, value: bool) -> None:
        self.fire() if value else self.stop()

    @property
    def is_triggered(self) -> bool:
        """True while the clip's launch is waiting for quantization."""
        return not self.is_arrangement_clip and self.track.fired_clip is self

    @property
    def playing_position(self) -> float:
        """The playhead in beats (seconds when unwarped); 0 when stopped."""
        return self.playback.position if self.playback is not None else 0.0

    def fire(self) -> None:
        """Launch the clip. Does nothing for an arrangement clip."""
        if not self.is_arrangement_clip:
            self.track.launch(self.parent)

    def stop(self) -> None:
        """Stop the clip's track if this clip is playing on it."""
        if self.playback is not None or self.is_triggered:
            self.track.stop_clip(quantized=True)

    def move_playing_pos(self, beats: float) -> None:
        """Jump within the clip. Does nothing while it is stopped."""
        if self.playback is not None:
            self.playback.jump(beats)

    def scrub(self, scrub_position: float) -> None:
        """Jump to a position, as the mouse in the clip's overview does; does nothing while it is stopped."""
        if self.playback is not None:
            self.playback.jump(scrub_position - self.playback.position)

    def stop_scrub(self) -> None:
        """End scrubbing: a clip that plays goes on."""

    def set_fire_button_state(self, state: bool) -> None:
        """Press the launch button, or let it go; only gate and repeat clips care for the latter."""
        if state:
            self.fire()

    # ------------------------------------------------------------------------- loop and markers

    @property
    def loop_start(self) -> float:
        """The loop's start, or the clip's start while looping is off."""
        return (self._loop if self.looping else self._markers)[0]

    @loop_start.setter
    def loop_start(self, value: float) -> None:
        if value >= self.loop_end:
            raise RuntimeError("Cannot set LoopStart behind LoopEnd.")
        self._set_bounds(value, self.loop_end)

    @property
    def loop_end(self) -> float:
        """The loop's end, or the clip's end while looping is off."""
        return (self._loop if self.looping else self._markers)[1]

    @loop_end.setter
    def loop_end(self, value: float) -> None:
        if value <= self.loop_start:
            raise RuntimeError("Cannot set LoopEnd before LoopStart.")
        self._set_bounds(self.loop_start, value)

    @property
    def position(self) -> float:
        """The loop's start; assigning moves the whole loop, and the markers with it where necessary."""
        return self.loop_start

    @position.setter
    def position(self, value: float) -> None:
        length = self.length
        self._set_bounds(value, value + length)
        if self.looping:
            start, end = self._markers
            self._markers = (min(start, value), max(end, value + length))

    @property
    def length(self) -> float:
        """loop_end - loop_start, whether looping or not."""
        return self.loop_end - self.loop_start

    @property
    def start_marker(self) -> float:
        """The position where playing starts; cannot be set while looping is off."""
        return self._markers[0]

    @start_marker.setter
    def start_marker(self, value: float) -> None:
        if self.looping:
            if value >= self._markers[1]:
                raise RuntimeError("Cannot set StartMarker behind EndMarker.")
            self._markers = (value, self._markers[1])

    @property
    def end_marker(self) -> float:
        """The end marker. While looping is off, a written value can be read back but has no other effect."""
        return self._markers[1] if self._phantom_end is None else self._phantom_end

    @end_marker.setter
    def end_marker(self, value: float) -> None:
        if not self.looping:
            self._phantom_end = value
            return
        if value <= self._markers[0]:
            raise RuntimeError("Cannot set EndMarker before StartMarker.")
        self._phantom_end = None
        self._markers = (self._markers[0], value)

    @property
    def start_time(self) -> float:
        """The clip's start in the arrangement; for a Session clip, the song time of its last launch."""
        return self._span[0] if self.is_arrangement_clip else self._fired_at

    @property
    def end_time(self) -> float:
        """The clip's end in the arrangement; for a Session clip, a derived length."""
        if self.is_arrangement_clip:
            return self._span[1]
        if not self.looping:
            return self._markers[1] - self._markers[0]
        return max(self._loop[1] - self._markers[0], self.length)

    def _set_bounds(self, start: float, end: float) -> None:
        if self.looping:
            self._loop = (start, end)
            return
        self._phantom_end = None
        self._markers = (start, end)
        if self.is_arrangement_clip:
            self._span = (self._span[0], self._span[0] + self.extent())

    def place(self, start: float, end: float) -> None:
        """Set the loop and markers of a new clip; in the arrangement they also set its length."""
        self._loop = self._markers = (start, end)
        if self.is_arrangement_clip:
            self._span = (self._span[0], self._span[0] + self.extent())

    def crop(self) -> None:
        """Remove notes outside the loop, or outside the markers when not looping."""
        start, end = (self._markers[0], self.loop_end) if self.looping else self._markers
        if self.is_midi_clip:
            self._put_notes(self.notes.without(lambda note: not start <= note.start_time < end))
        self._markers = (start, end)

    def duplicate_loop(self) -> None:
        """Double the loop and repeat its notes in the new half."""
        self._assert_midi()
        start, end = self._loop if self.looping else self._markers
        copies = [
            note._replace(note_id=next(self._note_ids), start_time=note.start_time + end - start)
            for note in self.notes
            if start <= note.start_time < end
        ]
        self._put_notes(self.notes.with_notes(copies))
        self._set_bounds(start, end + end - start)
        self._markers = (self._markers[0], max(self._markers[1], end + end - start))

    def position_after(self, beats: float) -> float:
        """Return the position in the clip, by its own markers, that is this many beats of playing after its start."""
        start, (loop_start, loop_end) = self._markers[0], self._loop
        if self.audio is not None and not self._warping:
            return start + beats * 60.0 / self.track.song.tempo
        if self.looping and start < loop_end <= start + beats:
            return loop_start + (start + beats - loop_end) % (loop_end - loop_start)
        return start + beats

    # ---------------------------------------------------------------------------------- copying

    def copy_to(self, parent: Model, track: TrackLink) -> Clip:
        """Return a copy of the clip under another parent; its notes get new ids."""
        copy = Clip(self.context, parent, track, self.audio)
        for stored in COPIED:
            copy.__dict__[stored] = getattr(self, stored)
        fresh = (note._replace(note_id=next(copy._note_ids)) for note in self.notes)
        copy.__dict__["notes"] = NoteTable().with_notes(fresh)
        return copy

    def extent(self) -> float:
        """Return the length in beats of a copy in the arrangement: the loop, or the span of the markers."""
        if self.audio is not None and not self._warping:
            return self.length * self.track.song.tempo / 60.0
        return self.length


COPIED = tuple(
    name for owner in (Clip, SampleHolder) for name, member in vars(owner).items() if isinstance(member, Stored)
)
"""The attributes that a duplicate copies; notes are copied separately because they need new ids."""
