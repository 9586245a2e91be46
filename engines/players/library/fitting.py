"""Fit a library take to a set's chords, meter and length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from msgspec import structs

from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.players.chords.lead_sheet import chords_to_play
from musearoo.engines.players.library.features import describe
from musearoo.engines.players.library.patterns import Pattern, Patterns
from musearoo.engines.players.params import EngineParams
from musearoo.engines.styles.schema import Style

USUAL: Final[tuple[float, ...]] = (0.3, 0.4, 0.1, 0.65, 0.35, 0.45, 0.5, 0.4)
"""The features of an inoffensive take; fallbacks are chosen near it."""
DEGREES: Final = {3: (3, 4), 4: (4, 3), 6: (7, 6), 7: (7, 6, 8), 8: (7, 8), 9: (9, 10), 10: (10, 11, 9), 11: (11, 10)}
"""Replacements for an interval above the root that the chord lacks; the first one in the chord is used."""


def pattern_for(patterns: Patterns, role: Role, style: Style, context: MusicalContext, bars: int) -> Clip | None:
    """Return a fitted take of a part in the style, or in the most similar one; None if the library has none.

    The take is the one nearest to the usual features, or to those of the same part if the set has one.
    """
    meter = context.meter.value
    wanted = USUAL
    playing = context.part(role)
    if playing is not None:
        wanted = describe(playing.clip)
    minor = None if role == "drums" else context.key.value is not None and context.key.value.is_minor
    for name, signature in ((style.name, meter), (style.name, None), (None, meter), (None, None)):
        found = patterns.nearest(wanted, 1, role=role, style=name, minor=minor, meter=signature)
        if found:
            return fit_pattern(patterns[found[0]], style, context, bars)
    return None


def fit_pattern(pattern: Pattern, style: Style, context: MusicalContext, bars: int) -> Clip:
    """Return the take over `bars` bars of the set: bars cut or extended to the meter, notes moved onto the chords."""
    meter = context.meter.value
    length = bars * meter.bar_beats
    clip = _in_meter(pattern.clip, meter).repeated(length)
    notes: Sequence[Note] = clip.notes
    if pattern.role != "drums":
        chords = chords_to_play(EngineParams(style=style, bars=bars), context, length)
        notes = [note for span in chords for note in _over(span, clip.notes)]
    cut = (structs.replace(note, duration=min(note.duration, length - note.start)) for note in notes)
    return Clip.of(f"{style.name} {pattern.role}", length, end_before_next(cut), meter)


def _in_meter(clip: Clip, meter: Meter) -> Clip:
    """Return the clip in another meter: each bar is cut, or filled up by repeating its beginning."""
    old, new = clip.meter.bar_beats, meter.bar_beats
    if old == new:
        return replace(clip, meter=meter)
    bars = max(1, round(clip.length / old))
    notes = []
    for bar in range(bars):
        inside = [
            structs.replace(note, start=note.start - bar * old)
            for note in clip.notes
            if bar * old <= note.start < (bar + 1) * old
        ]
        offset = 0.0
        while offset < new:
            notes += [
                structs.replace(note, start=bar * new + offset + note.start)
                for note in inside
                if offset + note.start < new
            ]
            offset += old
    return Clip.of(clip.name, bars * new, notes, meter)


def _over(span: ChordSpan, notes: Sequence[Note]) -> list[Note]:
    """Return the notes that begin under a chord, transposed from C to it by the smaller interval and cut at its end."""
    shift = (span.chord.bass_or_root + 6) % 12 - 6
    return [
        structs.replace(
            note, pitch=_fitted(note.pitch, shift, span.chord), duration=min(note.duration, span.end - note.start)
        )
        for note in notes
        if span.start <= note.start < span.end
    ]


def _fitted(pitch: int, shift: int, chord: Chord) -> int:
    degree = pitch % 12
    tones = {interval % 12 for interval in chord.intervals}
    if degree not in tones and degree in DEGREES:
        degree = next((other for other in DEGREES[degree] if other in tones), degree)
    return min(127, max(0, pitch - pitch % 12 + degree + shift))
