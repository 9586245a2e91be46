"""Notes what Python code asks of the system, for `tests.path.system_calls`; Python runs this file at its start."""

import json
import os
import sys

_NOTES = os.path.join(os.environ["AUDIT_NOTES"], str(os.getpid()))
_MADE = {"os.mkdir": 0, "os.rename": 1, "os.link": 1, "os.symlink": 1, "os.truncate": 0, "shutil.copyfile": 1}
"""Which argument of an event is a path that comes into being."""

_LOOK_UPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
_KNOWN = (None, "", "localhost", "127.0.0.1", "::1", b"localhost", b"127.0.0.1", b"::1")
"""Hosts that nobody is asked for."""


def _note(kind: str, what: object, port: object = 0) -> None:
    # Below Python's own open(), which would be seen in turn.
    line = json.dumps([kind, os.fsdecode(what) if isinstance(what, (str, bytes, os.PathLike)) else str(what), port])
    handle = os.open(_NOTES, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(handle, f"{line}\n".encode())
    os.close(handle)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        path, _mode, flags = arguments
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes and not isinstance(path, int) and path != _NOTES:
            _note("file", os.path.abspath(os.fsdecode(path)))  # type: ignore[arg-type]
    elif event in _MADE:
        made = arguments[_MADE[event]]
        if not isinstance(made, int):
            _note("file", os.path.abspath(os.fsdecode(made)))  # type: ignore[arg-type]
    elif event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if isinstance(address, tuple):
            _note(event, address[0] or "0.0.0.0", address[1])
    elif event in _LOOK_UPS and arguments[0] not in _KNOWN:
        _note("look up", arguments[0])


sys.addaudithook(_watch)
