"""Styles by what their players do, with the presets that come with MuseAroo."""

import pytest

from bridge.presets_folder import read_styles
from engines.brainaroo.styles_heard import DrumPattern, Stroke, StyleFeatures, find_pattern, guess_styles
from engines.music.analysis import DrumKind

STYLES = read_styles()


def rates(text: str) -> tuple[float, ...]:
    """A stroke on every x of sixteen steps."""
    return tuple(float(mark == "x") for mark in text.replace(" ", ""))


def pattern(kick: str, snare: str, cymbals: str) -> DrumPattern:
    return DrumPattern(rates(kick), rates(snare), rates(cymbals), 8.0)


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        (StyleFeatures(124, 1.0, pattern("x...x...x...x...", "....x.......x...", "..x...x...x...x.")), {"house"}),
        (StyleFeatures(134, 1.0, pattern("x...x...x...x...", "................", "..x...x...x...x.")), {"techno"}),
        (StyleFeatures(122, 1.0, pattern("x.....x.x.x.....", "....x.......x...", "x.x.x.x.x.x.x.x.")), {"rock"}),
        (
            StyleFeatures(174, 1.0, pattern("x.........x.....", "....x.......x...", "x.x.x.x.x.x.x.x.")),
            {"drum and bass"},
        ),
        (StyleFeatures(128, 1.0, pattern("x..xx..xx..xx..x", "x.....x.....x...", "x.x.x.x.x.x.x.x.")), {"bossa nova"}),
        (StyleFeatures(160, 1.9, pattern("................", "......x.........", "x...x.x.x...x.x.")), {"jazz swing"}),
        (StyleFeatures(76, 1.0, pattern("........x.......", "........x.......", "x.x.x.x.x.x.x.x.")), {"reggae"}),
        (StyleFeatures(66, 1.0, pattern("x.......x.......", "....x.......x...", "x.x.x.x.x.x.x.x.")), {"ballad"}),
        (StyleFeatures(142, 1.0, pattern("x......x......x.", "........x.......", "x.x.x.x.x.x.x.xx")), {"trap"}),
        (StyleFeatures(104, 1.0, pattern("x.x.......x..x..", "....x.......x...", "xxxxxxxxxxxxxxxx")), {"funk"}),
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


def test_nothing_known_is_flat_and_so_is_what_is_none_of_them() -> None:
    flat = guess_styles(StyleFeatures(120.0), STYLES)
    assert {guess.likelihood for guess in flat} == {1.0 / len(STYLES)}
    odd = StyleFeatures(48.0, 1.0, pattern(".x.x.xx.xxx..xx.", "xx..xx..xx.xx.x.", ".xx....x...xx..."))
    assert guess_styles(odd, STYLES)[0].likelihood < 0.25
    assert guess_styles(StyleFeatures(), {}) == ()


def strokes(bars: int, *places: tuple[float, DrumKind]) -> list[Stroke]:
    """Strokes at places in beats of each bar, at 120 BPM from second 1 on."""
    return [(1.0 + bar * 2.0 + place * 0.5, kind, 90.0) for bar in range(bars) for place, kind in places]


BEATS = tuple(1.0 + 0.5 * beat for beat in range(17))


def test_a_pattern_of_strokes() -> None:
    played = strokes(4, (0.02, "kick"), (1.0, "snare"), (0.5, "hat"), (2.48, "cymbal"), (3.75, "tom"))
    played.append((1.0 + 2 * 0.5, "kick", 90.0))
    played += [(time + 0.125, kind, 30.0) for time, kind, _ in played if kind == "snare"]
    found = find_pattern(played, BEATS, BEATS[::4], None)
    assert found is not None
    assert found.kick == (1.0, *[0.0] * 7, 0.25, *[0.0] * 7)
    assert found.snare == rates("....x...........")
    assert found.cymbals == rates("..x.......x.....")
    assert found.bars == 4.0


def test_swing_is_taken_out() -> None:
    played = strokes(4, (0.0, "cymbal"), (2 / 3, "cymbal"), (1.0, "cymbal"), (1 + 2 / 3, "cymbal"))
    swung = find_pattern(played, BEATS, BEATS[::4], 2.0)
    assert swung is not None
    assert swung.cymbals == rates("x.x.x.x.........")


def test_no_pattern_without_bars_of_four() -> None:
    played = strokes(4, (0.0, "kick"), (1.0, "snare"), (2.0, "kick"), (3.0, "snare"))
    assert find_pattern(played, (), (), None) is None
    assert find_pattern([], BEATS, BEATS[::4], None) is None
    assert find_pattern(strokes(4, (0.0, "kick"), (2.0, "kick")), BEATS, BEATS[::4], None) is None
    assert find_pattern([(99.0, "kick", 90.0)], BEATS, BEATS[::4], None) is None
