"""What a layer has to know: the time it fills, the tones it may take, and the room that others leave it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Final

from musearoo.engines.foundation.chance import bell, stream
from musearoo.engines.music.knowledge.context import MusicalContext, Part
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.atmos.drift import ToneSpan, span_at
from musearoo.engines.players.atmos.other_parts import Clash, looped
from musearoo.engines.players.params import EngineParams

OCTAVE: Final = 12
SHORTEST: Final = 1.0 / 32.0
"""Beats below which no note is worth playing."""
REST_BEATS: Final = 1.0
"""A singer who is silent for less than this is between two words."""


@dataclass(frozen=True, slots=True)
class Room:
    """What the others leave free: above `floor` the bass does not reach, at `ceiling` the melody begins; `sung` are
    the stretches (start, end) in which the melody sounds; `is_chordal`, whether another part plays the chords.
    """

    floor: int = 0
    ceiling: int = 127
    sung: tuple[tuple[float, float], ...] = ()
    is_chordal: bool = False

    def fit(self, low: int, high: int, gap: int = 0) -> tuple[int, int]:
        """A range moved into the room, `gap` semitones above the floor; at least an octave is left of it."""
        low = min(max(low, self.floor + gap), 127 - OCTAVE)
        return low, max(low + OCTAVE, min(high, max(self.ceiling, low)))

    def is_sung(self, start: float, end: float) -> bool:
        """Whether the melody sounds somewhere between two beats."""
        place = bisect_right(self.sung, (start, float("inf"))) - 1
        before = place >= 0 and self.sung[place][1] > start
        return before or (place + 1 < len(self.sung) and self.sung[place + 1][0] < end)


@dataclass(frozen=True, slots=True)
class Scene:
    """One phrase to fill. `began` is how many beats of the stream lie before it; `until` is where a closing chord
    begins, the phrase's length where none does.
    """

    params: EngineParams
    meter: Meter
    bpm: float
    swing: Swing
    key: Key
    spans: tuple[ToneSpan, ...]
    room: Room
    clashes: tuple[Clash, ...]
    seed: int
    began: float
    length: float
    until: float

    @property
    def phrase(self) -> int:
        """A number that tells this phrase from the others of its stream."""
        return round(self.began * 16)

    def chance(self, *labels: str | int) -> Random:
        """The stream of chance for one purpose; the same in all phrases unless a label tells them apart."""
        return stream(self.seed, "atmos", *labels)

    def span_at(self, beat: float) -> ToneSpan:
        """The tones that sound at a beat."""
        return span_at(self.spans, beat)

    def clashing_at(self, beat: float) -> frozenset[int]:
        """Return the pitch classes that clash with another part at a beat."""
        place = bisect_right(self.clashes, beat + 1e-9, key=_beat) - 1
        return self.clashes[place].classes if place >= 0 and beat < self.clashes[place].end - 1e-9 else frozenset()

    def velocity(self, level: float, chance: Random, swell: float = 1.0) -> float:
        """A velocity about a level: louder with the section's energy, uneven as hands are, scaled by `swell`."""
        uneven = 3.0 * 2.0 * self.params.humanise * bell(chance)
        loud = level * (0.8 + 0.4 * self.params.section.energy) * swell + uneven
        return float(min(127, max(1, round(loud))))

    def played(self, beat: float, chance: Random) -> float:
        """Where a stroke on the grid is played: swung, and as far off as the style's players are."""
        late = 2.0 * self.params.humanise * self.params.style.feel.jitter * bell(chance) * self.bpm / 60_000.0
        return max(0.0, self.swing.warp(beat) + late)

    def note(self, start: float, pitch: int, end: float, velocity: float) -> Note | None:
        """A note cut to the phrase; None where nothing is left of it."""
        end = min(end, self.length)
        if start < 0.0 or end - start < SHORTEST or not 0 <= pitch <= 127:
            return None
        return Note(start, pitch, end - start, velocity)


def find_room(context: MusicalContext, length: float) -> Room:
    """The room that the parts of the context leave over a phrase."""
    bass, melody = context.part("bass"), context.part("melody")
    floor = _rank(_pitches(bass), 0.9) if bass else 0
    if melody is None:
        return Room(floor, is_chordal=context.part("harmony") is not None)
    return Room(
        floor,
        # Three quarters of what is sung lies above this.
        ceiling=_rank(_pitches(melody), 0.25),
        sung=_sung(looped(melody.clip, length).notes),
        is_chordal=context.part("harmony") is not None,
    )


@lru_cache(maxsize=4096)
def tones_between(classes: tuple[int, ...], low: int, high: int) -> tuple[int, ...]:
    """All pitches of some classes within a range, upwards.

    >>> tones_between((0, 7), 60, 72)
    (60, 67, 72)
    """
    return tuple(pitch for pitch in range(max(0, low), min(127, high) + 1) if pitch % 12 in classes)


def _pitches(part: Part) -> list[int]:
    return sorted(note.pitch for note in part.clip.notes)


def _rank(pitches: Sequence[int], share: float) -> int:
    return pitches[min(len(pitches) - 1, int(share * len(pitches)))]


def _sung(notes: Sequence[Note]) -> tuple[tuple[float, float], ...]:
    spans: list[tuple[float, float]] = []
    for note in notes:
        if spans and note.start - spans[-1][1] < REST_BEATS:
            spans[-1] = (spans[-1][0], max(spans[-1][1], note.end))
        else:
            spans.append((note.start, note.end))
    return tuple(spans)


def _beat(clash: Clash) -> float:
    return clash.beat
