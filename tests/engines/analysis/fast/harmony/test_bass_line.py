"""Following a bass by itself, and naming what chords stand on by it."""

from __future__ import annotations

import numpy as np

from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.harmony.bass_line import FRAMES_PER_SECOND, BassLine, follow_bass, name_basses
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.knowledge.analysis import DetectedChord
from tests.each_case import each_case
from tests.engines.analysis.fast.harmony.sounds import tone

BEAT = 0.5


def line_of(pitches: list[float | None], seconds: float = BEAT) -> BassLine:
    """A bass that holds each pitch, or rests, for so long."""
    frames = round(seconds * FRAMES_PER_SECOND)
    held = np.repeat([pitch or 0.0 for pitch in pitches], frames)
    sounding = np.repeat([float(pitch is not None) for pitch in pitches], frames)
    return BassLine(held.astype(np.float32), sounding.astype(np.float32))


def name(chord: str | None, line: BassLine, cents: float = 0.0) -> str | None:
    """The chord over what the line plays throughout."""
    chord_span = DetectedChord(
        0.0, line.pitches.size / FRAMES_PER_SECOND, None if chord is None else Chord.parse(chord), 0.5
    )
    (named,) = name_basses([chord_span], line, BEAT, cents)
    assert (named.start, named.end, named.confidence) == (chord_span.start, chord_span.end, chord_span.confidence)
    return None if named.chord is None else str(named.chord)


@each_case("rate", [22_050, 48_000])
@each_case("played", [[28.0, 40.0, 33.0], [43.0, 23.0, 38.3]])
def test_a_bass_is_followed_at_any_rate(rate: int, played: list[float]) -> None:
    line = follow_bass(Sound.of(np.concatenate([tone(pitch, 1.0, rate) for pitch in played]), rate))
    times = np.arange(line.pitches.size) / FRAMES_PER_SECOND
    for second, pitch in enumerate(played):
        inside = (times > second + 0.1) & (times < second + 0.9)
        assert np.abs(line.pitches[inside] - pitch).max() < 0.15
        assert line.weights[inside].min() > 0.2


def test_neither_silence_nor_noise_is_a_line() -> None:
    assert not follow_bass(Sound.of(np.zeros(8_000), 8_000)).weights.any()
    noise = np.random.default_rng(2).standard_normal(44_100)
    assert follow_bass(Sound.of(0.3 * noise, 44_100)).weights.mean() < 0.1


def test_long_lines_are_followed_piece_by_piece_without_a_trace() -> None:
    samples = np.tile(tone(33.0, 0.5, 8_000), 60)
    whole, part = follow_bass(Sound.of(samples, 8_000)), follow_bass(Sound.of(samples[: 8_000 * 10], 8_000))
    assert np.abs(whole.pitches[:390] - part.pitches[:390]).max() < 1e-3


def test_a_chord_stands_on_what_the_bass_holds() -> None:
    assert name("C", line_of([40.0] * 4)) == "C/E"
    assert name("C/E", line_of([36.0] * 4)) == "C"
    assert name("Am7", line_of([31.0] * 4)) == "Am7/G"


def test_a_bass_that_walks_on_leaves_the_chord_on_the_note_that_it_began_with() -> None:
    assert name("C", line_of([36.0, 40.0, 43.0, 45.0])) == "C"
    assert name("C", line_of([36.0, 43.0, 36.0, 43.0])) == "C"
    assert name("Am7", line_of([33.0, 36.0, 40.0, 32.0])) == "Am7"


def test_where_no_bass_plays_the_chord_is_as_it_was_heard() -> None:
    assert name("C/E", line_of([None] * 4)) == "C/E"
    assert name("C", line_of([37.0] * 4)) == "C"  # none of the chord's own notes
    assert name(None, line_of([36.0] * 4)) is None


def test_the_tuning_of_the_clip_counts() -> None:
    assert name("C", line_of([39.55] * 4), cents=-45.0) == "C/E"
