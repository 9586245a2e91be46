"""WAV files: any program reads the very samples that were written."""

import io

import numpy as np
import pytest
import soundfile

from musearoo.bridge.audio.wave_files import SAMPLE_BYTES, Subtype, encode_wave, encode_wave_head
from tests.bridge.audio.some_sounds import make_sound, residual_db
from tests.each_case import each_case


@each_case("subtype", ["FLOAT", "PCM_24"])
def test_its_head_is_that_of_any_wav_file(subtype: Subtype) -> None:
    data = encode_wave_head(96_000, 1, 2, subtype) + bytes(2 * SAMPLE_BYTES[subtype])
    with soundfile.SoundFile(io.BytesIO(data)) as file:
        assert (file.samplerate, file.channels, file.frames, file.subtype) == (96_000, 1, 2, subtype)


@each_case("channels", [1, 2])
@each_case("subtype, error_db", [("FLOAT", -190.0), ("PCM_24", -120.0)])
def test_a_whole_file_holds_its_samples_to_their_last_bit(subtype: Subtype, error_db: float, channels: int) -> None:
    sound = make_sound(1001, 44_100, channels)
    data = encode_wave(sound, 44_100, subtype)
    assert len(data) % 2 == 0
    with soundfile.SoundFile(io.BytesIO(data)) as file:
        assert (file.samplerate, file.frames, file.subtype) == (44_100, 1001, subtype)
        assert "(should be" not in file.extra_info
        assert residual_db(file.read(dtype="float32", always_2d=True).T, sound) < error_db


def test_24_bits_end_at_full_scale() -> None:
    loud = np.array([[2.0, -2.0]], np.float32)
    samples, _ = soundfile.read(io.BytesIO(encode_wave(loud, 44_100, "PCM_24")))
    assert samples == pytest.approx([1.0, -1.0], abs=1e-6)
