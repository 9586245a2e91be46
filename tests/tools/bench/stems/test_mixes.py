"""The mixes that separators are judged by, and what the bench says of one."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.audio.synthesis.stem import Sounding
from musearoo.engines.music.stems import FOUR_STEMS
from musearoo.engines.styles.schema import Style
from musearoo.tools.bench.rows import Row
from musearoo.tools.bench.stems import dsp_split as dsp_bench
from musearoo.tools.bench.stems.mixes import SECONDS, STYLES, Mix, make_mix, mix_specs
from musearoo.tools.bench.stems.singing import MAN, WOMAN, Singer, sing
from tests.each_case import each_case


@pytest.fixture(scope="module")
def styles() -> Mapping[str, Style]:
    return read_styles()


@pytest.fixture(scope="module")
def mix(styles: Mapping[str, Style]) -> Mix:
    return make_mix(replace(mix_specs("held")[2], mono=True), styles)


def test_there_are_twenty_mixes_of_either_split_and_none_is_in_both(styles: Mapping[str, Style]) -> None:
    dev, held = mix_specs("dev"), mix_specs("held")
    assert min(len(dev), len(held)) >= 20
    assert not {spec.seed for spec in dev} & {spec.seed for spec in held}
    assert any(spec.mono for spec in held)
    assert set(STYLES) <= set(styles)


def test_every_stem_of_a_mix_is_heard_folded_to_mono_where_that_was_wished_for(mix: Mix) -> None:
    assert tuple(mix.stems) == FOUR_STEMS
    whole = float((mix.samples**2).sum())
    for stem in mix.stems.values():
        assert stem.shape == (1, round(SECONDS * mix.rate))
        assert float((stem**2).sum()) > 0.01 * whole
    assert np.abs(mix.samples).max() < 0.9


@each_case("singer", [MAN, WOMAN])
def test_a_singer_hits_the_note_in_a_comfortable_octave(singer: Singer) -> None:
    rate = 16_000
    voice = sing([Sounding(0.1, 1.4, 69 + 24, 100)], singer, 1.6, rate, seed=2)[0]
    held = voice[round(0.8 * rate) : round(1.4 * rate)]
    likeness = np.correlate(held, held, "full")[held.size :]
    period = 30 + int(likeness[30:200].argmax()) + 1
    pitch = 69 + 12 * np.log2(rate / period / 440.0)
    assert (pitch - 69 + 6) % 12 - 6 == pytest.approx(0.0, abs=1.0)


def test_no_notes_are_silence() -> None:
    assert not sing([], WOMAN, 1.0, 8_000, seed=1).any()


def test_the_bench_says_where_ours_is_better(mix: Mix, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dsp_bench, "make_mix", lambda _wish, _styles: mix)
    monkeypatch.setattr(dsp_bench, "QUICK_MIXES", 1)
    calls: list[tuple[str, int, int]] = []
    rows = list(dsp_bench.judge_dsp(quick=True, tell=lambda *what: calls.append(what)))
    named: dict[str, Row] = {row.name: row for row in rows}
    assert len(named) == len(rows)
    assert calls[-1][1:] == (1, 1)
    for stem in FOUR_STEMS:
        for peer in ("the mix", "HPSS"):
            row = named[f"{stem} beside {peer}"]
            assert row.met, row
    assert named["sum of the stems beside the mix"].met
    assert named["offset of the stems to the mix"].ours == 0
