"""Ableton Link as a clock source, if the user has installed a package for it.

Link's own code is under the GNU General Public License, version 2 or later, and so is every package that contains it.
MuseAroo is not, so it neither ships nor requires one: users who want Link install LinkPython-extern themselves, and it
is found here. It has wheels for Python 3.11 and 3.12 on Windows, macOS and Linux.

A Link session has no beginning and no common transport: its beats run as long as two programs are in it, and only the
bar lines are common to them.
"""

from __future__ import annotations

import importlib
import importlib.util
import time
from collections.abc import Callable
from typing import Any, Final

from musearoo.bridge.midi.clock.beat_clock import JUMP, ClockLine

INSTALL: Final = "Ableton Link needs a package that MuseAroo does not bring along: pip install LinkPython-extern"
QUANTUM: Final = 4.0
"""Beats per bar that all programs of a session share: Live's in 4/4."""


class LinkMissingError(Exception):
    """No package for Link is installed; the sentence says which to install."""


def is_installed() -> bool:
    """Whether a package for Link is installed."""
    return importlib.util.find_spec("_link") is not None and importlib.util.find_spec("link") is not None


class LinkClock:
    """This program's membership in the local network's Link session, from construction until `close`."""

    def __init__(self, bpm: float = 120.0, clock: Callable[[], float] = time.perf_counter) -> None:
        """Join the session. `bpm` is the tempo until another program joins. Raises LinkMissingError."""
        if not is_installed():
            raise LinkMissingError(INSTALL)
        self._link: Any = importlib.import_module("link").Link(bpm)
        self._link.enabled = True
        self._clock = clock
        self._epoch = 0
        self._line: ClockLine | None = None

    def poll(self) -> ClockLine | None:
        """Return the session's present line; None while no other program is in it.

        Call this some twenty times a second: Link has its own clock, to which this one is aligned each time."""
        if self._link.numPeers() == 0:
            self._line = None
            return None
        state = self._link.captureAppSessionState()
        before = self._clock()
        micros = self._link.clock().micros()
        now = 0.5 * (before + self._clock())
        beat = state.beatAtTime(micros, QUANTUM)
        if self._line is None or abs(self._line.beat_at(now) - beat) > JUMP:
            self._epoch += 1
        self._line = ClockLine(now, beat, state.tempo(), True, self._epoch)
        return self._line

    def close(self) -> None:
        """Leave the session."""
        self._link.enabled = False
        self._line = None
