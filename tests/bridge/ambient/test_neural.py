"""Endless music by a model: phrase by phrase without a seam, at one level, steered, and told when the model fails."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from musearoo.bridge.ambient.neural import CONTINUED, PHRASE, NeuralAmbience
from musearoo.engines.ambient.steering import Steering
from musearoo.engines.audio.endless.synth import BLOCK, RATE
from musearoo.engines.audio.sound_model import FloatArray, Report, SoundRequest
from musearoo.engines.errors import EngineError
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.scale import Key
from musearoo.tools.bench.ambient.measures import find_clicks, measure_short_term
from tests.engines.ambient.some_music import presets, style
from tests.optional import require

MODEL_RATE = 32_000


@dataclass
class ToneModel:
    """A tone that goes on where the sound before it ended, three times as loud each time, as MusicGen runs away."""

    rate: int = MODEL_RATE
    channels: int = 1
    follows_melody: bool = False
    continues: bool = True
    notes: tuple[str, ...] = ()
    asked: list[SoundRequest] = field(default_factory=list)
    fails_after: int = 10**9
    hertz: float = 220.0

    def imagine(self, request: SoundRequest, report: Report) -> Iterator[FloatArray]:
        if len(self.asked) >= self.fails_after:
            raise EngineError("The card's memory is full: choose a smaller model.")
        self.asked.append(request)
        report(0.0, "")
        frames = round(request.seconds * self.rate)
        at = sum(round(each.seconds * self.rate) for each in self.asked[:-1])
        hertz = 2.0 * self.hertz if "glass" in request.prompt or "bells" in request.prompt else self.hertz
        tone = np.sin(2.0 * np.pi * hertz * (at + np.arange(frames)) / self.rate)
        loudness = 0.05 if request.before is None else 3.0 * float(np.sqrt(np.mean(request.before.samples**2)))
        yield (np.sqrt(2.0) * loudness * tone).astype(np.float32)[None]


def play(music: NeuralAmbience, seconds: float) -> np.ndarray:
    return np.concatenate([music.render() for _ in range(round(seconds * RATE / BLOCK))], axis=1)


def opened(model: ToneModel, preset: str = "tape") -> NeuralAmbience:
    return NeuralAmbience(3, Steering(preset=preset), presets(), style(), model)


def test_phrases_go_on_from_each_other_without_a_seam_at_one_level() -> None:
    model = ToneModel()
    music = opened(model)
    sound = play(music, 45.0)
    music.close()
    levels = measure_short_term(sound[:, 5 * RATE :], RATE)
    assert np.ptp(levels) < 1.0, "it does not run away"
    assert find_clicks(sound) == []
    assert len(model.asked) >= 5
    assert model.asked[0].before is None
    for request in model.asked[1:]:
        assert request.before is not None
        assert request.before.samples.shape[1] == round(min(CONTINUED, PHRASE) * MODEL_RATE)
        assert np.sqrt(np.mean(request.before.samples**2)) == pytest.approx(0.1, rel=0.05)
    assert len({request.seed for request in model.asked}) == len(model.asked)
    assert all(presets()["tape"].key.lower() in request.prompt.lower() for request in model.asked)


def test_it_is_steered_by_the_next_phrase_at_once_and_ends_with_a_fade() -> None:
    model = ToneModel()
    music = opened(model)
    play(music, 4.0)
    wishes = Steering(preset="glass", key=Key.parse("E minor"), mood="calm")
    music.steer(wishes)
    # The same again, as a dial that comes to rest: it is still to be heard at once.
    music.steer(wishes)
    until = time.monotonic() + 10.0
    while not any("E minor" in request.prompt for request in model.asked) and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.3)
    sound = play(music, 6.0)
    assert find_clicks(sound) == []
    late = sound[0, 3 * RATE :]
    loudest = np.argmax(np.abs(np.fft.rfft(late)))
    assert np.fft.rfftfreq(len(late), 1.0 / RATE)[loudest] == pytest.approx(440.0, abs=2.0)
    asked = next(request.prompt for request in model.asked if "E minor" in request.prompt)
    assert "calm" in asked
    ends = music.fade_out()
    while not music.is_over:
        last = music.render()
    assert music.position >= ends
    assert np.max(np.abs(last[:, -64:])) < 0.01
    music.close()


def test_it_follows_key_and_tempo_of_a_set() -> None:
    model = ToneModel()
    music = opened(model)
    music.follow(MusicalContext.plain(bpm=97.0, meter="4/4", key=Key.parse("F minor"), chords=()))
    until = time.monotonic() + 10.0
    while not any("97 bpm, in F minor" in request.prompt for request in model.asked) and time.monotonic() < until:
        play(music, 1.0)
    music.close()
    assert any("97 bpm, in F minor" in request.prompt for request in model.asked)


def test_what_the_model_raises_reaches_who_plays() -> None:
    music = opened(ToneModel(fails_after=1))
    with pytest.raises(EngineError, match="choose a smaller model"):
        play(music, 60.0)


def test_a_tiny_random_model_in_the_real_format_plays(tmp_path: Path) -> None:
    require("torch", "transformers")
    from musearoo.bridge.imagining.backends import load_model
    from musearoo.tools.bench.musicgen.random_models import write_random_musicgen

    written = write_random_musicgen(tmp_path, kind="text", form="audiocraft", codec="inside")
    weights = {"musicgen-small": str(written.folder)}
    if written.text_folder is not None:
        weights["t5-base"] = str(written.text_folder)
    if written.codec_folder is not None:
        weights["encodec_32khz"] = str(written.codec_folder)
    music = NeuralAmbience(3, Steering(), presets(), style(), load_model("musicgen-small", weights))
    sound = play(music, 15.0)
    music.close()
    assert np.isfinite(sound).all()
    assert np.sqrt(np.mean(sound[:, RATE:] ** 2)) > 0.001
