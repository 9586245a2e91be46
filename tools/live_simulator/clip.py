"""Clips: what MIDI and audio clips share, their loop and markers, their notes and their sample."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any, Callable, Iterable

from tools.live_simulator.audio_file import AudioFile
from tools.live_simulator.notes import Note, NoteTable, check_note, note_ids
from tools.live_simulator.objects import Context, Model, Stored, reads
from tools.live_simulator.palette import PALETTE, check_index, nearest_index
from tools.live_simulator.parameter import float32
from tools.live_simulator.warping import Warp, guess_beats

if TYPE_CHECKING:
    from tools.live_simulator.track import Track
    from tools.live_simulator.transport import Playback

WARP_MODES = (0, 1, 2, 3, 4, 6)
"""Every mode but REX (5), which only .rx2 files offer."""

MISSING_IDS = "All given IDs must be present in clip"


def in_range(low: float, high: float, name: str) -> Callable[[Any, Any], Any]:
    """Return a check that lets values from `low` to `high` pass and names the bounds otherwise."""

    def check(_: Any, value: Any) -> Any:
        if math.isnan(value) or not low <= value <= high:
            raise RuntimeError(f"{name} must be in range {low:g}..{high:g}, not {value!r}")
        return value

    return check


def _denominator(_: Any, value: int) -> int:
    if value not in (1, 2, 4, 8, 16):
        raise RuntimeError(f"Invalid signature denominator {value!r}: must be 1, 2, 4, 8 or 16")
    return value


def _gain(_: Any, value: float) -> float:
    if not 0.0 <= value <= 1.0:
        raise RuntimeError("Gain is out of range")
    return float32(value)


def _index(_: Any, value: int) -> int:
    return check_index(value)


class Clip(Model):
    """One clip, in a slot or in the arrangement. `audio` is None for a MIDI clip."""

    name = Stored("")
    color_index = Stored(0, check=_index, also=("color",))
    muted = Stored(False)
    launch_mode = Stored(0, check=in_range(0, 3, "launch_mode"))
    launch_quantization = Stored(0, check=in_range(0, 14, "launch_quantization"))
    legato = Stored(False)
    velocity_amount = Stored(0.0, check=in_range(0.0, 1.0, "velocity_amount"))
    signature_numerator = Stored(4, check=in_range(1, 99, "signature_numerator"))
    signature_denominator = Stored(4, check=_denominator)
    looping = Stored(True, also=("loop_start", "loop_end", "start_marker", "end_marker"))
    _loop: Stored[tuple[float, float]] = Stored((0.0, 4.0), also=("loop_start", "loop_end", "position", "end_time"))
    _markers: Stored[tuple[float, float]] = Stored(
        (0.0, 4.0), also=("start_marker", "end_marker", "loop_start", "loop_end", "end_time")
    )
    notes: Stored[NoteTable] = Stored(NoteTable())
    _span: Stored[tuple[float, float]] = Stored((0.0, 0.0), also=("start_time", "end_time"))

    _gain = Stored(float32(0.4), check=_gain)
    _pitch_coarse = Stored(0, check=in_range(-48, 48, "pitch_coarse"))
    _pitch_fine = Stored(0.0, check=in_range(-50.0, 49.0, "pitch_fine"))
    _ram_mode = Stored(False)
    _warping = Stored(True, also=("warp_markers",))
    _warp_mode = Stored(0)
    _warp: Stored[Warp] = Stored(Warp(()), also=("warp_markers",))

    def __init__(self, context: Context, parent: Model, track: Track, audio: AudioFile | None = None) -> None:
        super().__init__(context, parent)
        self.track = track
        self.audio = audio
        self.is_arrangement_clip = False
        self.is_take_lane_clip = False
        self.playback: Playback | None = None
        self.is_recording = False
        self.is_overdubbing = False
        self.will_record_on_start = False
        self.groove = None
        self.has_groove = False
        self.has_envelopes = False
        self._fired_at = 0.0
        self._phantom_end: float | None = None
        self._note_ids = itertools.count(1)
        self.__dict__["color_index"] = track.color_index

    def detach(self) -> None:
        self.track.song.transport.forget_clip(self)
        super().detach()

    # ------------------------------------------------------------------------------- what it is

    @property
    def is_midi_clip(self) -> bool:
        """True for a clip with notes."""
        return self.audio is None

    @property
    def is_audio_clip(self) -> bool:
        """True for a clip with a sample."""
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

    # --------------------------------------------------------------------------------- playback

    @property
    def is_playing(self) -> bool:
        """True while the clip plays or records; assigning fires or stops it."""
        return self.playback is not None

    @is_playing.setter
    def is_playing(self, value: bool) -> None:
        self.fire() if value else self.stop()

    @property
    def is_triggered(self) -> bool:
        """True while the launch waits for its quantization."""
        return not self.is_arrangement_clip and self.track.fired_clip is self

    @property
    def playing_position(self) -> float:
        """The play head in beats (seconds when unwarped); 0 when stopped."""
        return self.playback.position if self.playback is not None else 0.0

    def fire(self) -> None:
        """Launch the clip; nothing happens for an arrangement clip."""
        if not self.is_arrangement_clip:
            self.track.launch(self.parent)

    def stop(self) -> None:
        """Stop the clip's track if this clip plays on it."""
        if self.playback is not None or self.is_triggered:
            self.track.stop_clip(quantized=True)

    def move_playing_pos(self, beats: float) -> None:
        """Jump within the clip; nothing happens while it is stopped."""
        if self.playback is not None:
            self.playback.jump(beats)

    # ------------------------------------------------------------------------- loop and markers

    @property
    def loop_start(self) -> float:
        """The loop's start; with looping off, where the clip starts."""
        return (self._loop if self.looping else self._markers)[0]

    @loop_start.setter
    def loop_start(self, value: float) -> None:
        if value >= self.loop_end:
            raise RuntimeError("Cannot set LoopStart behind LoopEnd.")
        self._set_bounds(value, self.loop_end)

    @property
    def loop_end(self) -> float:
        """The loop's end; with looping off, where the clip ends."""
        return (self._loop if self.looping else self._markers)[1]

    @loop_end.setter
    def loop_end(self, value: float) -> None:
        if value <= self.loop_start:
            raise RuntimeError("Cannot set LoopEnd before LoopStart.")
        self._set_bounds(self.loop_start, value)

    @property
    def position(self) -> float:
        """The loop's start; assigning moves the whole loop and pushes the markers along."""
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
        """Where playing starts; cannot be set while looping is off."""
        return self._markers[0]

    @start_marker.setter
    def start_marker(self, value: float) -> None:
        if self.looping:
            if value >= self._markers[1]:
                raise RuntimeError("Cannot set StartMarker behind EndMarker.")
            self._markers = (value, self._markers[1])

    @property
    def end_marker(self) -> float:
        """The end marker. While looping is off a written value is read back but moves nothing."""
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
        """In the arrangement, where the clip lies; in a slot, the song time of its last launch."""
        return self._span[0] if self.is_arrangement_clip else self._fired_at

    @property
    def end_time(self) -> float:
        """In the arrangement, where the clip ends; in a slot, a derived length."""
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
            self._span = (self._span[0], self._span[0] + end - start)

    def place(self, start: float, end: float) -> None:
        """Put the loop, the markers and, in the arrangement, nothing else, to a fresh clip's bounds."""
        self._loop = self._markers = (start, end)

    def crop(self) -> None:
        """Remove what lies outside the loop, or outside the markers when not looping."""
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

    # ------------------------------------------------------------------------------------ notes

    def _assert_midi(self) -> None:
        if self.audio is not None:
            raise RuntimeError("MIDI notes are only available for MIDI Clips")

    def _put_notes(self, notes: NoteTable) -> None:
        self.notes = notes

    def add_new_notes(self, specifications: Iterable[Any]) -> tuple[int, ...]:
        """Add notes and return their ids, in the order given."""
        self._assert_midi()
        ids = self._note_ids
        added: list[Note] = []
        for specification in specifications:
            note = Note(next(ids), *specification._fields)
            check_note(note)
            added.append(note)
        if added:
            self._put_notes(self.notes.with_notes(added))
        return tuple(note.note_id for note in added)

    @reads
    def get_notes_extended(
        self, from_pitch: int, pitch_span: int, from_time: float, time_span: float
    ) -> tuple[Note, ...]:
        """Return the notes that start in the window, by pitch, then time."""
        self._assert_midi()
        return self._in_order(self.notes.span(from_pitch, pitch_span, from_time, time_span))

    @reads
    def get_all_notes_extended(self) -> tuple[Note, ...]:
        """Return all notes, also those outside the loop."""
        self._assert_midi()
        return self._in_order(list(self.notes))

    @reads
    def get_notes_by_id(self, ids: Any) -> tuple[Note, ...]:
        """Return the notes of these ids; an unknown one raises."""
        self._assert_midi()
        wanted = set(self._known(ids))
        return self._in_order([note for note in self.notes if note.note_id in wanted])

    def _in_order(self, notes: list[Note]) -> tuple[Note, ...]:
        if self.context.mutation == "note-order":
            notes = sorted(notes, key=lambda note: (note.start_time, note.pitch))
        return tuple(notes)

    def _known(self, ids: Any) -> list[int]:
        wanted = note_ids(ids)
        if not set(wanted) <= {note.note_id for note in self.notes}:
            raise RuntimeError(MISSING_IDS)
        return wanted

    def remove_notes_extended(self, from_pitch: int, pitch_span: int, from_time: float, time_span: float) -> None:
        """Remove the notes that start in the window."""
        self._assert_midi()
        gone = {note.note_id for note in self.notes.span(from_pitch, pitch_span, from_time, time_span)}
        if gone:
            self._put_notes(self.notes.without(lambda note: note.note_id in gone))

    def remove_notes_by_id(self, ids: Any) -> None:
        """Remove the notes of these ids; an unknown one raises."""
        self._assert_midi()
        gone = set(self._known(ids))
        if gone:
            self._put_notes(self.notes.without(lambda note: note.note_id in gone))

    def apply_note_modifications(self, notes: Iterable[Any]) -> None:
        """Change existing notes to what the vector says; ids tell which."""
        self._assert_midi()
        changed = [Note(*note._fields) for note in notes]
        self._known(note.note_id for note in changed)
        for note in changed:
            check_note(note)
        if changed:
            self._put_notes(self.notes.replaced({note.note_id: note for note in changed}))

    def duplicate_notes_by_id(
        self, ids: Any, destination_time: float | None = None, transposition_amount: int = 0
    ) -> tuple[int, ...]:
        """Copy notes, right behind themselves or to a time, and return the ids of the copies."""
        self._assert_midi()
        wanted = set(self._known(ids))
        originals = [note for note in self.notes if note.note_id in wanted]
        if not originals:
            return ()
        first = min(note.start_time for note in originals)
        last = max(note.start_time + note.duration for note in originals)
        shift = (last if destination_time is None else float(destination_time)) - first
        copies = [
            note._replace(
                note_id=next(self._note_ids),
                start_time=note.start_time + shift,
                pitch=note.pitch + transposition_amount,
            )
            for note in originals
        ]
        for note in copies:
            check_note(note)
        self._put_notes(self.notes.with_notes(copies))
        return tuple(note.note_id for note in copies)

    # ----------------------------------------------------------------------------------- sample

    def _sample(self, what: str) -> AudioFile:
        if self.audio is None:
            raise RuntimeError(f"{what} is only available for Audio Clips")
        return self.audio

    @property
    def file_path(self) -> str:
        """The absolute path of the sample."""
        return self._sample("File path").path

    @property
    def sample_length(self) -> int:
        """The sample's length in frames."""
        return self._sample("Sample length").frames

    @property
    def sample_rate(self) -> float:
        """The sample's rate in Hz."""
        return self._sample("Sample rate").sample_rate

    @property
    def available_warp_modes(self) -> tuple[int, ...]:
        """The warp modes that this sample can use."""
        self._sample("Warp mode")
        return WARP_MODES

    @property
    def gain_display_string(self) -> str:
        """The gain as the clip view shows it."""
        self._sample("Gain")
        return show_gain(self._gain)

    @property
    def warping(self) -> bool:
        """Whether the sample follows the song's tempo. A written value shows at the next tick."""
        self._sample("Warping")
        return self._warping

    @warping.setter
    def warping(self, value: bool) -> None:
        self._sample("Warping")
        self.track.song.transport.defer(lambda: self._warp_now(value))

    def _warp_now(self, value: bool) -> None:
        if self._warping == value or self.audio is None:
            return
        with self.context.step():
            self._warping = value
            self.looping = value
            self.place(0.0, self._warp.beat_at(self.audio.seconds) if value else self.audio.seconds)

    @property
    def warp_mode(self) -> int:
        """The stretching algorithm, a value of Live.Clip.WarpMode."""
        self._sample("Warp mode")
        return self._warp_mode

    @warp_mode.setter
    def warp_mode(self, value: int) -> None:
        self._sample("Warp mode")
        if value not in WARP_MODES:
            raise RuntimeError("Invalid warp mode")
        self._warp_mode = value

    @property
    def warp_markers(self) -> tuple[Any, ...]:
        """The markers, the last of them Live's hidden one, 1/32 beat behind the last visible one."""
        self._sample("Warp markers")
        return self._warp.with_phantom()

    def add_warp_marker(self, marker: Any) -> None:
        """Pin a place of the sample to a beat."""
        audio = self._sample("Warp markers")
        self._warp = self._warp.added(marker._point, audio.seconds)

    def move_warp_marker(self, beat_time: float, distance: float) -> None:
        """Move the marker at a beat by so many beats."""
        self._sample("Warp markers")
        self._warp = self._warp.moved(beat_time, distance)

    def remove_warp_marker(self, beat_time: float) -> None:
        """Remove the marker at a beat."""
        self._sample("Warp markers")
        self._warp = self._warp.removed(beat_time)

    @reads
    def beat_to_sample_time(self, beat_time: float) -> float:
        """Return the frame at a beat."""
        return self._warp.second_at(beat_time) * self._sample("Beat to sample time").sample_rate

    @reads
    def sample_to_beat_time(self, sample_time: float) -> float:
        """Return the beat at a frame."""
        return self._warp.beat_at(sample_time / self._sample("Sample to beat time").sample_rate)

    @reads
    def seconds_to_sample_time(self, seconds: float) -> float:
        """Return the frame at a second."""
        return seconds * self._sample("Seconds to sample time").sample_rate

    def adopt_sample(self, tempo: float) -> None:
        """Set loop, markers and warp of a fresh audio clip by the length of its sample."""
        audio = self._sample("Warping")
        beats, self._warping = guess_beats(audio.seconds, tempo)
        self._warp = Warp.straight(audio.seconds, beats)
        self.looping = self._warping
        self.place(0.0, beats if self._warping else audio.seconds)

    # ---------------------------------------------------------------------------------- copying

    def copy_to(self, parent: Model, track: Track) -> Clip:
        """Return a copy of the clip for another place; its notes get ids of their own."""
        copy = Clip(self.context, parent, track, self.audio)
        for stored in COPIED:
            copy.__dict__[stored] = getattr(self, stored)
        fresh = (note._replace(note_id=next(copy._note_ids)) for note in self.notes)
        copy.__dict__["notes"] = NoteTable().with_notes(fresh)
        return copy

    def extent(self) -> float:
        """Return the beats that a copy takes in the arrangement: the loop, or the markers' span."""
        if self.audio is not None and not self._warping:
            return self.length * self.track.song.tempo / 60.0
        return self.length


def _audio_property(name: str, what: str) -> Any:
    def read(clip: Clip) -> Any:
        clip._sample(what)
        return getattr(clip, "_" + name)

    def write(clip: Clip, value: Any) -> None:
        clip._sample(what)
        setattr(clip, "_" + name, value)

    return property(read, write, doc=f"{what} of an audio clip.")


for _name, _what in (
    ("gain", "Gain"),
    ("pitch_coarse", "Pitch"),
    ("pitch_fine", "Pitch"),
    ("ram_mode", "RAM mode"),
):
    setattr(Clip, _name, _audio_property(_name, _what))

COPIED = tuple(name for name, member in vars(Clip).items() if isinstance(member, Stored) and name != "notes")
"""What a duplicated clip takes over; its notes are copied apart, for they need new ids."""


def show_gain(gain: float) -> str:
    """Return a clip gain (0.4 = 0 dB, 40 dB a unit above, steeper below) as Live writes it."""
    x = gain - 0.4
    level = 40.0 * x if x >= 0 else 42.0 * x - 200.0 * x * x
    return "-inf dB" if gain < 1e-4 else "%.1f dB" % (level if abs(level) >= 0.05 else 0.0)
