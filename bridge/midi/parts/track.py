"""One part as it plays: its position, and its sounding notes."""

from __future__ import annotations

import math
from collections import Counter
from typing import Final

from musearoo.bridge.midi.parts.sounding import CONTROLLER, NOTE_OFF, NOTE_ON, PEDALS, PITCH_BEND
from musearoo.bridge.protocol.midi_process import Part, TimedMessage
from musearoo.engines.errors import ParamError

GRACE: Final = 0.06
"""Beats by which a part may start late and still count as in time: 30 ms at 120 BPM, slightly more than the delay of a
report of the beat."""

WORTH_STRIKING: Final = 0.25
"""Least beats left of a note that is struck late, when a part starts in its middle: a pad would be missed, but a short
note off its beat would sound wrong."""

DRUM_CHANNEL: Final = 9
"""Channel 10, counted from 0: drums are never struck late."""

SHORTEST: Final = 1 / 64
"""Least beats of a part: shorter ones, looped, would flood any port."""

HAIR: Final = 1e-6
"""Beats by which two sums of the same beats may differ."""

_PROGRAMME: Final = 0xC0
_CHANNEL_PRESSURE: Final = 0xD0
_CENTRE: Final = bytes((0, 64))


class Track:
    """A part on the set's time line. `holds` counts its sounding notes by channel and pitch."""

    def __init__(self, part: Part, start: float) -> None:
        self._part = part
        self._start = start
        self._round = 0
        self._index = 0
        self._position = 0.0
        self.holds: Counter[tuple[int, int]] = Counter()
        self._standing: dict[bytes, bytes] = {}

    @property
    def next_beat(self) -> float:
        """The beat of its next message, or of its end."""
        messages = self._part.messages
        position = messages[self._index].beat if self._index < len(messages) else self._part.length
        return self._start + self._round * self._part.length + position

    @property
    def is_at_end(self) -> bool:
        """Whether all of this repetition has been sent."""
        return self._index >= len(self._part.messages)

    def pop_due(self) -> tuple[bytes]:
        """Return the next message."""
        message = self._part.messages[self._index]
        self._index += 1
        return (message.data,)

    def go_round(self) -> bool:
        """Start the next repetition; False if there is none."""
        self._round += 1
        self._index = 0
        self._position = 0.0
        return self._part.loops

    def go_to(self, beat: float, went_back: bool) -> bool:
        """Continue from another beat; False if the part has ended by then. `chase` returns what that skips.

        Before its start the part waits for it; but if the clock `went_back`, a looping part sounds there too.
        """
        position = beat - self._start
        length = self._part.length
        self._round = 0
        if self._part.loops and (position >= 0.0 or went_back):
            # A position within HAIR of the end is the beginning of the next repetition.
            self._round = math.floor((position + HAIR) / length)
            position -= self._round * length
        elif position >= length:
            return False
        self._position = position
        messages = self._part.messages
        self._index = next((n for n, each in enumerate(messages) if each.beat >= position - GRACE), len(messages))
        return True

    def chase(self) -> tuple[bytes, ...]:
        """Return the messages for joining the part in its middle: the channels' state, and long notes that sound."""
        state: dict[bytes, bytes] = {}
        sounding: dict[tuple[int, int], bytes] = {}
        for each in self._part.messages[: self._index]:
            if is_note_on(each.data):
                sounding[note_of(each.data)] = each.data
            elif is_note_off(each.data):
                sounding.pop(note_of(each.data), None)
            elif (thing := _state_of(each.data)) is not None:
                # Moved to the end, so that a bank select still comes before its program change.
                state.pop(thing, None)
                state[thing] = each.data
        strikes = [
            message
            for note, message in sounding.items()
            if note[0] != DRUM_CHANNEL and self._end_of(note) - self._position >= WORTH_STRIKING
        ]
        return (*state.values(), *strikes)

    def remember_state(self, message: bytes) -> None:
        """Remember a pedal or a bend that stays after a message."""
        kind = message[0] & 0xF0
        if kind == CONTROLLER and message[1] in PEDALS:
            self._stand(message[:2], bytes((*message[:2], 0)), message[2] != 0)
        elif kind == PITCH_BEND:
            self._stand(message[:1], message[:1] + _CENTRE, message[1:] != _CENTRE)

    def reset(self) -> list[bytes]:
        """Return the messages that reset pedals and bend."""
        messages = list(self._standing.values())
        self._standing.clear()
        return messages

    def _stand(self, thing: bytes, end: bytes, stands: bool) -> None:
        if stands:
            self._standing[thing] = end
        else:
            self._standing.pop(thing, None)

    def _end_of(self, note: tuple[int, int]) -> float:
        """Return the beat of a sounding note's end."""
        for each in self._part.messages[self._index :]:
            if is_note_off(each.data) and note_of(each.data) == note:
                return each.beat
        return self._part.length


def prepare(part: Part) -> Part:
    """Return the part with its messages sorted, without those outside it and notes that begin at its end.

    Raises ParamError for a part without length.
    """
    if not SHORTEST <= part.length < math.inf:
        raise ParamError("a part's length", f"at least {SHORTEST:g} beats", part.length)
    messages = [
        each
        for each in part.messages
        if each.data and 0.0 <= each.beat <= part.length and not (is_note_on(each.data) and each.beat >= part.length)
    ]
    messages.sort(key=_order)
    return Part(tuple(messages), part.length, part.loops)


def is_note_on(message: bytes) -> bool:
    """Whether a message strikes a note.

    >>> is_note_on(bytes((0x90, 60, 100))), is_note_on(bytes((0x90, 60, 0)))
    (True, False)
    """
    return message[0] & 0xF0 == NOTE_ON and len(message) == 3 and message[2] > 0


def is_note_off(message: bytes) -> bool:
    """Whether a message ends a note."""
    return len(message) == 3 and (message[0] & 0xF0 == NOTE_OFF or (message[0] & 0xF0 == NOTE_ON and not message[2]))


def note_of(message: bytes) -> tuple[int, int]:
    """Return the channel (0 to 15) and pitch of a note message."""
    return message[0] & 0x0F, message[1]


def rank(message: bytes) -> int:
    """Return the order of messages at one beat: note offs, settings, note ons."""
    return 0 if is_note_off(message) else 2 if is_note_on(message) else 1


def _order(message: TimedMessage) -> tuple[float, int]:
    return message.beat, rank(message.data)


def _state_of(message: bytes) -> bytes | None:
    """Return the key of the channel state that a message sets, or None."""
    kind = message[0] & 0xF0
    if kind == CONTROLLER and message[1] < 120:
        return message[:2]
    return message[:1] if kind in (_PROGRAMME, _CHANNEL_PRESSURE, PITCH_BEND) else None
