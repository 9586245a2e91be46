"""What `musearoo doctor` says of the devices: whether they are installed, and what the last one found of itself."""

import json
import sys
from pathlib import Path

import pytest

from musearoo.bridge.cli import main
from musearoo.bridge.settings.config_files import ConfigFolder, DeviceKey, SelfTestReport
from musearoo.bridge.settings.live_folders import device_files, install
from tests.bridge.commands.command_line import Output, home

__all__ = ["home"]


def finding(capsys: Output, what: str, library: Path) -> tuple[str, str, str]:
    """How something is, what was found, and what mends it."""
    main(["doctor", "--json", "--user-library", str(library)])
    found = next(each for each in json.loads(capsys.readouterr().out) if each["what"] == what)
    return found["verdict"], found["found"], found["mend"]


def test_devices_that_are_missing_old_or_as_they_should_be(capsys: Output, home: Path, tmp_path: Path) -> None:
    mend = f'Run: musearoo install --user-library "{tmp_path}"'
    assert finding(capsys, "Device", tmp_path) == ("note", "not installed", mend)
    install(tmp_path, home, dry_run=False)
    verdict, found, _ = finding(capsys, "Device", tmp_path)
    assert (verdict, found.count("MuseAroo")) == ("good", 2)
    device_files(tmp_path)[1].write_bytes(b"of an older version")
    assert finding(capsys, "Device", tmp_path)[:2] == ("bad", "from another version")
    device_files(tmp_path)[1].unlink()
    assert finding(capsys, "Device", tmp_path)[0] == "bad"


def test_devices_that_look_for_musearoo_elsewhere(capsys: Output, home: Path, tmp_path: Path) -> None:
    install(tmp_path, tmp_path / "another home", dry_run=False)
    verdict, found, mend = finding(capsys, "Device", tmp_path)
    assert (verdict, found) == ("bad", f"not told that MuseAroo's folder is {home}")
    assert mend == f'Run: musearoo install --user-library "{tmp_path}"'


def test_the_key_of_the_devices_is_looked_at(capsys: Output, home: Path, tmp_path: Path) -> None:
    what = "Key for devices"
    assert finding(capsys, what, tmp_path) == ("good", "none yet; made at the first start", "")
    home.mkdir(parents=True, exist_ok=True)
    folder = ConfigFolder(home)
    folder.keep_device_key(DeviceKey(24_620, "5e" * 32))
    assert finding(capsys, what, tmp_path) == ("good", str(folder.device_key_file), "")
    if sys.platform != "win32":
        folder.device_key_file.chmod(0o644)
        assert finding(capsys, what, tmp_path)[:2] == ("bad", f"{folder.device_key_file} can be read by others")
        folder.device_key_file.chmod(0o600)
    folder.device_key_file.write_text("not a key")
    assert finding(capsys, what, tmp_path)[:2] == ("bad", f"{folder.device_key_file} holds none")


def test_a_library_that_is_not_there_is_not_to_be_installed_into(capsys: Output, tmp_path: Path) -> None:
    assert finding(capsys, "Remote Script", tmp_path)[1] == f"not in {tmp_path}"
    verdict, found, mend = finding(capsys, "Remote Script", tmp_path / "gone")
    assert (verdict, found) == ("bad", f"there is no User Library at {tmp_path / 'gone'}")
    assert mend.endswith("name the folder that Live's settings show under Library with --user-library.")


@pytest.mark.parametrize(
    ("checks", "verdict", "said"),
    [
        ("Track=ok;Ring=ok", "good", "Self-test: all 2 checks work. (Live 12.3.6, "),
        ("Track=ok;Ring=it is empty", "note", "Self-test: 1 of 2 fails. Ring: it is empty. (Live 12.3.6, "),
    ],
)
def test_what_a_device_found_of_itself(
    capsys: Output, home: Path, tmp_path: Path, checks: str, verdict: str, said: str
) -> None:
    assert finding(capsys, "Self-test", tmp_path)[:2] == ("note", "none yet")
    home.mkdir(parents=True, exist_ok=True)
    ConfigFolder(home).keep_self_test(SelfTestReport(1.8e9, "12.3.6", checks))
    found = finding(capsys, "Self-test", tmp_path)
    assert found[0] == verdict
    assert found[1].startswith(said)


def test_a_report_that_cannot_be_read_is_none(home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    folder = ConfigFolder(home)
    folder.self_test_file.write_text("{")
    assert folder.read_self_test() is None
