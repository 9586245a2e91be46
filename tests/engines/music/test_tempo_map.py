"""Tempo changes, and the conversion of beats to seconds."""

from __future__ import annotations

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.music.tempo_map import TempoMap
from tests.each_case import each_case

HALVING = TempoMap(((0.0, 120.0), (4.0, 60.0), (8.0, 240.0)))


@each_case("beat, seconds", [(-1.0, -0.5), (0.0, 0.0), (2.0, 1.0), (5.0, 3.0), (8.0, 6.0), (12.0, 7.0)])
def test_seconds_of_beats(beat: float, seconds: float) -> None:
    assert HALVING.seconds(beat) == pytest.approx(seconds)


def test_the_mean_takes_as_long() -> None:
    assert HALVING.mean_bpm(8.0) == pytest.approx(80.0)
    assert HALVING.mean_bpm(0.0) == 120.0


@each_case(
    "changes, said",
    [
        ((), "at least one"),
        (((1.0, 120.0),), "at beat 0"),
        (((0.0, 120.0), (0.0, 90.0)), "in order"),
        (((0.0, 0.0),), "above 0 BPM"),
        (((0.0, 0.0), (4.0, 90.0)), "above 0 BPM"),
    ],
)
def test_an_invalid_tempo_map_raises(changes: tuple[tuple[float, float], ...], said: str) -> None:
    with pytest.raises(ParamError, match=said):
        TempoMap(changes)
