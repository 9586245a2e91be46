"""What may stand in a file's place: pipes, devices, folders, links to nowhere, and files of gigabytes."""

import contextlib
import os
import threading
import time
from pathlib import Path
from typing import Final

import pytest

if not hasattr(os, "mkfifo"):
    pytest.skip("Windows has neither named pipes nor devices", allow_module_level=True)

STRANGE: Final = {
    "pipe": "no regular file",
    "device": "no regular file",
    "folder": "directory",
    "link to a pipe": "no regular file",
    "link to nowhere": "No such file",
    "links in a circle": "symbolic links",
    "gigabytes": "more than",
}
"""What is said of each by `read_bounded`."""

WAITING: Final = ("pipe", "device", "link to a pipe")
"""Those of which reading would wait, or never end."""


def make_strange(kind: str, path: Path) -> Path:
    """Makes one of `STRANGE` at a path."""
    beside = path.with_name(f"{path.name}.beside")
    match kind:
        case "pipe":
            _make_pipe(path)
        case "link to a pipe":
            _make_pipe(beside)
            path.symlink_to(beside)
        case "device":
            path.symlink_to("/dev/zero")
        case "folder":
            path.mkdir()
        case "link to nowhere":
            path.symlink_to(beside)
        case "links in a circle":
            path.symlink_to(beside)
            beside.symlink_to(path)
        case _:
            # Takes no room on the disk.
            with path.open("wb") as file:
                file.truncate(3 << 30)
    return path


def _make_pipe(path: Path) -> None:
    """A pipe; whoever waits for it is let go on after a while, so that a test fails and does not hang."""
    os.mkfifo(path)

    def let_go() -> None:
        for _ in range(6):
            time.sleep(5.0)
            with contextlib.suppress(OSError):
                # For both ends, which waits for nobody.
                os.close(os.open(path, os.O_RDWR))

    threading.Thread(target=let_go, daemon=True).start()
