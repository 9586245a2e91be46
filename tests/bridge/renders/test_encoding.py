"""Encoders: what libsndfile and other readers find in the bytes."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
import soundfile

from musearoo.bridge.renders.audio import report_nothing
from musearoo.bridge.renders.encoding import (
    AUDIO_FORMATS,
    FORMATS,
    RENDER_RATE,
    encode_audio,
    ogg_checksum,
    require_format,
    resample,
)
from musearoo.engines.errors import EngineError, ParamError

SOUND = np.stack([np.sin(np.arange(44_100) * hertz * 2 * np.pi / 44_100) for hertz in (440.0, 660.0)])
SOUND = (0.5 * SOUND).astype(np.float32)


def checksum_by_bits(page: bytes) -> int:
    """RFC 3533's checksum as it is written there: polynomial 0x04c11db7, bit by bit."""
    register = 0
    for byte in page:
        register ^= byte << 24
        for _ in range(8):
            register = (register << 1) ^ (0x04C1_1DB7 if register & 0x8000_0000 else 0)
            register &= 0xFFFF_FFFF
    return register


def pages_of(data: bytes) -> list[bytes]:
    pages = []
    while data:
        assert data[:4] == b"OggS"
        count = data[26]
        length = 27 + count + sum(data[27 : 27 + count])
        pages.append(data[:length])
        data = data[length:]
    return pages


def test_every_format_comes_back_in_full_and_in_time() -> None:
    for audio_format in AUDIO_FORMATS:
        spec = FORMATS[audio_format]
        samples, rate = soundfile.read(
            BytesIO(encode_audio(SOUND, audio_format, report_nothing)), dtype="float32", always_2d=True
        )
        assert rate == spec.rate
        wanted = resample(SOUND, rate).T
        assert samples.shape == wanted.shape, audio_format
        middle = slice(rate // 4, 3 * rate // 4)
        error = np.sqrt(np.mean((samples[middle] - wanted[middle]) ** 2))
        # A shift by one sample would be an error of 0.02.
        assert error < (0.0000002 if spec.level is None else 0.005), (audio_format, error)


def test_every_format_has_the_nearest_length_whatever_the_sound_s_is() -> None:
    for audio_format in AUDIO_FORMATS:
        rate = FORMATS[audio_format].rate
        for frames in (1, 44_100, *range(40_000, 40_012)):
            data = encode_audio(SOUND[:, :frames], audio_format, report_nothing)
            assert soundfile.info(BytesIO(data)).frames == round(frames * rate / RENDER_RATE), (audio_format, frames)


def test_the_same_samples_give_the_same_bytes() -> None:
    for audio_format in AUDIO_FORMATS:
        once, again = (encode_audio(SOUND, audio_format, report_nothing) for _ in range(2))
        assert once == again, audio_format


def test_the_pages_of_opus_have_one_serial_number_and_valid_checksums() -> None:
    data = encode_audio(SOUND, "opus", report_nothing)
    pages = pages_of(data)
    assert len(pages) >= 3
    assert len({page[14:18] for page in pages}) == 1
    for page in pages:
        blank = page[:22] + bytes(4) + page[26:]
        assert int.from_bytes(page[22:26], "little") == checksum_by_bits(blank) == ogg_checksum(blank)
    other = encode_audio(SOUND * np.float32(0.5), "opus", report_nothing)
    assert pages_of(other)[0][14:18] != pages[0][14:18]


def test_other_readers_open_them() -> None:
    av = pytest.importorskip("av")
    for audio_format in AUDIO_FORMATS:
        with av.open(BytesIO(encode_audio(SOUND, audio_format, report_nothing))) as container:
            stream = container.streams.audio[0]
            frames = sum(frame.samples for frame in container.decode(stream))
        assert stream.rate == FORMATS[audio_format].rate
        assert frames == pytest.approx(FORMATS[audio_format].rate, rel=0.03), audio_format


def test_an_encoder_that_is_missing_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise soundfile.LibsndfileError(1)

    monkeypatch.setattr(soundfile, "SoundFile", refuse)
    with pytest.raises(EngineError, match=r"libsndfile cannot write MP3 .*reinstall the package soundfile"):
        encode_audio(SOUND, "mp3", report_nothing)


def test_unknown_formats_are_refused() -> None:
    assert [require_format(name) for name in AUDIO_FORMATS] == list(AUDIO_FORMATS)
    with pytest.raises(ParamError, match="format must be one of wav, flac, mp3, opus, but was 'aac'"):
        require_format("aac")


def test_resampling_keeps_the_pitch_and_the_level() -> None:
    assert resample(SOUND, RENDER_RATE) is SOUND
    converted = resample(SOUND, 48_000)
    assert converted.dtype == np.float32
    assert converted.shape == (2, 48_000)
    spectrum = np.abs(np.fft.rfft(converted[0]))
    assert int(spectrum.argmax()) == 440
    assert np.abs(converted[:, 5_000:-5_000]).max() == pytest.approx(0.5, abs=0.001)
