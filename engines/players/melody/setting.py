"""The setting of a melody, and the constraints that it puts on each note."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import floor
from random import Random
from typing import Final, NamedTuple

from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.progression import ChordSpan, chord_at
from musearoo.engines.music.scale import Key
from musearoo.engines.music.song_section import SectionKind
from musearoo.engines.players.chords.lead_sheet import chords_to_play
from musearoo.engines.players.melody.habits import INTERVALS
from musearoo.engines.players.melody.other_parts import BandRhythm, Register, measure_band_rhythm
from musearoo.engines.players.melody.palette import (
    CLASH,
    FOREIGN,
    avoid_clashes,
    home_key,
    palette_of,
    tonal_tension_at,
)
from musearoo.engines.players.melody.pitch_search import Manner, NoteConstraint
from musearoo.engines.players.melody.planning import CLIMAX, MATERIAL
from musearoo.engines.players.params import EngineParams, resolve_swing
from musearoo.engines.styles.melody import MelodyStyle

SECTION_DENSITY: Final[dict[SectionKind, float]] = {
    "solo": 0.3, "build": 0.1, "intro": -0.15, "breakdown": -0.25, "outro": -0.15, "bridge": -0.1,
}  # fmt: skip
"""The density of each kind of section relative to the style's."""
SETTLED: Final = 0.3
"""The beats at a note's ends in which a chord is ignored."""
KEPT: Final = 2
"""The semitones at the top of the register reserved for the climax."""
EARLY: Final = 0.15
"""The difference in beats up to which two notes start together."""
ON: Final = 0.02
"""The difference in beats up to which a position is on the beat."""


class Tone(NamedTuple):
    """A note of the melody: straight position and length in beats, pitch, and strength."""

    at: float
    length: float
    pitch: int
    strength: int


class Ladder:
    """The pitches of a key as a ladder of steps."""

    def __init__(self, key: Key) -> None:
        tones = frozenset(key.pitch_classes)
        self._pitches = [pitch for pitch in range(-12, 140) if pitch % 12 in tones]

    def step_of(self, pitch: float) -> int:
        """Return the step nearest to a pitch; the lower one of a tie."""
        index = bisect_left(self._pitches, pitch)
        if index == 0:
            return 0
        below, above = self._pitches[index - 1], self._pitches[min(index, len(self._pitches) - 1)]
        return index - 1 if pitch - below <= above - pitch else index

    def pitch_of(self, step: int) -> int:
        """Return the pitch of a step, clamped to the ladder."""
        return self._pitches[min(max(0, step), len(self._pitches) - 1)]


@dataclass(frozen=True, slots=True)
class Setting:
    """One take's parameters, meter, tempo, key, chords, register, the band's rhythm, and the seed."""

    params: EngineParams
    meter: Meter
    bpm: float
    key: Key
    spans: tuple[ChordSpan, ...]
    register: Register
    band: BandRhythm
    seed: int

    @classmethod
    def of(cls, params: EngineParams, context: MusicalContext, register: Register, seed: int) -> Setting:
        """Return the setting of a take in a context."""
        meter = context.meter.value
        length = params.bars * meter.bar_beats
        spans = chords_to_play(params, context, length)
        return cls(
            params=params,
            meter=meter,
            bpm=context.bpm,
            key=home_key(context.key.value, spans),
            spans=spans,
            register=register,
            band=measure_band_rhythm(context, resolve_swing(params, context), length),
            seed=seed,
        )

    @property
    def style(self) -> MelodyStyle:
        """The style's melodist."""
        return self.params.style.melody

    @property
    def length(self) -> float:
        """The take's length in beats."""
        return self.params.bars * self.meter.bar_beats

    @property
    def density(self) -> float:
        """The rhythmic density 0..1 of this kind of section."""
        return min(1.0, max(0.0, self.params.density + SECTION_DENSITY.get(self.params.section.kind, 0.0)))

    def chance(self, *labels: str | int) -> Random:
        """Return a random stream that is the same in all sections of this kind."""
        return stream(self.seed, "melody", MATERIAL[self.params.section.kind], *labels)

    def place(self, at: float, length: float) -> tuple[Chord | None, float]:
        """Return the chord that a note belongs to, and its metrical strength, 0..1.

        A syncopated note counts as the beat that it anticipates, and a long note as a strong one.
        """
        bar = self.meter.bar_beats
        start = floor(at / bar + 1e-9) * bar
        beat, weight = _metrical_place(self.meter, at - start, length)
        return chord_at(self.spans, (start + beat) % self.length + 1e-6), weight

    def constrain(
        self,
        at: float,
        length: float,
        target: float,
        pull: float,
        *,
        random_costs: Sequence[float] = (),
        close: str = "",
        direction: int | None = None,
        breath: bool = False,
    ) -> NoteConstraint:
        """Return the constraints on a note with its target pitch; `random_costs` are added to the costs of the pitch
        classes."""
        chord, weight = self.place(at, length)
        palette = palette_of(chord, self.key, self.style.colour)
        tension = tonal_tension_at(palette, weight * (1.15 - 0.65 * self.style.dissonance))
        if length >= 1.0:
            tension = self._with_next_chord(tension, chord, at + length - 0.3)
        held = self.band.held.get(int(at + 0.51)) if weight > 0.8 else None
        if held:
            tension = avoid_clashes(tension, palette, held)
        if random_costs:
            tension = tuple([cost + random_cost for cost, random_cost in zip(tension, random_costs, strict=True)])
        goals = close_goals(chord, self.key, close) if close else ()
        return NoteConstraint(target, pull, tension, palette.in_chord, goals, direction, breath, self._bass_around(at))

    def _bass_around(self, at: float) -> tuple[int, int] | None:
        """Return the bass notes before and at a position where the bass moves, if the style forbids parallels."""
        if self.params.style.harmony.parallels:
            return None
        index = bisect_right(self.band.bass, (at + EARLY, 0)) - 1
        if index < 1 or self.band.bass[index][0] < at - EARLY:
            return None
        return self.band.bass[index - 1][1], self.band.bass[index][1]

    def let_go(self, tone: Tone) -> Tone:
        """Return the tone, shortened if a later chord clashes with it."""
        first = bisect_right(self.spans, tone.at + SETTLED, key=_start)
        for span in self.spans[first:]:
            if span.start > tone.at + tone.length - SETTLED:
                break
            palette = palette_of(span.chord, self.key, self.style.colour)
            held = self.band.held.get(round(span.start), frozenset())
            tones = avoid_clashes(palette.strong, palette, held) if held else palette.strong
            if tones[tone.pitch % 12] >= FOREIGN + CLASH:
                return tone._replace(length=span.start - tone.at)
        return tone

    def _with_next_chord(self, tension: tuple[float, ...], chord: Chord | None, end: float) -> tuple[float, ...]:
        """Return the tension of a note held into another chord, with which it must be consonant as well."""
        following = chord_at(self.spans, end % self.length)
        if following is None or following == chord:
            return tension
        there = tonal_tension_at(palette_of(following, self.key, self.style.colour), 0.8)
        return tuple([cost + other for cost, other in zip(tension, there, strict=True)])

    def manner(self, bar: int, bars: int) -> Manner:
        """Return how the melodist moves in some bars: the register's top is reserved for the climax."""
        style = self.style
        high = self.register.high - (0 if bar <= CLIMAX * self.params.bars <= bar + bars else KEPT)
        stretch = 1.5 - style.leaps
        intervals = tuple(
            cost + 1.2 - 1.6 * style.repeats if size == 0 else cost * stretch if size > 2 else cost
            for size, cost in enumerate(INTERVALS)
        )
        return Manner(
            intervals=intervals,
            third_time=2.0 * (1.0 - style.repeats),
            unresolved=1.6 - 0.8 * style.dissonance,
            low=self.register.low,
            high=max(self.register.low + 7, high),
        )


def close_goals(chord: Chord | None, key: Key, close: str) -> tuple[int, ...]:
    """Return the pitch classes on which a phrase may end: the tonic for a full close, the second, fifth or seventh
    degree for a half close; or else the chord's own tones.

    >>> close_goals(Chord.parse("C"), Key.parse("C"), "."), close_goals(Chord.parse("G"), Key.parse("C"), ",")
    ((0,), (2, 7, 11))
    """
    tones = key.pitch_classes if chord is None else chord.pitch_classes
    if close == ".":
        return (key.tonic,) if key.tonic in tones else tuple(tones[:3])
    open_tones = tuple(sorted((key.tonic + degree) % 12 for degree in (2, 7, 10, 11)))
    held = tuple(tone for tone in open_tones if tone in tones)
    return held or tuple(tone for tone in tones if tone != key.tonic) or tuple(tones)


@lru_cache(maxsize=8192)
def _metrical_place(meter: Meter, inside: float, length: float) -> tuple[float, float]:
    """Return the beat to which a note belongs, and its metrical strength, 0..1."""
    bar, pulse = meter.bar_beats, meter.pulses[0]
    if not _is_whole(inside / pulse):
        following = min(bar, pulse * (floor(inside / pulse) + 1))
        if inside + length >= following + 0.45 and following - inside <= 0.51:
            inside = following
    if inside < ON or bar - inside < ON:
        weight = 1.0
    elif not _is_whole(inside / pulse):
        weight = 0.25
    else:
        weight = 0.85 if round(inside / pulse) % 2 == 0 else 0.55
    return inside, max(weight, 0.95) if length >= 1.4 else weight


def _start(span: ChordSpan) -> float:
    return span.start


def _is_whole(number: float) -> bool:
    return abs(number - round(number)) <= ON
