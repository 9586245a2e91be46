"""`musearoo models`: what it lists, what it asks before it fetches or deletes, and how it ends."""

import io
import json
import sys
from pathlib import Path

import pytest

import musearoo.bridge.commands.models as models
from musearoo.bridge.cli import main
from musearoo.bridge.models.files import read_manifest
from musearoo.engines.neural.cards.catalogue import MODELS
from tests.bridge.commands.command_line import Output, failure_of, home, report_of, usage_of
from tests.bridge.models.model_samples import CARD, write_model

__all__ = ["home"]

NAME = CARD.name


class Terminal(io.StringIO):
    """Someone who types, at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hub's cache of the test's own."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    return write_model(tmp_path / "mirror")


def type_in(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(words))


def fetch(mirror: Path, *options: str) -> int:
    return main(["models", "fetch", NAME, "--mirror", str(mirror), *options])


def test_the_list_says_what_is_here(capsys: Output, mirror: Path, home: Path) -> None:
    rows = report_of(capsys, "models", "list")
    assert [row["name"] for row in rows] == [card.name for card in MODELS]
    assert {row["where"] for row in rows} == {None}
    assert fetch(mirror, "--accept-licence") == 0
    capsys.readouterr()
    first, second, *_ = report_of(capsys, "models", "list")
    assert (first["where"], first["folder"]) == ("own", str(home / "models" / NAME))
    assert second["folder"] is None
    assert main(["models", "list"]) == 0
    said = capsys.readouterr().out
    assert "84 MB   yes" in said
    assert "for research purpose" in said


def test_a_missing_mirror_is_reported_and_leaves_no_files(capsys: Output, mirror: Path, home: Path) -> None:
    gone = mirror / "gone"
    said = failure_of(capsys, "models", "fetch", NAME, "--accept-licence", "--mirror", str(gone))
    assert f"There is no folder {gone}: name the one" in said
    assert not (home / "models").exists()


def test_the_list_names_the_packages_that_lack(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "musearoo.engines.neural.cards.catalogue.find_spec", lambda name: None if name == "demucs" else name
    )
    row = report_of(capsys, "models", "list")[0]
    assert row["missing_packages"] == ["demucs"]
    assert main(["models", "list"]) == 0
    said = capsys.readouterr().out
    assert "needed for demucs: demucs. Run `python3 tools/dev.py setup --with stems`." in said


def test_the_licence_is_shown_and_asked_for(
    capsys: Output, mirror: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "n\n")
    assert fetch(mirror) == 1
    said = capsys.readouterr()
    assert "github.com/facebookresearch/demucs/issues/327" in said.out.replace("\n", "")
    assert said.err == "musearoo: Nothing was fetched.\n"
    assert not (home / "models").exists()
    type_in(monkeypatch, "yes\n")
    assert fetch(mirror) == 0
    manifest = read_manifest(home / "models" / NAME)
    assert manifest
    assert manifest.accepted.startswith("20")


def test_without_a_terminal_the_licence_must_be_accepted_by_a_word(capsys: Output, mirror: Path) -> None:
    said = failure_of(capsys, "models", "fetch", NAME, "--mirror", str(mirror))
    assert "must be accepted first" in said
    assert "--accept-licence" in said


def test_fetching_tells_what_came_and_twice_is_once(capsys: Output, mirror: Path, home: Path) -> None:
    words = ("models", "fetch", NAME, "--mirror", str(mirror), "--accept-licence")
    report = report_of(capsys, *words)
    assert (report["folder"], report["fetched"]) == (str(home / "models" / NAME), True)
    assert len(report["notes"]) == 1
    assert report_of(capsys, *words)["fetched"] is False
    assert main(list(words)) == 0
    assert capsys.readouterr().out.startswith(f"{NAME} is here already, as it came: ")


def test_fetching_mends_what_is_broken(capsys: Output, mirror: Path, home: Path) -> None:
    assert fetch(mirror, "--accept-licence") == 0
    path = home / "models" / NAME / "tiny0.safetensors"
    path.write_bytes(path.read_bytes()[:-9])
    capsys.readouterr()
    assert main(["models", "verify"]) == 1
    assert capsys.readouterr().err.endswith(f"it is not as long as it says: run `musearoo models fetch {NAME}`.\n")
    assert main(["models", "verify", NAME, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["problems"]
    assert fetch(mirror, "--accept-licence") == 0
    capsys.readouterr()
    assert main(["models", "verify"]) == 0
    assert capsys.readouterr().out == f"{NAME}: every file is as it came\n"


def test_verifying_nothing_says_so(capsys: Output) -> None:
    assert report_of(capsys, "models", "verify") == []
    assert "is not on this machine: run `musearoo models fetch" in failure_of(capsys, "models", "verify", NAME)


def test_the_hub_needs_its_package(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "find_spec", lambda _name: None)
    said = failure_of(capsys, "models", "fetch", NAME, "--accept-licence")
    assert "needs the package huggingface-hub. Run `python3 tools/dev.py setup --with stems`. Or take" in said


def test_breaking_off_says_how_to_go_on(capsys: Output, mirror: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(models, "fetch_model", interrupt)
    assert fetch(mirror, "--accept-licence") == 1
    assert f"Broken off; `musearoo models fetch {NAME}` goes on from here." in capsys.readouterr().err


def test_removing_asks_first(capsys: Output, mirror: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch(mirror, "--accept-licence")
    capsys.readouterr()
    assert "only when you say --yes" in failure_of(capsys, "models", "remove", NAME)
    type_in(monkeypatch, "\n")
    assert main(["models", "remove", NAME]) == 1
    assert (home / "models" / NAME).exists()
    type_in(monkeypatch, "y\n")
    assert main(["models", "remove", NAME]) == 0
    assert not (home / "models" / NAME).exists()
    capsys.readouterr()
    report = report_of(capsys, "models", "remove", NAME)
    assert report == {"name": NAME, "removed": False, "also_removed": [], "cached": None}


def test_removing_leaves_the_hub_cache(capsys: Output, cache: Path) -> None:
    folder = cache / "models--adefossez--HTDemucs"
    (folder / "refs").mkdir(parents=True)
    (folder / "refs" / "main").write_text("one", encoding="utf-8")
    write_model(folder / "snapshots" / "one")
    assert report_of(capsys, "models", "list")[0]["where"] == "hub cache"
    assert report_of(capsys, "models", "fetch", NAME)["fetched"] is False
    assert report_of(capsys, "models", "verify", NAME) == [{"name": NAME, "problems": []}]
    assert main(["models", "remove", NAME, "--yes"]) == 0
    assert "The copy in the hub's cache was left" in capsys.readouterr().out


def test_wrong_usage_is_told(capsys: Output) -> None:
    assert "invalid choice: 'htdemucs_7s'" in usage_of(capsys, "models", "fetch", "htdemucs_7s")
    assert "the following arguments are required: ACTION" in usage_of(capsys, "models")
