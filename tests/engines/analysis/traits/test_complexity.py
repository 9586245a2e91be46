"""Complexity of made rhythms and progressions."""

import pytest

from musearoo.engines.analysis.traits.complexity import measure_complexity, measure_harmony, measure_syncopation
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.knowledge.analysis import DetectedChord, Rhythm

BEATS = tuple(0.5 * beat for beat in range(33))
RHYTHM = Rhythm(Estimate(120.0, 1.0, "clip"), BEATS, BEATS[::4])


def play(steps: list[int], bars: int = 8) -> list[float]:
    """Onsets on sixteenths of every bar at 120 BPM, a little late."""
    return [bar * 2.0 + step * 0.125 + 0.01 for bar in range(bars) for step in steps]


def make_chords(*names: str) -> tuple[DetectedChord, ...]:
    return tuple(DetectedChord(2.0 * n, 2.0 * n + 2.0, Chord.parse(name), 1.0) for n, name in enumerate(names))


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
    assert measure_harmony((DetectedChord(0.0, 4.0, None, 1.0),), RHYTHM) is None


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


def test_a_sound_just_before_the_first_beat_and_on_the_last_is_inside_and_no_other() -> None:
    """Early by up to 0.06 s is how people play; what lies beyond the beats says nothing."""
    beats = tuple(0.2 * beat for beat in range(5))
    quick = Rhythm(Estimate(300.0, 1.0, "clip"), beats, beats[:1])
    for time, expected in ((-0.05, 0.0), (-0.07, None), (beats[-1], 0.0), (beats[-1] + 0.01, None)):
        assert measure_syncopation([time], quick) == expected, time


def test_a_clip_under_a_second_has_its_density_and_one_without_length_has_none() -> None:
    nothing = Rhythm(UNKNOWN)
    short = measure_complexity([0.0, 0.1, 0.2], nothing, (), 0.5)
    assert short.value == pytest.approx(1.0 - 2.718281828 ** -(3 / 0.5 / 6.0))
    assert measure_complexity([0.0], nothing, (), 0.0) == UNKNOWN


def test_a_chord_of_no_length_counts_for_nothing() -> None:
    flash = DetectedChord(0.0, 0.0, Chord.parse("F#7"), 1.0)
    long = DetectedChord(0.0, 4.0, Chord.parse("C"), 1.0)
    assert measure_harmony((flash, long), RHYTHM) == measure_harmony((long,), RHYTHM) == 0.0
    assert measure_harmony((flash,), RHYTHM) is None
    assert measure_harmony((), RHYTHM) is None
