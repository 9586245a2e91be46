"""Output folders and file names for sounds: valid on every platform, and no file is ever overwritten."""

from __future__ import annotations

import re
import stat
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

from musearoo.bridge.settings.home_files import sync_file, sync_folder
from musearoo.bridge.settings.logs import LOG, FileName
from musearoo.bridge.text.bounded import cut_text

PROJECT_MARK: Final = "Ableton Project Info"
"""The folder by which Live knows a project."""

IN_PROJECT: Final = Path("Samples", "Processed", "MuseAroo")
"""Beside Live's own Consolidate, Crop and Freeze: what was made of a project's samples."""

RECORDED_IN_PROJECT: Final = Path("Samples", "Recorded", "MuseAroo")
"""Beside what Live itself records."""

IN_LIBRARY: Final = Path("Samples", "MuseAroo")

LONGEST_TITLE: Final = 120
"""Bytes: a file's name may have 255."""

SHORTEST_TITLE: Final = 16
"""Bytes that are left of a title where a folder's own name is long: by less it could not be told from another."""

LONGEST_WINDOWS_PATH: Final = 259
"""UTF-16 letters, of which UTF-8 never takes fewer bytes: Live knows no longer paths there, whatever Windows allows."""

LONGEST_ENDING: Final = 48
"""Bytes that follow a title: " · take 8 (Sketch) (12).musearoo.json" has 38."""

UNTITLED: Final = "Clip"

DEVICES: Final = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])(\.|$)", re.IGNORECASE)
"""Names that mean something else on Windows, with any ending."""

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class SoundKind:
    """A kind of output, as sentences call it: `name` in the plural, `smaller` what would reduce its size.

    In MuseAroo's own folder they lie in one of that name, in a Live project at `in_project`.
    """

    name: str
    smaller: str
    in_project: Path = IN_PROJECT


STEMS: Final = SoundKind("stems", "split a shorter file")

LOOPS: Final = SoundKind("loops", "ask for fewer takes or a shorter one")


RECORDINGS: Final = SoundKind("recordings", "listen to fewer bars", RECORDED_IN_PROJECT)


@dataclass(frozen=True, slots=True)
class SoundFolder:
    """An output folder; `note` explains in one sentence why it is not the usual one, else it is empty."""

    path: Path
    note: str = ""


def choose_folder(set_file: str, home: Path, library: str, kind: SoundKind) -> SoundFolder:
    """Return the output folder for a set: in its project if it has one, else in MuseAroo's folder.

    `set_file` is the set's path, empty while it is unsaved. `library` is a User Library that files must lie in for an
    old Live to take them: it wins over the project. A folder that cannot be written to is left for MuseAroo's.
    """
    fallback = home / kind.name
    if library:
        wanted = Path(library) / IN_LIBRARY
    else:
        project = find_project(Path(set_file)) if set_file else None
        if project is None:
            return SoundFolder(fallback)
        wanted = project / kind.in_project
    if can_write(wanted):
        return SoundFolder(wanted)
    return SoundFolder(fallback, f"{wanted} cannot be written to, so the {kind.name} went to {fallback}.")


def find_project(set_file: Path) -> Path | None:
    """Return the project folder that contains a set, at any depth, or None."""
    return next((folder for folder in set_file.parents if (folder / PROJECT_MARK).is_dir()), None)


def can_write(folder: Path) -> bool:
    """Whether files can be made in a folder, or the folder itself if it is missing; leaves nothing behind."""
    there = next((each for each in (folder, *folder.parents) if each.exists()), None)
    try:
        # Asking for rights tells nothing of a disk that is write-protected, nor anything at all on Windows.
        with tempfile.TemporaryFile(dir=there):
            return there is not None
    except OSError:
        return False


def clean_title(title: str, folder: Path | None = None) -> str:
    """A title as the beginning of a file's name on Windows, macOS and Linux alike, in a folder whose path has room.

    >>> clean_title("Break 1/2: \\"loud\\"."), clean_title("con"), clean_title(" .. "), clean_title("-rf")
    ('Break 1 2 loud', '_con', 'Clip', 'rf')
    """
    plain = unicodedata.normalize("NFC", title.encode("utf-8", "replace").decode("utf-8"))
    plain = "".join(letter if _is_plain(letter) else " " for letter in plain)
    # A dot would hide it, and a hyphen be taken for an option where somebody types it.
    plain = " ".join(plain.split()).lstrip(".- ").rstrip(". ")
    plain = cut_text(plain, room_for_title(folder), mark="").rstrip(". ")
    return f"_{plain}" if DEVICES.match(plain) else plain or UNTITLED


def room_for_title(folder: Path | None, platform: str = sys.platform) -> int:
    """Return the bytes that a title may have in a folder, so that programs can open the resulting path."""
    if folder is None or platform != "win32":
        return LONGEST_TITLE
    room = LONGEST_WINDOWS_PATH - LONGEST_ENDING - len(str(folder).encode("utf-8", "replace")) - 1
    return max(SHORTEST_TITLE, min(LONGEST_TITLE, room))


def _is_plain(letter: str) -> bool:
    """Whether a letter may stand in a file's name everywhere; joiners are no letters, but parts of some."""
    return letter not in '<>:"/\\|?*' and (letter.isprintable() or letter in "\u200c\u200d")


def place_files(drafts: Mapping[Key, Path], folder: Path, name: Callable[[int], Mapping[Key, str]]) -> dict[Key, Path]:
    """Move finished files on the same disk into a folder under free names, all or none.

    They are there for good when it returns, also after a loss of power.

    `name` gives the names of a number, from 1 on: those of the first number that has all of them free are taken, each
    by an empty file first, so that whoever else writes there can neither be overwritten nor overwrite. Raises OSError.
    """
    for draft in drafts.values():
        sync_file(draft)
    for number in count(1):
        places = {key: folder / each for key, each in name(number).items()}
        if _reserve_names({place: drafts[key].stat().st_mode for key, place in places.items()}):
            break
    try:
        for key, place in places.items():
            drafts[key].replace(place)
        sync_folder(folder)
    except OSError:
        for place in places.values():
            place.unlink(missing_ok=True)
        raise
    return places


def _reserve_names(places: Mapping[Path, int]) -> bool:
    """Create empty files of all these names, with these rights, or none if one exists."""
    taken: list[Path] = []
    try:
        for place, mode in places.items():
            place.touch(stat.S_IMODE(mode), exist_ok=False)
            taken.append(place)
    except OSError as error:
        for place in taken:
            place.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            return False
        raise
    return True


def remove_files(paths: Iterable[str | Path]) -> None:
    """Remove files that exist; a failure is logged."""
    for path in paths:
        try:
            Path(path).unlink(missing_ok=True)
        except OSError as error:
            # Windows removes nothing that is open: Max, or Live, may not have let go of it.
            LOG.info("%s was left there (%s).", FileName(path), error.strerror or error)
