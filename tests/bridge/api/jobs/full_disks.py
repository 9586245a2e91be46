"""The process of a task runner whose disk can become full, in the middle of a split or at the end of a render."""

from __future__ import annotations

import errno
import os
import shutil
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from musearoo.bridge.api.jobs import process
from musearoo.bridge.stems.separators import SEPARATORS, SeparatorKind
from tests.bridge.stems.some_splits import GatedSeparator

FULL = Path("/dev/full")
"""A device that is always full; Linux has one."""


def full_for_renders(home: Path) -> Path:
    """The file that has the disk be full for what a render makes, for as long as it is there."""
    return home / "renders.full"


def short_of_space(home: Path) -> Path:
    """The file that has the disk say that nothing is free, for as long as it is there."""
    return home / "disk.short"


def run_tasks(connection: Connection[Any, Any], heartbeat: Any, home: Path, cancelled: Any) -> None:
    """Stand in for `process.run_tasks`. `some_splits.flood_of` says when the disk is full for a split."""

    def link(target: Path, _: Path) -> None:
        if full_for_renders(home).exists():
            target.symlink_to(FULL)
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    def usage(folder: Path) -> Any:
        found = usage_of(folder)
        return found._replace(free=0) if short_of_space(home).exists() else found

    usage_of = shutil.disk_usage
    shutil.disk_usage = usage  # type: ignore[assignment]
    # The cache of renders is on another disk: its files are copied.
    Path.hardlink_to = link  # type: ignore[method-assign, assignment]
    SEPARATORS["dsp"] = SeparatorKind(
        lambda job: GatedSeparator(Path(job.path), Path(job.folder)), lambda _: 0, lambda: None
    )
    process.run_tasks(connection, heartbeat, home, cancelled)
