"""The keys and pedals of one channel: track which notes sound, and for how long."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from musearoo.engines.improvisation.listening.played_notes import Moment, PlayedNote

NOTE_OFF: Final = 0x80
NOTE_ON: Final = 0x90
CONTROL: Final = 0xB0
SUSTAIN: Final = 64
SOSTENUTO: Final = 66
ALL_SOUND_OFF: Final = 120
ALL_NOTES_OFF: Final = 123
PEDAL_DOWN: Final = 64
"""Controller value from which a pedal is down."""


@dataclass(slots=True)
class Sounding:
    """A sounding note; `is_down` while its key is held, `is_caught` by the sostenuto pedal."""

    note: PlayedNote
    is_down: bool = True
    is_caught: bool = False


class Keyboard:
    """One channel of one input. Its methods return ended notes; sounding notes are in `sounding`."""

    def __init__(self) -> None:
        self.sounding: dict[int, Sounding] = {}
        self._sustain = False

    def strike(self, note: PlayedNote) -> PlayedNote | None:
        """Handle a note on; return the sounding note of the same pitch that it ends, if any."""
        before = self._end(note.pitch, note.start)
        self.sounding[note.pitch] = Sounding(note)
        return before

    def lift(self, pitch: int, at: Moment, velocity: int = 64) -> PlayedNote | None:
        """Handle a note off; return the note if it ended, which a pedal may prevent."""
        held = self.sounding.get(pitch)
        if held is None or not held.is_down:
            return None
        held.is_down = False
        held.note = replace(held.note, key_end=at, release_velocity=velocity)
        return None if self._sustain or held.is_caught else self._end(pitch, at)

    def control(self, number: int, value: int, at: Moment) -> list[PlayedNote]:
        """Handle a controller; return the notes that it ended."""
        is_down = value >= PEDAL_DOWN
        if number == SUSTAIN:
            self._sustain = is_down
        elif number == SOSTENUTO:
            for held in self.sounding.values():
                held.is_caught = is_down and (held.is_down or held.is_caught)
        elif number in (ALL_SOUND_OFF, ALL_NOTES_OFF):
            return self.end_all(at)
        else:
            return []
        let_go = [pitch for pitch, held in self.sounding.items() if not (held.is_down or held.is_caught)]
        return [] if self._sustain else [note for pitch in let_go if (note := self._end(pitch, at))]

    def end_all(self, at: Moment) -> list[PlayedNote]:
        """End all sounding notes."""
        return [note for pitch in tuple(self.sounding) if (note := self._end(pitch, at))]

    def _end(self, pitch: int, at: Moment) -> PlayedNote | None:
        held = self.sounding.pop(pitch, None)
        if held is None:
            return None
        return replace(held.note, key_end=held.note.key_end or at, end=at)
