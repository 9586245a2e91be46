"""The folder for captures: its owner's alone, named for devices, and nothing else is ever read or removed."""

import os
import sys
import time
from pathlib import Path

import pytest

from musearoo.bridge.capture.folder import LEFT_BEHIND, CaptureFolder
from musearoo.engines.audio.capture.errors import CaptureError


def test_devices_get_its_name_with_slashes(tmp_path: Path) -> None:
    folder = CaptureFolder(tmp_path / "home")
    assert folder.open() == (tmp_path / "home" / "captures").as_posix()
    assert folder.path.is_dir()
    # It is there already.
    assert folder.open().endswith("/home/captures")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has rights of another kind")
def test_it_is_its_owners_alone(tmp_path: Path) -> None:
    folder = CaptureFolder(tmp_path)
    folder.path.mkdir(mode=0o755)
    folder.open()
    assert folder.path.stat().st_mode & 0o777 == 0o700


def test_a_name_that_no_device_could_take_is_none(tmp_path: Path) -> None:
    home = tmp_path
    for _ in range(4):
        home = home / ("ü" * 100)
    assert CaptureFolder(home).open() == ""


def test_a_folder_that_cannot_be_made_is_none(tmp_path: Path) -> None:
    (tmp_path / "captures").write_text("in the way")
    assert CaptureFolder(tmp_path).open() == ""


@pytest.mark.parametrize(
    "name",
    ["", "a", "../a.wav", "a/b.wav", "a\\b.wav", "/etc/a.wav", ".a.wav", "C:a.wav", "a.wav\0", "a.wav\n", "ü.wav"],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    folder = CaptureFolder(tmp_path)
    with pytest.raises(CaptureError, match="is no name of a recording: load the device anew"):
        folder.find(name)
    outside = tmp_path / "a.wav"
    outside.write_bytes(b"mine")
    folder.remove(name)
    assert outside.exists()


def test_what_was_left_behind_goes_and_what_is_new_or_not_a_devices_stays(tmp_path: Path) -> None:
    folder = CaptureFolder(tmp_path)
    folder.open()
    old, new, other = (folder.path / name for name in ("device-1-1.wav", "device-1-2.wav", "notes.txt"))
    for path in (old, new, other):
        path.write_bytes(b"something")
    long_ago = time.time() - LEFT_BEHIND - 1.0
    os.utime(old, (long_ago, long_ago))
    os.utime(other, (long_ago, long_ago))
    folder.open()
    assert sorted(path.name for path in folder.path.iterdir()) == ["device-1-2.wav", "notes.txt"]
