"""The ledger of one output: its sounding notes, pressed pedals and pitch bend, from the messages sent to it.

It is kept in memory that the caller provides, one byte per note or state, so that a file can be that memory and outlive
the process. Messages that start a sound are recorded before they are sent, those that end one afterwards, and for a
while as `LEAVING`: a driver may still buffer them when the process is killed. Everything that may sound is recorded; a
superfluous note off is harmless.
"""

from __future__ import annotations

from collections.abc import MutableSequence
from typing import Final

NOTE_OFF: Final = 0x80
NOTE_ON: Final = 0x90
CONTROLLER: Final = 0xB0
PITCH_BEND: Final = 0xE0

PEDALS: Final = (64, 66, 69)
"""Controllers that sustain notes: sustain, sostenuto, hold 2."""

ALL_SOUND_OFF: Final = 120
RESET_CONTROLLERS: Final = 121
ALL_NOTES_OFF: Final = 123
"""This controller and those above it, the mode changes, end all notes of a channel."""

CHANNELS: Final = 16
NOTES: Final = CHANNELS * 128
SIZE: Final = NOTES + CHANNELS * (len(PEDALS) + 1)
"""Bytes of a ledger: the notes by channel and pitch, then each channel's pedals and bend."""

SILENT, SOUNDING, LEAVING, LEFT_OVER = range(4)

SETTLED_AFTER: Final = 0.5
"""Seconds after which no driver still buffers a message: JACK's longest usual period is 0.1."""


class Ledger:
    """The state of an output in `cells`, SIZE numbers, which may include notes that another process left sounding.

    Only the sending thread changes it.
    """

    def __init__(self, cells: MutableSequence[int] | memoryview | None = None) -> None:
        self._cells = bytearray(SIZE) if cells is None else cells
        self._leaving: dict[int, float] = {}
        for cell, state in enumerate(self._cells):
            if state != SILENT:
                self._cells[cell] = LEFT_OVER

    def note(self, data: bytes) -> None:
        """Record a message before it is sent."""
        cell = self._sounding_cell(data)
        if cell is not None:
            self._leaving.pop(cell, None)
            self._cells[cell] = SOUNDING

    def note_sent(self, data: bytes, time: float) -> None:
        """Record that the message was sent."""
        for cell in self._ended_cells(data):
            if self._cells[cell] != SILENT:
                self._leaving.pop(cell, None)
                self._leaving[cell] = time
                self._cells[cell] = LEAVING

    def settle(self, time: float) -> None:
        """Clear notes that ended some time ago."""
        while self._leaving:
            cell, left = next(iter(self._leaving.items()))
            if time - left < SETTLED_AFTER:
                return
            del self._leaving[cell]
            self._cells[cell] = SILENT

    def take_over(self, cells: bytes) -> None:
        """Record the notes in another process's memory as left over, unless they sound here."""
        for cell, state in enumerate(cells):
            if state != SILENT and self._cells[cell] == SILENT:
                self._cells[cell] = LEFT_OVER

    def offs(self) -> tuple[bytes, ...]:
        """Return the messages that end everything that may sound."""
        return tuple(_off(cell) for cell, state in enumerate(self._cells) if state != SILENT)

    def left_over_offs(self) -> tuple[bytes, ...]:
        """Return the note offs for notes that another process has left sounding and that were not played again."""
        return tuple(_off(cell) for cell, state in enumerate(self._cells) if state == LEFT_OVER)

    def forget_left_over(self) -> None:
        """Forget notes of another process that have been ended."""
        for cell, state in enumerate(self._cells):
            if state == LEFT_OVER:
                self._cells[cell] = SILENT

    @property
    def has_left_over(self) -> bool:
        """Whether anything is left over."""
        return LEFT_OVER in self._cells

    @property
    def is_silent(self) -> bool:
        """Whether nothing can sound."""
        return not any(self._cells)

    def _sounding_cell(self, data: bytes) -> int | None:
        """Return the ledger cell of a note or state that a message starts."""
        if len(data) != 3:
            return None
        kind, channel = data[0] & 0xF0, data[0] & 0x0F
        if kind == NOTE_ON and data[2]:
            return channel * 128 + data[1]
        if kind == CONTROLLER and data[1] in PEDALS and data[2]:
            return _pedal_cell(channel, data[1])
        if kind == PITCH_BEND and data[1:] != _CENTRE:
            return _bend_cell(channel)
        return None

    def _ended_cells(self, data: bytes) -> tuple[int, ...] | range:
        """Return the ledger cells of what a message ends."""
        if len(data) != 3:
            return ()
        kind, channel = data[0] & 0xF0, data[0] & 0x0F
        if kind == NOTE_OFF or (kind == NOTE_ON and not data[2]):
            return (channel * 128 + data[1],)
        if kind == PITCH_BEND and data[1:] == _CENTRE:
            return (_bend_cell(channel),)
        if kind != CONTROLLER:
            return ()
        if data[1] in PEDALS and not data[2]:
            return (_pedal_cell(channel, data[1]),)
        if data[1] == RESET_CONTROLLERS:
            first = _pedal_cell(channel, PEDALS[0])
            return range(first, first + len(PEDALS) + 1)
        if data[1] == ALL_SOUND_OFF or data[1] >= ALL_NOTES_OFF:
            return range(channel * 128, channel * 128 + 128)
        return ()


_CENTRE: Final = bytes((0, 64))


def _pedal_cell(channel: int, pedal: int) -> int:
    return NOTES + channel * (len(PEDALS) + 1) + PEDALS.index(pedal)


def _bend_cell(channel: int) -> int:
    return NOTES + channel * (len(PEDALS) + 1) + len(PEDALS)


def _off(cell: int) -> bytes:
    """Return the message that ends a cell's note or state."""
    if cell < NOTES:
        return bytes((NOTE_OFF | cell >> 7, cell & 127, 64))
    channel, thing = divmod(cell - NOTES, len(PEDALS) + 1)
    if thing < len(PEDALS):
        return bytes((CONTROLLER | channel, PEDALS[thing], 0))
    return bytes((PITCH_BEND | channel, *_CENTRE))
