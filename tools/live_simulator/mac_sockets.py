"""UDP sockets that behave as on macOS, for scripts that were written there and size their messages by the socket."""

from __future__ import annotations

import errno
import socket
from typing import Any

SEND_BUFFER = 9216
"""The bytes that a UDP socket of macOS sends at most, its default `net.inet.udp.maxdgram`."""

RECEIVE_BUFFER = 786_896
"""The bytes that wait at a UDP socket of macOS, its default `net.inet.udp.recvspace`; Linux has a quarter of that."""

MAC_EAGAIN = 35


class MacSocket(socket.socket):
    """A socket that tells macOS's send buffer, and macOS's number for "nothing there"."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        if self.type == socket.SOCK_DGRAM:
            self.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)

    def getsockopt(self, *arguments: Any) -> Any:
        """Return an option; the send buffer of a datagram socket is macOS's."""
        if arguments[:2] == (socket.SOL_SOCKET, socket.SO_SNDBUF) and self.type == socket.SOCK_DGRAM:
            return SEND_BUFFER
        return super().getsockopt(*arguments)

    def recv(self, *arguments: Any) -> bytes:
        """Receive; an empty non-blocking socket raises BlockingIOError with macOS's number."""
        try:
            return super().recv(*arguments)
        except BlockingIOError as error:
            if error.errno == errno.EAGAIN:
                raise BlockingIOError(MAC_EAGAIN, error.strerror) from None
            raise


def install() -> None:
    """Give these sockets to all scripts of this process."""
    socket.socket = MacSocket  # type: ignore[misc]
