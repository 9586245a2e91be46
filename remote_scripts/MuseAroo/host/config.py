"""File locations: the daemon's token and endpoint in MuseAroo's folder, and Live's User Library."""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
from typing import Mapping, NamedTuple

LARGEST = 1024
"""The size limit in characters of the daemon's files; it writes a tenth."""


class Endpoint(NamedTuple):
    """The daemon's address: its port on 127.0.0.1 and the script's access token."""

    port: int
    token: str


def home(environ: Mapping[str, str], platform: str = sys.platform) -> str:
    """Return the folder of the daemon's files.

    >>> home({"MUSEAROO_HOME": "/roo"})
    '/roo'
    >>> home({"HOME": "/home/ann"}, "linux")
    '/home/ann/.config/musearoo'
    """
    if environ.get("MUSEAROO_HOME"):
        return environ["MUSEAROO_HOME"]
    user = environ.get("HOME") or os.path.expanduser("~")
    if platform == "darwin":
        return os.path.join(user, "Library", "Application Support", "MuseAroo")
    if platform == "win32":
        return os.path.join(environ.get("APPDATA") or os.path.join(user, "AppData", "Roaming"), "MuseAroo")
    return os.path.join(environ.get("XDG_CONFIG_HOME") or os.path.join(user, ".config"), "musearoo")


def user_library(script_file: str) -> str:
    """Return the User Library that contains a file of this script, "" if it is elsewhere.

    >>> user_library(os.path.join("/ann", "User Library", "Remote Scripts", "MuseAroo", "surface.py"))
    '/ann/User Library'
    >>> user_library(os.path.join("/ann", "checkout", "MuseAroo", "surface.py"))
    ''
    """
    folder, name = os.path.split(os.path.dirname(os.path.dirname(script_file)))
    return folder if name == "Remote Scripts" else ""


def require_regular(path: str) -> None:
    """Raise OSError for anything but a regular file: opening a pipe would block, and Live with it."""
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", path)


def _read_small(path: str) -> str:
    require_regular(path)
    with open(path, encoding="utf-8") as file:
        text = file.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise ValueError(f"{os.path.basename(path)} is too large")
    return text


def find_endpoint(folder: str) -> Endpoint | str:
    """Return the daemon's endpoint, or one sentence that says why there is none yet."""
    try:
        said = json.loads(_read_small(os.path.join(folder, "daemon.json")))
        token = _read_small(os.path.join(folder, "token")).strip()
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, FileNotFoundError):
            return f"The MuseAroo daemon has not been started yet (nothing in {folder})."
        return f"The MuseAroo daemon's files in {folder} cannot be read: {error}."
    port = said.get("script_port") if isinstance(said, dict) else None
    if not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= 65535:
        return f"daemon.json in {folder} holds no script_port in 1..65535."
    return Endpoint(port, token)
