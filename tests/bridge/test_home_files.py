"""Files in MuseAroo's folder: private from the first byte, whole or not there, and read within bounds."""

import os
import stat
from pathlib import Path

import pytest

from bridge.home_files import make_private_folder, read_bounded, write_whole

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has neither modes nor named pipes")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_files_and_folders_are_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        make_private_folder(tmp_path / "a" / "b")
        write_whole(tmp_path / "a" / "b" / "file", b"x")
    finally:
        os.umask(before)
    assert [mode(tmp_path / "a"), mode(tmp_path / "a" / "b")] == [0o700, 0o700]
    assert mode(tmp_path / "a" / "b" / "file") == 0o600


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o644)
    write_whole(path, b"new")
    assert (read_bounded(path), mode(path), os.listdir(tmp_path)) == (b"new", 0o600, ["file"])


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new")
    assert (path.read_bytes(), os.listdir(tmp_path)) == (b"old", ["file"])


def test_only_regular_files_up_to_a_size_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(bytes(11))
    for name, said in (("pipe", "no regular file"), ("large", "more than 10 bytes"), (".", "directory")):
        with pytest.raises(OSError, match=said):
            read_bounded(tmp_path / name, 10)
    with pytest.raises(FileNotFoundError):
        read_bounded(tmp_path / "none")
    assert len(read_bounded(tmp_path / "large", 11)) == 11
