"""Who receives what MuseAroo sends: a port of its own, which stamps what comes and knows what sounds."""

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
    """An input that any program can send to, `name` on JACK. It must be made where a JACK server runs."""

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
        """The messages that would end what sounds; () in silence."""
        with self._turn:
            self._sounding.settle(float("inf"))
            return self._sounding.offs()

    def forget(self) -> None:
        """Ends what sounds by hand, as a player turns a synthesiser off and on."""
        with self._turn:
            self._sounding = Ledger()

    def wait_for(self, is_so: Callable[[Receiver], bool], seconds: float) -> bool:
        """Whether something becomes so in time."""
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
