"""Playability of chords for two hands on keys, a hand on a fretboard, or four voices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal

from musearoo.engines.music.note import Note
from musearoo.engines.music.pitch import pitch_name
from musearoo.engines.music.timing import seconds_per_beat, seconds_to_beats
from musearoo.engines.players.harmony.fretboard import OPEN_STRINGS

ChordInstrument = Literal["keys", "guitar", "voices"]

FINGERS: Final = 5
TENTH: Final = 16
"""The widest reach of a hand in semitones, a major tenth."""
HIGHEST_FRET: Final = 15
FRETS_IN_REACH: Final = 4
"""The frets that four fingers cover."""
TOGETHER_SECONDS: Final = 0.035
"""Notes closer than this belong to one onset, even if strummed."""
FASTEST_SECONDS: Final = 0.05
"""The least time between two chords of one hand."""
VOICE_RANGES: Final = (40, 81)
"""From the lowest bass to the highest soprano of a choir, E2 to A5."""
_UNPLAYABLE_BY: Final[dict[ChordInstrument, str]] = {
    "keys": "no two hands reach",
    "guitar": "no hand grips",
    "voices": "no four voices sing",
}


@dataclass(frozen=True, slots=True)
class ChordFault:
    """An unplayable onset: its start in beats and the problem."""

    start: float
    problem: str


def find_chord_faults(
    notes: Sequence[Note], bpm: float, instrument: ChordInstrument = "keys"
) -> tuple[ChordFault, ...]:
    """Return what an instrument's player cannot play of sorted notes at a tempo.

    Keys: each onset is shared by two hands with five fingers and the reach of a tenth; ringing notes are held by the
    pedal. Guitar: one string per note, within four frets. Voices: four, each in its range.

    >>> chord = [Note(0.0, pitch, 1.0, 80) for pitch in (48, 55, 64, 67, 84, 98)]
    >>> [fault.problem for fault in find_chord_faults(chord, 120.0)]
    ['no two hands reach C3 G3 E4 G4 C6 D7']
    """
    return tuple(_faults(notes, bpm, instrument))


def make_playable(notes: Sequence[Note], bpm: float, instrument: ChordInstrument = "keys") -> tuple[Note, ...]:
    """Return the notes without unplayable ones: each unreachable onset loses its offending notes, softest first, and of
    chords in too quick succession the second keeps only its outer notes."""
    kept = tuple(notes)
    while True:
        faults = {fault.start for fault in _faults(kept, bpm, instrument)}
        if not faults:
            return kept
        gone: set[Note] = set()
        for onset in _group_onsets(kept, seconds_to_beats(TOGETHER_SECONDS, bpm)):
            if onset[0].start in faults:
                gone.update(_spare(onset, instrument))
        kept = tuple(note for note in kept if note not in gone)


def _spare(onset: Sequence[Note], instrument: ChordInstrument) -> Sequence[Note]:
    """Return what to drop from an unplayable onset: a single offending note, or else the softest inner one."""
    by_pitch = sorted(onset, key=lambda note: note.pitch)
    softest = sorted(onset, key=lambda note: (note.velocity, note.start, note.pitch))
    if _is_reached(onset, instrument):
        return by_pitch[1:-1]
    alone = (note for note in softest if _is_reached([other for other in onset if other is not note], instrument))
    return [next(alone, softest[0])]


def _is_reached(onset: Sequence[Note], instrument: ChordInstrument) -> bool:
    pitches = tuple(sorted({note.pitch for note in onset}))
    if instrument == "keys":
        return in_two_hands(pitches)
    if instrument == "guitar":
        return on_fretboard(pitches)
    return len(pitches) <= 4 and _in_voices(pitches)


def _faults(notes: Sequence[Note], bpm: float, instrument: ChordInstrument) -> Iterator[ChordFault]:
    seconds = seconds_per_beat(bpm)
    onsets = _group_onsets(notes, TOGETHER_SECONDS / seconds)
    for onset in onsets:
        if not _is_reached(onset, instrument):
            names = " ".join(pitch_name(pitch) for pitch in sorted({note.pitch for note in onset}))
            yield ChordFault(onset[0].start, f"{_UNPLAYABLE_BY[instrument]} {names}")
    for before, after in pairwise(onsets):
        apart = (after[0].start - before[0].start) * seconds
        if min(len(before), len(after)) > 2 and apart < FASTEST_SECONDS:
            yield ChordFault(after[0].start, f"follows a chord within {1000 * apart:.0f} ms")


@lru_cache(maxsize=4096)
def in_two_hands(pitches: tuple[int, ...]) -> bool:
    """Return whether ascending pitches can be divided between two hands.

    >>> in_two_hands((36, 43, 60, 64, 67)), in_two_hands((36, 55, 74))
    (True, False)
    """
    return any(_one_hand(pitches[:split]) and _one_hand(pitches[split:]) for split in range(len(pitches) + 1))


@lru_cache(maxsize=4096)
def on_fretboard(pitches: tuple[int, ...]) -> bool:
    """Return whether ascending pitches fit on one string each, in standard tuning, within one hand's reach.

    >>> on_fretboard((43, 47, 50, 55, 59, 67)), on_fretboard((40, 41))
    (True, False)
    """
    return _grip(pitches, 0, ())


def _grip(pitches: tuple[int, ...], string: int, fretted: tuple[int, ...]) -> bool:
    if not pitches:
        return True
    if len(OPEN_STRINGS) - string < len(pitches):
        return False
    fret = pitches[0] - OPEN_STRINGS[string]
    if 0 <= fret <= HIGHEST_FRET:
        held = (*fretted, fret) if fret else fretted
        if (not held or max(held) - min(held) < FRETS_IN_REACH) and _grip(pitches[1:], string + 1, held):
            return True
    return _grip(pitches, string + 1, fretted)


def _one_hand(pitches: tuple[int, ...]) -> bool:
    return not pitches or (len(pitches) <= FINGERS and pitches[-1] - pitches[0] <= TENTH)


def _in_voices(pitches: tuple[int, ...]) -> bool:
    return not pitches or (pitches[0] >= VOICE_RANGES[0] and pitches[-1] <= VOICE_RANGES[1])


def _group_onsets(notes: Sequence[Note], together: float) -> list[list[Note]]:
    onsets: list[list[Note]] = []
    for note in notes:
        if onsets and note.start - onsets[-1][-1].start < together:
            onsets[-1].append(note)
        else:
            onsets.append([note])
    return onsets
