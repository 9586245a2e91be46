"""Insert clips into the Arrangement; a new clip cuts away whatever it overlaps."""

from __future__ import annotations

from musearoo.tools.live_simulator.core.objects import Model
from musearoo.tools.live_simulator.live_set.clip import Clip


def insert_clip(track: Model, clips: tuple[Clip, ...], clip: Clip, start: float, length: float) -> tuple[Clip, ...]:
    """Insert a clip at a beat into a track's Arrangement; return all clips, ordered by start."""
    end = start + length
    kept: list[Clip] = []
    for other in clips:
        kept.extend(_cut(track, other, start, end))
    clip.is_arrangement_clip = True
    clip._span = (start, end)
    return tuple(sorted([*kept, clip], key=lambda c: c.start_time))


def _cut(track: Model, clip: Clip, start: float, end: float) -> list[Clip]:
    """Return the parts of a clip outside start..end: the clip itself, shortened, and a copy for the tail."""
    clip_start, clip_end = clip._span
    if clip_end <= start or clip_start >= end:
        return [clip]
    left: list[Clip] = []
    if clip_end > end:
        tail = clip.copy_to(track, clip.track)
        tail.is_arrangement_clip = True
        tail._span = (end, clip_end)
        tail._markers = (clip.position_after(end - clip_start), clip._markers[1])
        left.append(tail)
    if clip_start < start:
        if not clip.looping:
            clip._markers = (clip._markers[0], clip.position_after(start - clip_start))
        clip._span = (clip_start, start)
        left.append(clip)
    return left
