"""What commands write: whole files, or one line that says why not."""

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bridge.commands.shared.failure import CommandError
from bridge.settings.home_files import read_bounded, write_for_user

TOO_LONG: Final = "its name is too long, choose a shorter one"
"""Nor can Python be asked whether there is anything of such a name."""

LARGEST: Final = 8 << 20
"""Bytes of a file that is given to a command, but for sound: a MIDI file of an hour of an orchestra has one million."""


def write_file(path: Path, content: bytes, make_folder: bool = False) -> Path:
    """Writes a file, with `make_folder` the folder too, and returns its path.

    Raises CommandError where it cannot, and leaves what was there.
    """
    try:
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        write_for_user({path: content})
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {_why_not_written(path, error)}.") from error
    return path


def write_folder(folder: Path, files: Mapping[str, bytes]) -> dict[str, Path]:
    """Writes files into a folder, which is made if need be, and returns their paths by name.

    All take their places or none: raises CommandError where one cannot be written, and leaves what was there.
    """
    paths = {name: folder / name for name in files}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_for_user({paths[name]: content for name, content in files.items()})
    except OSError as error:
        first = next(iter(paths.values()))
        raise CommandError(f"{folder} cannot be written to: {_why_not_written(first, error)}.") from error
    return paths


def read_file(path: Path) -> bytes:
    """The bytes of a file; raises CommandError where it cannot be read or is too large."""
    try:
        return read_bounded(path, LARGEST)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {why_not_read(path, error)}") from error


def why_not_read(path: Path, error: OSError) -> str:
    """What keeps a file from being read, and what to do, as the end of a sentence."""
    if error.errno == errno.ENAMETOOLONG:
        return f"{TOO_LONG}."
    if path.is_dir():
        return "it is a folder, name a file in it."
    if isinstance(error, FileNotFoundError):
        return "it does not exist, was it moved or renamed?"
    return f"{error.strerror or error}."


def _why_not_written(path: Path, error: OSError) -> str:
    if error.errno == errno.ENAMETOOLONG:
        return TOO_LONG
    if path.is_dir():
        return "it is a folder, name a file in it"
    folder = next(each for each in (path.parent, *path.parent.parents) if each.exists())
    if not folder.is_dir():
        return f"{folder} is a file and no folder"
    if folder != path.parent and isinstance(error, FileNotFoundError):
        return f"there is no folder {path.parent}, make it first"
    return error.strerror or str(error)
