"""Files in MuseAroo's folder: private from the first byte, whole or not there, and read within bounds."""

import os
import stat
from pathlib import Path

import pytest

from musearoo.bridge.settings.home_files import make_private_folder, read_bounded, tidy, write_for_user, write_whole

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


def full(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_what_the_user_asked_for_has_the_rights_of_the_umask_or_those_it_had(tmp_path: Path) -> None:
    (tmp_path / "shared.mid").write_bytes(b"old")
    (tmp_path / "shared.mid").chmod(0o664)
    (tmp_path / "target.mid").write_bytes(b"old")
    (tmp_path / "link.mid").symlink_to(tmp_path / "target.mid")
    before = os.umask(0o027)
    try:
        write_for_user({tmp_path / name: b"new" for name in ("new.mid", "shared.mid", "link.mid")})
    finally:
        os.umask(before)
    assert [mode(tmp_path / name) for name in ("new.mid", "shared.mid")] == [0o640, 0o664]
    assert (tmp_path / "link.mid").is_symlink()
    assert (tmp_path / "target.mid").read_bytes() == b"new"
    write_for_user({Path(os.devnull): b"nowhere"})
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_of_several_files_all_take_their_places_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / name for name in ("a", "b", "c")]
    for path in paths:
        path.write_bytes(b"old")
    calls = iter((None, None))

    def full_at_the_third(descriptor: int) -> None:
        if next(calls, full) is full:
            full(descriptor)

    monkeypatch.setattr(os, "fsync", full_at_the_third)
    with pytest.raises(OSError, match="No space left"):
        write_for_user(dict.fromkeys(paths, b"new"))
    assert [path.read_bytes() for path in paths] == [b"old"] * 3
    assert sorted(os.listdir(tmp_path)) == ["a", "b", "c"]


def test_a_name_as_long_as_a_disk_takes_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("雨" * 85)
    write_whole(path, b"x")
    assert read_bounded(path) == b"x"


def test_the_rights_of_others_are_taken_from_an_existing_folder_once(tmp_path: Path) -> None:
    home, outside = tmp_path / "home", tmp_path / "outside.wav"
    (home / "stems").mkdir(parents=True)
    outside.write_bytes(b"the user's")
    files = [home / "musearoo.log", home / "stems" / "a.wav"]
    for path in files:
        path.write_bytes(b"x")
    (home / "linked.wav").symlink_to(outside)
    (home / "other name.wav").hardlink_to(outside)
    draft = home / ".0123.draft"
    draft.write_bytes(b"half")
    os.utime(draft, (0, 0))
    for path in (home, home / "stems"):
        path.chmod(0o777)
    for path in (*files, outside):
        path.chmod(0o666)
    assert tidy(home) == 4
    assert [mode(path) for path in (home, home / "stems", *files)] == [0o700, 0o700, 0o600, 0o600]
    assert mode(outside) == 0o666
    assert not draft.exists()
    assert tidy(home) == 0


def test_a_folder_that_is_not_only_musearoos_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    tmp_path.chmod(0o755)
    (tmp_path / "program").write_bytes(b"x")
    (tmp_path / "program").chmod(0o755)
    assert tidy(tmp_path) == 0
    assert mode(tmp_path / "program") == 0o755
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    assert tidy(shared) == 0
