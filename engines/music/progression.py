"""Chord progressions: chords on a timeline in beats, and their text notation."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from musearoo.engines.errors import ParamError, require_between
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.music.spelling import spell_chords

NO_CHORD: Final = ("N", "N.C.", "NC", "-")


@dataclass(frozen=True, slots=True)
class ChordSpan:
    """A chord from `start` to `end`, in beats."""

    start: float
    end: float
    chord: Chord
    confidence: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.start < self.end:
            raise ParamError("chord span", "from a start of at least 0 to a later end", (self.start, self.end))
        require_between("chord confidence", self.confidence, 0.0, 1.0)


def parse_progression(text: str, meter: Meter | None = None) -> tuple[ChordSpan, ...]:
    """Parse a progression such as "Am F C G" (one chord per bar) or "Am7 Dm7/G | G7 | %".

    With bar lines, the chords of a bar share its pulses; the first ones get the remainder: three chords in 4/4 last 2,
    1 and 1 beats. "%" repeats the bar before, "N" or "N.C." is silence.

    >>> [(span.start, span.end, span.chord.symbol) for span in parse_progression("Am7 Dm7/G G7 | %", Meter(4, 4))]
    ... # doctest: +NORMALIZE_WHITESPACE
    [(0.0, 2.0, 'Am7'), (2.0, 3.0, 'Dm7/G'), (3.0, 4.0, 'G7'),
     (4.0, 6.0, 'Am7'), (6.0, 7.0, 'Dm7/G'), (7.0, 8.0, 'G7')]
    """
    meter = meter or Meter()
    bars = _bars_of(text)
    spans: list[ChordSpan] = []
    for index, words in enumerate(bars):
        spans.extend(_spans_of_bar(words, index * meter.bar_beats, meter))
    return tuple(spans)


def share_bar(meter: Meter, count: int) -> tuple[float, ...]:
    """Return the lengths in beats of several chords that share a bar, on its pulses as far as possible.

    >>> share_bar(Meter(4, 4), 3), share_bar(Meter(7, 8), 2), share_bar(Meter(6, 8), 3)
    ((2.0, 1.0, 1.0), (2.0, 1.5), (1.0, 1.0, 1.0))
    """
    pulses = meter.pulses
    if count > len(pulses):
        return (meter.bar_beats / count,) * count
    share, extra = divmod(len(pulses), count)
    edges = [0, *(extra + share * number for number in range(1, count + 1))]
    return tuple(sum(pulses[low:high]) for low, high in pairwise(edges))


def format_progression(spans: Sequence[ChordSpan], meter: Meter, bars: int, key: Key | None = None) -> str:
    """Write a progression with bar lines, spelt in its key; a bar without a new chord is "%".

    >>> format_progression(parse_progression("Am F"), Meter(), 3)
    'Am | F | N.C.'
    """
    names = spell_chords([span.chord for span in spans], key)
    written = []
    for bar in range(bars):
        start, end = bar * meter.bar_beats, (bar + 1) * meter.bar_beats
        symbols = [name for span, name in zip(spans, names, strict=True) if start <= span.start < end]
        sounding = any(span.start < start < span.end for span in spans)
        written.append(" ".join(symbols) or ("%" if sounding else "N.C."))
    return " | ".join(written)


def repeat_progression(spans: Sequence[ChordSpan], length: float, period: float) -> tuple[ChordSpan, ...]:
    """Return the spans looped every `period` beats and cut to `length` beats.

    >>> [(s.start, s.end, s.chord.symbol) for s in repeat_progression(parse_progression("Am F"), 10.0, 8.0)]
    [(0.0, 4.0, 'Am'), (4.0, 8.0, 'F'), (8.0, 10.0, 'Am')]
    """
    return tuple(_looped(spans, length, period)) if spans else ()


def chord_at(spans: Sequence[ChordSpan], beat: float) -> Chord | None:
    """Return the chord at a beat, or None; spans must be sorted.

    >>> print(chord_at(parse_progression("Am F"), 4.0), chord_at(parse_progression("Am F"), 8.0))
    F None
    """
    index = bisect_right(spans, beat, key=_start) - 1
    return spans[index].chord if index >= 0 and beat < spans[index].end else None


def _start(span: ChordSpan) -> float:
    return span.start


def _looped(spans: Sequence[ChordSpan], length: float, period: float) -> Iterator[ChordSpan]:
    offset = 0.0
    while offset < length:
        for span in spans:
            start, end = offset + span.start, min(offset + span.end, offset + period, length)
            if start < end:
                yield replace(span, start=start, end=end)
        offset += period


def _bars_of(text: str) -> list[list[str]]:
    if "|" not in text:
        bars = [[word] for word in text.split()]
    else:
        inside = text.strip().removeprefix("|").removesuffix("|")
        bars = [bar.split() for bar in inside.split("|")] if inside.strip() else []
    for index, bar in enumerate(bars):
        if bar == ["%"]:
            if index == 0:
                raise ParamError("chords", "a chord before the first repeat sign %", text)
            bars[index] = bars[index - 1]
        elif not bar:
            raise ParamError(f"chords, bar {index + 1}", "at least one chord, % or N.C.", text)
    return bars


def _spans_of_bar(words: Sequence[str], start: float, meter: Meter) -> Iterator[ChordSpan]:
    for word, length in zip(words, share_bar(meter, len(words)), strict=True):
        if word not in NO_CHORD:
            yield ChordSpan(start, start + length, Chord.parse(word))
        start += length
