"""Files that the user names: their size limits, and why one cannot be read or written."""

import errno
from pathlib import Path
from typing import Final

TOO_LONG: Final = "its name is too long, choose a shorter one"
"""Nor can Python be asked whether there is anything of such a name."""

LARGEST: Final = 8 << 20
"""Most bytes of a command's input file, except audio: an hour of orchestral MIDI has one million."""


def why_not_read(path: Path, error: OSError) -> str:
    """Return what keeps a file from being read, and what to do, as the end of a sentence."""
    if error.errno == errno.ENAMETOOLONG:
        return f"{TOO_LONG}."
    if path.is_dir():
        return "it is a folder, name a file in it."
    if isinstance(error, FileNotFoundError):
        return "it does not exist, was it moved or renamed?"
    return f"{error.strerror or error}."


def why_not_written(path: Path, error: OSError) -> str:
    """Return what keeps a file from being written, as the end of a sentence without its full stop."""
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
