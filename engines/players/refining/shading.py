"""Shade a take: darker, softer, lower, shorter, with more swing, closer to the grid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from msgspec import structs

from musearoo.engines.foundation.chance import bell, stream
from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.drum_kit import BY_PITCH
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.note import Note
from musearoo.engines.music.swing import MAX_RATIO, STRAIGHT, Swing
from musearoo.engines.players.refining.modifiers import Modifier

SHADE: Final = 0.85
"""The velocity factor of "darker" and "softer"; "brighter" and "louder" are the inverse."""
DARK_DRUMS: Final = {46: 42, 53: 51, 48: 45, 45: 41, 49: 51, 54: 70}
"""Darker replacements for bright drums: closed hats, ride for bells and crashes, lower toms."""
BRIGHT_DRUMS: Final = {41: 45, 45: 48, 51: 53, 70: 54}
SWING_STEP: Final = 0.3
"""What "more swing" adds to the swing ratio: three steps lead from straight to triplet."""
TIGHT: Final = 0.6
"""The share of the deviation from the grid that "tighter" removes."""
LOOSE_BEATS: Final = 0.018
"""The standard deviation in beats that "looser" adds: about 10 ms at 110 BPM."""
LONGEST_GATE: Final = 2.0


def shade(clip: Clip, modifier: Modifier, role: Role, swing: Swing, seed: int) -> Clip:
    """Return the clip with one modifier applied; `swing` is its current swing, used to find straight positions.

    Other modifiers leave it unchanged.
    """
    match modifier:
        case Modifier.DARKER | Modifier.BRIGHTER:
            return _shift_brightness(clip, modifier, role)
        case Modifier.SOFTER | Modifier.LOUDER:
            return _each(clip, lambda note: _louder(note, SHADE if modifier is Modifier.SOFTER else 1.0 / SHADE))
        case Modifier.LOWER | Modifier.HIGHER if role != "drums":
            return _moved(clip, -12 if modifier is Modifier.LOWER else 12)
        case Modifier.SHORTER | Modifier.LONGER if role != "drums":
            factor = 0.6 if modifier is Modifier.SHORTER else 1.6
            return _each(clip, lambda note: _lasting(note, factor, clip.length))
        case Modifier.MORE_SWING | Modifier.LESS_SWING:
            step = SWING_STEP if modifier is Modifier.MORE_SWING else -SWING_STEP
            other = Swing(min(MAX_RATIO, max(STRAIGHT, swing.ratio + step)), swing.pair)
            return _each(clip, lambda note: _at(note, other.warp(swing.unwarp(note.start)), clip.length))
        case Modifier.TIGHTER:
            return _each(clip, lambda note: _at(note, note.start + TIGHT * _miss(note, swing), clip.length))
        case Modifier.LOOSER:
            chance = stream(seed, "looser")
            return _each(clip, lambda note: _at(note, note.start + LOOSE_BEATS * bell(chance), clip.length))
    return clip


def _shift_brightness(clip: Clip, modifier: Modifier, role: Role) -> Clip:
    """Apply "darker": softer, with darker drums, other parts lower if there is room; "brighter" is the inverse."""
    dark = modifier is Modifier.DARKER
    if role == "drums":
        others = DARK_DRUMS if dark else BRIGHT_DRUMS

        def struck(note: Note) -> Note:
            voice = BY_PITCH.get(note.pitch)
            is_metal = voice is not None and voice.group in ("cymbals", "crash")
            note = structs.replace(note, pitch=others.get(note.pitch, note.pitch))
            return _louder(note, SHADE if dark else 1.0 / SHADE) if is_metal else note

        return _each(clip, struck)
    lit = _each(clip, lambda note: _louder(note, SHADE if dark else 1.0 / SHADE))
    if role == "bass":
        return lit
    pitches = [note.pitch for note in clip.notes]
    middle = sorted(pitches)[len(pitches) // 2] if pitches else 60
    room = middle >= 60 if dark else middle <= 72
    return _moved(lit, -12 if dark else 12) if room else lit


def _each(clip: Clip, change: Callable[[Note], Note]) -> Clip:
    return replace(clip, notes=end_before_next(change(note) for note in clip.notes))


def _moved(clip: Clip, semitones: int) -> Clip:
    """Return the clip transposed, or unchanged if a note would leave the MIDI range: a part must move as a whole."""
    if any(not 0 <= note.pitch + semitones <= 127 for note in clip.notes):
        return clip
    return _each(clip, lambda note: structs.replace(note, pitch=note.pitch + semitones))


def _louder(note: Note, factor: float) -> Note:
    return structs.replace(note, velocity=float(min(127, max(1, round(note.velocity * factor)))))


def _lasting(note: Note, factor: float, length: float) -> Note:
    duration = min(note.duration * factor, max(note.duration, LONGEST_GATE))
    return structs.replace(note, duration=max(1.0 / 32.0, min(duration, length - note.start)))


def _at(note: Note, start: float, length: float) -> Note:
    kept = min(max(0.0, start), length - 1.0 / 96.0)
    return structs.replace(note, start=kept, duration=max(1.0 / 96.0, min(note.duration, length - kept)))


def _miss(note: Note, swing: Swing) -> float:
    """Return the offset from a note to the nearest sixteenth, or to the nearest triplet if that is closer."""
    straight = swing.unwarp(note.start)
    places = (round(straight * 4.0) / 4.0, round(straight * 3.0) / 3.0)
    return swing.warp(min(places, key=lambda place: abs(place - straight))) - note.start
