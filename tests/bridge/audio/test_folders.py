"""Where sounds go, and that nothing which lies there is ever lost."""

import errno
import itertools
import os
from functools import partial
from pathlib import Path

import pytest

from musearoo.bridge.audio import folders as sound_folders
from musearoo.bridge.audio.folders import (
    LONGEST_ENDING,
    LONGEST_TITLE,
    LONGEST_WINDOWS_PATH,
    LOOPS,
    RECORDINGS,
    SHORTEST_TITLE,
    STEMS,
    SoundFolder,
    choose_folder,
    clean_title,
    place_files,
    room_for_title,
)
from musearoo.bridge.stems.plan import name_stems
from musearoo.engines.music.stems import StemName
from tests.each_case import each_case

NAMES = partial(name_stems, "Loop", ("drums", "bass"), "")


def make_project(folder: Path) -> Path:
    (folder / "Song Project" / "Ableton Project Info").mkdir(parents=True)
    return folder / "Song Project"


def make_drafts(folder: Path, content: bytes = b"new") -> dict[StemName, Path]:
    folder.mkdir(exist_ok=True)
    drafts: dict[StemName, Path] = {"drums": folder / "d.wav", "bass": folder / "b.wav"}
    for path in drafts.values():
        path.write_bytes(content)
    return drafts


def test_the_stems_of_a_saved_set_go_into_its_project(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    wanted = SoundFolder(project / "Samples" / "Processed" / "MuseAroo")
    assert choose_folder(str(project / "Song.als"), tmp_path / "home", "", STEMS) == wanted
    assert choose_folder(str(project / "Backup" / "Song [2026].als"), tmp_path / "home", "", STEMS) == wanted


def test_recordings_go_where_live_records(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    found = choose_folder(str(project / "Song.als"), tmp_path / "home", "", RECORDINGS)
    assert found == SoundFolder(project / "Samples" / "Recorded" / "MuseAroo")
    assert choose_folder("", tmp_path / "home", "", RECORDINGS).path == tmp_path / "home" / "recordings"


def test_without_a_project_they_go_to_our_own_folder(tmp_path: Path) -> None:
    for set_file in ("", str(tmp_path / "Song.als")):
        assert choose_folder(set_file, tmp_path / "home", "", STEMS) == SoundFolder(tmp_path / "home" / "stems")


def test_a_library_that_live_insists_on_wins(tmp_path: Path) -> None:
    set_file = str(make_project(tmp_path) / "Song.als")
    found = choose_folder(set_file, tmp_path / "home", str(tmp_path / "User Library"), STEMS)
    assert found == SoundFolder(tmp_path / "User Library" / "Samples" / "MuseAroo")


def test_a_folder_that_cannot_be_written_to_is_left_with_a_note(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    # A file where the folder should be: no right of a superuser helps there.
    (project / "Samples").write_text("in the way")
    found = choose_folder(str(project / "Song.als"), tmp_path / "home", "", STEMS)
    assert found.path == tmp_path / "home" / "stems"
    assert (
        found.note == f"{project / sound_folders.IN_PROJECT} cannot be written to, so the stems went to {found.path}."
    )
    assert not list(tmp_path.glob("**/tmp*"))


@each_case(
    "title, clean",
    [
        ("Loop 120 BPM", "Loop 120 BPM"),
        ('a/b\\c:d*e?f"g<h>i|j\n\tk', "a b c d e f g h i j k"),
        ("  .hidden.  ", "hidden"),
        ("aux", "_aux"),
        ("COM1.old", "_COM1.old"),
        ("comb", "comb"),
        ("COM¹", "_COM¹"),
        ("conout$", "_conout$"),
        ("-rf *", "rf"),
        ("- 12 dB", "12 dB"),
        ("", "Clip"),
        ("Große Trommel 🥁", "Große Trommel 🥁"),
        ("👨‍👩‍👧 می‌خواهم", "👨‍👩‍👧 می‌خواهم"),
        ("gpj.\u202ewav", "gpj. wav"),
        ("u\u0308ber", "über"),
        ("broken \udc80 name", "broken name"),
    ],
)
def test_titles_become_names_that_every_platform_takes(title: str, clean: str) -> None:
    assert clean_title(title) == clean


def test_a_long_title_leaves_room_for_the_rest_and_breaks_no_letter() -> None:
    name = name_stems(clean_title("ü" * 500), ("drums",), "DSP", 12)["drums"]
    assert name == f"{'ü' * 60} · Drums (DSP) 12.wav"


def test_windows_opens_what_lies_deep_in_a_project() -> None:
    deep = Path("C:\\" + "folder\\" * 24)
    assert room_for_title(deep, "linux") == LONGEST_TITLE == room_for_title(None, "win32")
    longest = len(str(deep)) + 1 + room_for_title(deep, "win32") + LONGEST_ENDING
    assert longest == LONGEST_WINDOWS_PATH
    assert room_for_title(Path("C:\\" + "x" * 300), "win32") == SHORTEST_TITLE


def test_nothing_is_overwritten_and_all_stems_have_one_number(tmp_path: Path) -> None:
    (tmp_path / "Loop · Bass.wav").write_bytes(b"mine")
    first = place_files(make_drafts(tmp_path / "draft"), tmp_path, NAMES)
    second = place_files(make_drafts(tmp_path / "draft", b"newer"), tmp_path, NAMES)
    assert [path.name for path in first.values()] == ["Loop · Drums 2.wav", "Loop · Bass 2.wav"]
    assert [path.name for path in second.values()] == ["Loop · Drums 3.wav", "Loop · Bass 3.wav"]
    contents = {path.name: path.read_bytes() for path in tmp_path.glob("*.wav")}
    assert contents == {
        "Loop · Bass.wav": b"mine",
        **{path.name: b"new" for path in first.values()},
        **{path.name: b"newer" for path in second.values()},
    }


def test_where_one_file_cannot_be_moved_none_is_left(tmp_path: Path) -> None:
    drafts = make_drafts(tmp_path / "draft")
    drafts["bass"].unlink()
    with pytest.raises(FileNotFoundError):
        place_files(drafts, tmp_path, NAMES)
    assert list(tmp_path.glob("*.wav")) == []


def test_loops_go_where_stems_go_but_in_our_own_folder_apart(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    wanted = SoundFolder(project / "Samples" / "Processed" / "MuseAroo")
    assert choose_folder(str(project / "Song.als"), tmp_path / "home", "", LOOPS) == wanted
    (project / "Samples").write_text("in the way")
    found = choose_folder(str(project / "Song.als"), tmp_path / "home", "", LOOPS)
    assert found.path == tmp_path / "home" / "loops"
    assert found.note.endswith(f"so the loops went to {found.path}.")


def test_what_is_placed_is_on_the_disk_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts = {name: tmp_path / f"{name}.draft" for name in ("a", "b")}
    for draft in drafts.values():
        draft.write_bytes(b"sound")
    synced: list[str] = []

    def sync(descriptor: int) -> None:
        synced.append(str(os.fstat(descriptor).st_ino))

    monkeypatch.setattr(os, "fsync", sync)
    placed = place_files(drafts, tmp_path, lambda number: {name: f"{name} {number}.wav" for name in drafts})
    assert synced == [str(path.stat().st_ino) for path in (*placed.values(), tmp_path)]


@pytest.mark.parametrize("at", [1, 2, 3])
def test_what_cannot_be_synced_is_not_placed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    drafts = {name: tmp_path / f"{name}.draft" for name in ("a", "b")}
    for draft in drafts.values():
        draft.write_bytes(b"sound")
    calls = itertools.count(1)

    def sync(_descriptor: int) -> None:
        if next(calls) == at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", sync)
    with pytest.raises(OSError, match="No space left"):
        place_files(drafts, tmp_path, lambda number: {name: f"{name} {number}.wav" for name in drafts})
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".wav"] == []
