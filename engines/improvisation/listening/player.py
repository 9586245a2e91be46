"""The player's live input: sounding notes, the held chord, and a recording of the last minutes."""

from __future__ import annotations

from collections import deque
from typing import Final

from musearoo.engines.improvisation.listening.chord_tracking import BROKEN_BEATS, BROKEN_SECONDS, HeldChord, Holding
from musearoo.engines.improvisation.listening.keyboard import CONTROL, NOTE_OFF, NOTE_ON, Keyboard
from musearoo.engines.improvisation.listening.played_notes import Moment, PlayedControl, PlayedNote, Recording, Source
from musearoo.engines.improvisation.listening.time_line import TimeLine
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key

REMEMBERED_SECONDS: Final = 900.0
"""The length of the recording in seconds."""
REMEMBERED: Final = 30_000
"""Maximum notes, and controls, kept: a quarter of an hour at thirty a second."""
GENERAL_MIDI_DRUMS: Final = frozenset({9})

_LENGTHS: Final = {0x80: 3, 0x90: 3, 0xA0: 3, 0xB0: 3, 0xC0: 2, 0xD0: 2, 0xE0: 3}
"""Length of channel messages in bytes, by status."""


class PlayerListener:
    """Handles incoming MIDI messages. Not thread-safe: pass a `Recording` to other threads.

    >>> player = PlayerListener()
    >>> player.clock(0.0, 10.0, 120.0, is_running=True)
    >>> [player.hear(1.0, 10.5, bytes((0x90, pitch, 90))) for pitch in (57, 60, 64)]
    [True, True, True]
    >>> player.held_chord().chord.symbol
    'Am'
    """

    def __init__(self, meter: Meter | None = None, drum_channels: frozenset[int] = GENERAL_MIDI_DRUMS) -> None:
        self._line = TimeLine(meter or Meter())
        self._drum_channels = drum_channels
        self._keyboards: dict[Source, Keyboard] = {}
        self._ended: deque[PlayedNote] = deque(maxlen=REMEMBERED)
        self._controls: deque[PlayedControl] = deque(maxlen=REMEMBERED)
        self._holding = Holding()
        self._key: Key | None = None
        self.last_seconds: float | None = None
        """The start of the last note; None before the first."""

    @property
    def meter(self) -> Meter:
        """The set's time signature."""
        return self._line.meter

    @meter.setter
    def meter(self, meter: Meter) -> None:
        self._line.meter = meter

    @property
    def sounding(self) -> tuple[int, ...]:
        """The sounding pitches without drums, lowest first."""
        return tuple(sorted({pitch for keyboard in self._pitched() for pitch in keyboard.sounding}))

    def clock(self, beat: float, seconds: float, bpm: float, is_running: bool) -> None:
        """Update the set's position: while it runs, notes get its beats; otherwise only seconds count.

        An inaudible clock counts as stopped.
        """
        self._line.clock(beat, seconds, bpm, is_running)

    def hear(self, beat: float, seconds: float, data: bytes, port: str = "") -> bool:
        """Handle a message of an input; return whether the sounding notes changed. Other messages are ignored.

        `beat` is the set's.
        """
        if not data or len(data) != _LENGTHS.get(data[0] & 0xF0) or max(data[1:]) > 127:
            return False
        status, source = data[0] & 0xF0, Source(port, data[0] & 0x0F)
        at = self._line.place(beat, seconds)
        keyboard = self._keyboards.setdefault(source, Keyboard())
        ended: list[PlayedNote] = []
        if status == NOTE_ON and data[2]:
            before = keyboard.strike(PlayedNote(at, data[1], data[2], source))
            self._keep([] if before is None else [before])
            self.last_seconds = seconds
            self._hold(source, at, has_begun=True)
            return True
        if status in (NOTE_ON, NOTE_OFF):
            note = keyboard.lift(data[1], at, data[2] if status == NOTE_OFF else 64)
            ended = [] if note is None else [note]
        else:
            self._controls.append(PlayedControl(at, data, source))
            if status == CONTROL:
                ended = keyboard.control(data[1], data[2], at)
        self._keep(ended)
        if ended:
            self._hold(source, at, has_begun=False)
        return bool(ended)

    def lose(self, port: str, beat: float, seconds: float) -> None:
        """End the sounding notes of an input that disconnected."""
        at = self._line.place(beat, seconds)
        for source, keyboard in self._keyboards.items():
            if source.port == port:
                self._keep(keyboard.end_all(at))
                self._hold(source, at, has_begun=False)

    def held_chord(self, key: Key | None = None) -> HeldChord | None:
        """Return the held chord, if any. From now on, `key` decides between names of the same notes."""
        self._key = key or self._key
        return self._holding.held

    def recording(self, beat: float, seconds: float) -> Recording:
        """Return what was played in the last minutes, as of a moment of the set."""
        now = self._line.place(beat, seconds)
        since = seconds - REMEMBERED_SECONDS
        while self._ended and self._ended[0].start.seconds < since:
            self._ended.popleft()
        while self._controls and self._controls[0].at.seconds < since:
            self._controls.popleft()
        sounding = [held.note for keyboard in self._keyboards.values() for held in keyboard.sounding.values()]
        notes = sorted((*self._ended, *sounding), key=_start_and_pitch)
        controls = tuple(self._controls)
        self._line.forget_before(
            min(
                [
                    *(note.start.stretch for note in notes[:1]),
                    *(control.at.stretch for control in controls[:1]),
                    1 << 60,
                ]
            )
        )
        return Recording(tuple(notes), controls, self._line.stretches, now, self._line.meter, self._drum_channels)

    def forget(self) -> None:
        """Clear the recording; sounding notes stay."""
        self._ended.clear()
        self._controls.clear()

    def _keep(self, ended: list[PlayedNote]) -> None:
        self._ended.extend(ended)

    def _hold(self, source: Source, at: Moment, has_begun: bool) -> None:
        if source.channel in self._drum_channels:
            return
        recent = []
        for note in reversed(self._ended):
            if note.source.channel in self._drum_channels or note.end is None:
                continue
            if at.seconds - note.end.seconds > BROKEN_SECONDS or at.beat - note.end.beat > BROKEN_BEATS:
                break
            recent.append(note)
        self._holding.update(self.sounding, recent, at, has_begun, self._key)

    def _pitched(self) -> list[Keyboard]:
        return [keyboard for source, keyboard in self._keyboards.items() if source.channel not in self._drum_channels]


def _start_and_pitch(note: PlayedNote) -> tuple[float, int]:
    return note.start.seconds, note.pitch
