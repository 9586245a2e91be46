"""Track the held chord: held on the keys, held by the pedal, or broken into single notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from musearoo.engines.improvisation.listening.chord_names import name_held
from musearoo.engines.improvisation.listening.played_notes import Moment, PlayedNote
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.scale import Key

BROKEN_BEATS: Final = 2.0
"""Beats for which a released note still counts in a broken chord: four eighths."""
BROKEN_SECONDS: Final = 1.6
"""The same in seconds, where there is no beat."""
BROKEN_CONFIDENCE: Final = 0.7
"""Factor on the confidence of a chord assembled from single notes."""
STEP: Final = 2
"""Semitones between two notes of a melody that steps."""
LEAST_HELD: Final = 3
"""The pitch classes that form a chord without help from earlier notes."""


@dataclass(frozen=True, slots=True)
class HeldChord:
    """A held chord, the pitches it was named from, its confidence (0..1), and its start."""

    chord: Chord
    pitches: tuple[int, ...]
    confidence: float
    since: Moment


class Holding:
    """The held chord, updated note by note; it persists while its notes are released one by one."""

    def __init__(self) -> None:
        self.held: HeldChord | None = None

    def update(
        self, sounding: Iterable[int], recent: Sequence[PlayedNote], at: Moment, has_begun: bool, key: Key | None
    ) -> HeldChord | None:
        """Return the current chord from the sounding pitches and the notes that ended recently, latest first.

        `has_begun` is true after a new note, false after a note ended or was released by the pedal.
        """
        pitches = sorted(sounding)
        if not pitches:
            self.held = None
            return None
        if self.held is not None and not has_begun:
            # Releasing notes one by one does not change the chord.
            return self.held
        before = None if self.held is None else self.held.chord
        few = len({pitch % 12 for pitch in pitches}) < LEAST_HELD
        if before is not None and few and _belongs(pitches, before):
            # One or two notes of the held chord do not contradict it.
            return self.held
        named = name_held(pitches, key, before)
        share = 1.0
        if few:
            broken = _complete(pitches, recent, key, before)
            if broken is not None:
                (pitches, named), share = broken, BROKEN_CONFIDENCE
        if named is not None:
            chord, confidence = named
            same = self.held is not None and self.held.chord == chord
            since = self.held.since if same and self.held is not None else at
            self.held = HeldChord(chord, tuple(pitches), share * confidence, since)
        else:
            self.held = None
        return self.held


def _complete(
    pitches: Sequence[int], recent: Sequence[PlayedNote], key: Key | None, before: Chord | None
) -> tuple[list[int], tuple[Chord, float]] | None:
    """Return the pitches completed with recent notes to a chord of three notes or more, and its name.

    Uses as few recent notes as possible, but more if they extend the previous chord. Notes a step apart are a melody.
    """
    together = list(pitches)
    found: list[tuple[list[int], tuple[Chord, float]]] = []
    for note in recent:
        if note.pitch in together:
            continue
        if any(abs(note.pitch - pitch) <= STEP for pitch in together):
            break
        together = sorted((*together, note.pitch))
        if len({pitch % 12 for pitch in together}) < LEAST_HELD:
            continue
        named = name_held(together, key, before)
        if named is None:
            break
        found.append((together, named))
    same = (each for each in found if before is not None and each[1][0].root == before.root)
    return next(same, found[0] if found else None)


def _belongs(pitches: Iterable[int], chord: Chord) -> bool:
    own = {*chord.pitch_classes, chord.bass_or_root}
    return all(pitch % 12 in own for pitch in pitches)
