"""Tempo of notes that were played without a click, into a file without a tempo."""

from __future__ import annotations

from cmath import exp, phase
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import log2, pi
from typing import Final

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from musearoo.engines.music.tempo_map import TempoMap
from musearoo.engines.music.timing import bpm_of_period

ONSETS: Final = 400
"""The number of onsets used, from the first: about a minute of playing."""
LEAST_ONSETS: Final = 8
TOGETHER: Final = 0.03
"""Seconds within which notes are one onset."""
SHORTEST, LONGEST = 0.3, 1.0
"""The range of beat durations in seconds: 60 to 200 BPM."""
BIN: Final = 0.01
USUAL_BPM: Final = 115.0
SPREAD_OCTAVES: Final = 0.6
"""The spread of preferred tempo in octaves: D. Moelants, "Preferred tempo reconsidered" (2002)."""
MULTIPLES: Final = ((0.25, 0.4), (0.5, 0.7), (1.0, 1.0), (2.0, 0.6), (4.0, 0.4))
"""The multiples of a beat that count as evidence for it, and their weights."""
FINE: Final = 0.06
FINE_STEPS: Final = 121
"""The range of the fine search as a share of the coarse period, and its number of steps."""
SUREST: Final = 0.8
EARLY: Final = 0.05
"""The share of a beat by which the first beat may be late and still count as the start."""


@dataclass(frozen=True, slots=True)
class NoteTempo:
    """Beats `period` seconds apart from second `first` on, which is within the first beat, and the confidence."""

    period: float
    first: float
    confidence: float

    @property
    def clock(self) -> TempoMap:
        """Return the tempo map: with an upbeat, beat 0 is the start and beat 1 the first beat."""
        steady = bpm_of_period(self.period)
        if self.first <= EARLY * self.period:
            return TempoMap(((0.0, steady),))
        return TempoMap(((0.0, bpm_of_period(self.first)), (1.0, steady)))

    def position(self, seconds: float) -> float:
        """Return the beat of a second, by `clock`."""
        if self.first <= EARLY * self.period:
            return seconds / self.period
        return seconds / self.first if seconds < self.first else 1.0 + (seconds - self.first) / self.period


def find_note_tempo(notes: Sequence[tuple[float, float]]) -> NoteTempo | None:
    """Return the tempo of notes (second, velocity), in order; None with too few notes.

    Steps between onsets vote for the periods whose multiples they are. The best is refined by the alignment of the
    onsets. Loud and simultaneous notes are likely on the beat.

    >>> found = find_note_tempo([(0.2 + 0.3125 * number, 60 if number % 2 else 90) for number in range(40)])
    >>> round(60.0 / found.period, 1), round(found.first, 3)
    (96.0, 0.2)
    """
    onsets: list[tuple[float, float]] = []
    for start, velocity in notes:
        if onsets and start - onsets[-1][0] <= TOGETHER:
            onsets[-1] = (onsets[-1][0], onsets[-1][1] + velocity)
        else:
            onsets.append((start, velocity))
    onsets = onsets[:ONSETS]
    if len(onsets) < LEAST_ONSETS:
        return None
    coarse = _find_period([start for start, _ in onsets])
    near = [coarse * (1.0 + FINE * (2.0 * step / (FINE_STEPS - 1) - 1.0)) for step in range(FINE_STEPS)]
    period = max(near, key=lambda candidate: sum(abs(_turn(onsets, candidate / part)) for part in (1, 2, 4)))
    first = phase(_turn(onsets, period)) / (2.0 * pi) % 1.0 * period
    confidence = SUREST * max(abs(_turn(onsets, period / part)) for part in (1, 2, 4))
    return NoteTempo(period, 0.0 if first > (1.0 - EARLY) * period else first, confidence)


def retime(clip: Clip, tempo: NoteTempo, beat_seconds: float) -> Clip:
    """Return the clip in beats of its own tempo, from beats of `beat_seconds`."""
    notes = []
    for note in clip.notes:
        start, end = tempo.position(note.start * beat_seconds), tempo.position(note.end * beat_seconds)
        fields = (note.mute, note.probability, note.velocity_deviation, note.release_velocity)
        notes.append(Note(start, note.pitch, max(1e-3, end - start), note.velocity, *fields))
    bar = clip.meter.bar_beats
    last = max((note.end for note in notes), default=clip.length)
    return Clip.of(clip.name, -(-last // bar) * bar, notes, clip.meter)


def _find_period(onsets: Sequence[float]) -> float:
    """Return the period, to a hundredth of a second, with the most votes, weighted by preferred tempo."""
    bins: defaultdict[int, float] = defaultdict(float)
    for index, onset in enumerate(onsets):
        for later in onsets[index + 1 :]:
            step = (later - onset) / BIN
            if later - onset > 4.0 * LONGEST:
                break
            low = int(step)
            bins[low] += low + 1 - step
            bins[low + 1] += step - low

    def score(number: int) -> float:
        """Return the score of a period in bins: its votes, weighted by preferred tempo."""
        nearest = [(round(number * multiple), weight) for multiple, weight in MULTIPLES]
        votes = sum(weight * (0.5 * bins[at - 1] + bins[at] + 0.5 * bins[at + 1]) for at, weight in nearest)
        octaves = log2(bpm_of_period(number * BIN) / USUAL_BPM) / SPREAD_OCTAVES
        return float(votes * 2.0 ** (-octaves * octaves))

    return BIN * max(range(round(SHORTEST / BIN), round(LONGEST / BIN) + 1), key=score)


def _turn(onsets: Sequence[tuple[float, float]], period: float) -> complex:
    """Return the mean phase of onsets in a period; its absolute value, 0..1, is their agreement."""
    total = sum(weight for _, weight in onsets)
    return sum(weight * exp(2j * pi * start / period) for start, weight in onsets) / total
