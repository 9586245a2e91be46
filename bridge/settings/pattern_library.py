"""The pattern library on disk, memory-mapped on first use: the fallback for an engine that fails."""

import json
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from musearoo.bridge.settings.logs import LOG
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.styles.schema import Style

if TYPE_CHECKING:
    from musearoo.engines.players.library.patterns import Patterns

ROWS, NOTES, STYLES = "rows.npy", "notes.npy", "styles.json"
"""The files of the library in `presets/patterns`."""
FOLDER: Final = resources.files("musearoo.presets").joinpath("patterns")


class PatternLibrary:
    """Return a pattern that fits a part; without the library's files, return None and log that once."""

    def __init__(self, folder: Traversable = FOLDER) -> None:
        self._folder = folder

    def __call__(self, role: Role, style: Style, context: MusicalContext, bars: int) -> Clip | None:
        """Return a take of the part in the style, fitted to the set, or None."""
        if self.patterns is None:
            return None
        from musearoo.engines.players.library.fitting import pattern_for  # imported here, because it loads NumPy

        return pattern_for(self.patterns, role, style, context, bars)

    def warm(self) -> None:
        """Map the tables ahead of the first pattern, in any thread."""
        if self.patterns is not None:
            LOG.debug("%d patterns stand by.", len(self.patterns))

    @cached_property
    def patterns(self) -> "Patterns | None":
        """The memory-mapped tables; None if they cannot be read."""
        try:
            return open_patterns(self._folder)
        except (OSError, ValueError) as error:
            LOG.warning("The pattern library cannot be read, install MuseAroo anew: %s", error)
            return None


def open_patterns(folder: Traversable) -> "Patterns":
    """Open the library of a folder; raises OSError or ValueError for invalid files."""
    import numpy as np

    from musearoo.engines.players.library.patterns import NOTE, ROW, Patterns

    # Presets are always in a folder, even if installed from a wheel: files in a zip could not be memory-mapped.
    with resources.as_file(folder.joinpath(ROWS)) as rows, resources.as_file(folder.joinpath(NOTES)) as notes:
        tables = [np.lib.format.open_memmap(path, mode="r") for path in (rows, notes)]
    if (tables[0].dtype, tables[1].dtype) != (ROW, NOTE):
        raise ValueError("its tables are of another version")
    return Patterns(tables[0], tables[1], tuple(json.loads(folder.joinpath(STYLES).read_text(encoding="utf-8"))))


def write_patterns(patterns: "Patterns", folder: Path) -> None:
    """Write a library that `open_patterns` reads."""
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / ROWS, patterns.rows)
    np.save(folder / NOTES, patterns.notes)
    (folder / STYLES).write_text(json.dumps(list(patterns.styles)) + "\n", encoding="utf-8")
