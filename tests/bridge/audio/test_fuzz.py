"""Broken audio files: each gives a sound or one AudioFileError in one line, and leaves nothing open."""

import io
import os
import random
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musearoo.bridge.audio.decoding import FfmpegDecoder
from musearoo.bridge.audio.files import AudioFileError, read_audio

LONG_AGO = 1_600_000_000
"""A file that was touched lately might be still being written."""

FORMATS = (
    ("WAV", "PCM_16"),
    ("WAV", "FLOAT"),
    ("AIFF", "PCM_24"),
    ("FLAC", "PCM_16"),
    ("OGG", "VORBIS"),
    ("MP3", "MPEG_LAYER_III"),
)


def a_file(container: str, subtype: str) -> bytes:
    sound = 0.3 * np.sin(np.arange(11_025) / 20.0)
    buffer = io.BytesIO()
    soundfile.write(buffer, np.stack([sound, sound], axis=1), 22_050, format=container, subtype=subtype)
    return buffer.getvalue()


def breakage(content: bytes, chance: random.Random) -> bytes:
    """The file with bytes changed, mostly in its head, or cut off, or noise in its place."""
    kind = chance.random()
    if kind < 0.25:
        return content[: chance.randrange(1, len(content))]
    if kind < 0.3:
        return chance.randbytes(chance.randrange(1, 3000))
    broken = bytearray(content)
    for _ in range(chance.choice((1, 3, 10, 50))):
        broken[chance.randrange(min(len(broken), chance.choice((60, 400, len(broken)))))] = chance.randrange(256)
    return bytes(broken)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("files", [300, pytest.param(20_000, marks=pytest.mark.long)])
def test_broken_files_are_analyzed_or_refused(tmp_path: Path, files: int) -> None:
    chance = random.Random(11)
    whole = [a_file(*kind) for kind in FORMATS]
    path = tmp_path / "broken.wav"
    heard = 0
    refusals: list[str] = []
    for _ in range(files):
        path.write_bytes(breakage(chance.choice(whole), chance))
        os.utime(path, (LONG_AGO, LONG_AGO))
        try:
            sound = read_audio(path)
        except AudioFileError as error:
            refusals.append(str(error))
        else:
            heard += 1
            assert np.isfinite(sound.samples).all()
    assert min(heard, len(refusals)) > files // 10
    assert [said for said in refusals if "\n" in said or str(path) not in said] == []


def test_more_channels_than_ffmpeg_has_planes_are_read(tmp_path: Path) -> None:
    sound = np.linspace(-0.5, 0.5, 12)[np.newaxis] * np.ones((4_000, 1))
    soundfile.write(tmp_path / "twelve.wav", sound, 22_050, subtype="FLOAT")
    decoder = FfmpegDecoder(tmp_path / "twelve.wav")
    blocks = np.concatenate([np.array(block) for block in decoder.blocks(0)], axis=1)
    decoder.close()
    assert blocks.shape == (8, 4_000)
    np.testing.assert_allclose(blocks.T, sound[:, :8], atol=1e-6)


def test_an_unknown_codec_is_reported(tmp_path: Path) -> None:
    content = bytearray(a_file("WAV", "PCM_16"))
    content[20:22] = (0x1234).to_bytes(2, "little")
    path = tmp_path / "odd.wav"
    path.write_bytes(content)
    with pytest.raises(AudioFileError, match="no codec that is known"):
        read_audio(path)
