"""A JACK server for tests of live MIDI, and a keyboard on it that somebody plays."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.midi.parts.sounding import SOUNDING
from musearoo.bridge.services.playing.midi import LEDGER
from musearoo.tools.bench.midi.jack import is_installed
from tests.optional import require

rtmidi = require("rtmidi")
needs_jack = pytest.mark.skipif(not is_installed(), reason="needs Linux and jackd")

Stroke = tuple[float, str]
"""Seconds after the one before, and a message as hexadecimal bytes."""

CONNECTS_WITHIN = 10.0


class Keyboard(threading.Thread):
    """Plays strokes to the first port that has `port` in its name, as soon as there is one, and then rests."""

    def __init__(self, strokes: Sequence[Stroke], port: str = "MuseAroo In") -> None:
        super().__init__(name="keyboard", daemon=True)
        self._strokes = strokes
        self._port = port

    def run(self) -> None:
        """In the thread."""
        out = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="Keys")
        try:
            _connect(out, self._port)
            for seconds, message in self._strokes:
                time.sleep(seconds)
                out.send_message(list(bytes.fromhex(message)))
            time.sleep(0.1)
        finally:
            out.delete()


class Synthesiser(threading.Thread):
    """Listens to the first port that has `port` in its name, until it is stopped."""

    def __init__(self, port: str = "MuseAroo Out") -> None:
        super().__init__(name="synthesiser", daemon=True)
        self.heard: list[bytes] = []
        self._port = port
        self._is_over = threading.Event()

    @property
    def sounding(self) -> set[tuple[int, int]]:
        """Channels and pitches that went on and have not gone off."""
        sounding = set()
        for data in self.heard:
            note = (data[0] & 0x0F, data[1])
            if data[0] & 0xF0 == 0x90 and data[2]:
                sounding.add(note)
            elif data[0] & 0xF0 in (0x80, 0x90):
                sounding.discard(note)
        return sounding

    def run(self) -> None:
        """In the thread."""
        port = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name="Synth")
        try:
            _connect(port, self._port)
            # Not by a callback: that would wait for Python's lock in JACK's own thread, whose buffer is overwritten
            # meanwhile.
            while not self._is_over.wait(0.001):
                while (message := port.get_message()) is not None:
                    self.heard.append(bytes(message[0]))
        finally:
            port.delete()

    def stop(self) -> None:
        """Ends it."""
        self._is_over.set()
        self.join(CONNECTS_WITHIN)


def has_notes_on(home: Path) -> bool:
    """Whether the daemon with the folder `home` has yet to end a note, by its ledger.

    Who listens cannot tell: without real-time rights, JACK loses a message or two of a hundred on a busy machine.
    """
    return bytes((SOUNDING,)) in (home / LEDGER).read_bytes()


def _connect(end: Any, name: str) -> None:
    until = time.monotonic() + CONNECTS_WITHIN
    while time.monotonic() < until:
        for number, port in enumerate(end.get_ports()):
            if name in port:
                end.open_port(number)
                # JACK lets messages through a moment after it has connected two ports.
                time.sleep(0.1)
                return
        time.sleep(0.02)
    raise TimeoutError(f"no port has {name} in its name")
