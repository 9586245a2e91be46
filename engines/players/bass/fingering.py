"""Fingering: whether a bass line is playable, and repairs where it is not.

Each note has a fret on every string that reaches it. The hand covers the frets from its position up to its reach and
moves as little as possible, which takes time. The search keeps only the hand's possible positions after each note, over
all fingerings so far.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from musearoo.engines.music.note import Note
from musearoo.engines.music.timing import beats_to_seconds
from musearoo.engines.styles.bass_instruments import Instrument

Hands = frozenset[int]
"""The possible frets of the first finger; none before the first note."""

NOWHERE: Final[Hands] = frozenset()
ANYWHERE: Final[Hands] = frozenset(range(1, 21))
"""While an open string sounds, the hand may already be at any position."""
TOGETHER: Final = 1e-6
"""The overlap in beats that is still rounding."""
LONGEST_GLIDE: Final = 0.5
"""The overlap in beats up to which a synth glides; longer notes sound as two."""


@dataclass(frozen=True, slots=True)
class BassFault:
    """An unplayable moment: its beat and the problem."""

    beat: float
    problem: str


def find_bass_faults(notes: Sequence[Note], bpm: float, instrument: Instrument) -> tuple[BassFault, ...]:
    """Return what cannot be played of a sorted line on the instrument at the tempo.

    >>> from musearoo.engines.styles.bass_instruments import INSTRUMENTS
    >>> leap = (Note(0.0, 29, 0.25, 90), Note(0.25, 55, 0.25, 90))
    >>> [fault.problem for fault in find_bass_faults(leap, 200, INSTRUMENTS["bass guitar"])]
    ['the hand has 0.075 s to move 7 frets']
    >>> find_bass_faults(leap, 60, INSTRUMENTS["bass guitar"]), find_bass_faults(leap, 200, INSTRUMENTS["synth bass"])
    ((), ())
    """
    faults = []
    hands: Hands = NOWHERE
    before: Note | None = None
    for note in notes:
        if not instrument.low <= note.pitch <= instrument.high:
            faults.append(BassFault(note.start, f"pitch {note.pitch} is not on a {instrument.name}"))
            hands, before = NOWHERE, None
            continue
        seconds = 0.0 if before is None else beats_to_seconds(note.start - before.start, bpm)
        if before is not None:
            faults += _two_at_once(before, note, instrument)
            if seconds < instrument.stroke_seconds - TOGETHER:
                faults.append(BassFault(note.start, f"plucked {seconds:.3f} s after the note before"))
        moved = _move(hands, note.pitch, seconds, instrument) if instrument.strings else NOWHERE
        if instrument.strings and not moved:
            faults.append(BassFault(note.start, _too_far(hands, note.pitch, seconds, instrument)))
            moved = _move(NOWHERE, note.pitch, 0.0, instrument)
        hands, before = moved, note
    return tuple(faults)


def make_playable(notes: Iterable[Note], bpm: float, instrument: Instrument, low: int, high: int) -> tuple[Note, ...]:
    """Return the sorted line made playable: unreachable notes move an octave nearer, or are dropped.

    Of two plucks in too quick succession the softer one is dropped, dead notes first. Pitches stay within low..high,
    which the instrument must cover.
    """
    if not instrument.strings:
        return tuple(notes)
    kept: list[Note] = []
    stances: list[Hands] = [NOWHERE]
    for note in notes:
        while kept and beats_to_seconds(note.start - kept[-1].start, bpm) < instrument.stroke_seconds:
            if note.velocity <= kept[-1].velocity:
                break
            kept.pop()
            stances.pop()
        else:
            seconds = beats_to_seconds(note.start - kept[-1].start, bpm) if kept else 0.0
            for pitch in (note.pitch, note.pitch - 12, note.pitch + 12):
                hands = _move(stances[-1], pitch, seconds, instrument) if low <= pitch <= high else NOWHERE
                if hands:
                    kept.append(note if pitch == note.pitch else replace(note, pitch=pitch))
                    stances.append(hands)
                    break
    return tuple(kept)


def _two_at_once(before: Note, note: Note, instrument: Instrument) -> list[BassFault]:
    overlap = before.end - note.start
    if overlap <= TOGETHER or (instrument.glides and overlap <= LONGEST_GLIDE and before.pitch != note.pitch):
        return []
    return [BassFault(note.start, f"two notes at once, {before.pitch} and {note.pitch}")]


def _move(hands: Hands, pitch: int, seconds: float, instrument: Instrument) -> Hands:
    """Return the possible hand positions after playing a pitch some seconds after the last one; none if impossible."""
    spans = _spans(pitch, instrument)
    if not hands:  # nothing was played before: the hand waits where it is needed
        return frozenset(fret for low, high in spans if low for fret in range(low, high + 1)) or ANYWHERE
    farthest = _frets_in(seconds, instrument)
    moved = set()
    for low, high in spans:
        for fret in hands:
            to = fret if not low or low <= fret <= high else low if fret < low else high
            if abs(to - fret) <= farthest:
                moved.add(to)
    return frozenset(moved)


def _frets_in(seconds: float, instrument: Instrument) -> float:
    """Return how many frets the hand can shift in a time."""
    spare = seconds - instrument.shift_seconds
    return spare / instrument.fret_seconds + TOGETHER if spare > 0.0 else 0.0


@lru_cache(maxsize=1024)
def _spans(pitch: int, instrument: Instrument) -> tuple[tuple[int, int], ...]:
    """Return the possible hand positions for a pitch as fret ranges, one per string; (0, 0) for an open string."""
    spans = []
    for string in instrument.strings:
        fret = pitch - string
        if fret == 0:
            spans.append((0, 0))
        elif 0 < fret <= instrument.high - instrument.strings[-1]:
            reach = instrument.reach + (fret >= instrument.wide_from)
            spans.append((max(1, fret - reach), fret))
    return tuple(spans)


def _too_far(hands: Hands, pitch: int, seconds: float, instrument: Instrument) -> str:
    spans = _spans(pitch, instrument)
    frets = min(min(abs(fret - low), abs(fret - high)) for low, high in spans for fret in hands)
    return f"the hand has {seconds:.3f} s to move {frets} frets"
