"""SLIP framing (RFC 1055, with an END on both sides as OSC 1.1 asks for streams): packets to bytes and back."""

from musearoo.bridge.protocol import LONGEST_FRAME
from musearoo.bridge.protocol.types import WireError

END, ESCAPE = b"\xc0", b"\xdb"
ESCAPED_END, ESCAPED_ESCAPE = b"\xdb\xdc", b"\xdb\xdd"


def encode_frame(packet: bytes) -> bytes:
    r"""Encode one packet for a stream; `FrameReader` is the inverse.

    >>> encode_frame(b"a\xc0b")
    b'\xc0a\xdb\xdcb\xc0'
    """
    return END + packet.replace(ESCAPE, ESCAPED_ESCAPE).replace(END, ESCAPED_END) + END


class FrameReader:
    """Decode packets from a stream that arrives in pieces of any size. No I/O; one reader per connection."""

    def __init__(self, longest: int = LONGEST_FRAME) -> None:
        self.longest = longest
        self._pieces: list[bytes] = []
        self._pending = 0

    def feed(self, data: bytes) -> list[bytes]:
        """Return the packets that `data` completes, in order.

        Raises WireError if a packet is too long or has an invalid escape; the stream is then out of sync and must be
        closed.
        """
        head, *rest = data.split(END)
        self._keep(head)
        packets = []
        for piece in rest:
            if self._pending:
                packets.append(_unescape(b"".join(self._pieces)))
                self._pieces.clear()
                self._pending = 0
            self._keep(piece)
        return packets

    def _keep(self, piece: bytes) -> None:
        if not piece:
            return
        self._pieces.append(piece)
        self._pending += len(piece)
        # An escaped byte counts twice here, which does not matter for honest packets.
        if self._pending > self.longest:
            raise WireError(f"a packet on the stream must be at most {self.longest} bytes, got more")

    @property
    def pending(self) -> int:
        """The number of bytes of an incomplete packet."""
        return self._pending


def _unescape(body: bytes) -> bytes:
    if ESCAPE not in body:
        return body
    parts = body.split(ESCAPE)
    restored = [parts[0]]
    for part in parts[1:]:
        if part[:1] == ESCAPED_END[1:]:
            restored.append(END + part[1:])
        elif part[:1] == ESCAPED_ESCAPE[1:]:
            restored.append(ESCAPE + part[1:])
        else:
            raise WireError("a packet on the stream holds an escape that SLIP does not know")
    return b"".join(restored)
