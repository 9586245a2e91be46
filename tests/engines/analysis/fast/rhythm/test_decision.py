from __future__ import annotations

import numpy as np
import pytest

from musearoo.engines.analysis.fast.activation.evidence import BeatEvidence
from musearoo.engines.analysis.fast.rhythm import RhythmCues, RhythmHints, find_rhythm
from musearoo.engines.errors import ParamError
from tests.each_case import each_case
from tests.engines.analysis.fast.rhythm.songs import FIVE, ROCK, SIX_EIGHT, SWING, WALTZ, even_beats, perform


@each_case("bpm", [76.0, 92.0, 120.0, 140.0])
def test_rock_says_tempo_beats_and_bars(bpm: float) -> None:
    beats = even_beats(bpm, 16.0, start=0.23)
    found = find_rhythm(*_call(perform(ROCK, 4, beats, 16.0, first=3), 16.0))
    assert found.tempo.value == pytest.approx(bpm, rel=0.005)
    assert found.tempo.confidence > 0.5
    assert str(found.meter.value) == "4/4"
    assert found.beats == pytest.approx(beats, abs=0.02)
    assert found.downbeats == pytest.approx(beats[1::4], abs=0.02)
    assert len(found.curve) == 1


@each_case(
    "pattern, bar_beats, bpm, meter",
    [
        (WALTZ, 3, 132.0, "3/4"),
        (FIVE, 5, 126.0, "5/4"),
        (SIX_EIGHT, 2, 72.0, "6/8"),
        (SWING, 4, 132.0, "4/4"),
    ],
)
def test_meters_are_told_apart(pattern: dict[str, tuple[float, ...]], bar_beats: int, bpm: float, meter: str) -> None:
    found = find_rhythm(*_call(perform(pattern, bar_beats, even_beats(bpm, 24.0, 0.4), 24.0), 24.0))
    assert found.tempo.value == pytest.approx(bpm, rel=0.01)
    assert str(found.meter.value) == meter


@each_case("bpm, bars", [(92.0, 2), (174.0, 4), (120.0, 1)])
def test_the_length_of_a_loop_tells_its_tempo(bpm: float, bars: int) -> None:
    duration = bars * 4 * 60.0 / bpm
    found = find_rhythm(*_call(perform(ROCK, 4, even_beats(bpm, duration), duration), duration))
    assert found.loop_bars.value == bars
    assert found.tempo.value == pytest.approx(bpm, rel=0.004)
    assert len(found.beats) == 4 * bars
    assert found.downbeats == pytest.approx([k * 240.0 / bpm for k in range(bars)], abs=0.03)


def test_a_ritardando_is_followed() -> None:
    steps = 60.0 / np.linspace(120.0, 96.0, 48)
    beats = [0.3, *(0.3 + np.cumsum(steps))]
    duration = beats[-1] + 0.4
    found = find_rhythm(*_call(perform(ROCK, 4, beats, duration), duration))
    assert len(found.beats) == pytest.approx(len(beats), abs=1)
    assert len(found.curve) > 3
    assert found.curve[0].bpm > 112.0
    assert found.curve[-1].bpm < 104.0


def test_the_set_chooses_among_octaves_but_never_overrides() -> None:
    beats = even_beats(92.0, 12.0, 0.1)
    evidence, cues = perform(ROCK, 4, beats, 12.0)
    told = find_rhythm(evidence, 12.0, cues, RhythmHints(bpm=120.0))
    assert told.tempo.value == pytest.approx(92.0, rel=0.01)


def test_nothing_is_made_of_nothing() -> None:
    for frames in (0, 3, 100, 3000):
        nothing = np.zeros(frames, dtype=np.float32)
        found = find_rhythm(BeatEvidence(nothing, nothing, nothing), frames / 100.0)
        assert found.tempo.value is None
        assert found.beats == ()


def test_noise_gives_no_confidence() -> None:
    chance = np.random.default_rng(1)
    beat, downbeat, onset = chance.uniform(0.0, 0.15, size=(3, 1000)).astype(np.float32)
    assert find_rhythm(BeatEvidence(beat, downbeat, onset), 10.0).tempo.confidence < 0.3


def test_evidence_of_another_length_is_refused() -> None:
    nothing = np.zeros(100, dtype=np.float32)
    with pytest.raises(ParamError, match="duration must be about the 1 s of the evidence"):
        find_rhythm(BeatEvidence(nothing, nothing, nothing), 2.0)


def _call(played: tuple[BeatEvidence, RhythmCues], duration: float) -> tuple[BeatEvidence, float, RhythmCues]:
    evidence, cues = played
    return evidence, duration, cues
