"""Learning from audio: reliable analyses are used, guesses are not."""

from dataclasses import replace

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import Analysis, DetectedChord, DrumOnset, Harmony, Rhythm
from musearoo.engines.music.meter import Meter
from musearoo.engines.players.learning.audio_song import song_from_analysis
from musearoo.engines.players.learning.song import swing_of
from tests.each_case import each_case

BEAT = 0.5
FIRST = 0.2
BEATS = tuple(FIRST + BEAT * beat for beat in range(16))
FOUND = Analysis(
    duration=8.4,
    depth="fast",
    rhythm=Rhythm(
        tempo=Estimate(120.0, 0.9, "clip"),
        beats=BEATS,
        downbeats=BEATS[::4],
        meter=Estimate(Meter(), 0.9, "clip"),
        beats_confidence=0.8,
        downbeats_confidence=0.8,
    ),
    harmony=Harmony(
        chords=(
            DetectedChord(FIRST, FIRST + 2.0, Chord(0), 0.9),
            DetectedChord(FIRST + 2.0, FIRST + 8.0, Chord(9, "min"), 0.9),
        ),
        chords_confidence=0.9,
    ),
    hits=tuple(
        DrumOnset(time, "kick" if number % 2 == 0 else "snare", 100.0, 0.9) for number, time in enumerate(BEATS)
    ),
)


def test_beats_bars_and_chords_are_counted_from_the_first_beat() -> None:
    song = song_from_analysis("Drum Loop.wav", FOUND)
    assert (song.bpm, song.bars) == (120.0, (0.0, 4.0, 8.0, 12.0))
    assert [note.start for note in song.notes("drums")][:3] == pytest.approx([0.0, 1.0, 2.0])
    assert [(span.start, span.end, span.chord.symbol) for span in song.chords] == [(0.0, 4.0, "C"), (4.0, 16.0, "Am")]
    assert not song.exact


def test_grooves_are_learned_from_drums_that_play_alone_only() -> None:
    assert song_from_analysis("My Hit.wav", FOUND).parts == ()
    assert song_from_analysis("My Hit.wav", replace(FOUND, harmony=Harmony())).parts != ()
    assert song_from_analysis("Vocals.wav", replace(FOUND, harmony=Harmony())).parts == ()


@each_case(
    "rhythm, words",
    [
        (replace(FOUND.rhythm, beats_confidence=0.1), "with a clear beat"),
        (replace(FOUND.rhythm, tempo=Estimate(None, 0.0, "guess")), "with a clear beat"),
        (replace(FOUND.rhythm, downbeats=BEATS[:1]), "of 2 bars at least"),
    ],
)
def test_uncertain_analyses_teach_nothing(rhythm: Rhythm, words: str) -> None:
    with pytest.raises(ParamError, match=words):
        song_from_analysis("Drum Loop.wav", replace(FOUND, rhythm=rhythm))


def test_guessed_chords_are_left_out() -> None:
    guessed = replace(FOUND, harmony=replace(FOUND.harmony, chords_confidence=0.1))
    assert song_from_analysis("Drum Loop.wav", guessed).chords == ()


@each_case("lag, stray, swings", [(0.0, 0.0, True), (0.012, 0.0, True), (0.0, 0.03, False)])
def test_a_machine_that_is_late_throughout_means_its_light_swing_and_one_who_strays_does_not(
    lag: float, stray: float, swings: bool
) -> None:
    hits = [
        DrumOnset(time + lag + (stray if number % 4 == 3 and place == 0.0 else 0.0) + place * BEAT, kind, 100.0, 0.9)  # type: ignore[arg-type]
        for number, time in enumerate(BEATS)
        for place, kind in ((0.0, "kick"), (0.27, "hat"), (0.5, "snare"), (0.77, "hat"))
    ]
    swing = swing_of(replace(FOUND, hits=tuple(hits)))
    assert swing is not None
    assert swing.is_straight is not swings
