"""The engines: MuseAroo's own, and those that other packages add."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from musearoo.bridge.settings.logs import LOG
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "musearoo.engines"
"""The entry-point group: each entry names an EngineRecord."""


@cache
def read_engines() -> tuple[EngineRecord, ...]:
    """Return every engine, MuseAroo's own first. One that fails to load, or takes a used name, is logged."""
    engines = list(ENGINES)
    for entry in _find_entries():
        try:
            engine = entry.load()
        except Exception:
            # Another package's code runs here: its errors must not affect the other engines.
            LOG.exception("The engine %s of another package cannot be loaded", entry.value)
            continue
        if not isinstance(engine, EngineRecord):
            LOG.warning("%s is not an EngineRecord and is left out", entry.value)
        elif any(engine.name == other.name for other in engines):
            LOG.warning("%s is left out: there is an engine named %s already", entry.value, engine.name)
        else:
            engines.append(engine)
    return tuple(engines)


def _find_entries() -> Iterable[EntryPoint]:
    """Return the group's entries of all installed packages."""
    if not any(map(_names_group, sys.path)):
        return ()
    # Imported here, because it loads email, and reads all packages once more.
    from importlib.metadata import entry_points

    return entry_points(group=GROUP)


def _names_group(folder: str) -> bool:
    """Whether a package that is installed in a folder may have entries of the group."""
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return False
    for name in names:
        if name.endswith((".dist-info", ".egg-info")):
            try:
                text = Path(folder, name, "entry_points.txt").read_bytes()
            except OSError:
                continue
            if GROUP.encode() in text:
                return True
    return False
