"""The player's own tempo, tapped or played freely, and its bar lines."""

from __future__ import annotations

from random import Random

import pytest

from musearoo.engines.improvisation.quantize.player_tempo import find_player_beats
from musearoo.engines.music.meter import Meter
from tests.each_case import each_case

Stroke = tuple[float, int, float]


def strokes(beats: list[tuple[float, int]], bpm: float, jitter: float = 0.004) -> list[Stroke]:
    """Notes as (quarter, pitch) at a tempo, from second 7 on."""
    chance = Random(5)
    return [(7.0 + beat * 60.0 / bpm + chance.gauss(0.0, jitter), pitch, 80.0) for beat, pitch in beats]


@each_case("bpm", [64.0, 101.5, 178.0])
def test_four_taps_are_a_tempo(bpm: float) -> None:
    found = find_player_beats(strokes([(float(n), 60) for n in range(4)], bpm), Meter(), 120.0)
    assert found.bpm == pytest.approx(bpm, rel=0.02)
    assert found.confidence == 0.5


@each_case("beats", [[0.0, 1.0, 2.0], [0.0, 1.0, 1.5, 3.0], [0.0, 5.0, 10.0, 15.0]])
def test_too_few_uneven_or_far_notes_are_none(beats: list[float]) -> None:
    found = find_player_beats(strokes([(beat, 60) for beat in beats], 100.0), Meter(), 120.0)
    assert (round(found.bpm, 6), found.confidence) == (120.0, 0.0)
    assert found.position(7.0) == pytest.approx(0.0, abs=0.05)


@each_case("bpm", [78.0, 112.0, 150.0])
def test_a_rock_beat(bpm: float) -> None:
    kit = [(n / 2.0, 42) for n in range(64)]
    kit += [(float(n), 36 if n % 2 == 0 else 38) for n in range(32)]
    found = find_player_beats(strokes(sorted(kit), bpm), Meter(), 115.0)
    assert found.bpm == pytest.approx(bpm, rel=0.01)
    assert found.position(7.0) == pytest.approx(0.0, abs=0.03)
    assert found.confidence > 0.5


def test_a_bar_begins_where_the_bass_is_after_an_upbeat() -> None:
    notes = [(0.0, 67), *((1.0 + n, 43 if n % 4 == 0 else 64) for n in range(32))]
    found = find_player_beats(strokes(notes, 100.0), Meter(), 100.0)
    assert found.position(7.0 + 0.6) % 4.0 == pytest.approx(0.0, abs=0.05)


def test_in_six_eight_the_beat_is_a_dotted_quarter() -> None:
    notes = [(n / 2.0, 40 if n % 6 == 0 else 60) for n in range(72)]
    accented = [
        (seconds, pitch, 110.0 if index % 3 == 0 else 60.0)
        for index, (seconds, pitch, _) in enumerate(strokes(notes, 120.0))
    ]
    found = find_player_beats(accented, Meter(6, 8), 120.0)
    assert found.bpm == pytest.approx(120.0, rel=0.01)


def test_a_player_who_gets_slower_is_followed() -> None:
    beats = [n / 2.0 for n in range(96)]
    notes = [(beat * (1.0 + 0.002 * beat), 40 if beat % 4 == 0 else 60) for beat in beats]
    found = find_player_beats(strokes(notes, 110.0), Meter(), 110.0)
    for beat, (seconds, _, _) in zip(beats, strokes(notes, 110.0), strict=True):
        assert found.position(seconds) == pytest.approx(beat, abs=0.1)
