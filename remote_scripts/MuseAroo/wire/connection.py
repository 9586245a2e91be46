"""A non-blocking TCP connection to the daemon, polled once a tick on Live's main thread."""

from __future__ import annotations

import errno
import select
import socket

from .slip import FrameReader, SlipError, encode_frame
from .table import LONGEST_FRAME

_UNDER_WAY = (0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY, getattr(errno, "WSAEWOULDBLOCK", 10035))
_CONNECT_WITHIN_S = 2.0
_RECEIVE_BYTES = 256 * 1024
"""Bytes read from the socket in one tick: the clips of a whole song, decoded well within the tick's budget."""

_SEND_BYTES = 256 * 1024
_MOST_UNSENT_BYTES = 64 * 1024 * 1024
"""A daemon with this much unread data is not coming back."""


class LinkError(Exception):
    """The connection has ended; the sentence says why."""


class Connection:
    """One connection, from its first attempt to its end."""

    def __init__(self, port: int, now: float) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._reader = FrameReader()
        self._unsent = bytearray()
        self._give_up_at = now + _CONNECT_WITHIN_S
        self.is_open = False
        status = self._socket.connect_ex(("127.0.0.1", port))
        if status not in _UNDER_WAY:
            self.close()
            raise LinkError(f"nothing listens on port {port}")

    def finish_opening(self, now: float) -> bool:
        """Return whether the connection has just opened. Raises LinkError when there is no answer."""
        _, writable, broken = select.select([], [self._socket], [self._socket], 0)
        if not writable and not broken:
            if now > self._give_up_at:
                raise LinkError("the daemon does not answer")
            return False
        if self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise LinkError("nothing listens")
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.is_open = True
        return True

    def receive(self) -> list[bytes]:
        """Return the received packets. Raises LinkError when the daemon has gone or the stream is invalid."""
        try:
            data = self._socket.recv(_RECEIVE_BYTES)
        except (BlockingIOError, InterruptedError):
            return []
        except OSError as error:
            raise LinkError(f"the connection broke: {error}") from error
        if not data:
            raise LinkError("the daemon closed the connection")
        try:
            return self._reader.feed(data)
        except SlipError as error:
            raise LinkError(f"the daemon's stream is out of step: {error}") from error

    def queue(self, packet: bytes) -> bool:
        """Queue a packet for `send`; return False for one that is too long, for which the daemon would close the
        connection.
        """
        frame = encode_frame(packet)
        if len(frame) > LONGEST_FRAME:
            return False
        self._unsent += frame
        return True

    def send(self) -> None:
        """Send as much as the socket accepts now. Raises LinkError when the daemon does not read."""
        while self._unsent:
            try:
                sent = self._socket.send(bytes(self._unsent[:_SEND_BYTES]))
            except (BlockingIOError, InterruptedError):
                break
            except OSError as error:
                raise LinkError(f"the connection broke: {error}") from error
            del self._unsent[:sent]
        if len(self._unsent) > _MOST_UNSENT_BYTES:
            raise LinkError("the daemon does not read what it is sent")

    def close(self) -> None:
        """Close the socket."""
        self.is_open = False
        self._socket.close()
