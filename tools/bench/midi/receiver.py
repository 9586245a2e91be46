"""The receiver of MuseAroo's output: a port that timestamps messages and tracks sounding notes."""

from __future__ import annotations

import importlib
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from musearoo.bridge.midi.parts.sounding import Ledger
from musearoo.bridge.midi.ports.polled_input import QUEUE, PolledInput


class Receiver:
    """An input that any program can send to, `name` on JACK. Create it where a JACK server runs."""

    def __init__(self, name: str = "Synth") -> None:
        rtmidi: Any = importlib.import_module("rtmidi")
        self.heard: list[tuple[float, bytes]] = []
        self._sounding = Ledger()
        self._turn = threading.Lock()
        port = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name=name, queue_size_limit=QUEUE)
        port.ignore_types(sysex=False, timing=False, active_sense=True)
        port.open_virtual_port("in")
        self._port = PolledInput(port, self._take)

    def __enter__(self) -> Receiver:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._port.close_port()
        self._port.delete()

    @property
    def sounding(self) -> tuple[bytes, ...]:
        """Return the messages that would end all sounding notes; () in silence."""
        with self._turn:
            self._sounding.settle(float("inf"))
            return self._sounding.offs()

    def forget(self) -> None:
        """Discard all sounding notes, as turning a synthesiser off and on does."""
        with self._turn:
            self._sounding = Ledger()

    def wait_for(self, is_so: Callable[[Receiver], bool], seconds: float) -> bool:
        """Return whether a condition becomes true in time."""
        until = time.monotonic() + seconds
        while not is_so(self):
            if time.monotonic() > until:
                return False
            time.sleep(0.005)
        return True

    def _take(self, now: float, data: bytes) -> None:
        with self._turn:
            self.heard.append((now, data))
            self._sounding.note(data)
            self._sounding.note_sent(data, now)
