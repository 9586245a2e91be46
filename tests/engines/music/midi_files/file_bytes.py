"""Unusual MIDI files, built byte by byte."""

from __future__ import annotations

END = bytes.fromhex("00 ff 2f 00")
NOTE = bytes.fromhex("00 90 3c 40 83 60 80 3c 40")
"""A middle C of 480 ticks."""


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a kind."""
    return kind + len(body).to_bytes(4, "big") + body


def track(*events: str | bytes, end: bytes = END) -> bytes:
    """A track chunk of events in hexadecimal, each after its delta."""
    body = b"".join(bytes.fromhex(event) if isinstance(event, str) else event for event in events)
    return chunk(b"MTrk", body + end)


def file(*tracks: bytes, kind: int = 1, division: int = 480, count: int | None = None) -> bytes:
    """A file of track chunks, whose header may count other than there are."""
    fields = kind, len(tracks) if count is None else count, division
    return chunk(b"MThd", b"".join(field.to_bytes(2, "big") for field in fields)) + b"".join(tracks)


def meta(kind: int, said: bytes, delta: str = "00") -> bytes:
    """A meta event of up to 127 bytes."""
    return bytes.fromhex(delta) + bytes((0xFF, kind, len(said))) + said


def riff(data: bytes) -> bytes:
    """A file as Windows wrapped them."""
    size = len(data).to_bytes(4, "little")
    body = b"RMID" + b"DISP" + (3).to_bytes(4, "little") + b"abc\0" + b"data" + size + data
    return b"RIFF" + len(body).to_bytes(4, "little") + body
