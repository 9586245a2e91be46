"""Decode and encode the events of one track: delta times, running status, variable-length quantities.

mido rejects files with chunks of other kinds, names in an unexpected encoding, nonexistent keys, and tempo or meter
events that are too short, all of which occur in files that play everywhere else. The tests compare its output with
this module's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from musearoo.engines.music.midi_files.chunks import AGAIN, DamageError, TrackChunk

META: Final = 0xFF
SYSEX: Final = (0xF0, 0xF7)
LIVE_ONLY: Final = {0xF1: 1, 0xF2: 2, 0xF3: 1, 0xF6: 0, 0xF8: 0, 0xFA: 0, 0xFB: 0, 0xFC: 0, 0xFE: 0}
"""System messages such as clocks, with their number of data bytes: they do not belong in a file and are skipped."""
TRACK_NAME: Final = 0x03
INSTRUMENT_NAME: Final = 0x04
LYRIC: Final = 0x05
MARKER: Final = 0x06
CHANNEL_PREFIX: Final = 0x20
END_OF_TRACK: Final = 0x2F
TEMPO: Final = 0x51
TIME_SIGNATURE: Final = 0x58
KEY_SIGNATURE: Final = 0x59
"""Types of meta events, which are the first byte of their data."""
MICROSECONDS: Final = 60_000_000
"""The microseconds of a minute: a tempo is encoded as microseconds per beat."""
NOTE_OFF: Final = 0x80
NOTE_ON: Final = 0x90
LONGEST_NUMBER: Final = 4
"""The most bytes of a variable-length quantity, by the standard."""
MOST_TICKS: Final = 0x0FFF_FFFF
"""The greatest variable-length quantity: the longest time between two events of a track."""
_NOTHING: Final = bytes((META, 0x01, 0))
"""An empty text event."""
_BYTES: Final = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
"""The number of data bytes of channel messages, by the upper half of the status."""


class Event(NamedTuple):
    """A MIDI event at a tick from the track's start.

    `status` is a channel message (0x80..0xEF) with one or two data bytes 0..127, or META, whose data are its type and
    its payload. System-exclusive messages are left out.
    """

    tick: int
    status: int
    data: bytes


def read_events(chunk: TrackChunk, number: int = 1) -> list[Event]:
    """Return the events of a track in order, its end as the last; `number` is the track's number in errors.

    Raises DamageError if the bytes are cut off or are not events. Data above 127 count as 127, and bytes after the
    track's end are ignored.

    >>> read_events(TrackChunk(bytes.fromhex("00 90 3c 40 81 40 3c 00")))
    [Event(tick=0, status=144, data=b'<@'), Event(tick=192, status=144, data=b'<\\x00'), \
Event(tick=192, status=255, data=b'/')]
    """
    body, events = chunk.body, list[Event]()
    at, tick, running = 0, 0, 0
    try:
        while at < len(body):
            delta, at = _read_variable_length(body, at, number)
            tick += delta
            status = body[at]
            if status < 0x80:
                status = running  # running status: the last status applies again
            else:
                at += 1
            if 0x80 <= status < 0xF0:
                running = status
                size = _BYTES[status & 0xF0]
            elif status == META:
                kind = body[at : at + 1]
                size, at = _read_variable_length(body, at + 1, number)
            elif status in SYSEX:
                size, at = _read_variable_length(body, at, number)
            elif status in LIVE_ONLY:
                size = LIVE_ONLY[status]
            else:
                raise DamageError(f"has in track {number} what is no MIDI ({status:#04x} at its byte {at}): {AGAIN}")
            data = body[at : at + size]
            at += size
            if at > len(body):
                break
            if status == META:
                events.append(Event(tick, META, kind + data))
                if kind[0] == END_OF_TRACK:
                    return events
            elif status < 0xF0:
                events.append(Event(tick, status, data if data.isascii() else bytes(min(one, 127) for one in data)))
    except IndexError:
        at = len(body) + 1
    if at > len(body) or chunk.is_cut:
        raise DamageError(f"ends within its track {number}: it was cut off, so {AGAIN}")
    return [*events, Event(tick, META, bytes((END_OF_TRACK,)))]


def write_events(events: Iterable[Event]) -> bytes:
    """Return the bytes of events in order, the inverse of `read_events`; empty texts split overlong delta times.

    >>> write_events([Event(0, 0x90, b"<@"), Event(192, 0x90, b"<\\x00")]).hex(" ")
    '00 90 3c 40 81 40 3c 00'
    """
    body, tick, running = bytearray(), 0, 0
    for event in events:
        while event.tick - tick > MOST_TICKS:
            body += _variable_length(MOST_TICKS) + _NOTHING
            tick, running = tick + MOST_TICKS, 0
        body += _variable_length(event.tick - tick)
        tick = event.tick
        if event.status == META:
            body += bytes((META, event.data[0])) + _variable_length(len(event.data) - 1) + event.data[1:]
            running = 0  # by the standard, these events cancel running status
        else:
            body += event.data if event.status == running else bytes((event.status,)) + event.data
            running = event.status
    return bytes(body)


def _read_variable_length(body: bytes, at: int, number: int) -> tuple[int, int]:
    """Read a variable-length quantity; return it and where it ends. Raises IndexError at the end of the bytes."""
    value = body[at]
    if value < 0x80:
        return value, at + 1
    value &= 0x7F
    for end in range(at + 1, at + LONGEST_NUMBER):
        byte = body[end]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, end + 1
    raise DamageError(f"has in track {number} a number of more than {LONGEST_NUMBER} bytes (at its byte {at}): {AGAIN}")


def _variable_length(value: int) -> bytes:
    parts = [value & 0x7F]
    while value := value >> 7:
        parts.append(value & 0x7F | 0x80)
    return bytes(reversed(parts))
