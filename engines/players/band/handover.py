"""Fit a take into its section's plan: entry and exit, pauses before a drop, and the song's ending."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from msgspec import structs

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_kit import KICK_PITCHES
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.players.arrangement.song_plan import ArrangedSection, PlannedPart
from musearoo.engines.players.drums.playability import make_playable
from musearoo.engines.styles.form import EndingKind

EARLY: Final = 0.1
"""Beats by which a note may anticipate its part's entry."""
FADED: Final = 0.1
"""The velocity factor at the end of a fade, low enough that the song sounds finished."""
FADE_BARS: Final = 16
"""The longest fade; a longer last section keeps its level until the fade begins."""
BUTTON_BEATS: Final = 0.5
"""The longest note in the last bar of a song that ends on a button."""
SHORTEST: Final = 1.0 / 32.0
HELD_ON: Final = 1.0
"""The least remaining beats of a chord for a part that enters during it to strike it again."""
_SUSTAINED: Final = ("harmony", "atmosphere")


def fit_into_section(
    clip: Clip, part: PlannedPart, section: ArrangedSection, meter: Meter, ending: EndingKind | None = None
) -> Clip:
    """Return the take with only the notes that the section's plan allows; `ending` is for the song's last section."""
    silences = list(_silences(part, section))
    notes = [kept for note in clip.notes if (kept := _kept(note, part, silences)) is not None]
    if ending == "fade":
        notes = [structs.replace(note, velocity=_faded(note, section, meter)) for note in notes]
    elif ending == "button":
        last_bar = section.length - meter.bar_beats - EARLY
        notes = [
            structs.replace(note, duration=BUTTON_BEATS)
            if note.start >= last_bar and note.duration > BUTTON_BEATS
            else note
            for note in notes
        ]
    return clip.with_notes(notes)


def make_playable_throughout(clips: Sequence[tuple[float, Clip]], bpm: float) -> list[Clip]:
    """Return the drum clips of a song without hits for which no limb is free; `clips` are (start beat, clip).

    Each take is playable by itself, but removed notes and the boundary between two takes may change the limbs.
    """
    by_itself = [replace(clip, notes=make_playable(clip.notes, bpm)) for _, clip in clips]
    placed = [
        [structs.replace(note, start=note.start + start) for note in clip.notes]
        for (start, _), clip in zip(clips, by_itself, strict=True)
    ]
    kept = set(make_playable([note for notes in placed for note in notes], bpm))
    return [
        replace(clip, notes=tuple(note for note, there in zip(clip.notes, notes, strict=True) if there in kept))
        for clip, notes in zip(by_itself, placed, strict=True)
    ]


def _silences(part: PlannedPart, section: ArrangedSection) -> Iterator[tuple[float, float, bool]]:
    """Yield the spans in which the part is silent, as (start, end, kick only) in beats of the section."""
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
    """Return what remains of a note outside the silences; None if nothing does."""
    for start, end, kick_alone in silences:
        if kick_alone and note.pitch not in KICK_PITCHES:
            continue
        if start <= note.start < end:
            if part.role not in _SUSTAINED or note.end < part.enters + HELD_ON or note.start >= part.enters:
                return None
            # A part that enters during a held chord strikes it on entry.
            note = structs.replace(note, start=part.enters, duration=note.end - part.enters)
        elif note.start < start < note.end and part.role != "drums":
            note = structs.replace(note, duration=max(SHORTEST, start + EARLY - note.start))
    return note


def _faded(note: Note, section: ArrangedSection, meter: Meter) -> float:
    """Return the velocity of a note in a fading last section."""
    span = min(section.length, FADE_BARS * meter.bar_beats)
    done = max(0.0, note.start - (section.length - span)) / span
    return max(1.0, round(note.velocity * (1.0 - (1.0 - FADED) * done)))
