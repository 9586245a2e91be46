"""The sparse layers of endless music: strokes of percussion, and clouds of grains."""

from __future__ import annotations

from math import ceil
from typing import Final

from musearoo.engines.ambient.preset import Grains, Percussion
from musearoo.engines.foundation.chance import scaled_chance
from musearoo.engines.music.note import Note
from musearoo.engines.players.atmos.figures import ROUNDS
from musearoo.engines.players.atmos.scene import Scene, tones_between

DRUMS: Final = {"kick": 36, "rim": 37, "low_tom": 45, "shaker": 70, "wood": 76, "bell": 53}
"""General MIDI pitches."""


def play_percussion(percussion: Percussion, scene: Scene) -> list[Note]:
    """Return strokes, each voice in a period of its own."""
    notes = []
    for voice, stroke in enumerate(percussion.strokes):
        period = round(stroke.every * scene.meter.bar_beats * ROUNDS[voice % len(ROUNDS)] * 2.0) / 2.0
        number = max(0, ceil((scene.began - stroke.at) / period - 1e-9))
        while (beat := stroke.at + number * period - scene.began) < scene.length - 1e-6:
            chance = scene.chance("percussion", voice, number)
            if chance.random() < scaled_chance(stroke.likelihood, scene.params.density):
                velocity = min(127.0, max(1.0, round(stroke.level * (0.7 + 0.5 * chance.random()))))
                notes.append(Note(beat, DRUMS[stroke.drum], 0.5, velocity))
            number += 1
    return sorted(notes)


def play_grains(grains: Grains, scene: Scene) -> list[Note]:
    """Return clouds: where they begin, on which chord tone they are, how long they last."""
    around = grains.every * (1.6 - scene.params.density)
    number = max(0, ceil(scene.began / around - 1e-9))
    notes = []
    while (beat := number * around - scene.began) < scene.length - 1e-6:
        chance = scene.chance("grains", number)
        pool = tones_between(scene.span_at(beat).tones, grains.low_pitch, grains.high_pitch)
        pitch = pool[int(chance.random() * len(pool))]
        lasting = grains.lasting * (0.6 + 0.8 * chance.random())
        velocity = min(127.0, max(1.0, round(grains.level * (0.7 + 0.5 * chance.random()))))
        notes.append(Note(beat, pitch, lasting, velocity))
        number += 1
    return notes
