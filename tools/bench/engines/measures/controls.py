"""Negative controls: random music that a meaningful measure must distinguish from a take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from msgspec import structs

from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.progression import ChordSpan


def at_random(clip: Clip, seed: int) -> Clip:
    """Return as many notes, at uniformly random sixteenths and pitches in the take's range."""
    chance = stream(seed, "control", "random")
    pitches = [note.pitch for note in clip.notes]
    low, high = min(pitches), max(pitches)
    steps = round(clip.length * 4)
    notes = [
        structs.replace(
            note,
            start=int(chance.random() * steps) / 4.0,
            pitch=low + int(chance.random() * (high - low + 1)),
            duration=0.25,
        )
        for note in clip.notes
    ]
    return clip.with_notes(end_before_next(notes))


def scattered(clip: Clip, seed: int) -> Clip:
    """Return the same notes at uniformly random sixteenths."""
    chance = stream(seed, "control", "scatter")
    steps = round(clip.length * 4)
    notes = [
        structs.replace(note, start=start, duration=min(note.duration, clip.length - start))
        for note in clip.notes
        for start in [int(chance.random() * steps) / 4.0]
    ]
    return clip.with_notes(end_before_next(notes))


def shuffled(clip: Clip, seed: int) -> Clip:
    """Return the same notes in random order: each gets the position of another."""
    chance = stream(seed, "control", "shuffle")
    places = [(note.start, note.duration) for note in clip.notes]
    for index in range(len(places) - 1, 0, -1):
        other = int(chance.random() * (index + 1))
        places[index], places[other] = places[other], places[index]
    notes = [
        structs.replace(note, start=start, duration=duration)
        for note, (start, duration) in zip(clip.notes, places, strict=True)
    ]
    return clip.with_notes(end_before_next(notes))


def in_other_chords(spans: Sequence[ChordSpan]) -> tuple[ChordSpan, ...]:
    """Return the chords transposed by a tritone, as far from the originals as possible."""
    return tuple(replace(span, chord=replace(span.chord, root=(span.chord.root + 6) % 12, bass=None)) for span in spans)
