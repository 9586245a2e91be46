"""Negative controls: the same strokes without musical sense, which must fail where a drummer passes."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from msgspec import structs

from musearoo.engines.music.clip import Clip, sort_notes


def random_hits(clip: Clip, chance: Random) -> Clip:
    """Return as many strokes of the same drums, at random positions and velocities."""
    pitches = sorted({note.pitch for note in clip.notes})
    notes = [
        structs.replace(
            note,
            start=chance.random() * (clip.length - 1.0 / 16.0),
            pitch=chance.choice(pitches),
            velocity=float(1 + int(chance.random() * 127)),
            duration=1.0 / 16.0,
        )
        for note in clip.notes
    ]
    return replace(clip, notes=sort_notes(notes))


def shuffled_in_time(clip: Clip, chance: Random) -> Clip:
    """Return the same strokes, each drum's redistributed over the sixteenths: same count, velocities and looseness."""
    places = {pitch: _shuffled(round(clip.length * 4.0), chance) for pitch in sorted({n.pitch for n in clip.notes})}
    notes = []
    for note in clip.notes:
        if places[note.pitch]:
            looseness = note.start - round(note.start * 4.0) / 4.0
            start = max(0.0, places[note.pitch].pop() / 4.0 + looseness)
            notes.append(structs.replace(note, start=start, duration=1.0 / 16.0))
    return replace(clip, notes=sort_notes(notes))


def _shuffled(count: int, chance: Random) -> list[int]:
    order = list(range(count))
    for last in range(count - 1, 0, -1):
        other = int(chance.random() * (last + 1))
        order[last], order[other] = order[other], order[last]
    return order
