"""Which second of its file each beat of a clip plays, worked out from nothing but what Live tells of the clip."""

from typing import Any


def second_played(clip: Any, beats: float, tempo: float) -> float | None:
    """What sounds so many beats after a live audio clip began; None where it has ended, or its file is silent."""
    if not clip.warping:
        second = clip.loop_start + beats * 60.0 / tempo
        return second if second < clip.loop_end else None
    inside = clip.start_marker + beats
    if clip.looping and clip.start_marker < clip.loop_end <= inside:
        inside = clip.loop_start + (inside - clip.loop_end) % (clip.loop_end - clip.loop_start)
    if not clip.looping and inside >= clip.loop_end:
        return None
    second = clip.beat_to_sample_time(inside) / clip.sample_rate
    return second if 0.0 <= second < clip.sample_length / clip.sample_rate else None


def second_on_timeline(track: Any, beat: float, tempo: float) -> float | None:
    """What a live track plays at a beat of the Arrangement; None for nothing."""
    for clip in track.arrangement_clips:
        if clip.start_time <= beat < clip.end_time and not clip.muted:
            return second_played(clip, beat - clip.start_time, tempo)
    return None
