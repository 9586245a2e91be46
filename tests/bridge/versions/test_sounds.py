"""Sounds are kept by what is heard, come back sample by sample, and damage is found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from musearoo.bridge.audio.files import AudioFileError
from musearoo.bridge.versions.blobs import MissingBlobError, VersionsError
from musearoo.bridge.versions.objects import DamagedError
from musearoo.bridge.versions.sound_differences import compare_sounds
from musearoo.bridge.versions.sound_index import SoundIndex
from musearoo.bridge.versions.sounds import find_sound
from musearoo.bridge.versions.tree import ClipSound
from tests.bridge.versions.some_versions import a_clip, a_tree, read_samples, versions_in, write_sound
from tests.each_case import each_case


@each_case(
    "subtype, ending, dtype",
    [
        ("PCM_U8", "flac", "int16"),
        ("PCM_16", "flac", "int16"),
        ("PCM_24", "flac", "int32"),
        ("PCM_32", "zst", "int32"),
        ("FLOAT", "zst", "float32"),
        ("DOUBLE", "zst", "float64"),
    ],
)
def test_samples_come_back_as_they_were(tmp_path: Path, subtype: str, ending: str, dtype: str) -> None:
    folder = tmp_path / subtype
    folder.mkdir()
    versions = versions_in(folder)
    for name, frames, channels in (("stereo", 70_001, 2), ("wide", 300, 9), ("empty", 0, 1)):
        path = write_sound(folder / f"{name}.wav", subtype, frames=frames, channels=channels)
        key = versions.sounds.put(path)
        is_plain = frames > 0 and channels <= 8
        assert find_sound(versions.blobs, key).name.endswith(f".{ending if is_plain else 'zst'}")
        back = versions.sounds.restore(key, folder / f"{name} back")
        assert back.suffix == ".wav"
        assert soundfile.info(back).subtype == subtype
        assert np.array_equal(read_samples(back, dtype), read_samples(path, dtype))


def test_the_key_is_the_sounds_and_not_the_files(tmp_path: Path) -> None:
    versions = versions_in(tmp_path)
    path = write_sound(tmp_path / "a.wav", "PCM_16")
    samples, rate = soundfile.read(path, dtype="int16")
    for name, container in (("b.aiff", "AIFF"), ("c.flac", "FLAC"), ("d.w64", "W64")):
        soundfile.write(tmp_path / name, samples, rate, subtype="PCM_16", format=container)
    keys = {versions.sounds.put(tmp_path / name) for name in ("a.wav", "b.aiff", "c.flac", "d.w64")}
    assert len(keys) == 1
    assert sum(1 for _ in versions.blobs.list("sounds/")) == 1
    soundfile.write(tmp_path / "e.wav", samples, rate + 1, subtype="PCM_16")
    assert versions.sounds.put(tmp_path / "e.wav") not in keys


def test_what_is_compressed_stays_as_it_is(tmp_path: Path) -> None:
    versions = versions_in(tmp_path)
    soundfile.write(tmp_path / "a.mp3", np.zeros(5_000), 44_100)
    key = versions.sounds.put(tmp_path / "a.mp3")
    back = versions.sounds.restore(key, tmp_path / "back")
    assert back.name == "back.mp3"
    assert back.read_bytes() == (tmp_path / "a.mp3").read_bytes()


@each_case("subtype", ["PCM_24", "FLOAT"])
def test_damage_is_found_and_leaves_no_file(tmp_path: Path, subtype: str) -> None:
    folder = tmp_path / subtype
    folder.mkdir()
    versions = versions_in(folder)
    key = versions.sounds.put(write_sound(folder / "a.wav", subtype))
    blob = find_sound(versions.blobs, key)
    path = versions.folder / blob.name
    whole = path.read_bytes()
    for place in (0, 5, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 16]) + whole[place + 1 :])
        try:
            back = versions.sounds.restore(key, folder / "back")
        except DamagedError:
            assert not list(folder.glob("back*"))
        else:
            # A bit that no sample depends on, such as of a header's reserve.
            assert np.array_equal(read_samples(back), read_samples(folder / "a.wav"))
            back.unlink()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DamagedError):
        versions.sounds.verify(blob)
    path.unlink()
    with pytest.raises(MissingBlobError):
        versions.sounds.restore(key, folder / "back")
    assert not [each for each in versions.folder.rglob(".*") if each.is_file()]


def test_a_file_that_may_not_be_read_or_grows_meanwhile_is_refused(tmp_path: Path) -> None:
    versions = versions_in(tmp_path)
    path = write_sound(tmp_path / "a.wav")
    with pytest.raises(AudioFileError, match="outside the folders"):
        versions.sounds.put(path, [tmp_path / "other"])

    def grow(_: int) -> None:
        with path.open("ab") as stream:
            stream.write(b"more")

    with pytest.raises(VersionsError, match="still being written"):
        versions.sounds.put(path, None, grow)
    assert list(versions.blobs.list("sounds/")) == []


def test_a_file_is_read_once_as_long_as_it_stays_the_same(tmp_path: Path) -> None:
    versions = versions_in(tmp_path)
    path, other = write_sound(tmp_path / "a.wav"), write_sound(tmp_path / "b.wav", seed=1)
    sounds = [ClipSound(path=str(each)) for each in (path, other, tmp_path / "none.wav")]
    tree = a_tree(*(a_clip(f"c{number}", "", sound=sound) for number, sound in enumerate(sounds)))
    read: list[int] = []
    for _ in range(2):
        index = SoundIndex(versions.folder / "sound_index.msgpack")
        kept = index.keep(tree, versions.sounds, None, read.append)
    once = sum(read)
    assert once == 2 * 9_000 * 2 * 4
    found = [clip.sound for clip in kept.clips if clip.sound is not None]
    assert [bool(sound.key) for sound in found] == [True, True, False]
    assert "does not exist" in found[2].problem
    write_sound(path, seed=2)
    index.keep(tree, versions.sounds, None, read.append)
    assert sum(read) == once + 9_000 * 2 * 4


def test_a_null_test_tells_how_far_sounds_are_apart(tmp_path: Path) -> None:
    versions = versions_in(tmp_path)
    path = write_sound(tmp_path / "a.wav", "FLOAT", frames=96_000)
    samples, rate = soundfile.read(path, dtype="float32")
    low = np.sin(np.arange(96_000) * 2 * np.pi * 80 / rate)[:, None].astype(np.float32)
    keys = [versions.sounds.put(path)]
    for name, other in (("same", samples * 1.0000001), ("softer", samples * 0.5), ("deeper", samples + 0.5 * low)):
        soundfile.write(tmp_path / f"{name}.wav", other, rate, subtype="FLOAT")
        keys.append(versions.sounds.put(tmp_path / f"{name}.wav"))
    same, softer, deeper = (compare_sounds(versions.sounds, keys[0], key) for key in keys[1:])
    assert same.tell() == "sounds the same"
    assert softer.null_db == pytest.approx(-6.02, abs=0.01)
    assert "-6.0 LU" in softer.tell()
    assert deeper.bands["lows"] > 10.0 > 1.0 > abs(deeper.bands["highs"])
