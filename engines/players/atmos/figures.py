"""Moving layers: bells with their own periods, textures, and risers."""

from __future__ import annotations

from math import ceil
from typing import Final

from musearoo.engines.foundation.chance import scaled_chance
from musearoo.engines.music.note import Note
from musearoo.engines.players.atmos.scene import Scene, tones_between
from musearoo.engines.styles.atmos import Bells, Riser, Texture
from musearoo.engines.styles.row_fitting import fit_row
from musearoo.engines.styles.rows import likelihood

ROUNDS: Final = (1.0, 1.382, 1.618, 1.854, 2.236, 2.618)
"""The relative periods of the bells: ratios from the golden mean, which never coincide, like the tape loops of
different lengths in Brian Eno's "Music for Airports" (1978).
"""
GRID: Final = 0.5
"""Bells fall on eighths."""
ECHO_BEATS: Final = 0.75
SPARE: Final = 0.125
"""The least beats between an echo and the end of the phrase for it to be audible."""
UNIT_BARS: Final = 2
"""The length of a texture's figure in bars."""
VARIED_BARS: Final = 4
"""The bars after which the figure's random steps are drawn again."""
STEPS_PER_BEAT: Final = (1, 2, 4)
"""The steps of a riser, which accelerates: quarters, eighths, sixteenths."""


def play_bells(bells: Bells, scene: Scene) -> list[Note]:
    """Return sparse chord tones, each voice with its own period; silent while the melody plays."""
    low, high = scene.room.fit(bells.low_pitch, bells.high_pitch)
    section = scene.params.section
    busy = 0.5 + scene.params.density + 0.3 * (section.energy - 0.5)
    notes: list[Note | None] = []
    for voice in range(bells.voices):
        # The same in every phrase of a stream, but different in every section of a song.
        own = scene.chance("bells", section.kind, section.number, voice)
        around = bells.every * scene.meter.bar_beats * ROUNDS[voice % len(ROUNDS)] / busy
        around = max(GRID, round(around / GRID) * GRID)
        first = round(own.random() * around / GRID) * GRID
        home = low + (high - low) * own.random()
        number = max(0, ceil((scene.began - first) / around - 1e-9))
        while (beat := first + number * around - scene.began) < scene.until - 1e-6:
            notes.extend(_strike(bells, scene, beat, low, high, home, voice, number))
            number += 1
    return [note for note in notes if note is not None]


def _strike(
    bells: Bells, scene: Scene, beat: float, low: int, high: int, home: float, voice: int, number: int
) -> list[Note | None]:
    chance = scene.chance("bells", voice, number)
    place, uneven, colour, echo = (chance.random() for _ in range(4))
    if scene.room.is_sung(beat, beat + GRID):
        return []
    span = scene.span_at(beat)
    pool = tones_between(span.tones + (span.colours if colour < scene.params.complexity else ()), low, high)
    target = home + (place - 0.5) * 9.0
    pitch = min(pool, key=lambda tone: (abs(tone - target), tone))
    start = scene.played(beat, chance)
    # A bell rings over a chord change if its tone still fits.
    end = beat + bells.ring * (0.75 + 0.5 * uneven)
    later = scene.span_at(min(end, scene.length) - 1e-6)
    if later is not span and pitch % 12 not in later.tones + later.colours:
        end = later.start
    strikes = [scene.note(start, pitch, end, scene.velocity(bells.level, chance))]
    later_beat = beat + ECHO_BEATS
    is_free = later_beat < scene.until - SPARE and not scene.room.is_sung(later_beat, later_beat + GRID)
    if is_free and echo < scaled_chance(bells.echo, scene.params.complexity):
        again = scene.played(later_beat, chance)
        other = pitch + 12 if pitch + 12 <= high else pitch - 12
        strikes.append(scene.note(again, other, again + 0.5 * bells.ring, scene.velocity(0.7 * bells.level, chance)))
    return strikes


def play_texture(texture: Texture, scene: Scene) -> list[Note]:
    """Return a figure of short soft chord tones; its contour is drawn once and repeats every other bar."""
    low, high = scene.room.fit(texture.low_pitch, texture.high_pitch, gap=12)
    bar, style = scene.meter.bar_beats, scene.params.style
    contour = scene.chance("texture", "contour", scene.phrase)
    steps_of_unit: dict[tuple[int, float], int] = {}
    place = int(contour.random() * 5)
    notes: list[Note | None] = []
    first_bar = round(scene.began / bar)
    dynamics = scene.chance("texture", "dynamics", scene.phrase)
    for number in range(scene.params.bars):
        unit_bar = (first_bar + number) % UNIT_BARS
        chance = scene.chance("texture", scene.phrase, number // VARIED_BARS, unit_bar)
        for step in fit_row(texture.steps, scene.meter, first_bar + number, style.written_beats(scene.meter)):
            if chance.random() >= scaled_chance(likelihood(step.mark), scene.params.density):
                continue
            beat = number * bar + step.at
            if beat >= scene.until - 1e-6:
                continue
            key = (unit_bar, step.at)
            if key not in steps_of_unit:
                place += (-2, -1, 1, 1, 2)[int(contour.random() * 5)]
                steps_of_unit[key] = place
            pool = tones_between(scene.span_at(beat).tones, low, high)
            pitch = pool[_folded(steps_of_unit[key], len(pool))]
            start = scene.played(beat, dynamics)
            swell = 0.75 + 0.5 * _wave((scene.began + beat) / (texture.every * bar))
            sung = 0.8 if scene.room.is_sung(beat, beat + GRID) else 1.0
            velocity = scene.velocity(texture.level, dynamics, swell * sung)
            notes.append(scene.note(start, pitch, start + max(0.1, 0.5 * texture.gate), velocity))
    return [note for note in notes if note is not None]


def play_riser(riser: Riser, scene: Scene) -> list[Note]:
    """Return a riser to the end of the phrase: faster, louder and, except for a roll, higher."""
    low, high = scene.room.fit(riser.low_pitch, riser.high_pitch)
    bar = scene.meter.bar_beats
    # In a build or loop the riser may take its full length, elsewhere only the last bar.
    bars = min(scene.params.bars, riser.lasting if scene.params.section.kind in ("build", "loop") else 1)
    begin = scene.length - bars * bar
    chance = scene.chance("riser", scene.phrase)
    scale = tones_between(scene.key.pitch_classes, low, high)
    notes: list[Note | None] = []
    if riser.way == "stack":
        span = scene.span_at(scene.length - 1e-6)
        tones = tones_between(span.tones, low, high)[: 4 + 2 * bars]
        lasting = scene.length - max(begin, span.start)
        for place, pitch in enumerate(tones):
            start = scene.length - lasting * (1.0 - place / len(tones))
            swell = 0.5 + 0.5 * (place + 1) / len(tones)
            notes.append(scene.note(start, pitch, scene.length, scene.velocity(riser.level, chance, swell)))
        return [note for note in notes if note is not None]
    beat, top = begin, high - int(chance.random() * 5)
    while beat < scene.length - 1e-6:
        share = (beat - begin) / (scene.length - begin)
        step = 1.0 / STEPS_PER_BEAT[min(2, int(share * 3.0))]
        if riser.way == "roll":
            tones = tones_between(scene.span_at(beat).tones, low, high)
            pitch = min(tones, key=lambda tone: (abs(tone - (low + high) // 2), tone))
        else:
            pitch = scale[min(len(scale) - 1, int(share * sum(tone <= top for tone in scale)))]
        velocity = scene.velocity(riser.level, chance, 0.5 + 0.5 * share)
        notes.append(scene.note(beat, pitch, beat + 0.9 * step, velocity))
        beat += step
    return [note for note in notes if note is not None]


def _folded(place: int, size: int) -> int:
    """Reflect a step number into range(size): it turns round at either end.

    >>> [_folded(place, 3) for place in range(-2, 6)], _folded(3, 1)
    ([2, 1, 0, 1, 2, 1, 0, 1], 0)
    """
    if size == 1:
        return 0
    place %= 2 * (size - 1)
    return place if place < size else 2 * (size - 1) - place


def _wave(turns: float) -> float:
    """Return a triangle wave, 0..1: 0 at whole turns, 1 halfway."""
    return 1.0 - abs(2.0 * (turns % 1.0) - 1.0)
