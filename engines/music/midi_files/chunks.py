"""The chunks of a Standard MIDI File: the header and the bytes of its tracks, plain or wrapped in RIFF.

By "Standard MIDI Files 1.0" (MIDI Manufacturers Association, 1996) a file is a header chunk and track chunks; chunks of
other kinds are skipped. Some programs wrap the whole file as RIFF ("RMID").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from musearoo.engines.errors import ParamError, UserFacingError

AGAIN: Final = "copy or export it again"
"""The advice for a damaged file."""


class MidiFileError(UserFacingError, ParamError):
    """A file that cannot be read; the message is one sentence with its name, the problem, and what to do.

    >>> raise MidiFileError("song.mid", "is empty: copy or export it again")
    Traceback (most recent call last):
    musearoo.engines.music.midi_files.chunks.MidiFileError: song.mid is empty: copy or export it again.
    """

    def __init__(self, name: str, problem: str) -> None:
        ValueError.__init__(self, f"{name} {problem}.")
        self.name = name
        self.problem = problem
        self.field, self.bounds, self.got = name, "a MIDI file that can be read", problem

    def __reduce__(self) -> tuple[type[MidiFileError], tuple[str, str]]:  # type: ignore[override]
        return type(self), (self.name, self.problem)


class DamageError(ValueError):
    """The problem of a file and what to do, as a sentence without the file's name."""


class Header(NamedTuple):
    """The header of a file: its format, its number of tracks, and the duration of a tick.

    `ticks` is ticks per quarter note; if `frames` (frames per second) is above 0, it is ticks per frame.
    """

    format: Literal[0, 1, 2]
    track_count: int
    ticks: int
    frames: float = 0.0


class TrackChunk(NamedTuple):
    """The events of a track as bytes; `is_cut` is true if the file ends before they do."""

    body: bytes
    is_cut: bool = False


_FRAMES: Final = {24: 24.0, 25: 25.0, 29: 30_000.0 / 1001.0, 30: 30.0}
"""Frames per second by the header's value; 29 is the drop-frame rate of television."""
_FORMATS: Final[dict[int, Literal[0, 1, 2]]] = {0: 0, 1: 1, 2: 2}


def split_file(data: bytes) -> tuple[Header, tuple[TrackChunk, ...]]:
    """Return the header and the tracks of a file; raises DamageError without a header or with missing tracks."""
    if not data:
        raise DamageError(f"is empty: {AGAIN}")
    plain = _unwrap(data)
    if plain[:4] != b"MThd":
        raise DamageError("is no MIDI file: choose one that a music program has exported (.mid)")
    chunks = _chunks(plain)
    _, head = next(chunks, (b"", TrackChunk(b"", True)))
    if head.is_cut or len(head.body) < 6:
        raise DamageError(f"ends within its header: it was cut off, so {AGAIN}")
    header = _read_header(head.body)
    tracks = tuple(chunk for kind, chunk in chunks if kind == b"MTrk")
    if len(tracks) < header.track_count:
        where = "before its first track"
        if tracks:
            where = f"{'within' if tracks[-1].is_cut else 'after'} track {len(tracks)} of its {header.track_count}"
        raise DamageError(f"ends {where}: it was cut off, so {AGAIN}")
    return header, tracks


def join_file(header: Header, bodies: tuple[bytes, ...]) -> bytes:
    """Return the bytes of a file with ticks per quarter, the inverse of `split_file`.

    >>> join_file(Header(1, 1, 960), (b"",)).hex(" ")
    '4d 54 68 64 00 00 00 06 00 01 00 01 03 c0 4d 54 72 6b 00 00 00 00'
    """
    fields = header.format, header.track_count, header.ticks
    parts = [_chunk(b"MThd", b"".join(field.to_bytes(2, "big") for field in fields))]
    return b"".join((*parts, *(_chunk(b"MTrk", body) for body in bodies)))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "big") + body


def _unwrap(data: bytes) -> bytes:
    """Return the MIDI file in a RIFF of type RMID, or the data unchanged."""
    if data[:4] != b"RIFF" or data[8:12] != b"RMID":
        return data
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at : at + 4] == b"data":
            return data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2  # RIFF pads its chunks to even lengths
    raise DamageError(f"is a RIFF file without music in it: {AGAIN}, best as .mid")


def _chunks(data: bytes) -> Iterator[tuple[bytes, TrackChunk]]:
    """Yield the kind and body of each chunk; bytes after the last complete chunk header are ignored."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "big")
        body = data[at + 8 : at + 8 + size]
        yield data[at : at + 4], TrackChunk(body, len(body) < size)
        at += 8 + size


def _read_header(body: bytes) -> Header:
    """Return the header of a chunk of at least six bytes; later standards may add more."""
    kind, count, division = (int.from_bytes(body[at : at + 2], "big") for at in (0, 2, 4))
    if kind not in _FORMATS:
        raise DamageError(f"is of MIDI format {kind}, which is not one of 0, 1 and 2: export it as format 1")
    if not division & 0x8000:
        if division == 0:
            raise DamageError(f"counts 0 ticks a beat, which is no time: {AGAIN}")
        return Header(_FORMATS[kind], count, division)
    frames, ticks = 256 - (division >> 8), division & 0xFF
    if frames not in _FRAMES or ticks == 0:
        raise DamageError(
            f"counts time in {ticks} parts of {frames} frames a second, which is no film's: export it in beats"
        )
    return Header(_FORMATS[kind], count, ticks, _FRAMES[frames])
