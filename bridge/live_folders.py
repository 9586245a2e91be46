"""Where Ableton Live looks: its User Library on each platform, and what MuseAroo puts there."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

SCRIPT_NAME = "MuseAroo"


class InstallError(Exception):
    """Something could not be put into or taken from Live's folders: which, why, what to do."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that install or uninstall does."""

    verb: str
    path: Path


def user_library() -> Path | None:
    """Live's User Library in its standard place, or None where there is none (Linux has no Live)."""
    if sys.platform == "darwin":
        return Path.home() / "Music" / "Ableton" / "User Library"
    if sys.platform == "win32":
        profile = Path(os.environ.get("USERPROFILE") or Path.home())
        return profile / "Documents" / "Ableton" / "User Library"
    return None


def script_folder(library: Path) -> Path:
    """Where the Remote Script lies in a User Library."""
    return library / "Remote Scripts" / SCRIPT_NAME


def device_file(library: Path) -> Path:
    """Where the device lies in a User Library."""
    return library / "Presets" / "Audio Effects" / "Max Audio Effect" / "MuseAroo.amxd"


def shipped_script() -> dict[str, bytes]:
    """The Remote Script that comes with this version: file name to content."""
    folder = resources.files("remote_scripts").joinpath(SCRIPT_NAME)
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.name.endswith(".py")}


def shipped_device() -> bytes | None:
    """The device that comes with this version, or None as long as there is none."""
    device = resources.files("max_for_live").joinpath("MuseAroo.amxd")
    return device.read_bytes() if device.is_file() else None


def install(library: Path, dry_run: bool) -> list[Step]:
    """Puts script and device where Live looks, replacing an older version whole; returns what was (or would be) done.

    A folder of the same name that is not MuseAroo's is left alone: InstallError.
    """
    if not library.is_dir():
        raise InstallError(
            f"There is no User Library at {library}. Start Live once, or name the folder that Live's settings show "
            "under Library with --user-library."
        )
    target = script_folder(library)
    _require_ours(target)
    steps = [Step("replace" if target.exists() else "write", target)]
    device = shipped_device()
    if device is not None:
        steps.append(Step("replace" if device_file(library).exists() else "write", device_file(library)))
    if not dry_run:
        with _told(target):
            _replace_folder(target, shipped_script())
        if device is not None:
            with _told(device_file(library)):
                device_file(library).parent.mkdir(parents=True, exist_ok=True)
                device_file(library).write_bytes(device)
    return steps


def uninstall(library: Path, dry_run: bool) -> list[Step]:
    """Takes away what install put there; returns what was (or would be) done."""
    steps = []
    target = script_folder(library)
    if target.exists():
        _require_ours(target)
        steps.append(Step("remove", target))
        if not dry_run:
            with _told(target):
                shutil.rmtree(target)
    if device_file(library).exists():
        steps.append(Step("remove", device_file(library)))
        if not dry_run:
            with _told(device_file(library)):
                device_file(library).unlink()
    return steps


def installed_script_matches(library: Path) -> bool | None:
    """Whether the installed script is this version's, or None when none is installed."""
    target = script_folder(library)
    if not target.is_dir():
        return None
    wanted = shipped_script()
    return all((target / name).is_file() and (target / name).read_bytes() == text for name, text in wanted.items())


def _require_ours(target: Path) -> None:
    if target.exists() and not (target / "wire_table.py").is_file():
        raise InstallError(f"{target} is there and is not MuseAroo's Remote Script: move it away, then install again.")


def _replace_folder(target: Path, files: dict[str, bytes]) -> None:
    """Puts a folder of files in the place of another; at every moment one of the two lies whole on the disk."""
    draft, old = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
    for leftover in (draft, old):
        shutil.rmtree(leftover, ignore_errors=True)
    draft.mkdir(parents=True)
    for name, content in files.items():
        (draft / name).write_bytes(content)
    if target.exists():
        target.rename(old)
    draft.rename(target)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turns the system's errors into InstallError naming the path."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise InstallError(f"{path} cannot be changed: {reason}. Close Live and mend the folder's rights.") from error
