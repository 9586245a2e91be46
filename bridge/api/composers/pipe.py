"""The server's end of a composer's pipe. The event loop never waits here, even for a process that has been stopped.

The bytes are those of `multiprocessing.connection`: a length, then the pickled message.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import socket
from multiprocessing.connection import Connection
from struct import Struct
from typing import Any, Final

AT_ONCE: Final = 4096
"""Bytes that an empty pipe takes without waiting, on every system."""
PIECE: Final = 65_536
_SHORT: Final = Struct("!i")
_LONG: Final = Struct("!Q")


def send_message(connection: Connection[Any, Any], message: object) -> None:
    """Send a message to a process that has read all before it; what an empty pipe may not take goes by a thread.

    One that cannot be sent is lost with the process, whose end is found by its reader.
    """
    data = pickle.dumps(message)
    if len(data) <= AT_ONCE:
        _send(connection, data)
    else:
        asyncio.get_running_loop().run_in_executor(None, _send, connection, data)


def _send(connection: Connection[Any, Any], data: bytes) -> None:
    with contextlib.suppress(OSError):
        connection.send_bytes(data)


class MessageReader:
    """Reads a pipe of a system that is not Windows: whole messages, as they come."""

    def __init__(self, connection: Connection[Any, Any]) -> None:
        self._socket = socket.socket(fileno=os.dup(connection.fileno()))
        self._came = bytearray()

    def read(self) -> list[Any]:
        """Return the messages that are whole now. Raises EOFError or OSError at the end."""
        try:
            piece = self._socket.recv(PIECE, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return []
        if not piece:
            raise EOFError
        self._came += piece
        messages = []
        while (span := self._first_whole()) is not None:
            # A process of our own has sent it.
            messages.append(pickle.loads(self._came[span]))  # noqa: S301
            del self._came[: span.stop]
        return messages

    def _first_whole(self) -> slice | None:
        """Return where the first message lies, None before all of it has come."""
        came = self._came
        if len(came) < _SHORT.size:
            return None
        begin, (size,) = _SHORT.size, _SHORT.unpack_from(came)
        if size < 0:
            if len(came) < begin + _LONG.size:
                return None
            begin, (size,) = begin + _LONG.size, _LONG.unpack_from(came, begin)
        return slice(begin, begin + size) if len(came) >= begin + size else None

    def close(self) -> None:
        """Let go of the pipe."""
        self._socket.close()
