"""SLIP framing (RFC 1055, an END on both sides): encode packets, and decode a byte stream."""

from __future__ import annotations

from .table import LONGEST_FRAME

_END, _ESCAPE = b"\xc0", b"\xdb"
_ESCAPED_END, _ESCAPED_ESCAPE = b"\xdb\xdc", b"\xdb\xdd"


class SlipError(Exception):
    """The stream is invalid and must be closed."""


def encode_frame(packet: bytes) -> bytes:
    r"""Return the frame of one packet; `FrameReader` is the inverse.

    >>> encode_frame(b"a\xc0")
    b'\xc0a\xdb\xdc\xc0'
    """
    return _END + packet.replace(_ESCAPE, _ESCAPED_ESCAPE).replace(_END, _ESCAPED_END) + _END


class FrameReader:
    """Reads packets from a stream in pieces of any size; one reader per connection."""

    def __init__(self, longest: int = LONGEST_FRAME) -> None:
        self._longest = longest
        self._pieces: list[bytes] = []
        self._pending = 0

    def feed(self, data: bytes) -> list[bytes]:
        """Return the packets that `data` completes, in order. Raises SlipError for an invalid stream."""
        pieces = data.split(_END)
        packets = []
        for piece in pieces[:-1]:
            self._keep(piece)
            if self._pending:
                packets.append(self._checked(_unescape(b"".join(self._pieces))))
                self._pieces, self._pending = [], 0
        self._keep(pieces[-1])
        return packets

    def _keep(self, piece: bytes) -> None:
        if piece:
            self._pieces.append(piece)
            self._pending += len(piece)
            # Escaped bytes count twice here, so up to twice the limit is kept before the exact check below.
            if self._pending > 2 * self._longest:
                raise SlipError(f"a packet must be at most {self._longest} bytes")

    def _checked(self, packet: bytes) -> bytes:
        if len(packet) > self._longest:
            raise SlipError(f"a packet must be at most {self._longest} bytes")
        return packet


def _unescape(body: bytes) -> bytes:
    if _ESCAPE not in body:
        return body
    parts = body.split(_ESCAPE)
    plain = [parts[0]]
    for part in parts[1:]:
        if part[:1] == _ESCAPED_END[1:]:
            plain.append(_END + part[1:])
        elif part[:1] == _ESCAPED_ESCAPE[1:]:
            plain.append(_ESCAPE + part[1:])
        else:
            raise SlipError("an escape that SLIP does not know")
    return b"".join(plain)
