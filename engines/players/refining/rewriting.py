"""Rewrite half of a take: new notes in the same rhythm, a new rhythm for the same notes, or another style."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from msgspec import structs

from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.drum_kit import BY_PITCH
from musearoo.engines.music.drum_map import KIND_OF_PITCH
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.note import Note
from musearoo.engines.players.refining.onsets import OnsetGroup, group_before, group_onsets

SKELETON: Final = ("kick", "snare")
"""The voices that define a drum pattern; the others belong to the style."""

GHOST_BELOW: Final = 60.0
"""The velocity below which a snare stroke is a ghost note."""

_SWAPS: Final = (
    {42: 51, 46: 53, 44: 44, 51: 42, 53: 46, 49: 46, 70: 54, 54: 70},
    {38: 37, 40: 37, 37: 38, 39: 38, 48: 45, 45: 41, 41: 48},
)
"""Other drums for the same strokes: the timekeeping hand's, then the other one's, by General MIDI pitches."""


def with_notes_of(clip: Clip, other: Clip, role: Role, seed: int) -> Clip:
    """Return the clip's rhythm and velocities with the pitches of another take at the same time."""
    if role == "drums":
        chosen = [_SWAPS[0], _SWAPS[1], _SWAPS[0] | _SWAPS[1]][seed % 3]
        swapped = (structs.replace(note, pitch=chosen.get(note.pitch, note.pitch)) for note in clip.notes)
        return replace(clip, notes=end_before_next(swapped))
    theirs = group_onsets(other.notes)
    if not theirs:
        return clip
    rewritten = (
        note for strike in group_onsets(clip.notes) for note in _voiced(strike, group_before(theirs, strike.start))
    )
    return replace(clip, notes=end_before_next(rewritten))


def with_rhythm_of(clip: Clip, other: Clip, role: Role) -> Clip:
    """Return the clip's pitches, near their positions, in the rhythm and with the accents of another take."""
    if role == "drums":
        kept = {note.pitch for note in clip.notes}
        return replace(other, name=clip.name, notes=tuple(note for note in other.notes if note.pitch in kept))
    ours = group_onsets(clip.notes)
    if not ours:
        return clip
    rewritten = (
        note for strike in group_onsets(other.notes) for note in _timed(group_before(ours, strike.start), strike)
    )
    return replace(clip, notes=end_before_next(note for note in rewritten if note.start < clip.length))


def in_style_of(clip: Clip, other: Clip, role: Role) -> Clip:
    """Return the clip played in another style, of which `other` is a take.

    Drums keep kick and snare and take hats, ghost notes, fills and feel from `other`; other parts keep their pitches in
    the rhythm of `other`.
    """
    if role != "drums":
        return with_rhythm_of(clip, other, role)
    skeleton = [note for note in clip.notes if _is_skeleton(note)]
    taken = [(note.start, note.pitch) for note in skeleton]
    texture = [
        note for note in other.notes if not _is_skeleton(note) or (_is_ghost(note) and not _is_near(note, taken))
    ]
    return replace(clip, notes=end_before_next([*skeleton, *texture]))


def _voiced(strike: OnsetGroup, model: OnsetGroup) -> Iterator[Note]:
    """Return the group's time and length with the model's pitches, as many as the model has."""
    plain = strike.notes[0]
    for index, note in enumerate(model.notes):
        own = strike.notes[min(index, len(strike.notes) - 1)]
        yield structs.replace(own, start=plain.start if index >= len(strike.notes) else own.start, pitch=note.pitch)


def _timed(strike: OnsetGroup, model: OnsetGroup) -> Iterator[Note]:
    """Return the group's pitches at the model's time, with its length and velocity."""
    for index, note in enumerate(strike.notes):
        time = model.notes[min(index, len(model.notes) - 1)]
        yield structs.replace(time, pitch=note.pitch)


def _is_skeleton(note: Note) -> bool:
    return KIND_OF_PITCH.get(note.pitch) in SKELETON and BY_PITCH.get(note.pitch) is not None


def _is_ghost(note: Note) -> bool:
    return KIND_OF_PITCH.get(note.pitch) == "snare" and note.velocity < GHOST_BELOW


def _is_near(note: Note, taken: list[tuple[float, int]]) -> bool:
    return any(abs(start - note.start) < 0.2 and pitch == note.pitch for start, pitch in taken)
