"""OSC as `udpsend` and `udpreceive` implement it: flat messages of ints, floats and symbols.

Based on the facts page and Max's reference of both objects: a double arrives as 0. Where the behaviour is unknown
(bundles, blobs, times), packets count as lost, the strictest assumption.
"""

import struct

from musearoo.tools.max_simulator.formats.atoms import Atom

MAX_PACKET = 5096
"""The longest packet that `udpsend` sends by default, in bytes (its `maxpacketsize`)."""

INT32 = range(-(2**31), 2**31)


class OscError(ValueError):
    """A packet that `udpreceive` drops, or a message that `udpsend` cannot send; the text says why."""


def pack(selector: str, atoms: tuple[Atom, ...]) -> bytes:
    """Encode one message. Raises OscError for a number out of range or a packet that is too long."""
    tags, payload = ",", b""
    for atom in atoms:
        if isinstance(atom, str):
            tags, payload = tags + "s", payload + _text(atom)
        elif isinstance(atom, float):
            tags, payload = tags + "f", payload + struct.pack(">f", atom)
        elif atom in INT32:
            tags, payload = tags + "i", payload + struct.pack(">i", atom)
        else:
            raise OscError(f"{selector}: {atom} does not fit into 32 bits")
    packet = _text(selector) + _text(tags) + payload
    if len(packet) > MAX_PACKET:
        raise OscError(f"{selector}: {len(packet)} bytes, udpsend sends {MAX_PACKET} at most")
    return packet


def unpack(packet: bytes) -> tuple[str, tuple[Atom, ...]]:
    """Decode a packet. Raises OscError for everything that `udpreceive` ignores."""
    address, at = _read_text(packet, 0)
    if not address.startswith("/"):
        raise OscError(f"the address {address[:20]!r} does not begin with a slash")
    if at == len(packet):
        return address, ()
    tags, at = _read_text(packet, at)
    if not tags.startswith(","):
        raise OscError(f"{address}: the tags {tags[:20]!r} do not begin with a comma")
    atoms: list[Atom] = []
    for tag in tags[1:]:
        atom, at = _read(packet, tag, at)
        atoms.append(atom)
    if at != len(packet):
        raise OscError(f"{address}: {len(packet) - at} bytes too many")
    return address, tuple(atoms)


def _read(packet: bytes, tag: str, at: int) -> tuple[Atom, int]:
    if tag == "s":
        return _read_text(packet, at)
    if tag not in "ifd":
        raise OscError(f"tag {tag!r}")
    size = 8 if tag == "d" else 4
    if at + size > len(packet):
        raise OscError("the packet ends in the middle of a number")
    if tag == "d":
        return 0.0, at + size
    number: int | float = struct.unpack_from(">i" if tag == "i" else ">f", packet, at)[0]
    return number, at + size


def _text(text: str) -> bytes:
    raw = text.encode("utf-8", "surrogatepass")
    return raw + bytes(4 - len(raw) % 4)


def _read_text(packet: bytes, at: int) -> tuple[str, int]:
    end = packet.find(b"\0", at)
    if end < 0:
        raise OscError("a text without its terminator")
    after = end + 4 - (end - at) % 4
    if after > len(packet) or any(packet[end:after]):
        raise OscError("a text without its padding")
    try:
        return packet[at:end].decode("utf-8"), after
    except UnicodeDecodeError as error:
        raise OscError("a text that is not UTF-8") from error
