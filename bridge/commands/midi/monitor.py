"""`musearoo midi monitor`: show input messages and the clock as they arrive."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.live import Live as LiveDisplay
from rich.text import Text

from musearoo.bridge.commands.midi.choice import choose_ports, follow_clocks
from musearoo.bridge.commands.midi.session import MidiSession, Voice, open_session
from musearoo.bridge.commands.midi.words import describe_message
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.commands.shared.terminal import Terminal
from musearoo.bridge.protocol.midi_process import ClockSource, ClockState, Fault, Incoming, Ports, Report
from musearoo.engines.improvisation.listening.player import PlayerListener
from musearoo.engines.music.pitch import USUAL_NAMES, pitch_name

SHOWN: Final = 16
"""Messages on the screen: about the last second of fast playing."""

AT_REST: Final = 0.03
"""Seconds without a change after which a chord is reported: fingers do not strike exactly together."""

SOURCES: Final = {
    ClockSource.LIVE: "Live",
    ClockSource.MIDI: "MIDI clock",
    ClockSource.LINK: "Link",
    ClockSource.OWN: "no clock comes",
}


@dataclass(slots=True)
class Watched:
    """The monitor's state so far."""

    began: float | None = None
    """The time of the first message, in seconds of the process's clock."""
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=SHOWN))
    clock: ClockState | None = None
    chord: str | None = None
    note_names: Sequence[str] = USUAL_NAMES
    """The names of the pitch classes, spelt as in the chord."""
    sounding: tuple[int, ...] = ()


class Monitor:
    """Convert reports of the MIDI process to lines to show."""

    def __init__(self) -> None:
        self.watched = Watched()
        self._player_listener = PlayerListener()
        self._changed: float | None = None

    def take(self, report: Report) -> dict[str, Any] | None:
        """Return a report as data to show, or None."""
        match report:
            case Incoming():
                return self._take_message(report)
            case ClockState(moment, source, is_running, beat, bpm, jitter):
                self._player_listener.clock(beat, moment, bpm, is_running and source is not ClockSource.OWN)
                self.watched.clock = report
                if source is ClockSource.OWN:
                    return None
                return {
                    "kind": "clock",
                    "source": source.value,
                    "running": is_running,
                    "beat": round(beat, 3),
                    "bpm": round(bpm, 2),
                    "jitter_ms": round(jitter * 1000, 3),
                }
            case Ports(ports):
                return {"kind": "ports", "inputs": [port.name for port in ports if port.is_input and port.there]}
            case Fault(sentence):
                return {"kind": "fault", "sentence": sentence}
            case _:
                return None

    def settle(self, now: float) -> dict[str, Any] | None:
        """Return the held chord if it has changed and settled, else None."""
        if self._changed is None or now - self._changed < AT_REST:
            return None
        self._changed = None
        held = self._player_listener.held_chord()
        name = held.chord.symbol if held else None
        if name == self.watched.chord:
            return None
        self.watched.chord = name
        self.watched.note_names = held.chord.note_names if held else USUAL_NAMES
        return {"kind": "chord", "chord": name, "pitches": list(held.pitches) if held else []}

    def _take_message(self, message: Incoming) -> dict[str, Any]:
        watched = self.watched
        watched.began = message.time if watched.began is None else watched.began
        has_clock = watched.clock is not None and watched.clock.source is not ClockSource.OWN
        if self._player_listener.hear(message.beat, message.time, message.data, message.port):
            self._changed = message.time
            watched.sounding = self._player_listener.sounding
        shown: dict[str, Any] = {
            "kind": "message",
            "seconds": round(message.time - watched.began, 4),
            "beat": round(message.beat, 3) if has_clock else None,
            "port": message.port,
            "words": describe_message(message.data),
            "bytes": message.data.hex(" "),
        }
        watched.lines.append(_line(shown))
        return shown


def run(options: argparse.Namespace) -> int:
    """Show messages until Ctrl-C or for some seconds: on one screen in place, else line by line."""
    voice = Voice(Terminal(stderr=True), options.json)
    choose = replace(choose_ports(options.port), outputs=())
    with open_session("monitor", choose, follow_clocks(None)) as session:
        try:
            session.wait_for_ports(voice)
            _watch(session, options.json, options.seconds, voice)
        except KeyboardInterrupt:
            # The usual way to stop.
            return 0
        except BrokenPipeError:
            # The reader has closed the pipe. Redirected, so that the flush at exit does not fail.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _watch(session: MidiSession, as_json: bool, seconds: float | None, voice: Voice) -> None:
    monitor = Monitor()
    screen = Terminal()
    with ExitStack() as stack:
        display = None
        if screen.is_terminal and not as_json:
            display = stack.enter_context(LiveDisplay(console=screen, refresh_per_second=20))
        for report in session.reports(seconds):
            shown = (monitor.take(report) if report is not None else None, monitor.settle(time.perf_counter()))
            for each in filter(None, shown):
                if as_json:
                    print(json.dumps(each), flush=True)
                elif each["kind"] == "fault":
                    voice.warn(each["sentence"])
                elif display is None and each["kind"] in ("message", "chord"):
                    tell(_line(each))
            if display is not None:
                display.update(show(monitor.watched))


def _line(shown: dict[str, Any]) -> str:
    if shown["kind"] == "chord":
        return f"{'':>9}  {shown['chord'] or 'nothing held'}"
    return f"{shown['seconds']:>9.3f}  {shown['words']}   ({shown['port']})"


def show(watched: Watched) -> RenderableType:
    """Return the screen: sounding notes, the clock, and the last messages, newest at the bottom."""
    notes = " ".join(pitch_name(pitch, watched.note_names) for pitch in watched.sounding)
    lines = [Text(line) for line in watched.lines] or [Text("Nothing has been played yet.", style="dim")]
    return Group(
        Text.assemble(("Chord  ", "dim"), (watched.chord or "–", "bold"), f"   {notes}"),
        Text.assemble(("Clock  ", "dim"), describe_clock(watched.clock)),
        Text(""),
        *lines,
    )


def describe_clock(clock: ClockState | None) -> str:
    """Describe the clock in one line.

    >>> describe_clock(ClockState(0.0, ClockSource.MIDI, True, 9.5, 120.02, 0.0011))
    'MIDI clock, 120.0 BPM, beat 9.5, jitter 1.1 ms'
    """
    if clock is None or clock.source is ClockSource.OWN:
        return SOURCES[ClockSource.OWN]
    if not clock.is_running:
        return f"{SOURCES[clock.source]}, stopped at beat {clock.beat:.1f}"
    jitter = f"jitter {clock.jitter * 1000:.1f} ms"
    return f"{SOURCES[clock.source]}, {clock.bpm:.1f} BPM, beat {clock.beat:.1f}, {jitter}"
