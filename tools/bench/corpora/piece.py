"""A performed piece of music, in seconds, with its ground truth: the source of a set's sound and truth files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from musearoo.engines.music.drum_map import DrumKind

Span = tuple[float, float, str]
"""Start, end, label."""

KIND_OF_PITCH: Final[dict[int, DrumKind]] = {
    **dict.fromkeys((35, 36), "kick"),
    **dict.fromkeys((37, 38, 39, 40), "snare"),
    **dict.fromkeys((22, 26, 42, 44, 46), "hat"),
    **dict.fromkeys((41, 43, 45, 47, 48, 50, 58), "tom"),
    **dict.fromkeys((49, 51, 52, 53, 55, 57, 59), "cymbal"),
}
"""General MIDI's drum map with the additions of Roland's kits; other pitches are percussion outside the five kinds."""

RING_SECONDS: Final = 2.0
"""Notes that began up to this long before an excerpt are included, so that it starts in the middle of music."""


@dataclass(frozen=True, slots=True)
class Tone:
    """A note of a pitched part."""

    start: float
    end: float
    pitch: int
    velocity: int
    part: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """A stroke on a drum of General MIDI's map."""

    time: float
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Part:
    """The sound of a part: General MIDI program 0..127, level 0..1, pan -1..1."""

    name: str
    program: int
    level: float = 0.8
    pan: float = 0.0


@dataclass(frozen=True, slots=True)
class Piece:
    """Notes and ground truth over `duration` seconds; `beats` are the perceived beats, `downbeats` the first of each
    bar.
    """

    name: str
    song: str
    """The unit that must not be in two splits: a song, or a drummer's session."""
    duration: float
    beats: tuple[float, ...]
    downbeats: tuple[float, ...]
    meter: str
    tones: tuple[Tone, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    parts: tuple[Part, ...] = ()
    kit: int = 0
    chords: tuple[Span, ...] | None = None
    keys: tuple[Span, ...] | None = None
    sections: tuple[Span, ...] | None = None
    style: str | None = None
    loop_bars: int | None = None
    """The number of whole bars of a loop, without silence around them."""
    silence: tuple[float, float] = (0.0, 0.0)
    """Seconds of silence added before and after a loop."""
    made: bool = False
    """Whether its bars were shortened or extended to a different meter."""


def beats_in_bar(meter: str) -> int:
    """Return the number of perceived beats in a bar: quarters in x/4, dotted quarters in 6/8, 9/8, 12/8, else eighths.

    >>> [beats_in_bar(meter) for meter in ("4/4", "6/8", "7/8", "12/8")]
    [4, 2, 7, 4]
    """
    numerator, denominator = (int(part) for part in meter.split("/"))
    return numerator // 3 if _is_compound(numerator, denominator) else numerator


def quarters_per_beat(meter: str) -> float:
    """Return the duration of a beat in quarter notes.

    >>> [quarters_per_beat(meter) for meter in ("3/4", "6/8", "5/8")]
    [1.0, 1.5, 0.5]
    """
    numerator, denominator = (int(part) for part in meter.split("/"))
    return 12.0 / denominator if _is_compound(numerator, denominator) else 4.0 / denominator


def _is_compound(numerator: int, denominator: int) -> bool:
    return denominator == 8 and numerator > 3 and numerator % 3 == 0


def file_name(song: str) -> str:
    """Return the last part of a song's name as a valid file name.

    >>> file_name("ewld/Jerome_Kern/They_Didn't_Believe_Me")
    'They_Didnt_Believe_Me'
    """
    return "".join(sign for sign in song.split("/")[-1].replace(" ", "_") if sign.isalnum() or sign in "_-")


def cut(piece: Piece, start: float, end: float, name: str) -> Piece:
    """Return the excerpt of a piece from `start` to `end`, with times relative to `start`.

    Notes and drum strokes that still sound at `start` are included with negative times.
    """
    return replace(
        piece,
        name=name,
        duration=end - start,
        beats=_within(piece.beats, start, end),
        downbeats=_within(piece.downbeats, start, end),
        tones=tuple(
            replace(tone, start=tone.start - start, end=tone.end - start)
            for tone in piece.tones
            if tone.start < end and tone.end > start - RING_SECONDS
        ),
        strokes=tuple(
            replace(stroke, time=stroke.time - start)
            for stroke in piece.strokes
            if start - RING_SECONDS <= stroke.time < end
        ),
        chords=_spans_within(piece.chords, start, end),
        keys=_spans_within(piece.keys, start, end),
        sections=_spans_within(piece.sections, start, end),
    )


def stretch(piece: Piece, factor: float) -> Piece:
    """Return the piece at a duration multiplied by `factor`."""

    def spans(of: tuple[Span, ...] | None) -> tuple[Span, ...] | None:
        return None if of is None else tuple((start * factor, end * factor, label) for start, end, label in of)

    return replace(
        piece,
        duration=piece.duration * factor,
        beats=tuple(beat * factor for beat in piece.beats),
        downbeats=tuple(beat * factor for beat in piece.downbeats),
        tones=tuple(replace(tone, start=tone.start * factor, end=tone.end * factor) for tone in piece.tones),
        strokes=tuple(replace(stroke, time=stroke.time * factor) for stroke in piece.strokes),
        chords=spans(piece.chords),
        keys=spans(piece.keys),
        sections=spans(piece.sections),
    )


def _within(times: tuple[float, ...], start: float, end: float) -> tuple[float, ...]:
    return tuple(time - start for time in times if start - 1e-6 <= time < end - 1e-6)


def _spans_within(spans: tuple[Span, ...] | None, start: float, end: float) -> tuple[Span, ...] | None:
    if spans is None:
        return None
    return tuple(
        (max(first, start) - start, min(last, end) - start, label)
        for first, last, label in spans
        if first < end - 1e-6 and last > start + 1e-6
    )
