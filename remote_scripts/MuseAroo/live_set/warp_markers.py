"""Warp markers in a blob and warp markers in a Live clip: from one to the other."""

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
"""Fewer markers would leave the pace of the audio to what Live remembers of it."""

SAME = 1e-6
"""Seconds or beats by which what Live tells of a marker may differ from what it was given: a twentieth of a sample."""


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


def pinned_markers(clip: Clip) -> list[Marker]:
    """The markers that lay a clip's audio on the beats without the hidden one: what another clip needs to lie likewise.

    Behind the last visible marker the audio goes on at a pace that only the hidden one tells, and which a script cannot
    give: so the last sample is marked too.
    """
    markers = [Marker(marker.sample_time, marker.beat_time) for marker in clip.warp_markers]
    visible = visible_markers(clip)
    rate = read(clip, "sample_rate", 0.0)
    last = (clip.sample_length - 1) / rate if rate else 0.0
    if len(markers) > len(visible) and last > visible[-1].second + SAME:
        visible.append(Marker(last, _beat_at(markers, last)))
    return visible


def replace_markers(live: Clip, wanted: list[Marker]) -> None:
    """Gives the clip the wanted markers; they are in order after every single call, and one is always there."""
    first, *others = visible_markers(live)
    for marker in reversed(others):
        live.remove_warp_marker(marker.beat)
    fitting = [marker for marker in wanted if _fits(marker, first)]
    if not fitting and first not in wanted:
        # Every wanted marker lies across the one that stays for now: it is moved onto their line.
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
    """Whether two clips' markers lie alike."""
    return len(found) == len(wanted) and all(
        abs(one.second - other.second) <= SAME and abs(one.beat - other.beat) <= SAME
        for one, other in zip(found, wanted)
    )


def _fits(one: Marker, other: Marker) -> bool:
    return (one.second - other.second) * (one.beat - other.beat) > 0.0


def _beat_at(markers: list[Marker], second: float) -> float:
    """The beat of a second by the line through the markers, which goes on evenly on both sides."""
    if len(markers) == 1:
        return markers[0].beat
    stretches = list(zip(markers, markers[1:]))
    before, after = next((stretch for stretch in stretches if second < stretch[1].second), stretches[-1])
    return before.beat + (second - before.second) * (after.beat - before.beat) / (after.second - before.second)
