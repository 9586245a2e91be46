"""MuseAroo's own folder: where it is, who may read it, one daemon at a time, and what happens when the disk says no."""

import os
import runpy
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.settings.config_files import HOME_VARIABLE, ConfigError, ConfigFolder, Endpoint, home_folder
from musearoo.bridge.settings.user_settings import Settings, SettingsError

ROOT = Path(__file__).resolve().parents[3]
ENDPOINT = Endpoint(24_610, 24_620, 4711, "0.1.0")

posix_only = pytest.mark.skipif(os.name != "posix", reason="rights of owner and others are a matter of POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> ConfigFolder:
    """A folder that was not there before, claimed by this process."""
    made = ConfigFolder(tmp_path / "some" / "MuseAroo")
    made.claim()
    return made


# --- the token -------------------------------------------------------------------------------------------------------


@posix_only
def test_the_token_is_for_its_owner_alone(folder: ConfigFolder) -> None:
    folder.read_token()
    assert stat.S_IMODE(folder.token_file.stat().st_mode) == 0o600


def test_the_token_is_kept_across_starts(folder: ConfigFolder) -> None:
    token = folder.read_token()
    assert len(token) >= 32
    assert ConfigFolder(folder.folder).read_token() == token


def test_each_folder_has_a_token_of_its_own(folder: ConfigFolder, tmp_path: Path) -> None:
    other = ConfigFolder(tmp_path / "other")
    other.claim()
    assert other.read_token() != folder.read_token()


@posix_only
def test_a_token_that_others_may_read_is_closed_to_them(folder: ConfigFolder) -> None:
    folder.token_file.write_text("a-token-from-elsewhere\n", encoding="ascii")
    folder.token_file.chmod(0o644)
    assert folder.read_token() == "a-token-from-elsewhere"
    assert stat.S_IMODE(folder.token_file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"\n", b"  \r\n"])
def test_an_empty_token_file_gets_a_new_token(folder: ConfigFolder, content: bytes) -> None:
    folder.token_file.write_bytes(content)
    assert len(folder.read_token()) >= 32


def test_bytes_that_are_no_text_do_not_stop_the_token(folder: ConfigFolder) -> None:
    folder.token_file.write_bytes(b"\xff\xfe\x00")
    assert folder.read_token()


def test_an_unreadable_token_is_reported_with_its_path(folder: ConfigFolder) -> None:
    folder.token_file.mkdir()
    with pytest.raises(ConfigError, match=r"token cannot be read .* delete it"):
        folder.read_token()


def test_no_draft_is_left_behind(folder: ConfigFolder) -> None:
    folder.read_token()
    folder.write_endpoint(ENDPOINT)
    assert {path.name for path in folder.folder.iterdir()} == {"token", "daemon.json", "daemon.lock"}


# --- one daemon at a time --------------------------------------------------------------------------------------------


def test_a_second_daemon_is_refused_and_the_running_one_named(folder: ConfigFolder) -> None:
    folder.write_endpoint(ENDPOINT)
    with pytest.raises(ConfigError, match=r"already running \(process 4711\)"):
        ConfigFolder(folder.folder).claim()


def test_a_second_daemon_is_refused_also_before_the_first_says_where_it_listens(folder: ConfigFolder) -> None:
    with pytest.raises(ConfigError, match="already running: stop it first"):
        ConfigFolder(folder.folder).claim()


def test_a_folder_given_back_can_be_claimed_again(folder: ConfigFolder) -> None:
    folder.write_endpoint(ENDPOINT)
    folder.release()
    assert not folder.endpoint_file.exists()
    again = ConfigFolder(folder.folder)
    again.claim()
    again.release()


def test_a_lock_file_left_by_a_killed_daemon_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "daemon.lock").write_bytes(b"")
    (tmp_path / "daemon.json").write_text('{"script_port": 1, "device_port": 2, "pid": 3, "version": "0"}')
    folder = ConfigFolder(tmp_path)
    folder.claim()
    folder.release()


def test_a_folder_that_cannot_be_created_is_reported_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ConfigError, match=r"cannot make .*file.*MuseAroo"):
        ConfigFolder(tmp_path / "file" / "MuseAroo").claim()


@posix_only
def test_a_folder_that_cannot_be_written_is_reported_with_its_path(tmp_path: Path) -> None:
    if os.getuid() == 0:
        pytest.skip("root may write anywhere")
    tmp_path.chmod(0o500)
    with pytest.raises(ConfigError, match="cannot write to"):
        ConfigFolder(tmp_path).claim()


# --- endpoint and settings -------------------------------------------------------------------------------------------


def test_an_endpoint_is_read_as_it_was_written(folder: ConfigFolder) -> None:
    assert folder.read_endpoint() is None
    folder.write_endpoint(ENDPOINT)
    assert folder.read_endpoint() == ENDPOINT


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"pid": 1}', "null", '"text"', '{"a": 1, "b": 2}', "\udcff"])
def test_an_endpoint_that_cannot_be_read_is_none(folder: ConfigFolder, text: str) -> None:
    folder.endpoint_file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert folder.read_endpoint() is None


def test_the_script_finds_the_endpoint_and_the_token(folder: ConfigFolder) -> None:
    token = folder.read_token()
    folder.write_endpoint(ENDPOINT)
    config = script_config()
    found = config["find_endpoint"](str(folder.folder))
    assert (found.port, found.token) == (ENDPOINT.script_port, token)


def test_a_first_start_writes_the_commented_settings(folder: ConfigFolder) -> None:
    assert folder.read_settings() == Settings()
    assert folder.settings_file.read_text(encoding="utf-8").startswith("# MuseAroo's settings")
    assert folder.read_settings() == Settings()


def test_a_users_settings_are_not_overwritten(folder: ConfigFolder) -> None:
    folder.settings_file.write_text("sample_rate: 96000 # mine\n", encoding="utf-8")
    assert folder.read_settings() == Settings(sample_rate=96_000)
    assert folder.settings_file.read_text(encoding="utf-8") == "sample_rate: 96000 # mine\n"


def make_folder(path: Path) -> None:
    """A folder stands where the settings should."""
    path.mkdir()


def write_latin_1(path: Path) -> None:
    """The settings are not in UTF-8."""
    path.write_bytes("# für mich\n".encode("latin-1"))


@pytest.mark.parametrize("spoil", [make_folder, write_latin_1])
def test_unreadable_settings_are_reported_with_their_path(folder: ConfigFolder, spoil: Callable[[Path], None]) -> None:
    spoil(folder.settings_file)
    with pytest.raises(SettingsError, match=r"settings\.yaml cannot be read .*: mend or delete it"):
        folder.read_settings()


def test_a_mistake_in_the_settings_names_the_file(folder: ConfigFolder) -> None:
    folder.settings_file.write_text("sample_rate: 3", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"settings\.yaml: sample_rate"):
        folder.read_settings()


# --- where the folder is ---------------------------------------------------------------------------------------------


def script_config() -> dict[str, Any]:
    """What the Remote Script's own module says."""
    return runpy.run_path(str(ROOT / "remote_scripts/MuseAroo/host/config.py"))


ENVIRONMENTS: dict[str, dict[str, str]] = {
    "plain": {"HOME": "/home/ann"},
    "named": {"HOME": "/home/ann", HOME_VARIABLE: "/else/where"},
    "named empty": {"HOME": "/home/ann", HOME_VARIABLE: ""},
    "XDG": {"HOME": "/home/ann", "XDG_CONFIG_HOME": "/config"},
    "XDG empty": {"HOME": "/home/ann", "XDG_CONFIG_HOME": ""},
    "APPDATA": {"HOME": "/home/ann", "APPDATA": "/app data"},
    "APPDATA empty": {"HOME": "/home/ann", "APPDATA": ""},
}


@pytest.mark.parametrize("platform", ["darwin", "win32", "linux"])
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_daemon_and_script_look_in_the_same_folder(
    platform: str, environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("HOME", HOME_VARIABLE, "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in ENVIRONMENTS[environment].items():
        monkeypatch.setenv(variable, value)
    theirs = script_config()["home"](ENVIRONMENTS[environment], platform)
    monkeypatch.setattr(sys, "platform", platform)
    assert Path(str(theirs)) == home_folder()
    assert home_folder().is_absolute()


@pytest.mark.parametrize(
    ("platform", "place"),
    [
        ("darwin", "/home/ann/Library/Application Support/MuseAroo"),
        ("win32", "/home/ann/AppData/Roaming/MuseAroo"),
        ("linux", "/home/ann/.config/musearoo"),
    ],
)
def test_each_platform_has_its_own_place(platform: str, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (HOME_VARIABLE, "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", "/home/ann")
    monkeypatch.setattr(sys, "platform", platform)
    assert home_folder() == Path(place)
