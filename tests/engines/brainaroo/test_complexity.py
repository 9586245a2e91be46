"""Complexity of made rhythms and progressions."""

import pytest

from engines.brainaroo.complexity import measure_complexity, measure_harmony, measure_syncopation
from engines.music.analysis import UNKNOWN, HeardChord, Rhythm
from engines.music.chord import Chord
from engines.music.context import Found

BEATS = tuple(0.5 * beat for beat in range(33))
RHYTHM = Rhythm(Found(120.0, 1.0, "clip"), BEATS, BEATS[::4])


def play(steps: list[int], bars: int = 8) -> list[float]:
    """Onsets on sixteenths of every bar at 120 BPM, a little late."""
    return [bar * 2.0 + step * 0.125 + 0.01 for bar in range(bars) for step in steps]


def make_chords(*names: str) -> tuple[HeardChord, ...]:
    return tuple(HeardChord(2.0 * n, 2.0 * n + 2.0, Chord.parse(name), 1.0) for n, name in enumerate(names))


def test_sounds_on_the_beat_are_not_syncopated() -> None:
    assert measure_syncopation(play([0, 4, 8, 12]), RHYTHM) == 0.0
    assert measure_syncopation(play([0, 2, 4, 6, 8, 10, 12, 14]), RHYTHM) == 0.0


def test_a_sound_held_over_a_stronger_place_is() -> None:
    # The "and" of four held over the next downbeat, an eighth against a bar line: two levels apart.
    assert measure_syncopation(play([0, 4, 8, 14])[:-1], RHYTHM) == 0.0
    push = measure_syncopation([0.0, 1.75, 2.5], RHYTHM)
    assert push == pytest.approx(2 / 32)


def test_syncopation_rises_with_what_is_against_the_beat() -> None:
    tresillo = measure_syncopation(play([0, 3, 6, 8, 11, 14]), RHYTHM)
    son_clave = measure_syncopation(play([0, 3, 6, 10, 12]), RHYTHM)
    backbeat = measure_syncopation(play([0, 4, 8, 12]), RHYTHM)
    assert tresillo is not None
    assert son_clave is not None
    assert backbeat is not None
    assert tresillo > son_clave > backbeat == 0.0


def test_harmony() -> None:
    drone = measure_harmony(make_chords("C", "C", "C", "C"), RHYTHM)
    loop = measure_harmony(make_chords("Am", "F", "C", "G"), RHYTHM)
    jazz = measure_harmony(make_chords("Dm7", "G7", "Cmaj7", "A7", "Bm7b5", "E7", "Am7", "Gb7"), RHYTHM)
    assert drone == 0.0
    assert loop is not None
    assert jazz is not None
    assert 0.0 < loop < jazz
    assert measure_harmony((HeardChord(0.0, 4.0, None, 1.0),), RHYTHM) is None


def test_the_whole() -> None:
    assert measure_complexity([], RHYTHM, (), 16.0) == UNKNOWN
    child = measure_complexity(play([0, 8]), RHYTHM, make_chords("C", "C", "G", "C"), 16.0)
    fusion = measure_complexity(
        play([0, 3, 6, 7, 9, 11, 14, 15]), RHYTHM, make_chords("Dm9", "Db7", "Cmaj7", "Eb7", "Abmaj7", "G7"), 16.0
    )
    assert child.value is not None
    assert fusion.value is not None
    assert child.value < 0.3 < 0.5 < fusion.value < 1.0
    assert 0.0 < child.confidence <= 0.8
