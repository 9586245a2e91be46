"""Audio files of every kind and state: right samples, or one clear error."""

import os
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musearoo.bridge.audio import files as audio_files
from musearoo.bridge.audio.files import AudioFileError, hash_audio, probe_audio, read_audio
from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.errors import ParamError

RATE = 44_100
LONG_AGO = (1e9, 1e9)


def make_tone(seconds: float = 1.0, rate: int = RATE, channels: int = 2) -> FloatArray:
    """A rising tone that no stretch of it repeats, float32 (frames, channels)."""
    times = np.arange(round(seconds * rate)) / rate
    tone = 0.5 * np.sin(2 * np.pi * (200 + 150 * times) * times) * np.cos(9 * times)
    return np.stack([tone * 0.8**channel for channel in range(channels)], axis=1).astype(np.float32)


def write(
    path: Path, samples: FloatArray, rate: int = RATE, subtype: str | None = None, form: str | None = None
) -> Path:
    """Writes a file that nobody has touched for long."""
    soundfile.write(path, samples, rate, subtype=subtype, format=form)
    os.utime(path, LONG_AGO)
    return path


def write_with_ffmpeg(path: Path, samples: FloatArray, codec: str) -> Path:
    """Writes what libsndfile cannot."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE, layout="stereo")
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T), format="fltp", layout="stereo")
        frame.rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
        for part in av.AudioResampler(format=stream.codec_context.format).resample(frame):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    os.utime(path, LONG_AGO)
    return path


@pytest.mark.parametrize(
    ("name", "form", "subtype", "error"),
    [
        ("a.wav", "WAV", "PCM_U8", 0.01),
        ("a.wav", "WAV", "PCM_16", 1e-4),
        ("a.wav", "WAV", "PCM_24", 1e-6),
        ("a.wav", "WAV", "PCM_32", 1e-6),
        ("a.wav", "WAV", "FLOAT", 1e-6),
        ("a.wav", "WAV", "DOUBLE", 1e-6),
        ("a.aif", "AIFF", "PCM_S8", 0.01),
        ("a.aiff", "AIFF", "PCM_24", 1e-6),
        ("a.flac", "FLAC", "PCM_24", 1e-6),
        ("a.w64", "W64", "PCM_16", 1e-4),
        ("a.wav", "RF64", "PCM_16", 1e-4),
        ("a.caf", "CAF", "PCM_16", 1e-4),
        ("ein Stück Ü.ogg", "OGG", "VORBIS", 0.1),
        ("a.mp3", "MP3", "MPEG_LAYER_III", 0.1),
    ],
)
def test_what_libsndfile_knows(tmp_path: Path, name: str, form: str, subtype: str, error: float) -> None:
    tone = make_tone()
    path = write(tmp_path / name, tone, subtype=subtype, form=form)

    sound = read_audio(path)

    assert (sound.channels, sound.frames, sound.rate) == (2, RATE, RATE)
    np.testing.assert_allclose(sound.samples, (tone - tone.mean(axis=0)).T, atol=error)
    facts = probe_audio(str(path))
    assert (facts.duration, facts.rate, facts.channels, facts.note) == (1.0, RATE, 2, "")
    assert facts.format == ("mp3 mp3float" if form == "MP3" else f"{form} {subtype}")


@pytest.mark.parametrize(("name", "codec", "error"), [("a.m4a", "aac", 0.05), ("a.m4a", "alac", 1e-3)])
def test_what_ffmpeg_knows(tmp_path: Path, name: str, codec: str, error: float) -> None:
    tone = make_tone(6.0)
    path = write_with_ffmpeg(tmp_path / name, tone, codec)

    sound = read_audio(path)

    assert sound.channels == 2
    assert sound.frames == pytest.approx(6 * RATE, abs=1024)
    # An encoder needs a moment to find in.
    inner = slice(2048, 5 * RATE)
    assert np.sqrt(np.mean((sound.samples[:, inner] - tone[inner].T) ** 2)) < error
    stretch = read_audio(path, 4.0, 5.0)
    assert stretch.frames == RATE
    assert np.sqrt(np.mean((stretch.samples - tone[4 * RATE : 5 * RATE].T) ** 2)) < error
    assert probe_audio(path).format == f"mov {codec}"


@pytest.mark.parametrize("rate", [2_000, 8_000, 11_025, 48_000, 96_000, 192_000, 768_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_rates_and_channels(tmp_path: Path, rate: int, channels: int) -> None:
    path = write(tmp_path / "a.wav", make_tone(0.05, rate, channels), rate)
    sound = read_audio(path)
    assert (sound.rate, sound.channels, sound.frames) == (rate, channels, round(0.05 * rate))


def test_of_more_than_eight_channels_the_first_eight(tmp_path: Path) -> None:
    assert read_audio(write(tmp_path / "a.wav", make_tone(0.1, RATE, 16))).channels == 8


def test_a_stretch_is_what_the_whole_has_there(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", make_tone(2.0), subtype="FLOAT")
    whole, stretch = read_audio(path), read_audio(path, 0.5, 1.25)
    np.testing.assert_allclose(
        stretch.samples, whole.samples[:, 22_050:55_125] - whole.samples[:, 22_050:55_125].mean(1)[:, None], atol=1e-6
    )
    assert read_audio(path, 1.5, 99.0).duration == pytest.approx(0.5)
    with pytest.raises(AudioFileError, match=r"ends after 2.00 s, before 3.00 s"):
        read_audio(path, 3.0)
    with pytest.raises(ParamError, match="start must be 0 seconds or more"):
        read_audio(path, -1.0)
    with pytest.raises(ParamError, match="end must be after the start, 1 seconds"):
        read_audio(path, 1.0, 1.0)


def test_nan_infinity_and_absurd_levels_are_silence(tmp_path: Path) -> None:
    tone = make_tone(0.1)
    tone[10, 0], tone[20, 1], tone[30, 0] = np.nan, np.inf, 1e30
    sound = read_audio(write(tmp_path / "a.wav", tone, subtype="FLOAT"))
    assert sound.unusable == 3
    assert np.abs(sound.samples).max() < 1.0


def test_dc_is_taken_off(tmp_path: Path) -> None:
    sound = read_audio(write(tmp_path / "a.wav", make_tone() * np.float32(0.5) + np.float32(0.4)))
    assert np.abs(sound.samples.mean(axis=1)).max() < 1e-6


@pytest.mark.parametrize("rate", [44_100, 88_200, 96_000, 192_000])
def test_long_files_come_as_mono_at_a_lower_rate(tmp_path: Path, rate: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio_files, "MOST_SAMPLES", rate)
    tone = make_tone(4.0, rate)
    sound = read_audio(write(tmp_path / "a.wav", tone, rate, subtype="FLOAT"))

    assert sound.channels == 1
    assert sound.rate in (44_100, 48_000, 32_000)
    assert sound.duration == pytest.approx(4.0, abs=1e-3)
    factor = rate // sound.rate
    expected = (tone.mean(axis=1) - tone.mean())[::factor]
    # The ends lack what would lie beyond them.
    np.testing.assert_allclose(sound.samples[0][200:-200], expected[200:-200], atol=2e-3)


def test_long_files_whose_channels_cancel_out_keep_the_louder_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audio_files, "MOST_SAMPLES", 1000)
    tone = make_tone()
    tone[:, 1] = -tone[:, 0]
    sound = read_audio(write(tmp_path / "a.wav", tone, subtype="FLOAT"))
    np.testing.assert_allclose(np.abs(sound.samples[0]), np.abs(tone[:, 0] - tone[:, 0].mean()), atol=1e-6)


def test_long_files_that_only_ffmpeg_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tone = make_tone(3.0)
    tone[:, 1] = -tone[:, 0]  # so that it is read twice
    path = write_with_ffmpeg(tmp_path / "a.m4a", tone, "alac")
    monkeypatch.setattr(audio_files, "MOST_SAMPLES", 1000)
    sound = read_audio(path)
    assert sound.samples.shape == (1, 3 * RATE)
    assert np.sqrt(np.mean((np.abs(sound.samples[0]) - np.abs(tone[:, 0])) ** 2)) < 1e-3


def test_a_file_that_vanishes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.wav", make_tone())
    gather = audio_files._gather

    def gather_and_delete(*arguments: object) -> object:
        sound = gather(*arguments)  # type: ignore[arg-type]
        path.unlink()
        return sound

    monkeypatch.setattr(audio_files, "_gather", gather_and_delete)
    with pytest.raises(AudioFileError, match="is still being written"):
        read_audio(path)


@pytest.mark.parametrize("content", [b"not audio at all, " * 100, b"#EXTM3U\n/etc/hosts\n", b"RIFF\0\0", bytes(5000)])
def test_what_is_no_audio(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "words.wav"
    path.write_bytes(content)
    with pytest.raises(AudioFileError, match=r"words\.wav is no audio that can be read"):
        read_audio(path)
    with pytest.raises(AudioFileError, match=r"words\.wav is no audio that can be read"):
        probe_audio(path)


def test_playlists_lead_nowhere(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.wav", make_tone())
    playlist = tmp_path / "list.m4a"
    playlist.write_text(f"ffconcat version 1.0\nfile {secret}\n")
    with pytest.raises(AudioFileError, match="no audio"):
        read_audio(playlist)


def test_a_header_that_breaks_off(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.wav", make_tone()).read_bytes()
    for length in (4, 12, 20, 36):
        broken = tmp_path / f"{length}.wav"
        broken.write_bytes(whole[:length])
        with pytest.raises(AudioFileError, match=r"no audio that can be read|to hear"):
            read_audio(broken)


@pytest.mark.parametrize("name", ["a.wav", "a.aiff", "a.flac"])
def test_a_truncated_file_gives_its_readable_part(tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    path = write(tmp_path / name, make_tone(3.0))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    os.utime(path, LONG_AGO)

    sound = read_audio(path)

    assert 0.5 < sound.duration < 2.5
    np.testing.assert_allclose(sound.samples[0][: RATE // 2], make_tone(3.0)[: RATE // 2, 0], atol=0.02)
    assert "what is there is used" in caplog.text


def test_a_file_that_is_being_written(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", make_tone(3.0))
    path.write_bytes(path.read_bytes()[:100_000])  # as of now: its header promises more
    with pytest.raises(AudioFileError, match=r"a\.wav is still being written"):
        read_audio(path)


def test_a_file_whose_header_tells_of_nothing_yet(tmp_path: Path) -> None:
    path = tmp_path / "a.aiff"
    with soundfile.SoundFile(path, "w", RATE, 1) as file:
        file.write(make_tone(1.0, RATE, 1))
        file.flush()
        with pytest.raises(AudioFileError, match=r"a\.aiff is still being written"):
            read_audio(path)
    assert read_audio(path).duration == 1.0


def test_a_file_that_grows_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.wav", make_tone())
    gather = audio_files._gather

    def gather_and_grow(*arguments: object) -> object:
        with path.open("ab") as stream:
            stream.write(bytes(100))
        return gather(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(audio_files, "_gather", gather_and_grow)
    with pytest.raises(AudioFileError, match="is still being written"):
        read_audio(path)


def test_too_short_and_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AudioFileError, match=r"there are 5\.0 ms to hear"):
        read_audio(write(tmp_path / "short.wav", make_tone(0.005, 48_000), 48_000))
    path = write(tmp_path / "long.wav", make_tone(125.0, 2_000, 1), 2_000)
    monkeypatch.setattr(audio_files, "LONGEST", 60.0)
    with pytest.raises(AudioFileError, match="is 2 minutes long, above 31"):
        read_audio(path)
    assert read_audio(path, 10.0, 50.0).duration == 40.0


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="does not exist"):
        read_audio(tmp_path / "none.wav")
    with pytest.raises(AudioFileError, match="is a folder"):
        read_audio(tmp_path)
    (tmp_path / "empty.wav").touch()
    with pytest.raises(AudioFileError, match=r"is empty \(0 bytes\)"):
        read_audio(tmp_path / "empty.wav")
    with pytest.raises(AudioFileError, match="cannot be opened"):
        read_audio("a\0b.wav")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes among its files")
def test_a_pipe_and_a_device_do_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    for path in (tmp_path / "pipe.wav", Path("/dev/zero")):
        with pytest.raises(AudioFileError, match="is a pipe or a device"):
            read_audio(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_rights(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", make_tone())
    path.chmod(0)
    with pytest.raises(AudioFileError, match="may not be read"):
        read_audio(path)


def test_only_the_allowed_folders_however_the_path_is_written(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    good, bad = write(inside / "a.wav", make_tone(0.1)), write(outside / "b.wav", make_tone(0.1))
    (inside / "link.wav").symlink_to(bad)
    (outside / "back.wav").symlink_to(good)

    assert read_audio(good, allowed=[inside]).channels == 2
    assert read_audio(outside / "back.wav", allowed=[outside, inside]).channels == 2
    for path in (bad, inside / "link.wav", inside / ".." / "outside" / "b.wav"):
        for function in (read_audio, probe_audio, hash_audio):
            with pytest.raises(AudioFileError, match="outside the folders that MuseAroo may read"):
                function(path, allowed=[inside])
    with pytest.raises(AudioFileError, match="outside the folders"):
        read_audio(good, allowed=[])


def test_links_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a.wav").symlink_to(tmp_path / "b.wav")
    (tmp_path / "b.wav").symlink_to(tmp_path / "a.wav")
    with pytest.raises(AudioFileError, match="cannot be opened"):
        read_audio(tmp_path / "a.wav")


def test_a_hash_follows_the_content(tmp_path: Path) -> None:
    one, two = write(tmp_path / "a.wav", make_tone(0.1)), write(tmp_path / "b.wav", make_tone(0.1))
    first = hash_audio(one)
    assert len(first) == 40
    assert hash_audio(two) == first
    os.utime(one, (time.time() + 5, time.time() + 5))
    assert hash_audio(one) == first
    write(one, make_tone(0.2))
    assert hash_audio(one) != first


def test_an_unchanged_file_is_hashed_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", make_tone(0.1))
    hash_audio(path)
    before = audio_files._hash_bytes.cache_info()
    hash_audio(path)
    after = audio_files._hash_bytes.cache_info()
    assert (after.hits, after.misses) == (before.hits + 1, before.misses)


def test_a_name_that_is_not_text_is_reported(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match=r"has a name that is no UTF-8 text: rename it\.$"):
        probe_audio(tmp_path / "a\udcff.wav")
