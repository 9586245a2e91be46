"""Cues for the bass from other parts: kicks, chord accents, anticipated chords, and the room under the melody."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_kit import KICK_PITCHES
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.drums.engine import kick_onsets
from musearoo.engines.players.params import EngineParams

CHORD_NOTES: Final = 3
"""The least number of simultaneous notes that count as a chord; it is an accent if it is off the beat."""
PUSHES: Final = (0.5, 0.25)
"""The beats by which a band anticipates a chord: an eighth or a sixteenth."""
ROOM_BELOW: Final = 3
"""The semitones that the bass keeps below the lowest notes of chords and melody, to avoid mud."""
NEAR_ENOUGH: Final = 0.02
"""The beats by which a third must be nearer than a sixteenth to count as a triplet."""
NO_CEILING: Final = 127


@dataclass(frozen=True, slots=True)
class BandCues:
    """What the other parts mean for the bass; all positions are straight beats.

    `kicks` are sorted; `played` maps drum positions to their played times; `kickless` are bars in which the kick drops
    out of a beat that has one; `room` is per bar what the melody leaves, from -0.2 (busy) to 0.2 (silent); `talking`
    are bars whose melody runs into the next; `struck` are the harmony's onsets, and `accents` its off-beat chords;
    `ceiling` is the highest pitch that stays clear of the other parts.
    """

    kicks: tuple[float, ...]
    played: dict[float, float]
    kickless: frozenset[int]
    room: tuple[float, ...]
    talking: frozenset[int]
    struck: frozenset[float]
    accents: frozenset[float]
    ceiling: int


def find_band_cues(
    params: EngineParams, context: MusicalContext, swing: Swing, length: float, seed: int, locks: bool = True
) -> BandCues:
    """Return the cues of the other parts for the bass, looped to the length of the take.

    A bass that `locks` to a kick uses the kick DrummaRoo would play if there is no drummer.
    """
    bar_beats = context.meter.value.bar_beats
    drummer = _find_kicks(context, swing, length)
    kicks, played = drummer or (kick_onsets(params, context, seed) if locks else (), {})
    kickless = frozenset(range(params.bars)) - {int(kick / bar_beats + 1e-9) for kick in kicks}
    if 2 * len(kickless) > params.bars:
        kickless = frozenset()  # a beat without any kick does not thin out where it is missing
    room, talking = _measure_melody(context, params.bars, bar_beats)
    struck = _count_chord_onsets(context, swing, length)
    accents = frozenset(at for at, count in struck.items() if count >= CHORD_NOTES and at % 1.0 != 0.0)
    return BandCues(kicks, played, kickless, room, talking, frozenset(struck), accents, _ceiling(context))


def push_changes(
    spans: Sequence[ChordSpan], context: MusicalContext, swing: Swing, length: float
) -> tuple[ChordSpan, ...]:
    """Return the chords with anticipated changes moved to where they are played.

    A change is anticipated if no chord starts on it and a chord of at least three notes starts just before.
    """
    struck = _count_chord_onsets(context, swing, length)
    starts: list[float] = []
    for span in spans:
        earlier = _pushed(span.start, struck)
        starts.append(earlier if starts and earlier > starts[-1] else span.start)
    ends = [*starts[1:], spans[-1].end]
    return tuple(
        span if (start, end) == (span.start, span.end) else replace(span, start=start, end=end)
        for span, start, end in zip(spans, starts, ends, strict=True)
    )


def grid_position(beat: float) -> float:
    """Return the grid position of a played onset: a sixteenth, or a third of a beat if that is nearer.

    >>> grid_position(1.27), round(grid_position(0.66), 3)
    (1.25, 0.667)
    """
    sixteenth = round(beat * 4.0) / 4.0
    if abs(sixteenth - beat) <= NEAR_ENOUGH:
        return sixteenth
    third = round(beat * 3.0) / 3.0
    return third if abs(third - beat) < abs(sixteenth - beat) - NEAR_ENOUGH else sixteenth


def _find_kicks(
    context: MusicalContext, swing: Swing, length: float
) -> tuple[tuple[float, ...], dict[float, float]] | None:
    """Return the sorted kicks and the played time of each position; None without a kick."""
    part = context.part("drums")
    if part is None or not any(note.pitch in KICK_PITCHES and not note.mute for note in part.clip.notes):
        return None
    played: dict[float, float] = {}
    kicks = set()
    for note in _looped(part.clip, length).notes:
        place = grid_position(swing.unwarp(note.start))
        if place >= length or note.mute:
            continue
        if note.pitch in KICK_PITCHES:
            kicks.add(place)
            played[place] = note.start
        else:
            played.setdefault(place, note.start)
    return tuple(sorted(kicks)), played


def _measure_melody(context: MusicalContext, bars: int, bar_beats: float) -> tuple[tuple[float, ...], frozenset[int]]:
    part = context.part("melody")
    if part is None:
        return (0.0,) * bars, frozenset()
    starts = [note.start for note in _looped(part.clip, bars * bar_beats).notes]
    room, talking = [], set()
    for bar in range(bars):
        first, middle, end = (bisect_left(starts, (bar + part) * bar_beats - 1e-6) for part in (0.0, 0.5, 1.0))
        onsets_per_beat = (end - first) / bar_beats
        room.append(0.2 if end - first <= 1 else -0.2 if onsets_per_beat >= 2.0 else 0.0)
        if end - middle > bar_beats / 2.0:
            talking.add(bar)
    return tuple(room), frozenset(talking)


def _count_chord_onsets(context: MusicalContext, swing: Swing, length: float) -> Counter[float]:
    """Return how many notes of the harmony start at each position."""
    part = context.part("harmony")
    if part is None:
        return Counter()
    return Counter(grid_position(swing.unwarp(note.start)) for note in _looped(part.clip, length).notes)


def _pushed(change: float, struck: Counter[float]) -> float:
    if struck[change]:
        return change
    return next((change - push for push in PUSHES if struck[change - push] >= CHORD_NOTES), change)


def _ceiling(context: MusicalContext) -> int:
    """Return the highest pitch clear of chords and melody, ignoring the lowest tenth of their notes."""
    pitches = sorted(
        note.pitch for part in context.parts if part.role in ("harmony", "melody") for note in part.clip.notes
    )
    return pitches[len(pitches) // 10] - ROOM_BELOW if pitches else NO_CEILING


def _looped(clip: Clip, length: float) -> Clip:
    return clip if clip.length == length else clip.repeated(length)
