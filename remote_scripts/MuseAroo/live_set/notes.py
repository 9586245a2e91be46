"""Convert between notes in a blob and notes in a Live clip."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Mapping

from ..host.live import note_specification
from ..wire.messages import WireError
from ..wire.table import MAX_BEATS, NOTE_RECORD

if TYPE_CHECKING:
    from ..host.live import Clip

_RECORD = struct.Struct(NOTE_RECORD)
_AS_THEY_ARE: Mapping[int, int] = {}


def decode_notes(blob: bytes, pads: Mapping[int, int] = _AS_THEY_ARE) -> list[Any]:
    """Return the notes of a blob in Live's format; a pitch in `pads` is replaced by its pad.

    Raises WireError, which names the note and the bounds.
    """
    if len(blob) % _RECORD.size:
        raise WireError(f"a blob of notes must be whole records of {_RECORD.size} bytes, got {len(blob)}")
    specification = note_specification()
    specifications: list[Any] = []
    for record in _RECORD.iter_unpack(blob):
        pitch, mute, probability, velocity, deviation, release, start, duration = record
        if not (
            pitch <= 127
            and mute <= 1
            and 0.0 <= probability <= 1.0
            and 1.0 <= velocity <= 127.0
            and -127.0 <= deviation <= 127.0
            and 0.0 <= release <= 127.0
            and -MAX_BEATS <= start < MAX_BEATS
            and 0.0 < duration <= MAX_BEATS
        ):
            raise WireError(_fault(len(specifications) + 1, record))
        specifications.append(
            specification(
                pitch=pads.get(pitch, pitch),
                start_time=start,
                duration=duration,
                velocity=velocity,
                mute=bool(mute),
                probability=probability,
                velocity_deviation=deviation,
                release_velocity=release,
            )
        )
    return specifications


def _fault(number: int, record: tuple[Any, ...]) -> str:
    pitch, mute, probability, velocity, deviation, release, start, duration = record
    for name, value, low, high in (
        ("pitch", pitch, 0, 127),
        ("mute", mute, 0, 1),
        ("probability", probability, 0, 1),
        ("velocity", velocity, 1, 127),
        ("velocity deviation", deviation, -127, 127),
        ("release velocity", release, 0, 127),
        ("start", start, -MAX_BEATS, MAX_BEATS),
    ):
        if not low <= value <= high:
            return f"note {number} has {name} {value!r}, which must be in {low}..{high}"
    return (
        f"note {number} starts at {start!r} and lasts {duration!r} beats: "
        f"it must start before beat {MAX_BEATS} and last longer than 0"
    )


def encode_notes(clip: Clip) -> tuple[bytes, int]:
    """Return all notes of a MIDI clip as a blob, by pitch, then start; and their number."""
    pack = _RECORD.pack
    rows = [
        (
            note.pitch,
            note.start_time,
            note.mute,
            note.probability,
            note.velocity,
            note.velocity_deviation,
            note.release_velocity,
            note.duration,
        )
        for note in clip.get_all_notes_extended()
    ]
    rows.sort()
    blob = b"".join(
        [
            pack(pitch, mute, probability, velocity, deviation, release, start, duration)
            for pitch, start, mute, probability, velocity, deviation, release, duration in rows
        ]
    )
    return blob, len(rows)
