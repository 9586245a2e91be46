"""Choose the MIDI process's clock: the first that is present of Live, MIDI clock, Link and its own tempo."""

from __future__ import annotations

from dataclasses import dataclass, replace

from musearoo.bridge.midi.clock.beat_clock import BeatClock, ClockLine
from musearoo.bridge.midi.clock.live import LiveClock
from musearoo.bridge.midi.clock.midi import MidiClock
from musearoo.bridge.protocol.midi_process import ClockSource, ClockState, Follow, Transport


@dataclass(frozen=True, slots=True)
class Stretch:
    """An interval of time, from second `start` until before `end`, in which `line` maps times to beats."""

    start: float
    end: float
    line: ClockLine


class Following:
    """All clock sources in one. Times are those of the calls, and never decrease."""

    def __init__(self, bpm: float = 120.0) -> None:
        self._wanted = Follow(bpm=bpm)
        self._live = LiveClock(bpm)
        self._ports: dict[str, MidiClock] = {}
        self._port = ""
        self._own: BeatClock | None = None
        self._link: ClockLine | None = None
        self._source = ClockSource.OWN
        self._theirs = ClockLine(0.0, 0.0, bpm, False, -1)
        self._line = ClockLine(0.0, 0.0, bpm, False)

    def follow(self, time: float, wanted: Follow) -> None:
        """Set the sources to follow, and the tempo of the internal one, which continues from its position."""
        if self._own is not None and wanted.bpm != self._wanted.bpm:
            self._own.set_tempo(time, wanted.bpm)
        self._wanted = wanted
        self.line(time)

    def transport(self, state: Transport) -> None:
        """Handle Live's transport."""
        self._live.receive(state)

    def link(self, line: ClockLine | None) -> None:
        """Follow the Link session's line, or None once it has ended."""
        self._link = line

    def midi(self, time: float, port: str, data: bytes) -> bool:
        """Handle an input's message; returns whether it was a clock message."""
        clock = self._ports.get(port) or MidiClock(self._wanted.bpm)
        is_clock = clock.receive(time, data)
        if is_clock:
            self._ports[port] = clock
        return is_clock

    def port_lost(self, time: float, port: str) -> None:
        """Handle the loss of an input and its clock."""
        self._ports.pop(port, None)
        self.line(time)

    def line(self, time: float) -> ClockLine:
        """Return the line of the followed source at this time; it is immutable."""
        source, theirs = self._followed(time)
        if theirs is not self._theirs or source is not self._source:
            self._take_over(time, source, theirs)
        return self._line

    def stretches(self, start: float, end: float) -> tuple[Stretch, ...]:
        """Return the intervals from `start`, which is now, until before `end`, cut where Live's loop will wrap."""
        line = self.line(start)
        found: list[Stretch] = []
        while self._source is ClockSource.LIVE and (turn := self._live.after(line)) is not None and turn[0] < end:
            found.append(Stretch(start, turn[0], line))
            start, line = turn
        return (*found, Stretch(start, end, line))

    def state(self, time: float) -> ClockState:
        """Return the clock's state for the daemon."""
        line = self.line(time)
        return ClockState(time, self._source, line.is_running, line.beat_at(time), line.bpm, self._jitter())

    def _jitter(self) -> float:
        if self._source is ClockSource.LIVE:
            return self._live.jitter
        clock = self._ports.get(self._port)
        return clock.jitter if self._source is ClockSource.MIDI and clock is not None else 0.0

    def _followed(self, time: float) -> tuple[ClockSource, ClockLine]:
        for source in self._wanted.sources:
            line = self._line_of(source, time)
            if line is not None:
                return source, line
        # No source is present: the music stops at its position.
        if not self._line.is_running:
            return self._source, self._theirs
        return self._source, ClockLine(time, self._line.beat_at(time), self._line.bpm, False, -1)

    def _line_of(self, source: ClockSource, time: float) -> ClockLine | None:
        match source:
            case ClockSource.LIVE:
                return self._live.line(time) if self._live.is_there(time) else None
            case ClockSource.MIDI:
                return self._midi_line(time)
            case ClockSource.LINK:
                return self._link
            case ClockSource.OWN:
                return self._own_line(time)

    def _midi_line(self, time: float) -> ClockLine | None:
        """Return the line of the present port while it ticks; else of one that runs, else of any."""
        there = {port: clock for port, clock in self._ports.items() if clock.is_there(time)}
        if not there:
            return None
        if self._port not in there:
            self._port = max(there, key=lambda port: there[port].line.is_running)
        return there[self._port].line

    def _own_line(self, time: float) -> ClockLine:
        if self._own is None:
            self._own = BeatClock(self._wanted.bpm)
            self._own.locate(time, 0.0)
            self._own.start(0.0)
        return self._own.line

    def _take_over(self, time: float, source: ClockSource, theirs: ClockLine) -> None:
        goes_on = source is self._source and theirs.epoch == self._theirs.epoch
        if source is ClockSource.OWN is not self._source and self._own is not None and self._line.is_running:
            # The cable was pulled: the music goes on by the internal clock, from its position.
            self._own.locate(time, self._line.beat_at(time), self._line.bpm)
            self._own.start(self._line.beat_at(time))
            theirs, goes_on = self._own.line, True
        self._source, self._theirs = source, theirs
        self._line = replace(theirs, epoch=self._line.epoch + (not goes_on))
