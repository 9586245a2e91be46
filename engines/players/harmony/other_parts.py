"""What the chord player takes from the other parts: which pitches to avoid, and where there is room."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from musearoo.engines.music.chord import BY_HARTE, Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_kit import KICK_PITCHES, SNARE_PITCHES
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.players.harmony.voice_leading import VoicingTarget

_DRUMS: Final = (*KICK_PITCHES, *SNARE_PITCHES)
HELD: Final = 0.9
"""The length in beats from which a melody note counts against a chord even off the beat."""
ON_BEAT: Final = 0.13
LONGEST: Final = 8.0
"""How many beats back a note may still sound; longer ones are drones, which need not be avoided."""
BUSY: Final = 1.25
"""The melody notes per beat from which there is no room for more."""
CLOSEST_MELODY: Final = 7
"""The semitones above the chords' lowest pitch below which a melody is no ceiling for them."""


@dataclass(frozen=True, slots=True)
class OtherParts:
    """The other parts, looped to the take: notes of bass and melody, and onsets of kick and snare."""

    bass: tuple[Note, ...]
    melody: tuple[Note, ...]
    drum_onsets: tuple[float, ...]

    def sounding(self, start: float, end: float) -> tuple[list[int], list[int]]:
        """Return the pitches of melody and bass that sound between two beats."""
        return _pitches_between(self.melody, start, end), _pitches_between(self.bass, start, end)

    def has_room(self, start: float, end: float) -> bool:
        """Return whether the melody leaves room between two beats."""
        return len(_starting_between(self.melody, start, end)) < BUSY * (end - start)

    def has_drum_onset_at(self, time: float) -> bool:
        """Return whether kick or snare play at a time, to a thirty-second note."""
        at = bisect_left(self.drum_onsets, time - 0.1)
        return at < len(self.drum_onsets) and self.drum_onsets[at] <= time + 0.1


def collect_other_parts(context: MusicalContext, length: float) -> OtherParts:
    """Collect the notes and drum onsets of the other parts in a context."""
    parts = {role: context.part(role) for role in ("bass", "melody", "drums")}
    looped = {role: _looped(part.clip, length) if part else () for role, part in parts.items()}
    drum_onsets = tuple(note.start for note in looped["drums"] if note.pitch in _DRUMS)
    return OtherParts(looped["bass"], looped["melody"], drum_onsets)


def find_voicing_targets(spans: Sequence[ChordSpan], others: OtherParts, low: int) -> list[VoicingTarget]:
    """Return the chords to voice, reduced where the melody clashes, bounded by the bass below and the melody above."""
    targets = []
    for span in spans:
        bass = [note.pitch for note in _starting_between(others.bass, span.start - ON_BEAT, span.end - ON_BEAT)]
        sung = [
            note for note in _starting_between(others.melody, span.start - LONGEST, span.end) if note.end > span.start
        ]
        strong = frozenset(note.pitch % 12 for note in sung if _counts(note, span))
        ceiling = sum(note.pitch for note in sung) // len(sung) if sung else 127
        ceiling = 127 if ceiling < low + CLOSEST_MELODY else ceiling
        targets.append(
            VoicingTarget(
                soften(span.chord, strong), max(bass, default=0), ceiling, (bass[0], bass[-1]) if bass else None
            )
        )
    return targets


def _pitches_between(notes: Sequence[Note], start: float, end: float) -> list[int]:
    return [note.pitch for note in _starting_between(notes, start - LONGEST, end) if note.end > start + 0.05]


def _starting_between(notes: Sequence[Note], start: float, end: float) -> Sequence[Note]:
    """Return those of some sorted notes that start between two beats."""
    return notes[bisect_left(notes, start, key=_start) : bisect_left(notes, end, key=_start)]


def _start(note: Note) -> float:
    return note.start


@lru_cache(maxsize=4096)
def soften(chord: Chord, sung: frozenset[int]) -> Chord:
    """Return the chord without tones that clash with strong melody notes by a semitone: extensions first, then the
    third.

    >>> soften(Chord.parse("Cmaj7"), frozenset({0})).symbol, soften(Chord.parse("C"), frozenset({5})).symbol
    ('C', 'Csus4')
    >>> soften(Chord.parse("Am9"), frozenset({0})).symbol, soften(Chord.parse("Am9"), frozenset({4})).symbol
    ('Am7', 'Am9')
    """
    own = frozenset(BY_HARTE[chord.quality].intervals)
    third = next((step for step in (3, 4) if step in own), None)
    for quality in _FULLEST_FIRST:  # the fullest of all is the chord itself
        steps = frozenset(BY_HARTE[quality].intervals)
        plainer = steps <= own and (third is None or third in steps)
        if plainer and not _clashes(other := Chord(chord.root, quality, chord.bass), sung):
            return other
    if third is not None:
        for quality in ("sus4", "sus2", "(1,5)"):
            if not _clashes(other := Chord(chord.root, quality, chord.bass), sung):
                return other
    return chord


def _clashes(chord: Chord, sung: frozenset[int]) -> bool:
    """Return whether a melody note makes a minor ninth above a chord tone that the melody does not sing as well.

    A melody note a semitone below a chord tone, sung above it, is a major seventh, which is consonant enough.
    """
    return any((tone + 1) % 12 in sung and tone not in sung for tone in chord.pitch_classes)


def _counts(note: Note, span: ChordSpan) -> bool:
    on_beat = abs(note.start - round(note.start)) < ON_BEAT and note.duration >= 0.4
    return on_beat or min(note.end, span.end) - max(note.start, span.start) >= HELD


def _looped(clip: Clip, length: float) -> tuple[Note, ...]:
    return tuple(note for note in clip.repeated(length).notes if not note.mute)


_FULLEST_FIRST: Final = tuple(sorted(BY_HARTE, key=lambda name: (-len(BY_HARTE[name].intervals), name)))
