"""Lines in Live's Log.txt: few, and a repeated one at most once a minute."""

from __future__ import annotations

import sys
import traceback
from typing import Callable

_AGAIN_AFTER_S = 60.0
_MOST_REMEMBERED = 256


class Log:
    """Writes lines with `write`, except a line that was already written within the last minute.

    `request` is the id of the daemon's request that is being worked on, which its lines end with; "" for none. The
    daemon's own log has the same ids.
    """

    def __init__(self, write: Callable[[str], None], clock: Callable[[], float]) -> None:
        self._write, self._clock = write, clock
        self._written: dict[str, float] = {}
        self.request = ""

    def line(self, text: str) -> None:
        """Write a line, which counts as the same for another request."""
        now = self._clock()
        if now - self._written.get(text, -_AGAIN_AFTER_S) < _AGAIN_AFTER_S:
            return
        if len(self._written) >= _MOST_REMEMBERED:
            self._written.clear()
        self._written[text] = now
        first, newline, rest = text.partition("\n")
        self._write("MuseAroo: " + first + (f" [{self.request}]" if self.request else "") + newline + rest)

    def traceback(self, doing: str) -> None:
        """Write the traceback of the current exception, and what was being done."""
        error = sys.exc_info()[1]
        self.line(f"error while {doing}: {error}\n{traceback.format_exc()}")
