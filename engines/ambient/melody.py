"""The melody of endless music: a motif that returns changed, and fits chord and scale each time."""

from __future__ import annotations

from math import ceil
from typing import Final

from musearoo.engines.ambient.preset import Melody
from musearoo.engines.foundation.chance import pick
from musearoo.engines.music.note import Note
from musearoo.engines.players.atmos.figures import ROUNDS
from musearoo.engines.players.atmos.scene import Scene, tones_between

GRID: Final = 0.5
"""A tone begins on an eighth."""
LENGTHS: Final = ((0.5, 1.0, 1.5, 2.0), (1.0, 3.0, 1.5, 1.0))
"""Beats from one tone to the next, and their weights."""
MOTIFS: Final = 3
"""Motifs of one stream, one after the other in turn; each comes back every third time."""
STEPS: Final = (-2, -1, 1, 2)


def play_melody(melody: Melody, scene: Scene, shift: int) -> list[Note]:
    """Return what the melody sings in a phrase: strong tones are of the chord, others of the scale.

    `shift` moves it by scale steps, for a whole quarter of an hour. The same motif is drawn by its number alone; where
    it goes up or down, is cut short or leaps, differs each time.
    """
    low, high = melody.low_pitch, melody.high_pitch
    around = melody.every * scene.meter.bar_beats * ROUNDS[2]
    first = round(scene.chance("melody").random() * around)
    number = max(0, ceil((scene.began - first) / around - 1e-9) - 1)
    notes: list[Note | None] = []
    scale = tones_between(scene.key.pitch_classes, low, high)
    while (beat := round((first + number * around - scene.began) / GRID) * GRID) < scene.until:
        if beat > -8.0:
            notes += _sing(melody, scene, beat, number, scale, shift)
        number += 1
    return [note for note in notes if note is not None]


def _sing(
    melody: Melody, scene: Scene, beat: float, number: int, scale: tuple[int, ...], shift: int
) -> list[Note | None]:
    motif = scene.chance("motif", number % MOTIFS)
    steps = [pick(motif, STEPS, (1.0, 2.0, 2.0, 1.0)) for _ in range(melody.notes)]
    lengths = [pick(motif, LENGTHS[0], LENGTHS[1]) for _ in range(melody.notes)]
    chance = scene.chance("melody", number)
    place = len(scale) // 2 + shift + round(4.0 * (chance.random() - 0.5))
    is_mirrored = chance.random() < 0.25
    count = melody.notes - (1 if chance.random() < 0.35 else 0)
    notes: list[Note | None] = []
    for index in range(count):
        step = -steps[index] if is_mirrored else steps[index]
        if chance.random() < melody.leap * 0.5:
            step += 2 if step > 0 else -2
        place = _within(place + (step if index else 0), len(scale))
        if 0.0 <= beat < scene.until:
            notes.append(_tone(melody, scene, beat, scale[place], is_strong=index in (0, count - 1), chance=chance))
        beat += lengths[index]
    return notes


def _tone(melody: Melody, scene: Scene, beat: float, pitch: int, *, is_strong: bool, chance: object) -> Note | None:
    span = scene.span_at(beat)
    if is_strong or pitch % 12 not in span.tones + span.colours:
        near = tones_between(span.tones, melody.low_pitch, melody.high_pitch)
        pitch = min(near, key=lambda tone: (abs(tone - pitch), tone))
    draw = chance.random  # type: ignore[attr-defined]
    lasting = melody.ring * (0.8 + 0.6 * draw()) * (1.6 if is_strong else 1.0)
    return Note(beat, pitch, lasting, min(127.0, max(1.0, round(melody.level * (0.8 + 0.4 * draw())))))


def _within(place: int, size: int) -> int:
    """Turn round at either end of a scale."""
    if size == 1:
        return 0
    place %= 2 * (size - 1)
    return place if place < size else 2 * (size - 1) - place
