"""Building codecs from settings and tensors, and the errors for invalid ones."""

import json
import math
import re
from typing import Any

import pytest

from tests.optional import require

torch = require("torch")

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.encodec.codec import to_channels
from musearoo.engines.neural.encodec.loading import build_codec, estimate_bytes
from musearoo.engines.neural.encodec.settings import read_shape
from musearoo.engines.neural.encodec.shape import CodecShape
from tests.each_case import each_case
from tests.engines.neural.encodec.codecs import (
    SHAPES,
    TINY,
    describe_for_audiocraft,
    describe_for_transformers,
    make_codes,
    make_weights,
)

PUBLISHED = CodecShape(
    rate=32_000,
    ratios=(8, 5, 4, 4),
    filters=64,
    dimension=128,
    codebooks=4,
    cardinality=2048,
    residuals=1,
    dilation_growth=2,
    compress=2,
    recurrent_layers=2,
    kernel=7,
    last_kernel=7,
    residual_kernel=3,
    mirrors=True,
    has_shortcut=False,
)
"""MusicGen's codec, after audiocraft's `encodec_musicgen_32khz` and transformers' `facebook/encodec_32khz`."""


def make_state() -> dict[str, Any]:
    """Return weights under transformers' names, without norms."""
    state = {}
    for name, values in make_weights(TINY).items():
        name = re.sub(r"^codebooks\.(\d+)$", r"quantizer.layers.\1.codebook.embed", name)
        name = re.sub(r"^(encoder|decoder)\.", r"\1.layers.", name)
        state[re.sub(r"\.(weight|bias)$", r".conv.\1", name)] = values
    return state


def spoil(settings: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of settings with values under dotted names changed; None removes them."""
    copy: dict[str, Any] = json.loads(json.dumps(settings))
    for key, value in changes.items():
        *parents, last = key.split(".")
        group = copy
        for parent in parents:
            group = group[parent]
        if value is None:
            del group[last]
        else:
            group[last] = value
    return copy


@each_case("shape", [PUBLISHED, *SHAPES.values()])
def test_both_formats_give_the_same_shape(shape: CodecShape) -> None:
    assert read_shape(describe_for_audiocraft(shape), "codec") == shape
    # transformers has no codec without recurrent layers.
    if shape.recurrent_layers:
        assert read_shape(describe_for_transformers(shape), "codec") == shape


def test_the_published_codec_has_its_size() -> None:
    sizes = PUBLISHED.sizes()
    assert PUBLISHED.hop == 640
    assert sizes["decoder.3.weight"] == (1024, 512, 16)
    assert sizes["encoder.12.weight"] == (1024, 512, 16)
    assert sizes["decoder.15.weight"] == (1, 64, 7)
    # 57,925,313 numbers of four bytes.
    assert estimate_bytes(PUBLISHED) == 231_701_252


def test_a_codec_has_its_properties() -> None:
    codec = build_codec(describe_for_transformers(TINY), make_state(), channels=2)
    assert (codec.rate, codec.channels, codec.codebooks, codec.cardinality, codec.hop) == (32_000, 2, 6, 32, 24)
    assert codec.device.type == "cpu"
    assert codec.decode(make_codes(TINY, 5, 2)).dtype == torch.float32


AUDIOCRAFT = describe_for_audiocraft(TINY)
TRANSFORMERS = describe_for_transformers(TINY)


@each_case(
    "settings, changes, message",
    [
        (AUDIOCRAFT, {"compression_model": "dac"}, "its compression_model is 'dac', where MusicGen's has 'encodec'"),
        (AUDIOCRAFT, {"encodec.causal": True}, "its encodec.causal is True"),
        (AUDIOCRAFT, {"encodec.channels": 2}, "its encodec.channels is 2"),
        (AUDIOCRAFT, {"encodec.renormalize": True}, "its encodec.renormalize is True"),
        (AUDIOCRAFT, {"seanet.norm": "time_group_norm"}, "its seanet.norm is 'time_group_norm', .* 'weight_norm' or"),
        (AUDIOCRAFT, {"seanet.activation": "ReLU"}, "its seanet.activation is 'ReLU'"),
        (AUDIOCRAFT, {"seanet.decoder.final_activation": "Tanh"}, "its seanet.decoder.final_activation is 'Tanh'"),
        (AUDIOCRAFT, {"seanet.decoder.n_filters": 8}, "its decoder has a n_filters of its own"),
        (AUDIOCRAFT, {"seanet.pad_mode": "replicate"}, "its seanet.pad_mode is 'replicate'"),
        (AUDIOCRAFT, {"seanet.n_filters": None}, "its settings do not say seanet.n_filters"),
        (AUDIOCRAFT, {"seanet.ratios": []}, "its settings do not say seanet.ratios"),
        (AUDIOCRAFT, {"seanet.ratios": [4, "2"]}, "its seanet.ratios is '2'"),
        (AUDIOCRAFT, {"rvq.bins": 1 << 40}, "its rvq.bins is 1099511627776, where 2 to 65536 is possible"),
        (AUDIOCRAFT, {"rvq.n_q": True}, "its rvq.n_q is True"),
        (AUDIOCRAFT, {"seanet.n_residual_layers": -1}, "its seanet.n_residual_layers is -1"),
        (AUDIOCRAFT, {"seanet.compress": 100}, "its seanet.compress is 100, where 1 to 4 is possible"),
        (AUDIOCRAFT, {"seanet": 3}, "its seanet.norm is None"),
        (AUDIOCRAFT, {"rvq": None}, "its settings do not say rvq.n_q"),
        (TRANSFORMERS, {"use_causal_conv": True}, "its use_causal_conv is True"),
        (TRANSFORMERS, {"audio_channels": 2}, "its audio_channels is 2"),
        (TRANSFORMERS, {"normalize": True}, "its normalize is True"),
        (TRANSFORMERS, {"codebook_dim": 5}, "its codebooks have a size of their own"),
        (TRANSFORMERS, {"target_bandwidths": []}, "its settings do not say target_bandwidths"),
        (TRANSFORMERS, {"target_bandwidths": ["a lot"]}, "its settings do not say target_bandwidths"),
        (TRANSFORMERS, {"target_bandwidths": [1.5]}, r"its target_bandwidths are \[1\.5\], and a codebook takes 6\.67"),
        (TRANSFORMERS, {"target_bandwidths": [math.nan]}, r"its target_bandwidths are \[nan\]"),
        (TRANSFORMERS, {"kernel_size": 7.5}, "its kernel_size is 7.5"),
        (TRANSFORMERS, {"upsampling_ratios": None}, "its settings are of another kind of model"),
    ],
)
def test_settings_of_another_codec_are_refused(settings: dict[str, Any], changes: dict[str, Any], message: str) -> None:
    with pytest.raises(EngineError, match=rf"^codec\.bin is no codec that MuseAroo can use: {message}.*\.$"):
        read_shape(spoil(settings, changes), "codec.bin")


def test_incomplete_tensors_are_refused() -> None:
    name = "decoder.layers.0.conv"
    for wrong, message in (
        ({f"{name}.weight": None}, r"it lacks decoder\.0\.weight"),
        ({f"{name}.bias": None}, r"it lacks decoder\.0\.bias"),
        ({"quantizer.layers.2.codebook.embed": None}, r"it lacks codebooks\.2"),
        ({f"{name}.bias": torch.zeros(5)}, r"its decoder\.0\.bias is 5 in size, where 32 is needed"),
        (
            {f"{name}.weight": torch.zeros(32, 12, 5)},
            r"its decoder\.0\.weight is 32 × 12 × 5 in size, where 32 × 12 × 7",
        ),
        ({f"{name}.bias": torch.full((32,), torch.nan)}, r"its decoder\.0\.bias has values that are not finite"),
        (
            {
                f"{name}.weight": None,
                f"{name}.weight_g": torch.ones(3, 1, 1),
                f"{name}.weight_v": torch.ones(32, 12, 7),
            },
            r"the two halves of its decoder\.0\.weight do not go together",
        ),
        ({f"{name}.weight": None, f"{name}.weight_v": torch.ones(32, 12, 7)}, r"it lacks decoder\.0\.weight"),
    ):
        state = {key: values for key, values in (make_state() | wrong).items() if values is not None}
        with pytest.raises(EngineError, match=rf"^codec\.bin does not hold the codec .*: {message}.*\.$"):
            build_codec(TRANSFORMERS, state, name="codec.bin")


def test_the_state_may_be_freed() -> None:
    state = make_state()
    codec = build_codec(TRANSFORMERS, state)
    before = codec.decode(make_codes(TINY, 9))
    for values in state.values():
        values.zero_()
    assert torch.equal(codec.decode(make_codes(TINY, 9)), before)


def test_codes_and_audio_of_another_shape_are_refused() -> None:
    codec = build_codec(TRANSFORMERS, make_state())
    for codes, message in (
        (make_codes(TINY, 5, 2), r"\(3, frames\), not int64 \(6, 5\)"),
        (make_codes(TINY, 5)[0], r"not int64 \(5,\)"),
        (make_codes(TINY, 5).float(), "not float32"),
        (make_codes(TINY, 5) + 31, "codes of 0 to 31, not 31 to"),
        (make_codes(TINY, 5) - 31, "codes of 0 to 31, not -31 to"),
    ):
        with pytest.raises(EngineError, match=message):
            codec.decode(codes)
        with pytest.raises(EngineError, match=message):
            codec.stream(codes)
    for sound in (torch.zeros(2, 100), torch.zeros(100), torch.zeros(1, 0), torch.zeros(1, 100, dtype=torch.int16)):
        with pytest.raises(EngineError, match=r"sounds as floats \(1, samples\), not (float32|int16) \("):
            codec.encode(sound)


def test_channels_are_made_to_fit() -> None:
    stereo = torch.tensor([[1.0, 0.0], [0.0, 0.5]])
    assert to_channels(stereo, 2) is stereo
    assert to_channels(stereo, 1).tolist() == [[0.5, 0.25]]
    assert to_channels(stereo[:1], 2).tolist() == [[1.0, 0.0], [1.0, 0.0]]
