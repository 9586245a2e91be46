"""The presets on disk: those that come with MuseAroo, the user's own beside them, and broken ones left out."""

import logging
from importlib import resources
from pathlib import Path

import pytest

from bridge.logs import LOG
from bridge.presets_folder import read_styles


def shipped(name: str) -> str:
    """The text of a preset that comes with MuseAroo."""
    return resources.files("presets").joinpath("styles", f"{name}.yaml").read_text(encoding="utf-8")


def test_every_preset_that_comes_with_musearoo_can_be_read() -> None:
    files = [entry.name for entry in resources.files("presets").joinpath("styles").iterdir()]
    styles = read_styles()
    assert len(styles) == sum(name.endswith(".yaml") for name in files)
    assert list(styles) == sorted(styles)
    assert {"rock", "funk", "hip-hop", "house"} <= set(styles)


def test_a_folder_that_is_not_there_adds_nothing(tmp_path: Path) -> None:
    assert read_styles(tmp_path / "nowhere") == read_styles()


def test_a_users_style_is_added_and_one_of_the_same_name_wins(tmp_path: Path) -> None:
    text = shipped("funk")
    summary = read_styles()["funk"].summary
    (tmp_path / "mine.yaml").write_text(text.replace("name: funk", "name: my_funk", 1), encoding="utf-8")
    (tmp_path / "other.yaml").write_text(text.replace(summary, "My own."), encoding="utf-8")
    styles = read_styles(tmp_path)
    assert styles["my_funk"].summary == summary
    assert styles["funk"].summary == "My own."


@pytest.mark.parametrize("content", [b"name: [", b"name: broken\nbangs: 3", b"\xff\xfe", b""])
def test_a_broken_style_is_logged_and_left_out(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LOG, "propagate", True)
    (tmp_path / "broken.yaml").write_bytes(content)
    (tmp_path / "notes.txt").write_text("no preset")
    with caplog.at_level(logging.WARNING, logger=LOG.name):
        assert read_styles(tmp_path) == read_styles()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "left out" in caplog.text
