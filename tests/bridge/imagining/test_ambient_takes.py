"""Takes of endless music: as long as asked, in key and level, without a seam, and the same again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from musearoo.bridge.imagining.ambient_takes import AmbientTakeMaker, read_words
from musearoo.bridge.imagining.request import ImagineRequest
from musearoo.engines.music.scale import Key
from musearoo.tools.bench.ambient.measures import find_clicks, measure_short_term, share_in_scale
from tests.bridge.imagining.test_plan import ask
from tests.each_case import each_case
from tests.engines.ambient.some_music import presets


def take(tmp_path: Path, seed: int = 3, **asked: Any) -> tuple[np.ndarray, ImagineRequest, tuple[float, ...]]:
    request = ask(tmp_path, backend="ambient", **asked)
    made = AmbientTakeMaker(request).make(seed, lambda *_: None)
    return np.asarray(made.samples), request, made.beats


@each_case("rate, bars, bpm, text", [(48_000, 2, 100.0, "calm glass"), (44_100, 3, 87.5, "dark choir")])
def test_a_loop_is_exact_in_its_key_and_has_no_seam(
    tmp_path: Path, rate: int, bars: int, bpm: float, text: str
) -> None:
    sound, _, beats = take(tmp_path, text=text, bars=bars, bpm=bpm, rate=rate, key="D minor", loudness_lufs=-18.0)
    assert sound.shape == (2, round(bars * 4 * 60 / bpm * rate))
    assert beats == pytest.approx([beat * 60 / bpm for beat in range(4 * bars)])
    lap = np.concatenate([sound] * 3, axis=1)
    assert find_clicks(lap) == []
    assert share_in_scale(lap, rate, Key.parse("D minor").pitch_classes) > 0.85
    assert np.median(measure_short_term(lap, rate)) == pytest.approx(-18.0, abs=2.0)


def test_the_same_seed_gives_the_same_and_another_another(tmp_path: Path) -> None:
    one, again, other = (take(tmp_path, seed, text="rain", bars=1, bpm=120.0)[0] for seed in (3, 3, 4))
    assert np.array_equal(one, again)
    assert not np.allclose(one, other)


def test_without_bars_it_ends_softly(tmp_path: Path) -> None:
    sound, request, beats = take(tmp_path, text="embers", seconds=3.0)
    assert sound.shape[1] == 3 * request.rate
    assert beats == ()
    assert np.max(np.abs(sound[:, -8:])) < 0.01


@each_case(
    "text, preset, mood",
    [
        ("A dark NIGHT-BUS, please", "night bus", "dark"),
        ("something calm", "drift", "calm"),
        ("a raincoat of glassware", "drift", ""),
        ("", "drift", ""),
    ],
)
def test_words_choose_preset_and_mood(text: str, preset: str, mood: str) -> None:
    steering = read_words(text, presets())
    assert (steering.preset, steering.mood) == (preset, mood)
