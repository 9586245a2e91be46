"""The schedule of sounding parts, and their next messages. Pure, in beats; the sender converts beats to times.

Several parts sound at once, each with a number. Due messages are taken one beat at a time and as late as possible, so
that none is planned by an outdated tempo.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Final

from musearoo.bridge.midi.parts.sounding import NOTE_OFF
from musearoo.bridge.midi.parts.track import HAIR, Track, is_note_off, is_note_on, note_of, prepare, rank
from musearoo.bridge.protocol.midi_process import PartState, Play, Silence
from musearoo.engines.errors import ParamError

MOST_PARTS: Final = 64
"""Most parts: far more than a listener can follow; a caller with more has a bug."""


class Schedule:
    """Play parts along an external beat. Send the messages that its methods return at once, in order."""

    def __init__(self) -> None:
        self._tracks: dict[int, Track] = {}
        self._waiting: dict[int, Play] = {}
        self._silences: dict[int, float] = {}
        self._holding: Counter[tuple[int, int]] = Counter()
        self._states: list[PartState] = []

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to play, now or later."""
        return not self._tracks and not self._waiting

    def next_beat(self) -> float | None:
        """The beat of the next message, or None."""
        beats = [track.next_beat for track in self._tracks.values()]
        beats += [play.start for play in self._waiting.values()]
        beats += self._silences.values()
        return min(beats, default=None)

    def pop_due(self) -> tuple[bytes, ...]:
        """Return the messages due at `next_beat`, note offs first."""
        beat = self.next_beat()
        if beat is None:
            return ()
        due: list[bytes] = []
        due += self._end_silenced(beat + HAIR)
        for number in [number for number, play in self._waiting.items() if play.start <= beat + HAIR]:
            due += self._begin(self._waiting[number], beat)
        for number, track in list(self._tracks.items()):
            while track.next_beat <= beat:
                if track.is_at_end:
                    due += self._release(track)
                    if not track.go_round():
                        del self._tracks[number]
                        self._note_state(number, beat, False)
                        break
                    self._note_state(number, beat, True)
                else:
                    due += self._pass_on(track, track.pop_due())
        return tuple(sorted(due, key=rank))

    def play(self, play: Play, beat: float) -> tuple[bytes, ...]:
        """Add a part; `beat` is the clock's position. Raises ParamError for a part of no length."""
        play = Play(play.number, prepare(play.part), play.start)
        known = self._tracks.keys() | self._waiting.keys()
        if play.number not in known and len(known) >= MOST_PARTS:
            raise ParamError("part number", f"one of at most {MOST_PARTS} at once", play.number)
        if self._silences.get(play.number, play.start) >= play.start:
            self._silences.pop(play.number, None)
        if play.start > beat:
            self._waiting[play.number] = play
            return ()
        return tuple(self._begin(play, beat))

    def silence(self, command: Silence, beat: float) -> tuple[bytes, ...]:
        """End a part, now or later; `beat` is the clock's position."""
        if command.beat is None or command.beat <= beat:
            self._waiting.pop(command.number, None)
            return tuple(self._end(command.number, beat))
        waiting = self._waiting.get(command.number)
        if waiting is not None and waiting.start >= command.beat:
            del self._waiting[command.number]
        if command.number in self._tracks or command.number in self._waiting:
            self._silences[command.number] = command.beat
        return ()

    def clear(self, beat: float) -> tuple[bytes, ...]:
        """End and remove all parts."""
        due: list[bytes] = []
        for number in list(self._tracks):
            due += self._end(number, beat)
        self._waiting.clear()
        self._silences.clear()
        return tuple(due)

    def hold(self) -> tuple[bytes, ...]:
        """End sounding notes while the clock is stopped; the parts stay."""
        return tuple(message for track in self._tracks.values() for message in self._release(track))

    def move(self, beat: float, went_back: bool) -> tuple[bytes, ...]:
        """Move all parts to another position of the set's time line.

        In a loop, the set may never reach the beat at which a part is to start or end. So if the clock `went_back`, a
        waiting part that loops starts at once, and a part with a later end ends.
        """
        due = [*self.hold(), *self._end_silenced(math.inf if went_back else beat)]
        for number, track in list(self._tracks.items()):
            if track.go_to(beat, went_back):
                due += self._pass_on(track, track.chase())
            else:
                del self._tracks[number]
                self._note_state(number, beat, False)
        for play in list(self._waiting.values()):
            if play.start <= beat or (went_back and play.part.loops):
                due += self._begin(play, beat)
        return tuple(due)

    def pop_states(self) -> tuple[PartState, ...]:
        """Return the parts that have begun, repeated, been replaced or ended since the last call."""
        states = tuple(self._states)
        self._states.clear()
        return states

    def _begin(self, play: Play, beat: float) -> list[bytes]:
        """Start a part in place of the one of its number."""
        due: list[bytes] = []
        self._waiting.pop(play.number, None)
        before = self._tracks.pop(play.number, None)
        if before is not None:
            due += self._release(before)
        track = Track(play.part, play.start)
        if track.go_to(beat, went_back=True):
            self._tracks[play.number] = track
            self._note_state(play.number, beat, True)
            due += self._pass_on(track, track.chase())
        else:
            self._note_state(play.number, beat, False)
        return due

    def _end_silenced(self, beat: float) -> list[bytes]:
        """End the parts that are due to end by this beat."""
        due: list[bytes] = []
        for number in [number for number, at in self._silences.items() if at <= beat]:
            due += self._end(number, self._silences[number])
        return due

    def _end(self, number: int, beat: float) -> list[bytes]:
        self._silences.pop(number, None)
        track = self._tracks.pop(number, None)
        if track is None:
            return []
        self._note_state(number, beat, False)
        return self._release(track)

    def _note_state(self, number: int, beat: float, is_sounding: bool) -> None:
        self._states.append(PartState(number, beat, is_sounding))

    def _pass_on(self, track: Track, messages: Iterable[bytes]) -> list[bytes]:
        """Return the messages of a part to send: a note off only once no part plays the note."""
        due: list[bytes] = []
        for message in messages:
            if is_note_on(message):
                if self._holding[note_of(message)] > 0:
                    # Some synthesisers give a repeated note on two voices, and a note off ends only one.
                    due.append(_off(note_of(message)))
                self._holding[note_of(message)] += 1
                track.holds[note_of(message)] += 1
            elif is_note_off(message):
                due += self._let_go(track, note_of(message), message)
                continue
            else:
                track.remember_state(message)
            due.append(message)
        return due

    def _let_go(self, track: Track, note: tuple[int, int], message: bytes) -> tuple[bytes, ...]:
        if not track.holds[note]:
            return ()
        track.holds[note] -= 1
        self._holding[note] -= 1
        return () if self._holding[note] > 0 else (message,)

    def _release(self, track: Track) -> list[bytes]:
        """Return the messages that end a part's notes, pedals and bend."""
        due: list[bytes] = []
        for note, count in track.holds.items():
            self._holding[note] -= count
            if count and self._holding[note] <= 0:
                due.append(_off(note))
        track.holds.clear()
        return due + track.reset()


def _off(note: tuple[int, int]) -> bytes:
    return bytes((NOTE_OFF | note[0], note[1], 64))
