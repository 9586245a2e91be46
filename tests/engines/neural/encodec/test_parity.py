"""Our codec compared with audiocraft's and transformers', with the same weights, in both file formats."""

import warnings
from typing import Any

import pytest

from tests.optional import require

torch = require("torch")

from musearoo.engines.neural.encodec import layers
from musearoo.engines.neural.encodec.codec import Codec
from musearoo.engines.neural.encodec.loading import build_codec
from musearoo.engines.neural.encodec.shape import CodecShape
from tests.each_case import each_case
from tests.engines.neural.encodec.codecs import (
    SHAPES,
    TINY,
    describe_for_audiocraft,
    describe_for_transformers,
    make_codes,
    scramble,
)

FRAMES = (1, 2, 3, 4, 7, 130)
SAMPLES = (1, 2, 23, 24, 25, 100, 24 * 60, 24 * 130 + 5)
CLOSE = {"atol": 1e-5, "rtol": 0.0}


@pytest.fixture(params=(2_000_000, 0), ids=("as convolutions", "as products"), autouse=True)
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run with both implementations: of layers with few weights, and with many."""
    monkeypatch.setattr(layers, "LARGE", request.param)


def open_with_audiocraft(shape: CodecShape, norm: str = "weight_norm") -> Any:
    require("audiocraft", "xformers")
    with warnings.catch_warnings():
        # audiocraft triggers warnings of torch and its own dependencies.
        warnings.simplefilter("ignore")
        from audiocraft.models.builders import get_compression_model
        from omegaconf import OmegaConf

        return scramble(get_compression_model(OmegaConf.create(describe_for_audiocraft(shape, norm))))


def open_with_transformers(shape: CodecShape) -> Any:
    require("transformers")
    from transformers import EncodecConfig, EncodecModel

    torch.manual_seed(0)
    return scramble(EncodecModel(EncodecConfig(**describe_for_transformers(shape))))


def make_sound(samples: int, channels: int = 1) -> Any:
    return torch.randn(channels, samples, generator=torch.Generator().manual_seed(samples))


def compare_with_audiocraft(codec: Codec, peer: Any) -> None:
    for frames in FRAMES:
        codes = make_codes(codec.shape, frames, codec.channels)
        torch.testing.assert_close(codec.decode(codes), peer.decode(codes[None])[0], **CLOSE)
    for samples in SAMPLES:
        sound = make_sound(samples, codec.channels)
        assert codec.encode(sound).tolist() == peer.encode(sound[None])[0][0].tolist()


@each_case("shape", SHAPES.values())
def test_it_matches_audiocraft(shape: CodecShape) -> None:
    peer = open_with_audiocraft(shape)
    compare_with_audiocraft(build_codec(describe_for_audiocraft(shape), peer.state_dict()), peer)


def test_weights_without_a_norm_are_taken_as_they_are() -> None:
    peer = open_with_audiocraft(TINY, norm="none")
    compare_with_audiocraft(build_codec(describe_for_audiocraft(TINY, "none"), peer.state_dict()), peer)


def test_stereo_codes_are_interleaved_as_in_audiocraft() -> None:
    mono = open_with_audiocraft(TINY)
    from audiocraft.models.encodec import InterleaveStereoCompressionModel

    codec = build_codec(describe_for_audiocraft(TINY), mono.state_dict(), channels=2)
    assert (codec.channels, codec.codebooks) == (2, 2 * TINY.codebooks)
    compare_with_audiocraft(codec, InterleaveStereoCompressionModel(mono))


@each_case("shape", [shape for shape in SHAPES.values() if shape.recurrent_layers])
def test_it_matches_transformers(shape: CodecShape) -> None:
    peer = open_with_transformers(shape)
    codec = build_codec(describe_for_transformers(shape), peer.state_dict())
    for frames in FRAMES:
        codes = make_codes(shape, frames)
        torch.testing.assert_close(codec.decode(codes), peer.decode(codes[None, None], [None])[0][0], **CLOSE)
    for samples in SAMPLES:
        sound = make_sound(samples)
        assert codec.encode(sound).tolist() == peer.encode(sound[None])[0][0, 0].tolist()
