"""End to end compared with audiocraft's `MusicGen`: the same files, request and seed give the same tokens and sound."""

import functools
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from tests.optional import require

torch = require("torch", "transformers", "audiocraft", "xformers")

from musearoo.engines.audio.sound_model import FloatArray, Sound, SoundRequest
from musearoo.engines.neural.musicgen.decoding.loop import decode
from musearoo.engines.neural.musicgen.loading import load_musicgen
from musearoo.engines.neural.musicgen.model import MusicGen
from musearoo.tools.bench.musicgen.random_models import RandomMusicGen
from tests.engines.neural.musicgen.audiocraft_peer import Everything, open_with_audiocraft
from tests.engines.neural.musicgen.test_tunes import sing

Write = Callable[..., RandomMusicGen]

PROMPT = "warm dub bass with 鼓, 120 bpm"
RATE = 32_000
SEED = 11


@pytest.fixture(autouse=True)
def _in_silence() -> Iterator[None]:
    """Silence the torch warnings that audiocraft triggers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.fixture
def codes(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Collect the codes that ours decodes."""
    found: list[Any] = []

    def collect(*given: Any) -> Iterator[Any]:
        for some in decode(*given):
            found.append(some)
            yield some

    monkeypatch.setattr("musearoo.engines.neural.musicgen.model.decode", collect)
    return found


def load(model: RandomMusicGen) -> MusicGen:
    return load_musicgen(model.folder, model.text_folder, model.codec_folder, "cpu", "full", take_separator=Everything)


def make(model: MusicGen, wanted: SoundRequest) -> FloatArray:
    return np.concatenate(list(model.imagine(wanted, lambda _fraction, _text: None)), axis=1)


def require_same(ours: FloatArray, codes: list[Any], sound: Any, tokens: Any, known: int = 0) -> None:
    assert torch.equal(torch.cat(codes, dim=1), tokens[0][:, known:])
    assert ours.shape == (sound.shape[1], sound.shape[2] - known * 640)
    assert np.abs(ours - sound[0, :, known * 640 :].numpy()).max() < 1e-4


def test_words(tiny: Write, kind: str, codes: list[Any]) -> None:
    model = tiny(kind)
    peer = open_with_audiocraft(model)
    peer.set_generation_params(duration=1.0, top_k=50, temperature=0.9, cfg_coef=2.5)
    torch.manual_seed(SEED)
    sound, tokens = peer.generate([PROMPT], return_tokens=True)
    wanted = SoundRequest(PROMPT, 1.0, SEED, guidance=2.5, temperature=0.9, top_k=50)
    require_same(make(load(model), wanted), codes, sound, tokens)


def test_no_words(tiny: Write, codes: list[Any]) -> None:
    model = tiny()
    peer = open_with_audiocraft(model)
    peer.set_generation_params(duration=1.0)
    torch.manual_seed(SEED)
    sound, tokens = peer.generate([""], return_tokens=True)
    require_same(make(load(model), SoundRequest("", 1.0, SEED)), codes, sound, tokens)


@pytest.mark.parametrize("kind", ["melody", "stereo-melody"])
@pytest.mark.parametrize("seconds", [1.0, 40.0])
def test_a_tune(tiny: Write, kind: str, seconds: float, codes: list[Any]) -> None:
    model = tiny(kind)
    peer = open_with_audiocraft(model)
    tune = sing((60, 64, 67, 72), seconds / 4)
    peer.set_generation_params(duration=1.0)
    torch.manual_seed(SEED)
    sound, tokens = peer.generate_with_chroma([PROMPT], torch.from_numpy(tune)[None], RATE, return_tokens=True)
    wanted = SoundRequest(PROMPT, 1.0, SEED, melody=Sound(tune[None], RATE))
    require_same(make(load(model), wanted), codes, sound, tokens)


@pytest.mark.parametrize("kind", ["text", "stereo"])
def test_a_continuation(tiny: Write, kind: str, codes: list[Any]) -> None:
    model = tiny(kind)
    peer = open_with_audiocraft(model)
    channels = 2 if kind == "stereo" else 1
    before = 0.1 * np.random.default_rng(1).standard_normal((channels, 50 * 640)).astype(np.float32)
    peer.set_generation_params(duration=2.0)
    torch.manual_seed(SEED)
    sound, tokens = peer.generate_continuation(torch.from_numpy(before), RATE, [PROMPT], return_tokens=True)
    wanted = SoundRequest(PROMPT, 1.0, SEED, before=Sound(before, RATE))
    require_same(make(load(model), wanted), codes, sound, tokens, known=50)


@pytest.mark.parametrize("kind", ["text", "melody"])
def test_what_is_longer_than_a_window(own: Write, kind: str, codes: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from audiocraft.models.musicgen import MusicGen as Peer

    # Its default stride, set before it can be changed, is longer than the short window of this test.
    monkeypatch.setattr(
        Peer, "set_generation_params", functools.partialmethod(Peer.set_generation_params, extend_stride=1.8)
    )
    model = own(kind)
    package = torch.load(model.folder / "state_dict.bin", weights_only=True)
    package["xp.cfg"] = package["xp.cfg"].replace("segment_duration: 30", "segment_duration: 3")
    torch.save(package, model.folder / "state_dict.bin")
    peer = open_with_audiocraft(model)
    peer.set_generation_params(duration=5.0)
    melody = None
    torch.manual_seed(SEED)
    if kind == "melody":
        tune = sing((60, 64, 67, 72), 0.5)
        melody = Sound(tune[None], RATE)
        sound, tokens = peer.generate_with_chroma([PROMPT], torch.from_numpy(tune)[None], RATE, return_tokens=True)
    else:
        sound, tokens = peer.generate([PROMPT], return_tokens=True)
    require_same(make(load(model), SoundRequest(PROMPT, 5.0, SEED, melody=melody)), codes, sound, tokens)
