"""Convert between warp markers in a blob and warp markers in a Live clip."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, NamedTuple

from ..host.live import read, warp_marker
from ..wire.messages import WireError
from ..wire.table import MAX_BEATS, MOST_WARP_MARKERS, WARP_RECORD

if TYPE_CHECKING:
    from ..host.live import Clip

_RECORD = struct.Struct(WARP_RECORD)

FEWEST = 2
"""With fewer markers the tempo of the audio would depend on Live's previous state."""

SAME = 1e-6
"""Tolerance in seconds or beats between a marker as set and as read back: a twentieth of a sample."""


class Marker(NamedTuple):
    """A position in the audio file in seconds, and its beat."""

    second: float
    beat: float


def encode_warp_markers(clip: Clip) -> bytes:
    """Return all warp markers of an audio clip as a blob, including Live's hidden last one; empty if there are none."""
    markers = read(clip, "warp_markers", ())
    return b"".join([_RECORD.pack(marker.sample_time, marker.beat_time) for marker in markers])


def visible_markers(clip: Clip) -> list[Marker]:
    """Return the visible markers: Live has a hidden one after them, which no script can move or remove."""
    markers = [Marker(marker.sample_time, marker.beat_time) for marker in clip.warp_markers]
    return markers[:-1] or markers


def decode_warp_markers(blob: bytes) -> list[Marker]:
    """Return the markers of a blob. Raises WireError, which names the marker and the bounds."""
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


def pinned_markers(clip: Clip) -> list[Marker]:
    """Return markers that fix a clip's timing without the hidden one, so that another clip can have the same timing.

    After the last visible marker the tempo is set only by the hidden one, which a script cannot set. So the last sample
    gets a marker too.
    """
    markers = [Marker(marker.sample_time, marker.beat_time) for marker in clip.warp_markers]
    visible = visible_markers(clip)
    rate = read(clip, "sample_rate", 0.0)
    last = (clip.sample_length - 1) / rate if rate else 0.0
    if len(markers) > len(visible) and last > visible[-1].second + SAME:
        visible.append(Marker(last, _beat_at(markers, last)))
    return visible


def replace_markers(live: Clip, wanted: list[Marker]) -> None:
    """Replace the clip's markers. They are in order after every single call, and at least one always remains."""
    first, *others = visible_markers(live)
    for marker in reversed(others):
        live.remove_warp_marker(marker.beat)
    fitting = [marker for marker in wanted if _fits(marker, first)]
    if not fitting and first not in wanted:
        # Every new marker would conflict with the remaining one, so that is moved onto their line.
        live.move_warp_marker(first.beat, _beat_at(wanted, first.second) - first.beat)
        first = visible_markers(live)[0]
        fitting = [marker for marker in wanted if _fits(marker, first)]
    for marker in fitting:
        live.add_warp_marker(warp_marker(*marker))
    if first not in wanted:
        live.remove_warp_marker(first.beat)
    for marker in wanted:
        if marker != first and marker not in fitting:
            live.add_warp_marker(warp_marker(*marker))


def are_same(found: list[Marker], wanted: list[Marker]) -> bool:
    """Return whether two clips' markers are equal."""
    return len(found) == len(wanted) and all(
        abs(one.second - other.second) <= SAME and abs(one.beat - other.beat) <= SAME
        for one, other in zip(found, wanted)
    )


def _fits(one: Marker, other: Marker) -> bool:
    return (one.second - other.second) * (one.beat - other.beat) > 0.0


def _beat_at(markers: list[Marker], second: float) -> float:
    """Return the beat of a second by linear interpolation, extrapolated on both sides."""
    if len(markers) == 1:
        return markers[0].beat
    stretches = list(zip(markers, markers[1:]))
    before, after = next((stretch for stretch in stretches if second < stretch[1].second), stretches[-1])
    return before.beat + (second - before.second) * (after.beat - before.beat) / (after.second - before.second)
