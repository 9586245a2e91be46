"""The presets on disk: those that come with MuseAroo, the user's own beside them, and broken ones left out."""

import logging
from importlib import resources
from pathlib import Path

import msgspec
import pytest

from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.settings.presets_folder import KEPT, read_styles


def test_every_preset_that_comes_with_musearoo_can_be_read() -> None:
    folders = [entry for entry in resources.files("musearoo.presets").joinpath("styles").iterdir() if entry.is_dir()]
    styles = read_styles()
    assert len(styles) == sum(folder.joinpath("style.yaml").is_file() for folder in folders)
    assert list(styles) == sorted(styles)
    assert {"rock", "funk", "hip-hop", "house"} <= set(styles)


def test_a_folder_that_is_not_there_adds_nothing(tmp_path: Path) -> None:
    assert read_styles(tmp_path / "nowhere") == read_styles()


def test_a_users_style_is_added_and_one_of_the_same_name_wins(tmp_path: Path) -> None:
    funk = read_styles()["funk"]
    tempo = "tempo: {low: 80, usual: 90, high: 100}"
    (tmp_path / "mine.yaml").write_text(f"name: my funk\nbased_on: funk\n{tempo}\n", encoding="utf-8")
    own = tmp_path / "other"
    own.mkdir()
    (own / "style.yaml").write_text(f"name: house\nbased_on: funk\nsummary: My own.\n{tempo}\n", encoding="utf-8")
    (own / "bass.yaml").write_text("lines: [{name: one, onsets: 'X... .... .... ....', tones: 'R... .... .... ....'}]")
    styles = read_styles(tmp_path)
    assert (styles["my funk"].summary, styles["my funk"].tempo.usual) == (funk.summary, 90.0)
    assert (styles["house"].summary, styles["house"].drums) == ("My own.", funk.drums)
    assert [line.name for line in styles["house"].bass.lines] == ["one"]


def test_a_users_broken_style_does_not_take_a_good_one_with_it(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("name: funk\ntempo: fast\n", encoding="utf-8")
    assert read_styles(tmp_path)["funk"] == read_styles()["funk"]


@pytest.mark.parametrize("content", [b"name: [", b"name: broken\nbangs: 3", b"\xff\xfe", b"", b"name: 2024-13-45"])
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


def test_a_folder_that_is_called_as_a_file_is_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").mkdir()
    assert read_styles(tmp_path) == read_styles()
    (tmp_path / "mine.yaml").mkdir()
    (tmp_path / "mine.yaml" / "style.yaml").write_text("name: mine\nbased_on: funk\n", encoding="utf-8")
    assert read_styles(tmp_path)["mine"].based_on == "funk"


def test_presets_are_kept_and_read_from_there_until_they_change(tmp_path: Path) -> None:
    folder = tmp_path / "styles"
    first = read_styles(folder)
    kept = tmp_path / KEPT
    written = kept.read_bytes()
    assert read_styles(folder) == first == read_styles()
    assert kept.read_bytes() == written
    digest, data = msgspec.msgpack.decode(written)
    data["rock"]["summary"] = "As it was kept."
    kept.write_bytes(msgspec.msgpack.encode((digest, data)))
    assert read_styles(folder)["rock"].summary == "As it was kept."
    kept.write_bytes(msgspec.msgpack.encode(("of other texts", data)))
    assert read_styles(folder) == first


@pytest.mark.parametrize("content", [b"", b"\xff", b"\x93\x01\x02\x03"])
def test_what_was_kept_badly_is_read_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEPT).write_bytes(content)
    assert read_styles(tmp_path / "styles") == read_styles()
