"""The scene of a phrase: its time span, the available tones, and the register left free by other parts."""

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
"""The least length of a note in beats."""
REST_BEATS: Final = 1.0
"""The least gap in beats that counts as a rest of the melody."""


@dataclass(frozen=True, slots=True)
class Room:
    """The register and time that other parts leave free.

    The bass stays below `floor`, the melody above `ceiling` (MIDI pitches); `sung` are the spans (start, end) in beats
    in which the melody sounds; `is_chordal` is whether another part plays the chords.
    """

    floor: int = 0
    ceiling: int = 127
    sung: tuple[tuple[float, float], ...] = ()
    is_chordal: bool = False

    def fit(self, low: int, high: int, gap: int = 0) -> tuple[int, int]:
        """Return a pitch range moved into the room, `gap` semitones above the floor, and at least an octave wide."""
        low = min(max(low, self.floor + gap), 127 - OCTAVE)
        return low, max(low + OCTAVE, min(high, max(self.ceiling, low)))

    def is_sung(self, start: float, end: float) -> bool:
        """Return whether the melody sounds anywhere between two beats."""
        place = bisect_right(self.sung, (start, float("inf"))) - 1
        before = place >= 0 and self.sung[place][1] > start
        return before or (place + 1 < len(self.sung) and self.sung[place + 1][0] < end)


@dataclass(frozen=True, slots=True)
class Scene:
    """One phrase to fill. `began` is its start in beats of the stream; `until` is the beat of the closing chord, or the
    phrase's length without one.
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
        """A number that identifies this phrase within its stream."""
        return round(self.began * 16)

    def chance(self, *labels: str | int) -> Random:
        """Return the random stream for one purpose; the same in all phrases unless a label differs."""
        return stream(self.seed, "atmos", *labels)

    def span_at(self, beat: float) -> ToneSpan:
        """Return the tones available at a beat."""
        return span_at(self.spans, beat)

    def clashing_at(self, beat: float) -> frozenset[int]:
        """Return the pitch classes that clash with another part at a beat."""
        place = bisect_right(self.clashes, beat + 1e-9, key=_beat) - 1
        return self.clashes[place].classes if place >= 0 and beat < self.clashes[place].end - 1e-9 else frozenset()

    def velocity(self, level: float, chance: Random, swell: float = 1.0) -> float:
        """Return a humanised velocity near a level, louder with the section's energy and scaled by `swell`."""
        uneven = 3.0 * 2.0 * self.params.humanise * bell(chance)
        loud = level * (0.8 + 0.4 * self.params.section.energy) * swell + uneven
        return float(min(127, max(1, round(loud))))

    def played(self, beat: float, chance: Random) -> float:
        """Return the time in beats at which a grid position is played: swung, and with the style's timing jitter."""
        late = 2.0 * self.params.humanise * self.params.style.feel.jitter * bell(chance) * self.bpm / 60_000.0
        return max(0.0, self.swing.warp(beat) + late)

    def note(self, start: float, pitch: int, end: float, velocity: float) -> Note | None:
        """Return a note cut to the phrase; None if nothing remains."""
        end = min(end, self.length)
        if start < 0.0 or end - start < SHORTEST or not 0 <= pitch <= 127:
            return None
        return Note(start, pitch, end - start, velocity)


def find_room(context: MusicalContext, length: float) -> Room:
    """Return the room that the context's parts leave over a phrase of `length` beats."""
    bass, melody = context.part("bass"), context.part("melody")
    floor = _rank(_pitches(bass), 0.9) if bass else 0
    if melody is None:
        return Room(floor, is_chordal=context.part("harmony") is not None)
    return Room(
        floor,
        # Three quarters of the melody's notes are above this pitch.
        ceiling=_rank(_pitches(melody), 0.25),
        sung=_sung(looped(melody.clip, length).notes),
        is_chordal=context.part("harmony") is not None,
    )


@lru_cache(maxsize=4096)
def tones_between(classes: tuple[int, ...], low: int, high: int) -> tuple[int, ...]:
    """Return all pitches of the given pitch classes in a range, ascending.

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
