"""`musearoo repo` without a daemon: what there is, what there is not, and words that are wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from musearoo.bridge.cli import main
from musearoo.bridge.settings.config_files import HOME_VARIABLE
from musearoo.bridge.versions.repository import Repository, Versions, default_folder
from tests.bridge.versions.some_versions import NOW, Shelf, a_clip, a_tree, some_notes

Output = pytest.CaptureFixture[str]


@pytest.fixture
def song(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with two versions in a home of its own."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    shelf = Shelf()
    made = Versions(default_folder(tmp_path)).create("Song", NOW)
    made.commit(a_tree(a_clip("a", shelf.put(some_notes(0.0)))), shelf, "First", now=NOW)
    busier = some_notes(*(beat / 2 for beat in range(8)))
    made.commit(a_tree(a_clip("a", shelf.put(busier)), tempo=98.0), shelf, "Busier", now=NOW + 60)
    return made


def test_a_home_without_versions_says_how_they_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    assert main(["repo", "log"]) == 1
    assert "musearoo run keeps them" in capsys.readouterr().err
    assert main(["repo", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["repo", "checkout", "yesterday"]) == 1
    assert not default_folder(tmp_path).exists()


def test_versions_are_told_for_people(song: Repository, capsys: Output) -> None:
    assert main(["repo", "log"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[2].strip() for line in lines] == ["Busier", "First"]
    assert lines[0].endswith("(98 BPM)  [main]")
    assert main(["repo", "diff"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Tempo 120 → 98 BPM",
        "Bass, bar 1: 7 notes new",
    ]
    assert main(["repo", "show", "first"]) == 0
    assert "2 tracks, 2 scenes, 1 clips." in capsys.readouterr().out
    assert main(["repo", "checkout", "first", "--dry-run"]) == 0
    assert "First" in capsys.readouterr().out
    assert song.refs.branch == "main"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["show", "polka"], "no version “polka”"),
        (["log", "--repo", "polka"], "There is no repository “polka”"),
        (["merge", "polka"], "no version “polka”"),
        (["merge", "first"], "nothing that is not here already"),
        (["branch", "../x"], "cannot name a branch"),
        (["tag", "abcd1234"], "cannot name a version"),
        (["clone", "/nowhere"], "/nowhere has no versions"),
        (["import", "/nowhere.musearoo"], "/nowhere.musearoo"),
        (["checkout", "first", "--scene", "Outro"], "no scene “Outro”: it has “Verse” and “Break”"),
        (["checkout", "first", "--clip", "nothing"], "no clip “nothing”"),
        (["checkout", "first"], "musearoo run"),
        (["commit"], "musearoo run"),
    ],
)
def test_what_is_wrong_is_one_line(song: Repository, words: list[str], sentence: str, capsys: Output) -> None:
    before = song.refs
    assert main(["repo", *words]) == 1
    assert sentence in capsys.readouterr().err
    assert song.refs == before


def test_damage_is_told_and_can_be_mended(song: Repository, capsys: Output) -> None:
    victim = next(facts for facts in song.versions.blobs.list("objects/"))
    (song.versions.folder / victim.name).write_bytes(b"damaged")
    assert main(["repo", "fsck", "--json"]) == 1
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert fault["object"] == victim.name
    assert fault["needed_by"]
    assert main(["repo", "fsck", "--mend"]) == 1
    assert "1 damaged objects removed" in capsys.readouterr().out
    assert not (song.versions.folder / victim.name).exists()
