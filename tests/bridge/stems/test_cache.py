"""The index of stems: what stands unchanged is found again, whatever else is not."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from musearoo.bridge.cache.catalogue import STEM_INDEX
from musearoo.bridge.cache.contract import Bounds
from musearoo.bridge.cache.disk import DiskLevel
from musearoo.bridge.stems.cache import FoundStems, StemCache, StemFacts, StemKey

KEY = StemKey("ab" * 20, 0, -1, 0, "dsp 1", "FLOAT")


def make_stems(folder: Path, label: str = "DSP", is_whole: bool = True) -> FoundStems:
    folder.mkdir(parents=True, exist_ok=True)
    files = {"drums": folder / f"a · Drums{label}.wav", "bass": folder / f"a · Bass{label}.wav"}
    for path in files.values():
        path.write_bytes(b"RIFF")
    backend = "dsp" if label else "demucs"
    facts = StemFacts(backend, "", label, "", 44_100, 2, 100, f"{backend} 1", is_whole, ("a note",))
    return FoundStems(files, facts)  # type: ignore[arg-type]


def open_index(folder: Path, bounds: Bounds = STEM_INDEX.bounds) -> StemCache:
    return StemCache(DiskLevel(folder / "index", bounds, STEM_INDEX.suffix))


@pytest.fixture
def cache(tmp_path: Path) -> StemCache:
    return open_index(tmp_path)


def test_what_was_kept_is_found_also_by_another_run(cache: StemCache, tmp_path: Path) -> None:
    assert cache.find(KEY, tmp_path) is None
    stems = make_stems(tmp_path / "one")
    cache.keep(KEY, stems)
    assert open_index(tmp_path).find(KEY, tmp_path / "one") == stems


@pytest.mark.parametrize(
    "other",
    [
        replace(KEY, content="cd" * 20),
        replace(KEY, start_us=1),
        replace(KEY, end_us=1_000_000),
        replace(KEY, frames=100),
        replace(KEY, separator="dsp 2"),
        replace(KEY, subtype="PCM_24"),
    ],
)
def test_whatever_is_asked_otherwise_is_something_else(other: StemKey, cache: StemCache, tmp_path: Path) -> None:
    cache.keep(KEY, make_stems(tmp_path / "one"))
    assert cache.find(other, tmp_path / "one") is None


def test_of_several_places_the_folder_that_is_asked_for_comes_first(cache: StemCache, tmp_path: Path) -> None:
    stems = [make_stems(tmp_path / name) for name in ("one", "two", "three")]
    for each in stems:
        cache.keep(KEY, each)
    assert cache.find(KEY, tmp_path / "two") == stems[1]
    assert cache.find(KEY, tmp_path / "elsewhere") == stems[2]
    stems[2].files["bass"].unlink()
    assert cache.find(KEY, tmp_path / "elsewhere") in stems[:2]


@pytest.mark.parametrize(
    "change", [Path.unlink, lambda path: path.write_bytes(b"RIFFRIFF"), lambda path: os.utime(path, (1, 1))]
)
def test_stems_that_were_edited_or_deleted_count_as_missing(change, cache: StemCache, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    stems = make_stems(tmp_path / "one")
    cache.keep(KEY, stems)
    change(stems.files["bass"])
    assert cache.find(KEY, tmp_path / "one") is None
    assert cache.find_stems(KEY.content) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"facts": {}, "places": []}', b"\xff\xfe"])
def test_a_broken_entry_counts_as_missing_and_is_written_again(
    content: bytes, cache: StemCache, tmp_path: Path
) -> None:
    stems = make_stems(tmp_path / "one")
    cache.keep(KEY, stems)
    level = DiskLevel(tmp_path / "index", STEM_INDEX.bounds, STEM_INDEX.suffix)
    level.write(KEY.name, content)
    assert cache.find(KEY, tmp_path / "one") is None
    assert cache.find_stems(KEY.content) is None
    cache.keep(KEY, stems)
    assert cache.find(KEY, tmp_path / "one") == stems


def test_for_hearing_only_whole_sounds_count_and_a_model_before_the_fallback(cache: StemCache, tmp_path: Path) -> None:
    cache.keep(replace(KEY, start_us=5), make_stems(tmp_path / "part", "", is_whole=False))
    assert cache.find_stems(KEY.content) is None
    fallback, best = make_stems(tmp_path / "one"), make_stems(tmp_path / "one", "")
    cache.keep(KEY, fallback)
    assert cache.find_stems(KEY.content) == fallback
    cache.keep(replace(KEY, separator="demucs 1"), best)
    assert cache.find_stems(KEY.content) == best
    assert cache.find_stems("cd" * 20) is None


def test_the_longest_unasked_are_forgotten_but_no_stem_goes(tmp_path: Path) -> None:
    cache = open_index(tmp_path, Bounds(most_entries=2))
    keys = [replace(KEY, start_us=number) for number in range(3)]
    stems = make_stems(tmp_path / "one")
    for age, key in zip((300, 100, 200), keys, strict=True):
        cache.keep(key, stems)
        path = tmp_path / "index" / f"{key.name}{STEM_INDEX.suffix}"
        if path.exists():
            os.utime(path, (1e9 - age, 1e9 - age))
    found = [cache.find(key, tmp_path / "one") is not None for key in keys]
    assert found == [False, True, True]
    assert all(path.exists() for path in stems.files.values())


def test_an_index_that_cannot_be_written_loses_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("in the way")
    cache = open_index(tmp_path)
    cache.keep(KEY, make_stems(tmp_path / "one"))
    assert cache.find(KEY, tmp_path / "one") is None


def test_a_folder_whose_name_is_no_text_is_not_remembered_and_does_no_harm(cache: StemCache, tmp_path: Path) -> None:
    try:
        stems = make_stems(tmp_path / os.fsdecode(b"Stra\xdfe"))
    except OSError:
        pytest.skip("this disk takes no such name")
    cache.keep(KEY, stems)
    assert cache.find(KEY, stems.folder) is None
    assert not (tmp_path / "index").exists()
