"""Live's folders: what install puts there, uninstall takes away, and what is not ours stays as it was."""

import sys
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest

from musearoo.bridge.settings import live_folders
from musearoo.bridge.settings.live_folders import (
    InstallError,
    Step,
    device_files,
    install,
    installed_devices_find,
    installed_devices_match,
    installed_script_matches,
    script_folder,
    shipped_device,
    shipped_script,
    uninstall,
    user_library,
)

HOME = Path(__file__).parent / "home of anna möller"
"""Where MuseAroo's folder would be."""


def files_under(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_install_puts_the_whole_script_where_live_looks(tmp_path: Path) -> None:
    steps = install(tmp_path, HOME, dry_run=False)
    assert steps[0] == Step("write", tmp_path / "Remote Scripts" / "MuseAroo")
    assert files_under(script_folder(tmp_path)) == shipped_script()
    assert installed_script_matches(tmp_path) is True


def test_what_is_shipped_is_a_remote_script() -> None:
    assert {"__init__.py", "wire/table.py", "host/pump.py"} <= set(shipped_script())
    assert b"def create_instance" in shipped_script()["__init__.py"]


def test_the_folders_of_the_script_are_installed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "source" / "MuseAroo"
    for name in ("__init__.py", "wire/__init__.py", "wire/table.py", "__pycache__/wire.pyc"):
        (script / name).parent.mkdir(parents=True, exist_ok=True)
        (script / name).write_text(f"# {name}")
    monkeypatch.setattr(live_folders, "shipped_script", lambda: dict(live_folders._sources(script, "")))
    library = tmp_path / "library"
    library.mkdir()
    for verb in ("write", "replace"):
        assert install(library, HOME, dry_run=False)[0] == Step(verb, script_folder(library))
        assert set(files_under(script_folder(library))) == {"__init__.py", "wire/__init__.py", "wire/table.py"}
        assert installed_script_matches(library) is True
    uninstall(library, dry_run=False)
    assert not script_folder(library).exists()


def test_both_devices_are_installed_where_lives_browser_looks_for_their_kind(tmp_path: Path) -> None:
    install(tmp_path, HOME, dry_run=False)
    audio, midi = device_files(tmp_path)
    assert audio == tmp_path / "Presets" / "Audio Effects" / "Max Audio Effect" / "MuseAroo.amxd"
    assert midi == tmp_path / "Presets" / "MIDI Effects" / "Max MIDI Effect" / "MuseAroo MIDI.amxd"
    for device in (audio, midi):
        assert device.read_bytes() == shipped_device(device.name)
    assert installed_devices_match(tmp_path)
    midi.write_bytes(b"of an older version")
    assert not installed_devices_match(tmp_path)
    assert Step("replace", midi) in install(tmp_path, HOME, dry_run=False)
    assert installed_devices_match(tmp_path)
    uninstall(tmp_path, dry_run=False)
    assert not audio.exists()
    assert not midi.exists()


def test_the_devices_pointers_name_musearoos_folder(tmp_path: Path) -> None:
    """Max tells a device neither the user's home folder nor what the environment says."""
    install(tmp_path, HOME, dry_run=False)
    for device in device_files(tmp_path):
        text = device.with_name("MuseAroo folder.txt").read_text("ascii")
        assert text == f"file://{quote(HOME.absolute().as_posix())}\n"
    assert installed_devices_find(tmp_path, HOME)
    assert not installed_devices_find(tmp_path, HOME / "elsewhere")
    uninstall(tmp_path, dry_run=False)
    assert files_under(tmp_path) == {}


def test_installing_again_replaces_an_older_version_whole(tmp_path: Path) -> None:
    install(tmp_path, HOME, dry_run=False)
    folder = script_folder(tmp_path)
    (folder / "of_an_older_version.py").write_text("")
    (folder / "wire" / "table.py").write_text("WIRE_VERSION = 0")
    (folder / "__pycache__").mkdir()
    assert installed_script_matches(tmp_path) is False
    steps = install(tmp_path, HOME, dry_run=False)
    assert steps[0] == Step("replace", folder)
    assert files_under(folder) == shipped_script()
    assert [path.name for path in folder.parent.iterdir()] == ["MuseAroo"]


def test_a_dry_run_says_the_same_and_changes_nothing(tmp_path: Path) -> None:
    dry = install(tmp_path, HOME, dry_run=True)
    assert list(tmp_path.iterdir()) == []
    assert install(tmp_path, HOME, dry_run=False) == dry
    before = files_under(tmp_path)
    dry = uninstall(tmp_path, dry_run=True)
    assert files_under(tmp_path) == before
    assert uninstall(tmp_path, dry_run=False) == dry


def test_uninstall_takes_away_what_install_put_there_and_nothing_else(tmp_path: Path) -> None:
    other = tmp_path / "Remote Scripts" / "AnotherScript" / "__init__.py"
    other.parent.mkdir(parents=True)
    other.write_text("theirs")
    install(tmp_path, HOME, dry_run=False)
    assert Step("remove", script_folder(tmp_path)) in uninstall(tmp_path, dry_run=False)
    assert files_under(tmp_path) == {str(other.relative_to(tmp_path)): b"theirs"}


def test_uninstalling_without_an_installation_does_nothing(tmp_path: Path) -> None:
    assert uninstall(tmp_path, dry_run=False) == []


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_folder_of_the_same_name_that_is_not_ours_is_left_alone(tmp_path: Path, dry_run: bool) -> None:
    mine = script_folder(tmp_path) / "__init__.py"
    mine.parent.mkdir(parents=True)
    mine.write_text("somebody else's work")
    for action in (partial(install, home=HOME), uninstall):
        with pytest.raises(InstallError, match="is not MuseAroo's Remote Script: move it away"):
            action(tmp_path, dry_run=dry_run)
    assert files_under(tmp_path) == {str(mine.relative_to(tmp_path)): b"somebody else's work"}


def test_an_install_that_broke_off_is_mended_by_the_next(tmp_path: Path) -> None:
    draft = script_folder(tmp_path).with_name(".MuseAroo.new")
    draft.mkdir(parents=True)
    (draft / "half.py").write_text("")
    install(tmp_path, HOME, dry_run=False)
    assert files_under(tmp_path / "Remote Scripts") == {
        f"MuseAroo/{name}": text for name, text in shipped_script().items()
    }


def test_a_missing_library_is_reported_with_its_fix(tmp_path: Path) -> None:
    with pytest.raises(InstallError, match=r"no User Library at .*nowhere.*--user-library"):
        install(tmp_path / "nowhere", HOME, dry_run=False)


def test_a_library_that_cannot_be_changed_is_reported_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "Remote Scripts").write_text("a file in the way")
    with pytest.raises(InstallError, match=r"Remote Scripts.*MuseAroo cannot be changed"):
        install(tmp_path, HOME, dry_run=False)


def test_a_script_that_is_not_installed_is_neither_this_version_nor_another(tmp_path: Path) -> None:
    assert installed_script_matches(tmp_path) is None


@pytest.mark.parametrize(
    ("platform", "place"),
    [
        ("darwin", "Music/Ableton/User Library"),
        ("win32", "Documents/Ableton/User Library"),
        ("linux", None),
    ],
)
def test_lives_library_has_its_place_on_each_platform(
    platform: str, place: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setattr(sys, "platform", platform)
    assert user_library() == (tmp_path / place if place else None)
