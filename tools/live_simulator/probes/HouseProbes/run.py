"""Run the probes one after another on Live's main thread."""

from __future__ import annotations

import time
import traceback
from typing import Any, Callable, Iterator

import Live

from . import arguments, audio, grid, listeners, notes, threads, transport

PROBES = (
    *threads.PROBES,
    *notes.PROBES,
    *listeners.PROBES,
    *arguments.PROBES,
    *grid.PROBES,
    *audio.PROBES,
    *transport.PROBES,
)
STEP_MS = 10


class ProbeRun:
    """The control surface: a timer runs the probes, and display ticks are counted for them."""

    def __init__(self, c_instance: Any) -> None:
        self.c_instance = c_instance
        self.song = c_instance.song()
        self.clock: Callable[[], float] = time.perf_counter
        self.display_ticks: list[float] = []
        self._probes = iter(PROBES)
        self._running: Iterator[float] | None = None
        self._name = ""
        self._due = 0.0
        self._timer = Live.Base.Timer(callback=self._step, interval=STEP_MS, repeat=True)
        self._timer.start()

    def log(self, message: str) -> None:
        """Write a line to Live's log."""
        self.c_instance.log_message(message)

    def update_display(self) -> None:
        """Count Live's display tick."""
        self.display_ticks.append(self.clock())

    def disconnect(self) -> None:
        """Stop when Live disconnects the script."""
        self._timer.stop()

    def _step(self) -> None:
        """Continue the current probe, or start the next. Never raises, because an exception would stop the timer."""
        if self.clock() < self._due:
            return
        try:
            if self._running is None:
                probe = next(self._probes, None)
                if probe is None:
                    self._timer.stop()
                    self.log("PROBES finished")
                    return
                self._name = probe.__name__
                self._running = probe(self)
            self._due = self.clock() + next(self._running)
        except StopIteration:
            self._running = None
            self.log(f"PROBE {self._name}: ok")
        except Exception as error:
            self._running = None
            where = traceback.extract_tb(error.__traceback__)[-1]
            text = f"{type(error).__name__}: {error} ({where.filename}:{where.lineno})"
            self.log(f"PROBE {self._name}: FAILED {text}")
