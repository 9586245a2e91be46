"""Where things lie: the daemon's token and endpoint in MuseAroo's folder, and Live's User Library."""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
from typing import Mapping, NamedTuple

LARGEST = 1024
"""Characters of a file that the daemon leaves; it writes a tenth."""


class Endpoint(NamedTuple):
    """How to reach the daemon: its port on 127.0.0.1 and the token that admits the script."""

    port: int
    token: str


def home(environ: Mapping[str, str], platform: str = sys.platform) -> str:
    """The folder where the daemon leaves its files.

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
    """The User Library that a file of this script lies in, "" where it lies elsewhere.

    >>> user_library(os.path.join("/ann", "User Library", "Remote Scripts", "MuseAroo", "surface.py"))
    '/ann/User Library'
    >>> user_library(os.path.join("/ann", "checkout", "MuseAroo", "surface.py"))
    ''
    """
    folder, name = os.path.split(os.path.dirname(os.path.dirname(script_file)))
    return folder if name == "Remote Scripts" else ""


def require_regular(path: str) -> None:
    """Raises OSError for what is no file, such as a pipe: opening that would wait, and Live with it."""
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
    """The daemon's endpoint, or one sentence that says why there is none yet."""
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
