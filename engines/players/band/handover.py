"""What the plan of a section does to a take: it enters and leaves, holds its breath before a drop, and ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_kit import KICK_PITCHES
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.players.arrangement.song_plan import ArrangedSection, PlannedPart
from musearoo.engines.players.drums.playability import make_playable
from musearoo.engines.styles.form import EndingKind

EARLY: Final = 0.1
"""Beats by which a note may come before its part's entry and still belong to it: players push."""
FADED: Final = 0.1
"""What is left of the velocity at the end of a fade: so little that nobody waits for another chord."""
FADE_BARS: Final = 16
"""The longest fade; a longer last section keeps its loudness until then."""
BUTTON_BEATS: Final = 0.5
"""The longest note in the last bar of a song that ends on a button."""
SHORTEST: Final = 1.0 / 32.0
HELD_ON: Final = 1.0
"""Beats that a chord must still last to be struck anew by who enters in the middle of it."""
_SUSTAINED: Final = ("harmony", "atmosphere")


def fit_into_section(
    clip: Clip, part: PlannedPart, section: ArrangedSection, meter: Meter, ending: EndingKind | None = None
) -> Clip:
    """The notes of a take that the section's plan lets sound; `ending` is the song's, for its last section alone."""
    silences = list(_silences(part, section))
    notes = [kept for note in clip.notes if (kept := _kept(note, part, silences)) is not None]
    if ending == "fade":
        notes = [replace(note, velocity=_faded(note, section, meter)) for note in notes]
    elif ending == "button":
        last_bar = section.length - meter.bar_beats - EARLY
        notes = [
            replace(note, duration=BUTTON_BEATS) if note.start >= last_bar and note.duration > BUTTON_BEATS else note
            for note in notes
        ]
    return clip.with_notes(notes)


def make_playable_throughout(clips: Sequence[tuple[float, Clip]], bpm: float) -> list[Clip]:
    """The drums of a song, each clip with the beat at which it starts, without strokes for which no limb is free.

    A take can be played as its drummer wrote it; what was taken out of it, and the bar line between two takes, may ask
    for other limbs.
    """
    by_itself = [replace(clip, notes=make_playable(clip.notes, bpm)) for _, clip in clips]
    placed = [
        [replace(note, start=note.start + start) for note in clip.notes]
        for (start, _), clip in zip(clips, by_itself, strict=True)
    ]
    kept = set(make_playable([note for notes in placed for note in notes], bpm))
    return [
        replace(clip, notes=tuple(note for note, there in zip(clip.notes, notes, strict=True) if there in kept))
        for clip, notes in zip(by_itself, placed, strict=True)
    ]


def _silences(part: PlannedPart, section: ArrangedSection) -> Iterator[tuple[float, float, bool]]:
    """Stretches in which the part is silent, in beats of the section; the last says whether it is the kick alone."""
    if part.enters > 0.0:
        yield 0.0, part.enters - EARLY, False
    if part.leaves < section.length:
        yield part.leaves - EARLY, section.length, False
    for transition in section.transitions:
        start = section.length - transition.beats - EARLY
        if transition.kind == "pause" or (transition.kind == "no_bass" and part.role == "bass"):
            yield start, section.length, False
        elif transition.kind == "no_kick" and part.role == "drums":
            yield start, section.length, True


def _kept(note: Note, part: PlannedPart, silences: Sequence[tuple[float, float, bool]]) -> Note | None:
    """What is left of a note between silences."""
    for start, end, kick_alone in silences:
        if kick_alone and note.pitch not in KICK_PITCHES:
            continue
        if start <= note.start < end:
            if part.role not in _SUSTAINED or note.end < part.enters + HELD_ON or note.start >= part.enters:
                return None
            # Who enters on a chord that lies already strikes it then.
            note = replace(note, start=part.enters, duration=note.end - part.enters)
        elif note.start < start < note.end and part.role != "drums":
            note = replace(note, duration=max(SHORTEST, start + EARLY - note.start))
    return note


def _faded(note: Note, section: ArrangedSection, meter: Meter) -> float:
    """The velocity of a note of a last section that fades."""
    span = min(section.length, FADE_BARS * meter.bar_beats)
    done = max(0.0, note.start - (section.length - span)) / span
    return max(1.0, round(note.velocity * (1.0 - (1.0 - FADED) * done)))
