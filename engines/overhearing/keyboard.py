"""The keys and pedals of one channel: which notes sound, from when, and until when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from engines.overhearing.playing import PlayedNote

NOTE_OFF: Final = 0x80
NOTE_ON: Final = 0x90
CONTROL: Final = 0xB0
SUSTAIN: Final = 64
SOSTENUTO: Final = 66
ALL_SOUND_OFF: Final = 120
ALL_NOTES_OFF: Final = 123
PEDAL_DOWN: Final = 64
"""The value from which a pedal is down."""


@dataclass(slots=True)
class Sounding:
    """A note that sounds; `is_down` while its key is, and `is_caught` by the middle pedal."""

    note: PlayedNote
    is_down: bool = True
    is_caught: bool = False


class Keyboard:
    """One channel of one input. Notes that have ended are handed out; those that sound are in `sounding`."""

    def __init__(self) -> None:
        self.sounding: dict[int, Sounding] = {}
        self._sustain = False

    def strike(self, note: PlayedNote) -> PlayedNote | None:
        """Takes a note on; gives the note of its pitch that it ends, if one still sounds."""
        before = self._end(note.pitch, note.seconds)
        self.sounding[note.pitch] = Sounding(note)
        return before

    def lift(self, pitch: int, seconds: float, velocity: int = 64) -> PlayedNote | None:
        """Takes a note off; gives the note if it has ended by it, which a pedal may prevent."""
        held = self.sounding.get(pitch)
        if held is None or not held.is_down:
            return None
        held.is_down = False
        held.note = replace(
            held.note, key_seconds=max(0.0, seconds - held.note.seconds), release_velocity=max(0, min(127, velocity))
        )
        return None if self._sustain or held.is_caught else self._end(pitch, seconds)

    def control(self, number: int, value: int, seconds: float) -> list[PlayedNote]:
        """Takes a controller; gives the notes that have ended by it."""
        is_down = value >= PEDAL_DOWN
        if number == SUSTAIN:
            self._sustain = is_down
        elif number == SOSTENUTO:
            for held in self.sounding.values():
                held.is_caught = is_down and (held.is_down or held.is_caught)
        elif number in (ALL_SOUND_OFF, ALL_NOTES_OFF):
            return self.end_all(seconds)
        else:
            return []
        ended = [pitch for pitch, held in self.sounding.items() if not (held.is_down or held.is_caught)]
        return [] if self._sustain else [note for pitch in ended if (note := self._end(pitch, seconds))]

    def end_all(self, seconds: float) -> list[PlayedNote]:
        """Ends all that sounds, as where an input is gone."""
        return [note for pitch in tuple(self.sounding) if (note := self._end(pitch, seconds))]

    def _end(self, pitch: int, seconds: float) -> PlayedNote | None:
        held = self.sounding.pop(pitch, None)
        if held is None:
            return None
        sounded = max(0.0, seconds - held.note.seconds)
        down = sounded if held.note.key_seconds is None else held.note.key_seconds
        return replace(held.note, key_seconds=down, pedal_seconds=sounded)
