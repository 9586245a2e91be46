"""What commands write: whole files, or one line that says why not."""

from pathlib import Path

from bridge.commands.failure import CommandError


def write_file(path: Path, content: bytes, make_folder: bool = False) -> Path:
    """Writes a file, with `make_folder` the folder too, and returns its path; raises CommandError where it cannot."""
    try:
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror or error}.") from error
    return path


def read_file(path: Path) -> bytes:
    """The bytes of a file; raises CommandError where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror or error}.") from error
