"""The lead sheet of a take: the set's chords, else a harmonisation of its melody, else the style's own chords."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from musearoo.engines.music.chord import Chord
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.progression import ChordSpan, repeat_progression
from musearoo.engines.players.chords.harmonisation import harmonise
from musearoo.engines.players.chords.progressions import compose_progression, vamp_in_key
from musearoo.engines.players.chords.units import usual_key
from musearoo.engines.players.params import EngineParams


def chords_to_play(params: EngineParams, context: MusicalContext, length: float) -> tuple[ChordSpan, ...]:
    """Return the chords under a whole take of `length` beats; independent of seeds, so that all players agree.

    They are the context's chords, looped; else a harmonisation of its melody and bass; else the style's vamp in the
    key for a loop, and the style's progression for a section of a song.
    """
    if context.chords:
        looped = repeat_progression(context.chords, length, context.chords_length)
        # If the first chord starts after the take, play it throughout.
        return _without_gaps(looped or (ChordSpan(0.0, length, context.chords[0].chord),), length)
    meter, bass = context.meter.value, context.part("bass")
    lead = context.part("melody") or bass
    if lead is not None:
        melody = lead.clip.with_notes(()) if lead is bass else lead.clip
        roots = bass.clip.repeated(melody.length) if bass else None
        spans = harmonise(melody, context.key.value, params.style, meter, roots)
        return repeat_progression(spans, length, max(melody.length, spans[-1].end))
    key = context.key.value or usual_key(params.style)
    if params.section.kind == "loop":
        vamp = vamp_in_key(params.style, key, meter)
        return repeat_progression(vamp, length, vamp[-1].end)
    bars = max(1, round(length / meter.bar_beats))
    return compose_progression(params.style, key, meter, bars, params.section)


def chord_after(context: MusicalContext, length: float) -> Chord | None:
    """Return the context's chord that follows a take of `length` beats.

    None if the chords end with the take or before it; the take then loops to its own first chord.

    >>> [str(chord_after(MusicalContext.plain(chords="Am F | C"), beats)) for beats in (4.0, 8.0)]
    ['C', 'None']
    """
    return next((span.chord for span in context.chords if span.start >= length - _TOUCHING), None)


_TOUCHING: Final = 1e-6
"""The tolerance in beats by which a following chord may begin before the take ends."""


def _without_gaps(spans: Sequence[ChordSpan], length: float) -> tuple[ChordSpan, ...]:
    """Return the chords with gaps closed: each lasts until the next begins."""
    filled = []
    for index, span in enumerate(spans):
        start = 0.0 if index == 0 else span.start
        end = spans[index + 1].start if index + 1 < len(spans) else length
        filled.append(replace(span, start=start, end=end))
    return tuple(filled)
