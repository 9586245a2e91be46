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
"""The folder that marks a Live project."""

IN_PROJECT: Final = Path("Samples", "Processed", "MuseAroo")
"""Folder of processed samples in a project, next to Live's Consolidate, Crop and Freeze."""

RECORDED_IN_PROJECT: Final = Path("Samples", "Recorded", "MuseAroo")
"""Folder of recordings in a project, next to Live's own."""

IN_LIBRARY: Final = Path("Samples", "MuseAroo")

LONGEST_TITLE: Final = 120
"""Most bytes of a title; a file's name may have 255."""

SHORTEST_TITLE: Final = 16
"""Least bytes of a title in a folder with a long path, so that titles stay distinguishable."""

LONGEST_WINDOWS_PATH: Final = 259
"""Longest path in UTF-16 units, of which UTF-8 never has fewer bytes: Live supports no longer ones on Windows."""

LONGEST_ENDING: Final = 48
"""Most bytes after a title: " · take 8 (Sketch) (12).musearoo.json" has 38."""

UNTITLED: Final = "Clip"

DEVICES: Final = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])(\.|$)", re.IGNORECASE)
"""Reserved names on Windows, with any extension."""

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class SoundKind:
    """A kind of output: its `name` in sentences (plural), and what would reduce its size (`smaller`).

    Its folder is `name` in MuseAroo's folder, and `in_project` in a Live project.
    """

    name: str
    smaller: str
    in_project: Path = IN_PROJECT


RESTORED: Final = SoundKind("restored sounds", "bring back a part of the version")

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

    `set_file` is the set's path, empty while it is unsaved. `library` is the User Library that files must be in for an
    old Live to accept them: it takes precedence over the project. If a folder is not writable, MuseAroo's is used.
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
    """Whether files can be created in a folder, or the folder itself if it is missing; leaves no files."""
    there = next((each for each in (folder, *folder.parents) if each.exists()), None)
    try:
        # Tested by writing, because permissions ignore write protection, and mean little on Windows.
        with tempfile.TemporaryFile(dir=there):
            return there is not None
    except OSError:
        return False


def clean_title(title: str, folder: Path | None = None) -> str:
    """Return a title as the beginning of a file name, valid on Windows, macOS and Linux, and short enough for a folder.

    >>> clean_title("Break 1/2: \\"loud\\"."), clean_title("con"), clean_title(" .. "), clean_title("-rf")
    ('Break 1 2 loud', '_con', 'Clip', 'rf')
    """
    plain = unicodedata.normalize("NFC", title.encode("utf-8", "replace").decode("utf-8"))
    plain = "".join(letter if _is_plain(letter) else " " for letter in plain)
    # A leading dot would hide the file, and a leading hyphen would look like an option on the command line.
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
    """Whether a character is valid in file names on every platform; joiners are valid within words and emoji."""
    return letter not in '<>:"/\\|?*' and (letter.isprintable() or letter in "\u200c\u200d")


def place_files(drafts: Mapping[Key, Path], folder: Path, name: Callable[[int], Mapping[Key, str]]) -> dict[Key, Path]:
    """Move finished files on the same disk into a folder under free names, all or none.

    When it returns, they are on disk even after a loss of power.

    `name` returns the names for a number, from 1 on; the first number whose names are all free is used. Each name is
    reserved by an empty file first, so that no other writer can be overwritten or overwrite. Raises OSError.
    """
    for draft in drafts.values():
        sync_file(draft)
    for number in count(1):
        paths = {key: folder / each for key, each in name(number).items()}
        if _reserve_names({path: drafts[key].stat().st_mode for key, path in paths.items()}):
            break
    try:
        for key, path in paths.items():
            drafts[key].replace(path)
        sync_folder(folder)
    except OSError:
        for path in paths.values():
            path.unlink(missing_ok=True)
        raise
    return paths


def _reserve_names(paths: Mapping[Path, int]) -> bool:
    """Create empty files of all these names, with these rights, or none if any exists."""
    taken: list[Path] = []
    try:
        for path, mode in paths.items():
            path.touch(stat.S_IMODE(mode), exist_ok=False)
            taken.append(path)
    except OSError as error:
        for path in taken:
            path.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            return False
        raise
    return True


def remove_files(paths: Iterable[str | Path]) -> dict[str, str]:
    """Remove files that exist; returns why others could not be, by path. That is logged, too."""
    left: dict[str, str] = {}
    for path in paths:
        try:
            Path(path).unlink(missing_ok=True)
        except OSError as error:
            # Windows removes no open file: Max or Live may still have it open.
            left[str(path)] = error.strerror or str(error)
            LOG.info("%s was left there (%s).", FileName(path), left[str(path)])
    return left
