"""Bounds of set facts, tempos and tails."""

from __future__ import annotations

import numpy as np
import pytest

from musearoo.engines.audio.synthesis.loop_tail import RELEASE, wrap_tail
from musearoo.engines.errors import ParamError
from musearoo.engines.prompts.cleaning import cut_at_word
from musearoo.engines.prompts.reading import read_prompt
from musearoo.engines.prompts.seeds import MOST, take_seeds
from musearoo.engines.prompts.set_facts import SetFacts
from musearoo.engines.prompts.tempo import choose_tempo, usual_tempo
from tests.engines.presets_on_disk import STYLES
from tests.engines.prompts.lexicon_on_disk import LEXICON

PLAIN = read_prompt("", LEXICON)


def test_tempo_and_bars_of_a_set_are_within_their_bounds() -> None:
    for bpm in (20.0, 999.0, None):
        assert SetFacts(bpm=bpm).bpm == bpm
    for bars in (1, 64, None):
        assert SetFacts(bars=bars).bars == bars
    for bpm in (19.9, 999.1):
        with pytest.raises(ParamError, match="bpm"):
            SetFacts(bpm=bpm)
    for bars in (0, 65):
        with pytest.raises(ParamError, match="bars"):
            SetFacts(bars=bars)


def test_seeds_and_takes_have_bounds() -> None:
    assert take_seeds(MOST, 1) == (MOST,)
    assert len(take_seeds(0, 2)) == 2
    with pytest.raises(ParamError, match="seed"):
        take_seeds(MOST + 1, 1)


def factor(text: str, bpm: float, bars: int | None, style: str = "") -> float:
    """Return the ratio of the playing tempo to the set's."""
    tempo = choose_tempo(read_prompt(text, LEXICON), SetFacts(bpm=bpm, bars=bars), STYLES.get(style))
    assert tempo is not None
    assert tempo.bpm == bpm * tempo.factor
    return tempo.factor


def test_half_and_double_are_played_where_whole_bars_fit() -> None:
    for text, bpm, bars, expected in (
        ("60 bpm", 120.0, 2, 0.5),
        ("60 bpm", 120.0, 1, 1.0),
        ("60 bpm", 120.0, None, 0.5),
        ("240 bpm", 120.0, 32, 2.0),
        ("240 bpm", 120.0, 33, 1.0),
        ("20 bpm", 40.0, 2, 0.5),
        ("19.9 bpm", 39.8, 2, 1.0),
        ("998 bpm", 499.0, 2, 2.0),
        ("122 bpm", 120.0, 2, 1.0),
        ("61 bpm", 120.0, 2, 0.5),
        ("62 bpm", 120.0, 2, 1.0),
    ):
        assert factor(text, bpm, bars) == expected, (text, bpm, bars)


def test_a_style_bears_a_twentieth_beyond_its_tempos() -> None:
    tempo = STYLES["techno"].tempo
    for bpm, expected in (
        (tempo.low * 0.951, 1.0),
        (tempo.high * 1.049, 1.0),
        (tempo.low * 0.951 / 2.0, 2.0),
        (tempo.high * 1.049 * 2.0, 0.5),
    ):
        assert factor("", bpm, 4, "techno") == expected, bpm
    # If neither fits, the set's tempo is used.
    assert factor("", tempo.low * 0.94, 4, "techno") == 1.0
    assert choose_tempo(PLAIN, SetFacts(), STYLES["techno"]) is None


def test_slow_and_fast_prompts_go_most_of_the_way_to_a_styles_ends() -> None:
    tempo = STYLES["techno"].tempo
    for text, bpm in (
        ("", tempo.usual),
        ("slow", tempo.usual + 0.8 * (tempo.low - tempo.usual)),
        ("fast", tempo.usual + 0.8 * (tempo.high - tempo.usual)),
    ):
        reading = read_prompt(text, LEXICON)
        assert abs(reading.pace) in (0.0, 1.0), text
        assert usual_tempo(reading, STYLES["techno"]) == round(bpm), text
    assert usual_tempo(PLAIN, None) == 120.0


def test_a_text_is_cut_where_a_word_ends() -> None:
    for longest, cut in (
        (8, "warm dub"),
        (7, "warm"),
        (9, "warm dub"),
        (12, "warm dub"),
        (13, "warm dub bass"),
        (3, "war"),
    ):
        assert cut_at_word("warm dub bass", longest) == cut, longest


def test_a_tail_comes_round_as_often_as_it_is_long_and_fades_at_its_end() -> None:
    frames = RELEASE * 2
    loud = np.full((2, frames * 2 + frames // 2), 0.1, dtype=np.float32)
    looped = wrap_tail(loud, frames)
    assert looped.shape == (2, frames)
    # Twice over and then once more, of which the last half fades out.
    assert looped[0, 0] == pytest.approx(0.3, abs=1e-4)
    assert looped[1, -1] == pytest.approx(0.2, abs=1e-4)
    assert looped[0, RELEASE - 1] == pytest.approx(0.2, abs=1e-4)
    assert looped[0, RELEASE // 2] == pytest.approx(0.25, abs=1e-3)
    short = wrap_tail(loud[:, :10], 20)
    assert short[0].tolist() == pytest.approx([0.1] * 10 + [0.0] * 10)
    for wrong in (0, -1):
        with pytest.raises(ParamError, match="frames"):
            wrap_tail(loud, wrong)
    assert wrap_tail(loud[:, :5], 1).shape == (2, 1)
