"""The ground truth of a sound file as JSON; null where unknown."""

from __future__ import annotations

from statistics import median
from typing import Final

from musearoo.engines.music.drum_map import DrumKind
from musearoo.engines.music.timing import bpm_of_period
from musearoo.tools.bench.corpora.feel import microtiming_rms, swing_ratio
from musearoo.tools.bench.corpora.piece import KIND_OF_PITCH, Piece, Span

_SIMPLE: Final = ("2/4", "3/4", "4/4", "5/4")
"""Meters with beats divided into two: swing is defined only there."""


def truth_of(piece: Piece) -> dict[str, object]:
    """Return the JSON of an excerpt's ground truth.

    Tempo is 60 over the median beat interval; times are rounded to 0.1 ms.
    """
    gaps = [later - earlier for earlier, later in zip(piece.beats, piece.beats[1:], strict=False)]
    inside = [stroke for stroke in piece.strokes if 0.0 <= stroke.time < piece.duration]
    tones = [tone for tone in piece.tones if tone.end > 0.0 and tone.start < piece.duration]
    onsets = [stroke.time for stroke in inside] or [tone.start for tone in tones if tone.start >= 0.0]
    swing = swing_ratio(onsets, piece.beats) if piece.meter in _SIMPLE else None
    timing = microtiming_rms(onsets, piece.beats, swing) if piece.meter in _SIMPLE else None
    return {
        "name": piece.name,
        "song": piece.song,
        "duration": _time(piece.duration),
        "tempo": round(bpm_of_period(median(gaps)), 3) if gaps else None,
        "beats": [_time(beat) for beat in piece.beats],
        "downbeats": [_time(beat) for beat in piece.downbeats],
        "meter": piece.meter,
        "key": _longest(piece.keys),
        "keys": _spans(piece.keys),
        "chords": _spans(piece.chords),
        "sections": _spans(piece.sections),
        "drums": [[_time(stroke.time), kind, stroke.velocity] for stroke in inside if (kind := kind_of(stroke.pitch))],
        "percussion": [
            [_time(stroke.time), stroke.pitch, stroke.velocity] for stroke in inside if not kind_of(stroke.pitch)
        ],
        "swing": None if swing is None else round(swing, 3),
        "microtiming_rms_ms": None if timing is None else round(timing[0], 2),
        "microtiming_centred_rms_ms": None if timing is None else round(timing[1], 2),
        "style": piece.style,
        "notes": [
            [_time(max(tone.start, 0.0)), _time(min(tone.end, piece.duration)), tone.pitch, tone.velocity, tone.part]
            for tone in tones
        ],
        "loop_bars": piece.loop_bars,
        "silence": list(piece.silence),
        "made": piece.made,
    }


def kind_of(pitch: int) -> DrumKind | None:
    """Return which of the five kinds a drum is; None for other percussion."""
    return KIND_OF_PITCH.get(pitch)


def _longest(spans: tuple[Span, ...] | None) -> str | None:
    totals: dict[str, float] = {}
    for start, end, label in spans or ():
        totals[label] = totals.get(label, 0.0) + end - start
    return max(totals, key=lambda label: totals[label], default=None)


def _time(seconds: float) -> float:
    return round(seconds, 4)


def _spans(spans: tuple[tuple[float, float, str], ...] | None) -> list[list[object]] | None:
    return None if spans is None else [[_time(start), _time(end), label] for start, end, label in spans]
