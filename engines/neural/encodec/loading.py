"""Build a codec from the settings and tensors of a file, and estimate its memory. Files are opened elsewhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from musearoo.engines.neural.encodec.codec import Codec
from musearoo.engines.neural.encodec.layers import Tensor
from musearoo.engines.neural.encodec.settings import read_shape
from musearoo.engines.neural.encodec.shape import CodecShape
from musearoo.engines.neural.encodec.weights import gather_weights

FLOAT: Final = 4
"""Bytes of a float32 number."""


def build_codec(
    settings: Mapping[str, Any], state: Mapping[str, Tensor], channels: int = 1, device: str = "cpu", name: str = "It"
) -> Codec:
    """Build a codec on a device; `state` may be freed afterwards.

    `settings`: see `read_shape`. `state`: tensors by audiocraft's or transformers' names. `channels`: 2 for a codec
    that encodes the channels of stereo audio separately. `name`: the file's name, for errors.
    Raises EngineError for a codec of another kind than MusicGen's, and for missing or invalid tensors.
    """
    shape = read_shape(settings, name)
    weights = gather_weights(state, shape, name)
    return Codec.of(shape, channels, {key: values.to(device) for key, values in weights.items()})


def estimate_bytes(shape: CodecShape) -> int:
    """Return the size of a codec's weights in bytes."""
    return FLOAT * sum(math.prod(size) for size in shape.sizes().values())
