"""The chords that a part plays to: those of the set, else the style's own in the set's key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engines.music.chord import Chord
from engines.music.context import MusicalContext
from engines.music.progression import ChordSpan, repeat_progression
from engines.params import EngineParams


def chords_to_play(params: EngineParams, context: MusicalContext, length: float) -> tuple[ChordSpan, ...]:
    """The chords under the whole take: those given, looped; else the key's own chord; else the style's vamp."""
    if context.chords:
        spans = repeat_progression(context.chords, length, context.chords_length)
        return _without_gaps(spans, length)
    key = context.key.value
    if key is not None:
        return (ChordSpan(0.0, length, Chord(key.tonic, "min" if key.is_minor else "maj")),)
    meter = context.meter.value
    vamp = params.style.vamp_chords
    # The vamp is written in 4/4; in another meter each of its bars lasts one bar of that.
    stretch = meter.bar_beats / 4.0
    spans = tuple(replace(span, start=span.start * stretch, end=span.end * stretch) for span in vamp)
    return repeat_progression(spans, length, spans[-1].end)


def _without_gaps(spans: Sequence[ChordSpan], length: float) -> tuple[ChordSpan, ...]:
    """Chords that follow each other without silence: a player holds on to the last one."""
    filled = []
    for index, span in enumerate(spans):
        start = 0.0 if index == 0 else span.start
        end = spans[index + 1].start if index + 1 < len(spans) else length
        filled.append(replace(span, start=start, end=end))
    return tuple(filled)
