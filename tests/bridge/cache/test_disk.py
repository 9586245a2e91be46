"""The level on disk: nothing that is damaged, foreign or half-written is an entry, whoever else writes there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from musearoo.bridge.cache.contract import Bounds
from musearoo.bridge.cache.disk import SWEPT_EVERY, CacheFolder, DiskLevel
from musearoo.bridge.settings.home_files import ABANDONED
from tests.bridge.cache.some_levels import Clock

CONTENT = b"some content"
IN_USE = 60.0


def swap(path: Path) -> None:
    path.write_bytes(path.with_name("other.entry").read_bytes())


def damage(change: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(change(path.read_bytes()))


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("is_mapped", [False, True])
@pytest.mark.parametrize(
    "spoil",
    [
        damage(lambda content: content[:-3]),
        damage(lambda content: content[:10]),
        damage(lambda _: b""),
        damage(lambda content: content + b"\0"),
        damage(lambda content: content[:-1] + b"T"),
        damage(lambda content: b"\x93NUMPY" + content),
        swap,
        pytest.param(pipe, marks=pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs POSIX pipes")),
    ],
)
def test_what_is_damaged_or_foreign_is_missing_goes_and_is_written_again(
    spoil: Callable[[Path], object], is_mapped: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    level = DiskLevel(tmp_path, Bounds(), ".entry", is_mapped=is_mapped)
    for name in ("one", "other"):
        level.write(name, CONTENT)
    spoil(tmp_path / "one.entry")
    assert level.read("one") is None
    assert not (tmp_path / "one.entry").exists()
    assert "one.entry cannot be read and is made again" in caplog.text
    level.write("one", CONTENT)
    assert level.read("one") == level.read("other") == CONTENT


def test_entries_are_private_and_no_draft_is_left(tmp_path: Path) -> None:
    level = DiskLevel(tmp_path / "home" / "cache", Bounds(), ".entry")
    level.write("one", CONTENT)
    assert [path.name for path in (tmp_path / "home" / "cache").iterdir()] == ["one.entry"]
    if os.name == "posix":
        for path, rights in ((tmp_path / "home", 0o700), (tmp_path / "home" / "cache" / "one.entry", 0o600)):
            assert path.stat().st_mode & 0o777 == rights


def test_what_is_not_the_caches_is_neither_counted_nor_removed(tmp_path: Path) -> None:
    strangers = [tmp_path / "notes.txt", tmp_path / ".hidden.entry", tmp_path / "folder.entry" / "one.entry"]
    strangers[2].parent.mkdir()
    for path in strangers:
        path.write_bytes(bytes(1000))
        os.utime(path, (0, 0))
    level = DiskLevel(tmp_path, Bounds(most_bytes=100, most_age=1.0), ".entry")
    level.write("one", CONTENT)
    level.sweep()
    assert level.names() == ("one",)
    level.clear()
    assert level.names() == ()
    assert all(path.exists() for path in strangers)


def test_a_link_is_removed_and_not_what_it_leads_to(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("links need rights there")
    (tmp_path / "song.wav").write_bytes(b"RIFF")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "one.entry").symlink_to(tmp_path / "song.wav")
    level = DiskLevel(tmp_path / "cache", Bounds(), ".entry")
    assert level.read("one") is None
    assert (tmp_path / "song.wav").read_bytes() == b"RIFF"
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_folder_that_cannot_be_written_costs_no_more_than_the_cache(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "taken").write_bytes(b"")
    level = DiskLevel(tmp_path / "taken", Bounds(), ".entry")
    level.write("one", CONTENT)
    assert "A .entry cannot be kept in" in caplog.text
    assert (level.read("one"), level.names(), level.statistics().bytes) == (None, (), 0)
    with pytest.raises(OSError, match=r"."):
        CacheFolder(tmp_path / "taken", Bounds()).keep("one", CONTENT)
    assert CacheFolder(tmp_path / "taken", Bounds()).find("one") is None


def test_drafts_go_only_when_their_process_has_died(tmp_path: Path) -> None:
    clock = Clock()
    folder = CacheFolder(tmp_path, Bounds(most_bytes=100), clock=clock)
    drafts = {age: tmp_path / f".{age:g}.draft" for age in (ABANDONED / 2, ABANDONED * 2)}
    for age, draft in drafts.items():
        draft.write_bytes(bytes(500))
        os.utime(draft, (clock.now - age,) * 2)
    folder.keep("a", bytes(90))
    assert sorted(path.name for path in tmp_path.iterdir()) == [drafts[ABANDONED / 2].name, "a"]


def test_a_file_is_found_by_its_path_and_the_longest_unused_make_room(tmp_path: Path) -> None:
    clock = Clock()
    folder = CacheFolder(tmp_path, Bounds(most_bytes=100, in_use=IN_USE), clock=clock)
    for name in ("a.wav", "b.mp3", "c"):
        path = folder.keep(name, bytes(30))
        assert folder.find(name) == path == tmp_path / name
    clock.now += IN_USE
    assert folder.find("a.wav")
    clock.now += IN_USE - 10
    folder.keep("d", bytes(30))
    # 120 bytes: b, which was not used for longest, goes, and then 90 are few enough.
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.wav", "c", "d"]
    assert folder.find("b.mp3") is None


def test_where_reads_count_the_modification_stays_and_the_reading_keeps(tmp_path: Path) -> None:
    clock = Clock()
    folder = CacheFolder(tmp_path, Bounds(most_age=100.0), ".wav", counts_reads=True, clock=clock)
    for name in ("Loop · Drums.wav", "Loop · Bass.wav"):
        (tmp_path / name).write_bytes(b"RIFF")
        os.utime(tmp_path / name, (clock.now, clock.now))
    used = tmp_path / "Loop · Drums.wav"
    modified = used.stat().st_mtime_ns
    clock.now += 60
    assert folder.mark(used)
    assert not folder.mark(tmp_path / "missing.wav")
    clock.now += 60
    folder.sweep()
    assert [path.name for path in tmp_path.iterdir()] == [used.name]
    assert used.stat().st_mtime_ns == modified


def test_a_process_that_writes_for_long_sweeps_again(tmp_path: Path) -> None:
    clock = Clock()
    level = DiskLevel(tmp_path, Bounds(most_age=2 * SWEPT_EVERY), clock=clock)
    level.write("old", CONTENT)
    clock.now += 2.5 * SWEPT_EVERY
    level.write("new", CONTENT)
    assert level.names() == ("new",)


def test_what_other_processes_write_is_bounded_too(tmp_path: Path) -> None:
    clock = Clock()
    processes = [DiskLevel(tmp_path, Bounds(most_bytes=10_000), clock=clock) for _ in range(3)]
    for number in range(300):
        processes[number % 3].write(f"{number:03}", bytes(100))
        # Each may have written a tenth that the others have not seen.
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 13_000


HAMMER = """
import sys
from pathlib import Path
from musearoo.bridge.cache.contract import Bounds
from musearoo.bridge.cache.disk import DiskLevel
level = DiskLevel(Path(sys.argv[1]), Bounds(most_bytes=200_000), ".entry", is_mapped=sys.argv[2] == "1")
for turn in range(150):
    name = str(turn % 12)
    level.write(name, name.encode() * 30_000)
    found = level.read(str(turn * 7 % 12))
    assert found is None or found == str(turn * 7 % 12).encode() * len(found) or len(found) == 60_000, turn
"""


def test_several_processes_use_a_folder_at_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", HAMMER, str(tmp_path), str(number % 2)], stderr=subprocess.PIPE)
        for number in range(3)
    ]
    said = [process.communicate(timeout=60)[1] for process in processes]
    assert [(process.returncode, text) for process, text in zip(processes, said, strict=True)] == [(0, b"")] * 3
    level = DiskLevel(tmp_path, Bounds(most_bytes=200_000), ".entry")
    level.sweep()
    assert level.measure().bytes <= 200_000
    for name in level.names():
        assert level.read(name) == name.encode() * 30_000
    assert caplog.text == ""
    assert [path for path in tmp_path.iterdir() if path.suffix != ".entry"] == []


def test_a_write_that_is_interrupted_leaves_the_old_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    level = DiskLevel(tmp_path, Bounds(), ".entry")
    level.write("one", CONTENT)

    def fail(self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "replace", fail)
    level.write("one", b"another")
    assert level.read("one") == CONTENT
    assert [path.name for path in tmp_path.iterdir()] == ["one.entry"]
