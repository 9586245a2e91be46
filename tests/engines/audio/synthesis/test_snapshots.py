"""Rendering as it was kept: every drum, voices of all families, parts and mixes, at rates that are quick."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from musearoo.engines.audio.synthesis import instruments, mixdown, mixing, tones
from musearoo.engines.audio.synthesis.drum_kit import render_stroke
from musearoo.engines.audio.synthesis.equalising import apply_cuts
from musearoo.engines.audio.synthesis.instruments import voice_of
from musearoo.engines.audio.synthesis.measuring import lowest_pitch, measure_samples
from musearoo.engines.audio.synthesis.stem import USUAL_PROGRAMS, Sounding, Stem, stem_of
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.note import Note
from musearoo.engines.players.mix.eq_bands import Cut
from musearoo.engines.styles.mix import MixStyle
from tests.each_case import each_case
from tests.engines.kept_numbers import Outcome, check_numbers

RATE = 11_025


def draw_stem(seed: int, program: int | None, count: int = 8) -> Stem:
    """Notes of which some begin before the start and some behind the end."""
    chance = np.random.default_rng(seed)
    pitches = chance.integers(35, 82, count).tolist()
    starts, lengths = chance.uniform(-0.3, 1.1, count), chance.uniform(0.02, 0.8, count)
    notes = tuple(
        Sounding(float(starts[number]), float(lengths[number]), pitch, 127.0 / count * number)
        for number, pitch in enumerate(pitches)
    )
    return Stem(f"part {seed}", notes, program, -3.0 * seed, 0.3 * seed - 0.5, 0.1 * (seed % 3))


def keep_drums() -> Iterator[Outcome]:
    for pitch in range(34, 84):
        yield "drums", render_stroke(pitch, RATE)
    for pitch in (36, 39, 42, 49):
        yield "rates", (render_stroke(pitch, 4_000)[:, :9], render_stroke(pitch, 44_100))


def keep_voices() -> Iterator[Outcome]:
    yield "families", [hash_of(voice_of(program)) for program in range(128)]
    for odd in (False, True):
        yield "series", [np.array(instruments._series(count, 1.3, only_odd=odd)) for count in (1, 2, 9)]


def hash_of(voice: instruments.Voice) -> float:
    """A figure that no two voices share."""
    figures = voice.settle, voice.fade or 9.0, voice.attack, voice.release, voice.spread, voice.vibrato, voice.level
    return float(np.dot(figures, np.sqrt([2, 3, 5, 7, 11, 13, 17]))) + sum(voice.struck) + 0.7 * sum(voice.held)


def keep_tones() -> Iterator[Outcome]:
    for program in range(0, 128, 8):
        voice = voice_of(program)
        for pitch, seconds, velocity in ((33, 0.4, 100.0), (60, 0.01, 127.0), (97, 0.15, 30.0)):
            yield f"{program}", tones.render_tone(voice, pitch, seconds, velocity, RATE)
    slow = replace(voice_of(40), vibrato=80.0, breath=0.3, octave_down=0.4)
    yield "trembling", tones.render_tone(slow, 57, 1.1, 90.0, RATE)
    fading = replace(voice_of(0), fade=0.01)
    for seconds in (0.0, 0.5):
        yield "fading", [tones.render_tone(fading, pitch, seconds, 90.0, RATE) for pitch in (36, 84)]
    brief = replace(voice_of(0), release=1e-5)
    yield "fading", [tones.render_tone(brief, 60, seconds, 90.0, RATE) for seconds in (0.0, 1e-4, 0.001)]
    yield "tables", [tones._table(partials) for partials in ((1.0,), (0.0, 1.0), (0.5, 0.3, 0.2, 0.9))]
    yield "tables", ([tones._harmonics(hertz, RATE) for hertz in (30.0, 1_100.0, 5_000.0)], tones._noise())
    yield "places", tones._places(440.0, 50, RATE, 0.37, None)
    time = np.arange(6_000, dtype=np.float32) / np.float32(RATE)
    yield "vibrato", 1e3 * tones._vibrato(slow, time)
    for seconds, fade in ((0.5, None), (0.003, None), (0.5, 0.1), (0.0, 0.1)):
        yield "envelope", (tones._envelope(slow, time, seconds, fade), tones._envelope(slow, time[:150], seconds, fade))


def keep_mixing() -> Iterator[Outcome]:
    for seed, program in enumerate((None, 0, 33, 48, 80)):
        stem = draw_stem(seed, program)
        for seconds in (0.3, 1.0):
            yield f"{program}", mixing.render_stem(stem, seconds, RATE)
    stems = [draw_stem(seed, program) for seed, program in ((1, None), (2, 33), (3, 4))]
    for seconds in (0.9, 0.07, 2.6):
        for loop in (False, True):
            yield f"mix-{seconds}", mixing.mix_stems(stems, seconds, RATE, loop)
    yield "mix-0", mixing.mix_stems([replace(stem, room=0.0) for stem in stems], 0.2, RATE)
    yield "mix-0", mixing.mix_stems(stems, 0.0, RATE, loop=True).shape
    loud = mixing.render_stem(replace(stems[1], gain_db=24.0), 0.3, RATE)
    yield "limited", [mixing.limit_peak(each) for each in (loud, 0.01 * loud, loud[:, :0])]
    yield "pans", [mixing.pan_gains(pan) for pan in (-1.0, -0.4, 0.0, 1e-9, 0.5, 1.0)]
    yield "room", (mixing._room(RATE), [mixing.add_room(loud, sent, RATE) for sent in (loud[:, :700], 0.0 * loud)])


def keep_equalising() -> Iterator[Outcome]:
    wave = np.random.default_rng(3).normal(0.0, 0.3, (2, 900)).astype(np.float32)
    yield "none", apply_cuts(wave, (), RATE)
    cuts = Cut("low cut", 120.0), Cut("bell", 900.0, -6.0, 0.7), Cut("bell", 7_000.0, 3.0, 2.0), Cut("low cut", 9e3)
    for given in (*((cut,) for cut in cuts), cuts):
        yield "cuts", apply_cuts(wave, given, RATE)


def keep_measuring() -> Iterator[Outcome]:
    sound = mixing.render_stem(draw_stem(1, 48, 20), 1.5, RATE)
    sections = (("A", 0.0, 0.72), ("B", 0.72, 3.0), ("C", 3.3, 3.5))
    for samples in (sound, sound[:, :2_000], 0.0 * sound, sound[:1].repeat(2, axis=0)):
        found = measure_samples(samples, RATE, sections, 40)
        part = found.sound
        yield "levels", [level for _, level in found.sections]
        yield "sound", part and (part.lufs, part.peak_db, part.width, part.lowest_pitch, part.measured)
        yield "sound", part and [(each.level_db, each.onsets_per_second) for each in part.bands]
    yield "lowest", [lowest_pitch(range(90 - count, 90)) for count in (0, 1, 19, 20, 21, 40)]


def keep_mixdown() -> Iterator[Outcome]:
    played: tuple[tuple[Role, int | None], ...] = ("drums", None), ("bass", 33), ("harmony", 0), ("melody", 73)
    parts = [
        mixdown.MixPart(f"p{number}", role, partial(mixing.render_stem, draw_stem(number, program, 16), 1.5, RATE), 40)
        for number, (role, program) in enumerate(played)
    ]
    short = replace(parts[2], sound=lambda: parts[2].sound()[:, :9_000])
    for given in (parts, [parts[0], short], [short, parts[1]], []):
        mixed = mixdown.mix_down(given, MixStyle(), RATE, 120.0, (("A", 0.0, 1.0), ("B", 1.0, 2.0)))
        yield "mixed", (mixed.samples, len(mixed.plan.moves))
        for number, part in enumerate(given):
            yield "parts", mixdown.set_part(part.sound(), mixed.plan, number, RATE)
    one, other = parts[0].sound(), parts[1].sound()[:, :100]
    yield "added", (mixdown._added(one, other), mixdown._added(other, one), mixdown._added(other, other))


def keep_stems() -> Iterator[Outcome]:
    clip = Clip("b", 4.0, (Note(2.0, 33, 1.0, 90), Note(3.0, 35, 0.5, 80, mute=True), Note(3.5, 40, 0.25, 70)))
    yield "stem", stem_of("bass", clip, 90.0, 33, -2.0, 0.25, 0.5).notes
    yield "programs", len(USUAL_PROGRAMS)
    bounds = {"program": (0, 127), "gain_db": (-96.0, 24.0), "pan": (-1.0, 1.0), "room": (0.0, 1.0)}
    for name, (least, most) in bounds.items():
        for value in (least - 1, least, most, most + 1):
            try:
                yield name, getattr(replace(draw_stem(0, 0), **{name: value}), name)  # type: ignore[arg-type]
            except ParamError as error:
                yield name, (error, str(error).split()[0])


NUMBERS = {
    "drums": keep_drums,
    "voices": keep_voices,
    "tones": keep_tones,
    "mixing": keep_mixing,
    "equalising": keep_equalising,
    "measuring": keep_measuring,
    "mixdown": keep_mixdown,
    "stems": keep_stems,
}


@each_case("module", NUMBERS)
def test_numbers_are_as_kept(module: str) -> None:
    check_numbers(Path(__file__).parent, module, NUMBERS[module]())
