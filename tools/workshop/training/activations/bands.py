"""Random bands around human drumming: bass, chords and melody on the drummer's own beats.

They teach the activation network that beats do not depend on drums, and to detect drums under a band. Harmony and form
do not matter here, only that changes are on bar lines and notes nearly on the grid.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from musearoo.tools.bench.corpora.piece import Part, Piece, Tone
from musearoo.tools.workshop.training.activations.mixing import BASS_PROGRAMS, Chance
from musearoo.tools.workshop.training.activations.samples import PROGRAMS

SCALES: Final = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 3, 5, 7, 9, 10), (0, 2, 4, 5, 7, 9, 10))
LATENESS_SECONDS: Final = 0.008
"""The standard deviation of note times around the grid."""


def add_band(piece: Piece, chance: Chance) -> Piece:
    """Return the piece with a random bass, chords and melody; occasionally without drums."""
    bars = bars_of(piece)
    if not bars:
        return piece
    scale, tonic = SCALES[int(chance.integers(len(SCALES)))], int(chance.integers(12))
    changes = 1 if chance.random() < 0.6 else 2
    roots = [int(chance.choice((0, 3, 4, 5, 1, 2))) for _ in range(int(chance.integers(2, 5)))]
    parts = [Part("bass", int(chance.choice(BASS_PROGRAMS)), 0.9), Part("melody", int(chance.choice(PROGRAMS)), 0.8)]
    parts.append(Part("chords", int(chance.choice(PROGRAMS)), 0.6))
    patterns = {part.name: choose_pattern(part.name, bars[0], chance) for part in parts}
    kept = [part for part in parts if chance.random() < 0.75] or parts[:1]
    tones: list[Tone] = []
    for number, bar in enumerate(bars):
        for part in kept:
            steps = patterns[part.name]
            if part.name == "melody" and chance.random() < 0.8:
                # Melodies do not repeat each bar.
                steps = choose_pattern(part.name, bar, chance)
            for place, length in steps:
                if place >= len(bar) - 1:
                    continue
                degree = roots[(number // changes) % len(roots)]
                start = time_at(bar, place) + chance.normal(0.0, LATENESS_SECONDS)
                end = start + length * (bar[1] - bar[0])
                for pitch in pitches_for(part.name, degree, scale, tonic, chance):
                    velocity = int(np.clip(chance.normal(92.0 if place % 1.0 == 0.0 else 80.0, 12.0), 30, 127))
                    tones.append(Tone(start, end, pitch, velocity, part.name))
    strokes = piece.strokes if chance.random() < 0.7 else ()
    return replace(piece, tones=tuple(tones), parts=tuple(kept), strokes=strokes)


def bars_of(piece: Piece) -> list[list[float]]:
    """Return the beats of each whole bar, and the downbeat after it."""
    edges = [int(np.argmin([abs(beat - one) for beat in piece.beats])) for one in piece.downbeats]
    return [list(piece.beats[first : last + 1]) for first, last in pairwise(edges) if last > first]


def time_at(bar: list[float], place: float) -> float:
    """Return the time of a position in a bar, in beats."""
    whole = int(place)
    return bar[whole] + (place - whole) * (bar[whole + 1] - bar[whole])


def choose_pattern(part: str, bar: list[float], chance: Chance) -> list[tuple[float, float]]:
    """Return positions and durations of a part's notes in a bar, in beats."""
    beats = len(bar) - 1
    if part == "chords" and chance.random() < 0.35:
        return [(0.0, float(beats))]
    seconds = bar[1] - bar[0]
    # At most about eight notes a second.
    divisions = [one for one in (1, 2, 2, 3, 4) if seconds / one > 0.11] or [1]
    step = 1.0 / int(chance.choice(divisions))
    density = chance.uniform(0.2, 0.9)
    places = [0.0] if part != "melody" or chance.random() < 0.6 else []
    for number in range(1, round(beats / step)):
        place = number * step
        on_beat = abs(place - round(place)) < 1e-6
        if chance.random() < density * (1.0 if on_beat else 0.55):
            places.append(place)
    ends = [*places[1:], float(beats)]
    short = chance.uniform(0.3, 1.0)
    return [(place, max((end - place) * short, 0.1)) for place, end in zip(places, ends, strict=False)]


def pitches_for(part: str, degree: int, scale: tuple[int, ...], tonic: int, chance: Chance) -> list[int]:
    """Return MIDI pitches of a note or a chord on a degree."""

    def pitch(step: int) -> int:
        return tonic + 12 * (step // 7) + scale[step % 7]

    if part == "bass":
        return [28 + (pitch(degree + int(chance.choice((0, 0, 0, 4, 2)))) + 8) % 24]
    if part == "melody":
        return [60 + (pitch(degree + int(chance.choice((0, 2, 4, 1, 6)))) % 24)]
    return [52 + (pitch(degree + step) % 18) for step in ((0, 2, 4) if chance.random() < 0.6 else (0, 2, 4, 6))]
