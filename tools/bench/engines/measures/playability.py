"""Count unplayable passages by each engine's own rules, and unsingable melodies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.players.bass.engine import BassParams, instrument_of
from musearoo.engines.players.bass.fingering import find_bass_faults
from musearoo.engines.players.drums.playability import find_faults
from musearoo.engines.players.harmony.playability import ChordInstrument, find_chord_faults
from musearoo.engines.styles.schema import Style

CHORD_INSTRUMENTS: Final[tuple[ChordInstrument, ...]] = ("keys", "guitar")
WIDEST_LEAP: Final = 12
"""Semitones; larger leaps are sung only after a breath."""
BREATH_BEATS: Final = 0.5
TOUCHING: Final = 0.02
"""Beats by which a note may overlap the next."""


def count_unplayable(parts: Mapping[Role, Clip], style: Style, bpm: float) -> dict[Role, int]:
    """Return for each part with known playing technique the number of unplayable passages at a tempo."""
    counts: dict[Role, int] = {}
    if "drums" in parts:
        counts["drums"] = len(find_faults(parts["drums"].notes, bpm))
    if "bass" in parts:
        counts["bass"] = len(find_bass_faults(parts["bass"].notes, bpm, instrument_of(BassParams(style=style))))
    if "harmony" in parts:
        # Strummed shapes are not playable on a piano; a clip does not name its instrument.
        counts["harmony"] = min(
            len(find_chord_faults(parts["harmony"].notes, bpm, instrument)) for instrument in CHORD_INSTRUMENTS
        )
    if "melody" in parts:
        counts["melody"] = len(list(find_melody_faults(parts["melody"])))
    return counts


def find_melody_faults(clip: Clip) -> Iterator[tuple[float, str]]:
    """Yield overlapping notes and leaps that are too wide, as beats and descriptions.

    >>> from musearoo.engines.music.note import Note
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
