"""What the bass hears of the band: the drummer's kick, the chords' accents and pushes, the room that a tune leaves."""

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
"""So many notes struck together are a chord, and an accent if they fall off the beat."""
PUSHES: Final = (0.5, 0.25)
"""Beats by which a band anticipates a chord: an eighth or a sixteenth."""
ROOM_BELOW: Final = 3
"""Semitones that the bass keeps below the lowest notes of chords and tune: closer they growl at each other."""
NEAR_ENOUGH: Final = 0.02
"""Beats by which a third must lie nearer than a sixteenth to be meant."""
NOBODY_ABOVE: Final = 127


@dataclass(frozen=True, slots=True)
class BandCues:
    """The others, as far as they concern a bass player; places are straight beats.

    `kicks` in order; `played` says when a place of the drums was really played; `kickless` are bars whose kick drops
    out of a beat that has one; `room` a bar is what the melody leaves, from -0.2 (busy) to 0.2 (silent); `talking` are
    bars whose melody runs into the next; `struck` is where the harmony begins a note, and `accents` where a chord off
    the beat; `ceiling` is the highest pitch that stays clear of the rest.
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
    """What the parts of the set mean for the bass, looped to the length of the take.

    A bass that `locks` to a kick imagines one where no drummer plays.
    """
    bar_beats = context.meter.value.bar_beats
    drummer = _find_kicks(context, swing, length)
    kicks, played = drummer or (kick_onsets(params, context, seed) if locks else (), {})
    kickless = frozenset(range(params.bars)) - {int(kick / bar_beats + 1e-9) for kick in kicks}
    if 2 * len(kickless) > params.bars:
        kickless = frozenset()  # a beat that lives without a kick does not miss it
    room, talking = _measure_melody(context, params.bars, bar_beats)
    struck = _count_chord_onsets(context, swing, length)
    accents = frozenset(at for at, count in struck.items() if count >= CHORD_NOTES and at % 1.0 != 0.0)
    return BandCues(kicks, played, kickless, room, talking, frozenset(struck), accents, _ceiling(context))


def push_changes(
    spans: Sequence[ChordSpan], context: MusicalContext, swing: Swing, length: float
) -> tuple[ChordSpan, ...]:
    """The chords, those that the harmony player anticipates beginning where they are struck.

    A change is pushed when nothing is struck on it and a chord of at least three notes just before.
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
    """The place on the grid that a played onset means: a sixteenth, or a third of a beat where that lies nearer.

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
    """Kicks in order and when each place was played, of the drums that play; None where nobody plays a kick."""
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
    """How many notes of the harmony begin at each place."""
    part = context.part("harmony")
    if part is None:
        return Counter()
    return Counter(grid_position(swing.unwarp(note.start)) for note in _looped(part.clip, length).notes)


def _pushed(change: float, struck: Counter[float]) -> float:
    if struck[change]:
        return change
    return next((change - push for push in PUSHES if struck[change - push] >= CHORD_NOTES), change)


def _ceiling(context: MusicalContext) -> int:
    """The highest pitch that stays clear of chords and melody; of their lowest tenth one may reach down to the bass."""
    pitches = sorted(
        note.pitch for part in context.parts if part.role in ("harmony", "melody") for note in part.clip.notes
    )
    return pitches[len(pitches) // 10] - ROOM_BELOW if pitches else NOBODY_ABOVE


def _looped(clip: Clip, length: float) -> Clip:
    return clip if clip.length == length else clip.repeated(length)
