"""Warp markers in a blob and warp markers in a Live clip: from one to the other."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, NamedTuple

from .live import read
from .messages import WireError
from .wire_table import MAX_BEATS, MOST_WARP_MARKERS, WARP_RECORD

if TYPE_CHECKING:
    from .live import Clip

_RECORD = struct.Struct(WARP_RECORD)

FEWEST = 2
"""Fewer markers would leave the pace of the audio to what Live remembers of it."""


class Marker(NamedTuple):
    """A second of the audio file, and the beat on which it falls."""

    second: float
    beat: float


def encode_warp_markers(clip: Clip) -> bytes:
    """All warp markers of an audio clip as a blob, Live's hidden last one with them; empty where it tells none."""
    markers = read(clip, "warp_markers", ())
    return b"".join([_RECORD.pack(marker.sample_time, marker.beat_time) for marker in markers])


def visible_markers(clip: Clip) -> list[Marker]:
    """The markers that the user sees: Live keeps a hidden one behind them, which no script can move or remove."""
    markers = [Marker(marker.sample_time, marker.beat_time) for marker in clip.warp_markers]
    return markers[:-1] or markers


def decode_warp_markers(blob: bytes) -> list[Marker]:
    """The markers of a blob; raises WireError that names the marker and the bounds."""
    count, rest = divmod(len(blob), _RECORD.size)
    if rest:
        raise WireError(f"a blob of warp markers must be whole records of {_RECORD.size} bytes, got {len(blob)}")
    if not FEWEST <= count <= MOST_WARP_MARKERS:
        raise WireError(f"a clip can be given {FEWEST} to {MOST_WARP_MARKERS} warp markers, not {count}")
    markers = [Marker(second, beat) for second, beat in _RECORD.iter_unpack(blob)]
    for number, (second, beat) in enumerate(markers, 1):
        if not (math.isfinite(second) and second >= 0.0 and abs(beat) <= MAX_BEATS):
            raise WireError(
                f"warp marker {number} lies at second {second!r} and beat {beat!r}: "
                f"seconds must not be negative, beats in {-MAX_BEATS}..{MAX_BEATS}"
            )
    for number, (before, after) in enumerate(zip(markers, markers[1:]), 2):
        if not (before.second < after.second and before.beat < after.beat):
            raise WireError(f"warp marker {number} must lie after the one before, in seconds and in beats")
    return markers
