"""The bass of a song in the letters of a preset."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final, NamedTuple

from musearoo.engines.music.chord import Chord
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.players.learning.raster import GridNote, quantize_notes
from musearoo.engines.players.learning.song import SourceSong
from musearoo.engines.players.learning.velocity_levels import quantile

DEAD: Final = 0.6
DEAD_BEATS: Final = 0.2
"""Notes softer than this share of the usual velocity, and shorter than this, are dead notes."""
LEADS_WITHIN: Final = 1.0
"""The beats before a new chord in which a note may approach it; in the second half it may anticipate it."""
DEGREES: Final = {1: "2", 2: "2", 3: "3", 4: "3", 5: "4", 6: "5", 7: "5", 8: "6", 9: "6", 10: "7", 11: "7"}
BELOW: Final = {"5": "d", "7": "u"}
"""The letters of degrees below the root."""


class Tone(NamedTuple):
    """A bass note: its grid position, its letter over the chord, and whether it is a dead note.

    `leads` is "a" for an approach by step to the next root, "n" for an anticipation of it, or "".
    """

    placed: GridNote
    letter: str
    dead: bool
    leads: str


def analyze_bass(song: SourceSong) -> list[Tone]:
    """Return the bass of a song in letters over its chords."""
    placed = sorted(quantize_notes(song, song.notes("bass")), key=lambda one: (one.at, one.note.pitch))
    if not placed:
        return []
    usual = quantile(sorted(one.note.velocity for one in placed), 0.5)
    starts = [span.start for span in song.chords]
    lowest: dict[int, int] = {}
    for one in placed:
        index = _chord_at(starts, one.at)
        if index >= 0 and one.note.pitch % 12 == song.chords[index].chord.bass_or_root:
            lowest[index] = min(one.note.pitch, lowest.get(index, 127))
    tones = []
    for one in placed:
        dead = one.note.velocity < DEAD * usual and one.note.duration < DEAD_BEATS
        index = _chord_at(starts, one.at)
        if index < 0:
            tones.append(Tone(one, "R", dead, ""))
            continue
        chord = song.chords[index].chord
        root = lowest.get(index, _root_near(chord, one.note.pitch))
        following = song.chords[index + 1] if index + 1 < len(song.chords) else None
        tones.append(Tone(one, _degree(one.note.pitch - root), dead, _leads(one, chord, following)))
    return tones


def _chord_at(starts: Sequence[float], at: float) -> int:
    return bisect_right(starts, at + 1e-3) - 1


def _root_near(chord: Chord, pitch: int) -> int:
    """Return the chord's root within a sixth of a pitch, if possible below it."""
    away = (pitch - chord.bass_or_root) % 12
    return pitch - away if away <= 9 else pitch + 12 - away


def _degree(semitones: int) -> str:
    """Return the letter of a tone by its semitones above the root.

    >>> [_degree(semitones) for semitones in (0, 12, 7, -5, 10, -2, 3)]
    ['R', '8', '5', 'd', '7', 'u', '3']
    """
    if semitones % 12 == 0:
        return "8" if semitones >= 12 else "R"
    letter = DEGREES[semitones % 12]
    return BELOW.get(letter, letter) if semitones < 0 else letter


def _leads(one: GridNote, chord: Chord, following: ChordSpan | None) -> str:
    """Return whether a note anticipates ("n") or approaches ("a") the next chord's root; "" for neither."""
    if following is None or following.start - one.at > LEADS_WITHIN + 1e-6:
        return ""
    goal, pitch_class = following.chord.bass_or_root, one.note.pitch % 12
    if goal == chord.bass_or_root:
        return ""
    if pitch_class == goal and following.start - one.at <= LEADS_WITHIN / 2.0 + 1e-6:
        return "n"
    return "a" if min((pitch_class - goal) % 12, (goal - pitch_class) % 12) in (1, 2) else ""
