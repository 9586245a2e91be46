"""Ableton Live's User Library on each platform, and what MuseAroo installs there."""

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from musearoo.bridge.settings.home_files import read_bounded, sync_folder, write_for_user

SCRIPT_NAME = "MuseAroo"


class InstallError(Exception):
    """A file could not be installed in Live's folders or removed: which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of install or uninstall."""

    verb: str
    path: Path


def user_library() -> Path | None:
    """Return Live's User Library in its standard place, or None without one (Linux has no Live)."""
    if sys.platform == "darwin":
        return Path.home() / "Music" / "Ableton" / "User Library"
    if sys.platform == "win32":
        profile = Path(os.environ.get("USERPROFILE") or Path.home())
        return profile / "Documents" / "Ableton" / "User Library"
    return None


def script_folder(library: Path) -> Path:
    """Return the folder of the Remote Script in a User Library."""
    return library / "Remote Scripts" / SCRIPT_NAME


DEVICES = {
    "MuseAroo.amxd": ("Audio Effects", "Max Audio Effect"),
    "MuseAroo MIDI.amxd": ("MIDI Effects", "Max MIDI Effect"),
}
"""The devices, and the folders in a User Library's Presets where Live's browser lists their kind."""


HOME_POINTER = "MuseAroo folder.txt"
"""File next to each device with the file URL of MuseAroo's folder, which `max_for_live/script/key.js` reads: in Max, a
device can read neither the home folder's path nor the environment."""


def device_files(library: Path) -> tuple[Path, ...]:
    """Return the devices' files in a User Library."""
    return tuple(library.joinpath("Presets", *folders, name) for name, folders in DEVICES.items())


def shipped_script() -> dict[str, bytes]:
    """Return this version's Remote Script: each file's path in its folder, with slashes, to its content."""
    return dict(_sources(resources.files("musearoo.remote_scripts").joinpath(SCRIPT_NAME), ""))


def _sources(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    """Yield the Python files of a folder and its subfolders."""
    for entry in folder.iterdir():
        if entry.name.endswith(".py"):
            yield path + entry.name, entry.read_bytes()
        elif entry.is_dir():
            yield from _sources(entry, f"{path}{entry.name}/")


def shipped_device(name: str) -> bytes:
    """Return this version's device of a file name."""
    return resources.files("musearoo.max_for_live").joinpath(name).read_bytes()


def pointer_files(library: Path) -> tuple[Path, ...]:
    """Return the pointer files of the devices in a User Library (see HOME_POINTER)."""
    return tuple(device.with_name(HOME_POINTER) for device in device_files(library))


def install(library: Path, home: Path, dry_run: bool) -> list[Step]:
    """Install script and devices in Live's folders, replacing an older version whole; returns the steps.

    The devices' pointer files name `home`. Raises InstallError if the script's folder is not MuseAroo's.
    """
    if not library.is_dir():
        raise InstallError(
            f"There is no User Library at {library}. Start Live once, or name the folder that Live's settings show "
            "under Library with --user-library."
        )
    target = script_folder(library)
    _require_ours(target)
    steps = [Step("replace" if target.exists() else "write", target)]
    pointer = _pointer_to(home)
    files = {device: shipped_device(device.name) for device in device_files(library)}
    files |= dict.fromkeys(pointer_files(library), pointer)
    steps += [Step("replace" if file.exists() else "write", file) for file in files]
    if not dry_run:
        with _as_install_error(target):
            _replace_folder(target, shipped_script())
        for file, content in files.items():
            with _as_install_error(file):
                _replace_file(file, content)
    return steps


def uninstall(library: Path, dry_run: bool) -> list[Step]:
    """Remove everything that `install` wrote; returns the steps."""
    steps = []
    target = script_folder(library)
    if target.exists():
        _require_ours(target)
        steps.append(Step("remove", target))
        if not dry_run:
            with _as_install_error(target):
                shutil.rmtree(target)
    for file in (*device_files(library), *pointer_files(library)):
        if file.exists():
            steps.append(Step("remove", file))
            if not dry_run:
                with _as_install_error(file):
                    file.unlink()
    return steps


def installed_script_matches(library: Path) -> bool | None:
    """Whether the installed script is this version's, or None if there is none installed."""
    target = script_folder(library)
    if not target.is_dir():
        return None
    wanted = shipped_script()
    return all(_holds(target / name, content) for name, content in wanted.items())


def installed_devices_match(library: Path) -> bool:
    """Whether the installed devices are this version's, byte for byte."""
    files = device_files(library)
    return all(_holds(file, shipped_device(file.name)) for file in files)


def _holds(path: Path, content: bytes) -> bool:
    """Whether a file has exactly this content."""
    try:
        return read_bounded(path, len(content)) == content
    except OSError:
        return False


def installed_devices_find(library: Path, home: Path) -> bool:
    """Whether the installed devices point to `home` as MuseAroo's folder."""
    pointer = _pointer_to(home)
    return all(file.is_file() and file.read_bytes() == pointer for file in pointer_files(library))


def _pointer_to(home: Path) -> bytes:
    return f"{home.absolute().as_uri()}\n".encode("ascii")


_TABLES = ("wire/table.py", "wire_table.py")
"""The script's table of messages, also in older versions: it identifies MuseAroo's script."""


def _require_ours(target: Path) -> None:
    if target.exists() and not any((target / name).is_file() for name in _TABLES):
        raise InstallError(f"{target} is there and is not MuseAroo's Remote Script: move it away, then install again.")


def _replace_folder(target: Path, files: dict[str, bytes]) -> None:
    """Replace a folder of files; at every moment the old or the new one is complete on disk."""
    draft, old = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
    for leftover in (draft, old):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        for name in files:
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
        write_for_user({draft / name: content for name, content in files.items()})
        if target.exists():
            target.rename(old)
        try:
            draft.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
        sync_folder(target.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def _replace_file(file: Path, content: bytes) -> None:
    """Replace a file; at every moment the old or the new one is complete on disk."""
    file.parent.mkdir(parents=True, exist_ok=True)
    write_for_user({file: content})


@contextmanager
def _as_install_error(path: Path) -> Iterator[None]:
    """Turn the system's errors into InstallError naming the path."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise InstallError(f"{path} cannot be changed: {reason}. {_what_to_do(error)}") from error


def _what_to_do(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "Free some space, then do it again."
    return "Close Live and mend the folder's rights."
