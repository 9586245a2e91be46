"""Reports of Live's transport for the daemon's beat clock.

Live updates the song's position at its own times, so a value read in between is outdated. The position is therefore
read when Live notifies a change, and sent with the time of that moment. The delay of the message then does not matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from ..host.listeners import Listeners
from ..host.live import read
from ..wire.messages import packet

if TYPE_CHECKING:
    from ..host.live import Song

_WHILE_PLAYING_S = 0.05
"""The interval of messages while playing: the clock extrapolates, and a message costs Live's main thread some 30
microseconds.
"""

_WHILE_STANDING_S = 2.0
"""The interval while stopped, as a sign of life."""

_JUMP_BEATS = 0.05
"""The deviation of the position from the expected one that is reported immediately. Reading a tick late causes less."""

_SILENT_TICKS = 10
"""Ticks without a notification after which this Live counts as sending none.

The first tick after a stall of Live does not count, because its position is still the previous one.
"""

_FRESH_S = 0.1
"""An older notification is not reported: Live has stalled since."""

_EVENTS = ("is_playing", "tempo", "loop", "loop_start", "loop_length")


class Transport:
    """Sends position, tempo and loop through `send`; `clock` is common to all programs of this machine."""

    def __init__(self, song: Song, send: Callable[[bytes], None], clock: Callable[[], float]) -> None:
        self._song, self._send, self._clock = song, send, clock
        self._listeners = Listeners(song)
        self._seen = (0.0, 0.0)
        self._sent = (0.0, 0.0)
        self._next = 0.0
        self._silent = 0

    def start(self) -> None:
        """Start sending."""
        self.stop()
        self._listeners.add(("current_song_time",), self._move)
        self._listeners.add(_EVENTS, self._change)
        self._change()

    def stop(self) -> None:
        """Stop sending."""
        self._listeners.remove()

    def flush(self) -> None:
        """Send what is due."""
        now = self._clock()
        if now < self._next:
            return
        playing = bool(self._song.is_playing)
        if not playing:
            self._look()
        elif self._seen[0] <= self._sent[0] or now - self._seen[0] > _FRESH_S:
            self._silent += 1
            if self._silent < _SILENT_TICKS:
                return
            self._look()
        self._silent = 0
        self._next = now + (_WHILE_PLAYING_S if playing else _WHILE_STANDING_S)
        self._sent = self._seen
        self._send(self._packet(playing))

    def _packet(self, playing: bool) -> bytes:
        when, beat = self._sent
        start = end = 0.0
        if read(self._song, "loop", False):
            start = self._song.loop_start
            end = start + self._song.loop_length
        return packet("/roo/transport", int(playing), beat, self._song.tempo, when, start, end)

    def _look(self) -> None:
        self._seen = (self._clock(), float(self._song.current_song_time))

    def _move(self) -> None:
        self._look()
        (then, before), (now, beat) = self._sent, self._seen
        moved = (now - then) * self._song.tempo / 60.0 if self._song.is_playing else 0.0
        if abs(before + moved - beat) > _JUMP_BEATS:
            self._next = 0.0

    def _change(self) -> None:
        self._look()
        self._next = 0.0
