"""Read and write whole files for commands, or fail with one line."""

from collections.abc import Mapping
from pathlib import Path

from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.settings.home_files import read_bounded, write_for_user
from musearoo.bridge.settings.user_files import LARGEST, why_not_read, why_not_written


def write_file(path: Path, content: bytes, make_folder: bool = False) -> Path:
    """Write a file, with `make_folder` the folder too, and return its path.

    Raises CommandError if it cannot, and leaves the old file.
    """
    try:
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        write_for_user({path: content})
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {why_not_written(path, error)}.") from error
    return path


def write_folder(folder: Path, files: Mapping[str, bytes]) -> dict[str, Path]:
    """Write files into a folder, which is created if needed, and return their paths by name.

    All are written or none: raises CommandError if one cannot be, and leaves the old files.
    """
    paths = {name: folder / name for name in files}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_for_user({paths[name]: content for name, content in files.items()})
    except OSError as error:
        first = next(iter(paths.values()))
        raise CommandError(f"{folder} cannot be written to: {why_not_written(first, error)}.") from error
    return paths


def read_file(path: Path) -> bytes:
    """Return the bytes of a file; raises CommandError if it cannot be read or is too large."""
    try:
        return read_bounded(path, LARGEST)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {why_not_read(path, error)}") from error
