"""The harmony under the layers: the chords given by the context, else a slow Markov chain over the key's chords."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import Final

from musearoo.engines.foundation.chance import pick
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key
from musearoo.engines.players.chords.lead_sheet import chords_to_play
from musearoo.engines.players.params import EngineParams
from musearoo.engines.styles.atmos import Drift

TRITONE_WEIGHT: Final = 0.25
"""The weight factor of chords with a tritone above the root, which want to resolve."""
TONIC_WEIGHT: Final = 1.6
"""The weight factor of the tonic."""


@dataclass(frozen=True, slots=True)
class ToneSpan:
    """The pitch classes that may sound from `start` to `end` (beats): chord tones, root first, and matching colours."""

    start: float
    end: float
    tones: tuple[int, ...]
    colours: tuple[int, ...]


def span_at(spans: Sequence[ToneSpan], beat: float) -> ToneSpan:
    """Return the span that sounds at a beat; `spans` are in order."""
    return spans[max(0, bisect_right(spans, beat + 1e-9, key=_start) - 1)]


def has_harmony(context: MusicalContext) -> bool:
    """Return whether the context has chords, or parts that imply them, so that nothing may drift."""
    return bool(context.chords) or any(context.part(role) for role in ("bass", "harmony", "melody"))


def home_key(params: EngineParams, context: MusicalContext) -> Key:
    """Return the set's key; without one, the key of its first chord or of the style's vamp."""
    if context.key.value is not None:
        return context.key.value
    chord = (context.chords or params.style.vamp_chords)[0].chord
    return Key(chord.root, "Minor" if chord.is_minor else "Major")


def spans_given(params: EngineParams, context: MusicalContext, length: float) -> tuple[ToneSpan, ...]:
    """Return the chords that all engines play to, with their colours; adjacent equal chords are joined."""
    key = context.key.value
    joined: list[ChordSpan] = []
    for span in chords_to_play(params, context, length):
        if joined and joined[-1].chord == span.chord:
            joined[-1] = ChordSpan(joined[-1].start, span.end, span.chord)
        else:
            joined.append(span)
    return tuple(ToneSpan(span.start, span.end, *_tones_and_colours(span.chord, key)) for span in joined)


def drift_on(
    key: Key, drift: Drift, degree: int, bars: int, bar_beats: float, closes: bool, chance: Random
) -> tuple[tuple[ToneSpan, ...], int]:
    """Return chords for `bars` bars, starting on a degree (0 is the tonic), and the degree that would follow.

    A first-order Markov chain: the more tones two chords share, the likelier the step between them, as efficient voice
    leading suggests (Tymoczko, "The Geometry of Musical Chords", 2006). It works in any scale, since a chord is every
    second tone from its root. With `closes` the last bar is the tonic.
    """
    spans: list[ToneSpan] = []
    start = 0
    while start < bars:
        end = min(bars, start + drift.bars)
        size = 4 if chance.random() < drift.sevenths else 3
        tones = _stack(key, degree, size)
        spans.append(ToneSpan(start * bar_beats, end * bar_beats, tones, _colours(tones, key.pitch_classes)))
        # The chord before the loop point leads to the tonic.
        is_last_but_one = end < bars <= end + drift.bars
        degree = _next_degree(key, degree, drift.stillness, is_last_but_one, chance)
        start = end
    if closes:
        last = (bars - 1) * bar_beats
        spans = [replace(span, end=min(span.end, last)) for span in spans if span.start < last]
        tones = _stack(key, 0, 3)
        spans.append(ToneSpan(last, bars * bar_beats, tones, _colours(tones, key.pitch_classes)))
    return tuple(spans), degree


def _next_degree(key: Key, degree: int, stillness: float, leads_home: bool, chance: Random) -> int:
    if chance.random() < stillness:
        return degree
    weights = list(_moves(key, degree))
    if leads_home:
        weights = [weight * towards for weight, towards in zip(weights, _moves(key, 0), strict=True)]
    return pick(chance, range(len(weights)), weights)


@lru_cache(maxsize=512)
def _moves(key: Key, degree: int) -> tuple[float, ...]:
    """Return the unnormalised weight of each next degree; 0 for the same one."""
    here = set(_stack(key, degree, 3))
    weights = []
    for other in range(len(key.intervals)):
        tones = _stack(key, other, 3)
        shared = len(here & set(tones))
        # In a scale of six tones every second chord is an inversion of the same one, which is no harmonic step.
        weight = (0.4 + shared) ** 2 if shared < len(here) else 0.4
        weight *= TRITONE_WEIGHT if any((tone - tones[0]) % 12 == 6 for tone in tones) else 1.0
        weight *= TONIC_WEIGHT if other == 0 else 1.0
        weights.append(weight if other != degree else 0.0)
    return tuple(weights)


def _stack(key: Key, degree: int, size: int) -> tuple[int, ...]:
    """Return every second tone of the scale from a degree up, as pitch classes.

    >>> _stack(Key.parse("C"), 1, 4), _stack(Key.parse("C Hirajoshi"), 0, 3)
    ((2, 5, 9, 0), (0, 3, 8))
    """
    classes = key.pitch_classes
    return tuple(dict.fromkeys(classes[(degree + 2 * step) % len(classes)] for step in range(size)))


@lru_cache(maxsize=1024)
def _tones_and_colours(chord: Chord, key: Key | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    tones = tuple(dict.fromkeys(chord.pitch_classes))
    # Without a key, use the ninth and the sixth, which suit nearly every chord.
    scale = key.pitch_classes if key is not None else ((chord.root + 2) % 12, (chord.root + 9) % 12)
    return tones, _colours(tones, scale)


def _colours(tones: Sequence[int], scale: Sequence[int]) -> tuple[int, ...]:
    """Return the tones of a scale that may be held over a chord: none is a semitone from a chord tone.

    >>> _colours((0, 4, 7), (0, 2, 4, 5, 7, 9, 11))
    (2, 9)
    """
    near = {(tone + step) % 12 for tone in tones for step in (-1, 0, 1)}
    return tuple(tone for tone in scale if tone not in near)


def _start(span: ToneSpan) -> float:
    return span.start
