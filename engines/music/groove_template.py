"""Groove templates: move a clip's notes towards a measured groove's timing and velocity."""

from __future__ import annotations

from bisect import bisect_left
from math import floor
from typing import Final

from msgspec.structs import replace

from musearoo.engines.errors import require_between
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_map import KIND_OF_PITCH, DrumKind
from musearoo.engines.music.groove import Groove, GrooveProfile
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.swing import STRAIGHT, Swing

SAME_PLACE: Final = 1e-3
"""The difference in beats up to which a groove position and a grid position are the same: the rounding of thirds."""
LEAST_GAP: Final = 1e-4
"""The beats that a late note keeps from the clip's end."""


def apply_groove(clip: Clip, groove: Groove, amount: float = 1.0, velocity_amount: float = 0.0) -> Clip:
    """Return the clip with its notes moved towards the groove: not at all at 0, fully at 1.

    Drum notes follow the profile of their own drum if the groove has one, all others the common one. `velocity_amount`
    does the same for velocities. Positions that the groove does not contain are only swung. Note lengths stay, and
    notes stay in the clip. `engines.analysis.groove.measure_groove` is the inverse.
    """
    require_between("amount", amount, 0.0, 1.0)
    require_between("velocity_amount", velocity_amount, 0.0, 1.0)
    swing = Swing(max(STRAIGHT, groove.swing.value or STRAIGHT))
    moved = [_moved(note, clip, groove, swing, amount, velocity_amount) for note in clip.notes]
    return clip.with_notes(moved)


def groove_offset(groove: Groove, place: float, meter: Meter, kind: DrumKind | None = None) -> float | None:
    """Return how late a groove plays a straight position, in beats of the clip (quarters); None if it has none there.

    For a groove in another meter, only the position within the beat counts.

    >>> late = Groove(bar_beats=4.0, whole=GrooveProfile((0.5,), (0.1,), (90.0,), (8,)))
    >>> groove_offset(late, 4.5, Meter()), groove_offset(late, 1.5, Meter())
    (0.1, None)
    """
    unit = beat_quarters(meter)
    for feel in _feels(groove, kind):
        index = _index_of(feel, place / unit, groove.bar_beats, meter)
        if index is not None:
            return feel.offsets[index] * unit
    return None


def beat_quarters(meter: Meter) -> float:
    """Return the length of one counted beat in quarters: 1 in 4/4, 1.5 in 6/8, 0.5 in 7/8."""
    return 12.0 / meter.denominator if meter.is_compound else 4.0 / meter.denominator


def _moved(note: Note, clip: Clip, groove: Groove, swing: Swing, amount: float, velocity_amount: float) -> Note:
    unit = beat_quarters(clip.meter)
    at = note.start / unit
    sixteenth = 0.25 / unit
    straight = round(swing.unwarp(at) / sixteenth) * sixteenth
    target, velocity = swing.warp(straight), note.velocity
    for feel in _feels(groove, KIND_OF_PITCH.get(note.pitch)):
        index = _index_of(feel, straight, groove.bar_beats, clip.meter)
        if index is not None:
            target = straight + feel.offsets[index]
            velocity += velocity_amount * (feel.velocities[index] - velocity)
            break
    else:
        if swing.is_straight:
            return note
    # A note early on the loop's first beat stays on it, since it would belong to the loop's end.
    start = min(max(0.0, note.start + amount * (target - at) * unit), clip.length - LEAST_GAP)
    return replace(note, start=start, velocity=min(127.0, max(1.0, velocity)))


def _feels(groove: Groove, kind: DrumKind | None) -> tuple[GrooveProfile, ...]:
    own = None if kind is None or groove.drums is None else groove.drums.get(kind)
    return tuple(feel for feel in (own, groove.whole) if feel is not None)


def _index_of(feel: GrooveProfile, straight: float, bar_beats: float, meter: Meter) -> int | None:
    """Return the index of a profile's entry for a straight position in counted beats, or None."""
    same_bar = abs(bar_beats * beat_quarters(meter) - meter.bar_beats) < SAME_PLACE
    if same_bar or bar_beats == 1.0:
        place = (straight + SAME_PLACE) % bar_beats - SAME_PLACE
        index = bisect_left(feel.positions, place - SAME_PLACE)
        return index if index < len(feel.positions) and feel.positions[index] <= place + SAME_PLACE else None
    part = straight - floor(straight + SAME_PLACE)
    alike = [
        (count, -index)
        for index, (position, count) in enumerate(zip(feel.positions, feel.counts, strict=True))
        if abs(position - floor(position + SAME_PLACE) - part) <= SAME_PLACE
    ]
    return -max(alike)[1] if alike else None
