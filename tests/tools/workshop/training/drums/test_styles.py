import numpy as np

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.analysis.traits.drum_pattern import DrumPattern
from musearoo.engines.analysis.traits.pattern_tables import PLAYED_FEET, PLAYED_HANDS
from musearoo.engines.analysis.traits.style_likelihoods import StyleFeatures
from musearoo.tools.workshop.training.drums.judge import PRESET_OF
from musearoo.tools.workshop.training.drums.styles import (
    NONE,
    Example,
    cluster_patterns,
    find_kinds,
    fit,
    made_examples,
)

STYLES = read_styles()


def test_kinds_of_bars_are_found_with_their_shares() -> None:
    chance = np.random.default_rng(1)
    bars = np.repeat([[0.9, 0.1, 0.1], [0.1, 0.1, 0.9]], [30, 10], axis=0) + chance.normal(0.0, 0.02, (40, 3))
    (many, first), (few, second) = find_kinds(bars, 2, seed=1)
    assert (many, few) == (0.75, 0.25)
    np.testing.assert_allclose(first, [0.9, 0.1, 0.1], atol=0.02)
    np.testing.assert_allclose(second, [0.1, 0.1, 0.9], atol=0.02)


def test_the_tables_are_of_styles_that_there_are() -> None:
    assert set(PLAYED_FEET) == set(PLAYED_HANDS) <= set(STYLES)
    assert set(PRESET_OF.values()) <= set(STYLES)
    rows = [row for options in PLAYED_FEET.values() for _, kick, snare in options for row in (kick, snare)]
    rows += [row for options in PLAYED_HANDS.values() for _, row in options]
    assert all(len(row) == 16 and row.isdigit() for row in rows)


def test_the_text_of_the_tables_is_what_was_clustered() -> None:
    bar = DrumPattern((1.0, *[0.0] * 15), (0.0,) * 16, (0.5,) * 16, 4.0)
    features = StyleFeatures(100.0, 1.0, bar)
    examples = [Example(features, style, human=True, judging=False) for style in ("rock", "rock", NONE)]
    written: dict[str, object] = {}
    exec(cluster_patterns(examples, seed=1), written)
    assert written["PLAYED_FEET"] == {"rock": ((1.0, "9" + "0" * 15, "0" * 16),)}
    assert written["PLAYED_HANDS"] == {"rock": ((1.0, "4" * 16),)}


def test_fitted_weights_tell_what_they_were_fitted_to() -> None:
    few = {name: STYLES[name] for name in ("house", "trap", "bossa nova")}
    examples = [example for number, example in enumerate(made_examples(few, seed=2)) if number % 10 == 0]
    weights = fit(examples, few)
    assert weights.feet > 0.0
    assert weights.tempo > 0.0
