"""The folder of finished files: whole, private, bounded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from musearoo.bridge.renders.file_cache import IN_USE, FileCache


class Clock:
    """A time that only the test moves."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def test_what_is_kept_is_found_and_private(tmp_path: Path) -> None:
    files = FileCache(tmp_path / "renders" / "audio")
    assert files.find("a.wav") is None
    path = files.keep("a.wav", b"sound")
    assert files.find("a.wav") == path == tmp_path / "renders" / "audio" / "a.wav"
    assert path.read_bytes() == b"sound"
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["a.wav"]
    files.keep("a.wav", b"another")
    assert path.read_bytes() == b"another"


def test_the_longest_unused_make_room(tmp_path: Path) -> None:
    clock = Clock()
    files = FileCache(tmp_path, most_bytes=100, clock=clock)
    for name in ("a", "b", "c"):
        files.keep(name, bytes(30))
    clock.now += IN_USE
    assert files.find("a")
    clock.now += IN_USE - 10
    files.keep("d", bytes(30))
    # 120 bytes: b, which was not used for longest, goes, and then 90 are few enough.
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "c", "d"]


def test_what_is_in_use_stays_even_if_that_is_too_much(tmp_path: Path) -> None:
    files = FileCache(tmp_path, most_bytes=100, clock=Clock())
    for name in "abcdef":
        files.keep(name, bytes(30))
    assert len(list(tmp_path.iterdir())) == 6


def test_drafts_of_other_processes_are_neither_counted_nor_removed(tmp_path: Path) -> None:
    clock = Clock()
    files = FileCache(tmp_path, most_bytes=100, clock=clock)
    draft = tmp_path / ".1234.draft"
    draft.write_bytes(bytes(500))
    os.utime(draft, (0.0, 0.0))
    files.keep("a", bytes(90))
    clock.now += 2 * IN_USE
    files.keep("b", bytes(5))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".1234.draft", "a", "b"]


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(OSError, match=r"."):
        FileCache(tmp_path / "taken").keep("a", b"")
    assert FileCache(tmp_path / "taken").find("a") is None
