"""Tracking the pitch of a line among other sounds, and repetition."""

import numpy as np
import pytest

from musearoo.engines.audio.separation.contract import FloatArray
from musearoo.engines.audio.separation.cues import measure_powers, tables_of
from musearoo.engines.audio.separation.melodic_lines import Pitches, follow
from musearoo.engines.audio.separation.repetition import measure_repeating
from musearoo.engines.audio.separation.stft import Grid, analyse
from tests.each_case import each_case

RATE = 22_050
GRID = Grid.at(RATE)
BANDS, BASS, LEAD = tables_of(GRID)
TIME = np.arange(2 * RATE) / RATE


def tone(hertz: FloatArray | float, harmonics: int) -> FloatArray:
    phase = 2.0 * np.pi * np.cumsum(np.full(TIME.size, hertz)) / RATE
    return np.asarray(sum(np.sin(k * phase) / k for k in range(1, harmonics + 1)), dtype=np.float32)


def hear(sound: FloatArray, pitches: Pitches) -> FloatArray:
    """Return the pitch in each frame, Hz."""
    magnitudes = measure_powers(analyse(sound[np.newaxis], GRID), BANDS).total ** 0.25
    return pitches.hertz[follow(magnitudes, pitches).path]


@each_case("hertz", [41.2, 55.0, 98.0, 220.0])
def test_a_bass_note_is_found_to_a_semitone(hertz: float) -> None:
    assert np.median(hear(tone(hertz, 6), BASS)) == pytest.approx(hertz, rel=0.06)


def test_a_lead_is_found_above_a_softer_chord() -> None:
    glide = np.interp(TIME, [0.5, 1.5], [300.0, 400.0]).astype(np.float32)
    chord = 0.15 * (tone(220.0, 4) + tone(277.2, 4) + tone(329.6, 4))
    found = hear(tone(glide, 10) + chord, LEAD)
    assert np.median(found[:15]) == pytest.approx(300.0, rel=0.06)
    assert np.median(found[-15:]) == pytest.approx(400.0, rel=0.06)


def test_partials_of_a_pitch_are_marked_and_what_lies_between_is_not() -> None:
    place = int(np.abs(LEAD.hertz - 400.0).argmin())
    at = [int(np.abs(BANDS.centres - number * LEAD.hertz[place]).argmin()) for number in (1, 2, 3, 1.5, 2.5)]
    assert (LEAD.combs[place, at[:3]] > 0.8).all()
    assert (LEAD.combs[place, at[3:]] < 0.1).all()


def test_silence_has_a_line_without_strength() -> None:
    line = follow(np.zeros((20, BANDS.count), np.float32), LEAD)
    assert not line.strength.any()


def test_what_comes_again_repeats_and_what_comes_once_does_not() -> None:
    chance = np.random.default_rng(4)
    bar = chance.random((43, BANDS.count)).astype(np.float32) ** 4
    once = np.zeros((6 * 43, BANDS.count), np.float32)
    once[100:110, 200:220] = 30.0
    powers = np.tile(bar, (6, 1)) + once
    repeating = measure_repeating(powers, GRID.frames_a_second, 8)
    assert (repeating <= powers).all()
    assert repeating[100:110, 200:220].mean() < 0.1 * powers[100:110, 200:220].mean()
    assert repeating[140:].mean() > 0.8 * powers[140:].mean()
