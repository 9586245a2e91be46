"""Streaming decoding compared with decoding all at once."""

import random
from collections.abc import Sequence
from typing import Any

import pytest

from tests.optional import require

torch = require("torch")

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.encodec import streaming
from musearoo.engines.neural.encodec.codec import Codec
from musearoo.engines.neural.encodec.shape import CodecShape
from tests.each_case import each_case
from tests.engines.neural.encodec.codecs import SHAPES, TINY, make_codes, make_weights

CLOSE = {"atol": 1e-5, "rtol": 0.0}


def decode_plainly(codec: Codec, codes: Any) -> Any:
    """Decode codes, each layer over all frames at once."""
    with torch.inference_mode():
        values, _ = codec.decoder.recur(codec.decoder.before(codec.quantiser.look_up(codes)), None)
        return codec.decoder.after(values)[:, :, 0]


def decode_in_parts(codec: Codec, codes: Any, sizes: Sequence[int], behind: Any = None) -> tuple[list[int], Any]:
    """Return the number of samples per part, the rest included, and all samples."""
    stream = codec.stream(behind)
    parts = [stream.feed(part) for part in codes.split(list(sizes), dim=1)]
    parts.append(stream.finish())
    return [part.shape[1] for part in parts], torch.cat(parts, dim=1)


def make_codec(shape: CodecShape = TINY, channels: int = 1) -> Codec:
    return Codec.of(shape, channels, make_weights(shape))


def draw_sizes(frames: int, seed: int) -> list[int]:
    """Return random part sizes, some of them empty and many of one frame."""
    draw = random.Random(seed)
    sizes: list[int] = []
    while (left := frames - sum(sizes)) > 0:
        sizes.append(min(left, draw.choice((0, 1, 1, 2, 3, 5, 8, 25, 60))))
    return sizes


@each_case("channels", [1, 2])
@each_case("shape", SHAPES.values())
def test_a_stream_has_no_seams(shape: CodecShape, channels: int) -> None:
    codec = make_codec(shape, channels)
    for seed, frames in enumerate((1, 2, 3, 4, 5, 8, 110)):
        codes = make_codes(shape, frames, channels, seed)
        expected = decode_plainly(codec, codes)
        assert expected.shape == (channels, frames * codec.hop)
        assert float(expected.std()) > 0.01
        sizes = draw_sizes(frames, seed)
        for parts in (sizes, [1] * frames, [frames]):
            torch.testing.assert_close(decode_in_parts(codec, codes, parts)[1], expected, **CLOSE)


def test_a_long_sound_is_that_of_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    codec, codes = make_codec(), make_codes(TINY, 410)
    expected = decode_plainly(codec, codes)
    for together in (1, 7, 50, 500):
        monkeypatch.setattr(streaming, "TOGETHER", together)
        torch.testing.assert_close(codec.decode(codes), expected, **CLOSE)


def test_audio_is_output_as_soon_as_it_is_final() -> None:
    codec = make_codec()
    codes, other = make_codes(TINY, 40, seed=1), make_codes(TINY, 40, seed=2)
    ahead = codec.stream().lookahead
    sizes, _ = decode_in_parts(codec, codes, [1] * 40)
    assert sizes == [0] * ahead + [codec.hop] * (40 - ahead) + [ahead * codec.hop]
    # One frame earlier it could still have changed.
    same, changed = 20, torch.cat((codes[:, :20], other[:, 20:]), dim=1)
    apart = (decode_plainly(codec, codes) - decode_plainly(codec, changed)).abs()[0]
    final = (same - ahead) * codec.hop
    assert float(apart[:final].max()) == 0.0
    assert float(apart[final : final + codec.hop].max()) > 0.0


@each_case("channels", [1, 2])
@each_case("known", [0, 1, 3, 30, 120])
def test_preceding_codes_are_context_and_not_output(known: int, channels: int) -> None:
    codec = make_codec(channels=channels)
    codes = make_codes(TINY, known + 60, channels)
    expected = decode_plainly(codec, codes)[:, known * codec.hop :]
    _, found = decode_in_parts(codec, codes[:, known:], draw_sizes(60, known), behind=codes[:, :known])
    torch.testing.assert_close(found, expected, **CLOSE)
    # It differs from the sound of the same codes on their own.
    if known:
        assert float((decode_plainly(codec, codes[:, known:]) - expected).abs().max()) > 0.01


def test_a_stream_keeps_a_few_frames() -> None:
    codec = make_codec()
    stream = codec.stream()
    for part in make_codes(TINY, 500).split(9, dim=1):
        stream.feed(part)
    kept = [values for values in _tensors(stream) if values.shape[1] > 1]
    assert 0 < max(values.shape[1] for values in kept) <= 16
    assert max(values.untyped_storage().nbytes() for values in kept) < 100_000


def _tensors(stream: streaming.StreamingDecoder) -> list[Any]:
    frames = (stream._vectors, stream._recurred)
    return [one._values for one in frames if one._values is not None]


def test_no_codes_have_no_sound() -> None:
    codec = make_codec(channels=2)
    stream = codec.stream()
    assert stream.feed(make_codes(TINY, 0, 2)).shape == stream.finish().shape == (2, 0)
    assert codec.decode(make_codes(TINY, 0, 2)).shape == (2, 0)
    assert codec.stream(make_codes(TINY, 9, 2)).finish().shape == (2, 0)


def test_nothing_comes_after_the_end() -> None:
    stream = make_codec().stream()
    stream.feed(make_codes(TINY, 3))
    stream.finish()
    with pytest.raises(EngineError, match="at its end"):
        stream.feed(make_codes(TINY, 1))


def test_two_streams_are_independent() -> None:
    codec, codes = make_codec(), make_codes(TINY, 60)
    one, other = codec.stream(), codec.stream()
    first = one.feed(codes[:, :30])
    other.feed(make_codes(TINY, 25, seed=9))
    found = torch.cat((first, one.feed(codes[:, 30:]), one.finish()), dim=1)
    torch.testing.assert_close(found, decode_plainly(codec, codes), **CLOSE)
