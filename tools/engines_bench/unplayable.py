"""What no player could play, as each engine's own rules of hands say; and melodies that nobody can sing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from engines.bassaroo.engine import BassParams, instrument_of
from engines.bassaroo.fingering import find_bass_faults
from engines.drummaroo.playability import find_faults
from engines.music.clip import Clip
from engines.music.context import Role
from engines.music.note import Note
from engines.styles.style import Style

HAND_SPAN: Final = 16
"""Semitones: a tenth."""
FINGERS: Final = 5
STRUM_BEATS: Final = 0.2
"""Beats over which the notes of one chord may be spread."""
WIDEST_LEAP: Final = 12
"""Semitones; more is only sung after a breath."""
BREATH_BEATS: Final = 0.5
TOUCHING: Final = 0.02
"""Beats by which a note may ring into the next."""


def count_unplayable(parts: Mapping[Role, Clip], style: Style, bpm: float) -> dict[Role, int]:
    """For each part whose hands are known the places that cannot be played at a tempo."""
    counts: dict[Role, int] = {}
    if "drums" in parts:
        counts["drums"] = len(find_faults(parts["drums"].notes, bpm))
    if "bass" in parts:
        instrument = instrument_of(BassParams(style=style))
        counts["bass"] = len(find_bass_faults(parts["bass"].notes, bpm, instrument))
    if "harmony" in parts:
        counts["harmony"] = len(list(find_chord_faults(parts["harmony"])))
    if "melody" in parts:
        counts["melody"] = len(list(find_melody_faults(parts["melody"])))
    return counts


def find_chord_faults(clip: Clip) -> Iterator[tuple[float, str]]:
    """Where chords are too wide for two hands on keys or too full for ten fingers, as beats and words.

    A hand takes five notes at most, within a tenth; what is rolled or strummed begins together.

    >>> wide = Clip("h", 4.0, tuple(Note(0.0, pitch, 1.0, 90) for pitch in (36, 60, 84)))
    >>> list(find_chord_faults(wide))
    [(0.0, 'three hands wide: 36 60 84')]
    """
    chords: list[list[Note]] = []
    for note in clip.notes:
        if chords and note.start < chords[-1][0].start + STRUM_BEATS:
            chords[-1].append(note)
        else:
            chords.append([note])
    for chord in chords:
        pitches = sorted({note.pitch for note in chord})
        above = [pitch for pitch in pitches if pitch > pitches[0] + HAND_SPAN]
        if above and above[-1] - above[0] > HAND_SPAN:
            yield chord[0].start, f"three hands wide: {' '.join(map(str, pitches))}"
        elif len(pitches) > 2 * FINGERS:
            yield chord[0].start, f"{len(pitches)} notes for ten fingers"


def find_melody_faults(clip: Clip) -> Iterator[tuple[float, str]]:
    """Where two notes sound at once or a leap is too wide, as beats and words.

    >>> clip = Clip("m", 4.0, (Note(0.0, 60, 1.5, 90), Note(1.0, 62, 0.5, 90), Note(2.0, 76, 1.0, 90)))
    >>> list(find_melody_faults(clip))
    [(1.0, 'two notes at once'), (2.0, 'a leap of 14 semitones')]
    """
    for note, following in pairwise(clip.notes):
        if note.end > following.start + TOUCHING:
            yield following.start, "two notes at once"
        leap = abs(following.pitch - note.pitch)
        if leap > WIDEST_LEAP and following.start - note.end <= BREATH_BEATS:
            yield following.start, f"a leap of {leap} semitones"
