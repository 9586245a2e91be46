"""The notes of one stretch on a beat line: in beats of the set, or of the player's own tempo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import inf
from typing import Final

from musearoo.engines.improvisation.listening.keyboard import CONTROL, SUSTAIN
from musearoo.engines.improvisation.listening.played_notes import Moment, PlayedNote, Recording, Source
from musearoo.engines.improvisation.quantize.onsets import TimedNote
from musearoo.engines.improvisation.quantize.player_tempo import find_player_beats
from musearoo.engines.music.meter import Meter

FREE_SILENCE: Final = 6.0
"""Seconds of silence that end free playing; later notes get a tempo of their own."""


@dataclass(frozen=True, slots=True)
class Line:
    """Notes in order of their beats, with bar lines at whole multiples of the meter's bar.

    `key_ends` has the beat at which each note's key was released; `earlier` are the notes before those of `notes`.
    `offset` is how far the beats are ahead of the set's; `confidence` is that of the tempo.
    """

    notes: tuple[TimedNote, ...]
    key_ends: tuple[float, ...]
    controls: tuple[tuple[float, bytes], ...]
    bpm: float
    confidence: float
    is_free: bool
    offset: float
    meter: Meter
    earlier: tuple[TimedNote, ...] = ()

    def between(self, start: float, end: float | None) -> Line:
        """Return the line with the notes from `start` to `end` only, and those before as `earlier`."""
        inside = [
            index for index, note in enumerate(self.notes) if note.beat >= start and (end is None or note.beat < end)
        ]
        return replace(
            self,
            notes=tuple(self.notes[index] for index in inside),
            key_ends=tuple(self.key_ends[index] for index in inside),
            earlier=tuple(note for note in self.notes if note.beat < start),
        )


def read_line(
    recording: Recording,
    sources: Sequence[Source],
    is_pedal_applied: bool,
    stretch: int | None = None,
    last_beats: float = inf,
) -> Line | None:
    """Return the line of a stretch, or of the last one with notes, from the given sources or all; None without notes.

    On the set's beats, only notes that sounded in the last `last_beats` beats before the last note are included.
    """
    played = [note for note in recording.notes if not sources or note.source in sources]
    if not played:
        return None
    number = played[-1].start.stretch if stretch is None else stretch
    played = [note for note in played if note.start.stretch == number]
    if not played:
        return None
    controls = [
        (control.at, control.data)
        for control in recording.controls
        if control.at.stretch == number
        and (not sources or control.source in sources)
        and not (is_pedal_applied and control.data[0] & 0xF0 == CONTROL and control.data[1] == SUSTAIN)
    ]
    if recording.stretches[number].is_running:
        since = max(note.start.beat for note in played) - last_beats
        recent = [note for note in played if note.start.beat >= since or (note.end or recording.now).beat >= since]
        return _line_of_set(recording, recent, controls, is_pedal_applied)
    return _line_of_player(recording, played, controls, is_pedal_applied)


def _line_of_set(
    recording: Recording,
    played: Sequence[PlayedNote],
    controls: Sequence[tuple[Moment, bytes]],
    is_pedal_applied: bool,
) -> Line:
    stretch = recording.stretches[played[0].start.stretch]
    rows = []
    for note in played:
        key_length = recording.length(note.start, note.key_end)
        length = recording.length(note.start, note.end) if is_pedal_applied else key_length
        rows.append((_timed(recording, note, note.start.beat, length), note.start.beat + key_length))
    rows.sort(key=lambda row: (row[0].beat, row[0].pitch))
    return Line(
        notes=tuple(note for note, _ in rows),
        key_ends=tuple(end for _, end in rows),
        controls=tuple((at.beat, data) for at, data in controls),
        bpm=stretch.bpm,
        confidence=1.0,
        is_free=False,
        offset=stretch.offset,
        meter=recording.meter,
    )


def _line_of_player(
    recording: Recording,
    played: Sequence[PlayedNote],
    controls: Sequence[tuple[Moment, bytes]],
    is_pedal_applied: bool,
) -> Line:
    silent_from = accumulate(((note.key_end or recording.now).seconds for note in played), max)
    later = enumerate(zip(played[1:], silent_from, strict=False), start=1)
    played = played[
        max((index for index, (note, end) in later if note.start.seconds - end >= FREE_SILENCE), default=0) :
    ]
    strokes = [(note.start.seconds, note.pitch, note.velocity) for note in played]
    beats = find_player_beats(strokes, recording.meter, recording.stretches[played[0].start.stretch].bpm)
    rows = []
    for note in played:
        start = beats.position(note.start.seconds)
        key_end = beats.position((note.key_end or recording.now).seconds)
        end = beats.position((note.end or recording.now).seconds) if is_pedal_applied else key_end
        rows.append((_timed(recording, note, start, end - start), key_end))
    return Line(
        notes=tuple(note for note, _ in rows),
        key_ends=tuple(end for _, end in rows),
        controls=tuple((beats.position(at.seconds), data) for at, data in controls),
        bpm=beats.bpm,
        confidence=beats.confidence,
        is_free=True,
        offset=0.0,
        meter=recording.meter,
    )


def _timed(recording: Recording, note: PlayedNote, beat: float, length: float) -> TimedNote:
    is_drum = note.source.channel in recording.drum_channels
    return TimedNote(beat, note.pitch, note.velocity, length, note.release_velocity, is_drum)
