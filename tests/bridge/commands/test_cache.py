"""`musearoo cache`: what it counts, what it removes, and what it asks for before it takes a set's sound away."""

import os
from pathlib import Path

import pytest

from musearoo.bridge.cache.catalogue import ANALYSES, CACHES, RENDERS, STEM_INDEX, STEMS
from musearoo.bridge.cache.disk import DiskLevel
from musearoo.bridge.cli import main
from musearoo.bridge.settings.presets_folder import KEPT
from tests.bridge.commands.command_line import Output, failure_of, home, report_of, usage_of

__all__ = ["home"]


@pytest.fixture
def filled(home: Path) -> Path:
    """A home that has something of everything, and files that are no cache's."""
    for plan in (ANALYSES, STEM_INDEX):
        DiskLevel(home / plan.folder, plan.bounds, plan.suffix).write("one", bytes(80))
    RENDERS.open_folder(home).keep("take.wav", bytes(300))
    for name in ("Loop · Drums.wav", "Loop · Bass.wav", "readme.txt"):
        (home / "stems" / name).write_bytes(bytes(1000))
    (home / KEPT).write_bytes(bytes(50))
    (home / "token").write_text("secret")
    return home


def counts(rows: list[dict[str, object]], *fields: str) -> dict[object, tuple[object, ...]]:
    return {row["name"]: tuple(row[field] for field in fields) for row in rows}


def test_the_list_has_every_cache_with_what_it_has_and_its_bounds(capsys: Output, filled: Path) -> None:
    assert counts(report_of(capsys, "cache", "list"), "entries", "bytes") == {
        "analyses": (1, 100),
        "stem-index": (1, 100),
        "stems": (2, 2000),
        "renders": (1, 300),
        "peaks": (0, 0),
        "recogniser": (0, 0),
        "presets": (1, 50),
    }
    (filled / "settings.yaml").write_text("stem_days: 30\nstem_gigabytes: 2.5\n")
    rows = report_of(capsys, "cache", "list")
    bounds = counts(rows, "most_bytes", "most_entries", "most_days")
    assert bounds["stems"] == (2.5e9, None, 30)
    assert bounds["stem-index"] == (None, 4000, None)
    assert {row["folder"] for row in rows} == {str(filled / plan.folder) for plan in CACHES}
    assert main(["cache", "list"]) == 0
    said = capsys.readouterr().out
    assert "2.5 GB, 30 days" in said
    assert "2.0 kB" in said


def test_an_empty_home_stays_empty(capsys: Output, home: Path) -> None:
    assert {row["entries"] for row in report_of(capsys, "cache", "list")} == {0}
    assert {row["removed"] for row in report_of(capsys, "cache", "clear")} == {0}
    assert not home.exists()


def test_clearing_all_leaves_what_cannot_be_made_again(capsys: Output, filled: Path) -> None:
    rows = report_of(capsys, "cache", "clear")
    assert counts(rows, "removed", "bytes", "left") == {
        "analyses": (1, 100, 0),
        "stem-index": (1, 100, 0),
        "renders": (1, 300, 0),
        "peaks": (0, 0, 0),
        "recogniser": (0, 0, 0),
        "presets": (1, 50, 0),
    }
    left = sorted(path.name for path in filled.rglob("*") if path.is_file())
    assert left == ["Loop · Bass.wav", "Loop · Drums.wav", "readme.txt", "token"]


@pytest.mark.usefixtures("filled")
def test_one_is_cleared_alone(capsys: Output) -> None:
    assert main(["cache", "clear", "renders"]) == 0
    assert capsys.readouterr().out == "renders: 1 removed, 0.3 kB\n"
    assert {row["name"] for row in report_of(capsys, "cache", "list") if row["entries"]} == {
        "analyses", "stem-index", "stems", "presets",
    }  # fmt: skip


def test_sounds_that_sets_may_play_go_only_with_yes(capsys: Output, filled: Path) -> None:
    said = failure_of(capsys, "cache", "clear", STEMS.name)
    assert f"Sets of Live may play the files in {filled / 'stems'}" in said
    assert "--yes" in said
    assert len(list((filled / "stems").glob("*.wav"))) == 2
    assert counts(report_of(capsys, "cache", "clear", STEMS.name, "--yes"), "removed") == {"stems": (2,)}
    assert (filled / "stems" / "readme.txt").exists()
    assert (filled / "stems" / "index").is_dir()


@pytest.mark.usefixtures("filled")
def test_what_cannot_be_removed_is_told(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> None:
        raise PermissionError(13, os.strerror(13), str(self))

    monkeypatch.setattr(Path, "unlink", refuse)
    assert main(["cache", "clear", "renders"]) == 1
    said = capsys.readouterr()
    assert said.out == "renders: 0 removed, 0.0 kB\n"
    assert said.err == "musearoo: Files could not be removed of renders (1): close what has them open.\n"


def test_a_cache_that_there_is_not_is_wrong_usage(capsys: Output) -> None:
    said = usage_of(capsys, "cache", "clear", "thoughts")
    assert "analyses" in said
    assert "thoughts" in said
