"""Styles by what their players do, with the presets that come with MuseAroo."""

import pytest
from msgspec.structs import replace

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.analysis.traits.drum_pattern import DrumPattern, Stroke
from musearoo.engines.analysis.traits.style_likelihoods import (
    StyleFeatures,
    gather_features,
    guess_styles,
    measure_cues,
)
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.knowledge.analysis import DetectedChord, Harmony, Rhythm
from musearoo.engines.music.meter import Meter
from tests.each_case import each_case

STYLES = read_styles()


def rates(text: str) -> tuple[float, ...]:
    """A stroke on every x of sixteen steps."""
    return tuple(float(mark == "x") for mark in text.replace(" ", ""))


def pattern(kick: str, snare: str, cymbals: str) -> DrumPattern:
    return DrumPattern(rates(kick), rates(snare), rates(cymbals), 8.0)


@each_case(
    "features, expected",
    [
        (StyleFeatures(124, 1.0, pattern("x...x...x...x...", "....x.......x...", "..x...x...x...x.")), {"house"}),
        (StyleFeatures(134, 1.0, pattern("x...x...x...x...", "................", "..x...x...x...x.")), {"techno"}),
        (StyleFeatures(122, 1.0, pattern("x.....x.x.x.....", "....x.......x...", "x.x.x.x.x.x.x.x.")), {"rock"}),
        (
            StyleFeatures(174, 1.0, pattern("x.........x.....", "....x.......x...", "x.x.x.x.x.x.x.x.")),
            {"drum and bass"},
        ),
        (StyleFeatures(128, 1.0, pattern("x.....x.x.....x.", "x.....x.....x...", "x.x.x.x.x.x.x.x.")), {"bossa nova"}),
        (StyleFeatures(160, 1.9, pattern("................", "......x.........", "x...x.x.x...x.x.")), {"jazz swing"}),
        (StyleFeatures(76, 1.0, pattern("........x.......", "........x.......", "x.x.x.x.x.x.x.x.")), {"reggae"}),
        (StyleFeatures(66, 1.0, pattern("x.......x.......", "....x.......x...", "x.x.x.x.x.x.x.x.")), {"ballad"}),
        (StyleFeatures(142, 1.0, pattern("x......x......x.", "........x.......", "x.x.x.x.x.x.x.xx")), {"trap"}),
        (StyleFeatures(104, 1.0, pattern("x.x.......x..x..", "....x.......x...", "xxxxxxxxxxxxxxxx")), {"funk"}),
        (StyleFeatures(96, 1.0, pattern("...x..x....x..x.", "x..x..x...x.x...", "x.x.xx.x.xx.x.x.")), {"salsa"}),
        (StyleFeatures(140, 1.0, pattern("x...............", "........x.......", "x..x..x..x..x.x.")), {"dubstep"}),
        (StyleFeatures(138, 1.0, pattern("x...x...x...x...", "....x.......x...", "xxxxxxxxxxxxxxxx")), {"trance"}),
        (StyleFeatures(110, 1.0, pattern("x.......xx...x..", "...x........x...", "x.x.x.x.x.x.x.x.")), {"afrobeat"}),
        (StyleFeatures(160, 1.0, pattern("xxxxxxxxxxxxxxxx", "....x.......x...", "x...x...x...x...")), {"metal"}),
    ],
)
def test_textbook_patterns(features: StyleFeatures, expected: set[str]) -> None:
    best = guess_styles(features, STYLES)[0]
    assert best.name in expected
    assert best.likelihood > 0.4


def test_likelihoods_add_up() -> None:
    guesses = guess_styles(StyleFeatures(100.0, 1.0, None, 0.2), STYLES)
    assert sum(guess.likelihood for guess in guesses) == pytest.approx(1.0)
    assert {guess.name for guess in guesses} == set(STYLES)
    assert list(guesses) == sorted(guesses, key=lambda guess: -guess.likelihood)


def test_styles_that_are_kin_do_not_dilute_each_other() -> None:
    played = StyleFeatures(122, 1.0, pattern("x...x...x...x...", "....x.......x...", "..x...x...x...x."))
    best, *others = guess_styles(played, STYLES)
    assert best.name == "house"
    assert best.likelihood > 0.5
    alone = {name: style for name, style in STYLES.items() if style.based_on != "house"}
    assert guess_styles(played, alone)[0].likelihood < best.likelihood + 0.15
    assert sum(guess.likelihood for guess in others) == pytest.approx(1.0 - best.likelihood)


def test_a_branch_is_named_where_it_fits_clearly_better_than_its_root() -> None:
    dub = pattern("x...x...x...x...", "........x.......", "....x.......x...")
    assert guess_styles(StyleFeatures(70, 1.0, dub), STYLES)[0].name == "dub"


def test_nothing_known_is_flat_and_so_is_what_is_none_of_them() -> None:
    flat = guess_styles(StyleFeatures(120.0), STYLES)
    assert {guess.likelihood for guess in flat} == {1.0 / len(STYLES)}
    odd = StyleFeatures(48.0, 1.0, pattern(".x.x.xx.xxx..xx.", "xx..xx..xx.xx.x.", ".xx....x...xx..."))
    assert guess_styles(odd, STYLES)[0].likelihood < 0.25
    assert guess_styles(StyleFeatures(), {}) == ()


def test_silence_before_a_vamp_is_none_of_its_chords() -> None:
    played = StyleFeatures(120.0, 1.0, None, 0.3)
    whole, late = (replace(STYLES["rock"], vamp=vamp) for vamp in ("Am7 | C | C", "N | Am7 | C | C"))
    assert measure_cues(played, late) == measure_cues(played, whole)


def test_chords_that_are_doubtful_tell_no_style() -> None:
    """Below three tenths of confidence they are as unknown."""
    chords = (DetectedChord(0.0, 0.4, Chord.parse("C"), 1.0), DetectedChord(0.4, 0.8, Chord.parse("Am7"), 1.0))
    for sure, share in ((0.2, None), (0.4, 0.5)):
        harmony = Harmony(chords=chords, chords_confidence=sure)
        assert gather_features(Rhythm(UNKNOWN), harmony, (), None).sevenths == share, sure


def test_a_pattern_is_asked_for_in_bars_of_four_beats_alone() -> None:
    beats = tuple(float(beat) for beat in range(13))
    strokes: list[Stroke] = [(beat, "kick", 90.0) for beat in beats[:12]]
    for meter, known in ((None, True), (Meter(), True), (Meter(12, 8), True), (Meter(3, 4), False)):
        rhythm = Rhythm(Estimate(120.0), beats, beats[::4], Estimate(meter))
        assert (gather_features(rhythm, Harmony(), strokes, None).pattern is not None) == known, meter
