"""Read and write whole files for commands, or fail with one line."""

import contextlib
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.settings.home_files import DRAFT, private_opener, read_bounded, sync_file, write_for_user
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


@contextlib.contextmanager
def new_private_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file for its owner alone, which has its name once the `with` block has written all of it.

    Raises CommandError if it cannot be written or is there already.
    """
    draft = path.with_name(f".{secrets.token_hex(8)}{DRAFT}")
    try:
        if path.exists():
            raise CommandError(f"{path} exists already: name a new file.")
        with open(draft, "xb", opener=private_opener) as stream:
            yield stream
        sync_file(draft)
        draft.replace(path)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


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
