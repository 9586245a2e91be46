"""Single keys from the terminal, as they are pressed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

ARROWS: Final = {"\x1b[A": "up", "\x1b[B": "down", "\x1b[C": "right", "\x1b[D": "left"}
_WINDOWS: Final = {"H": "up", "P": "down", "M": "right", "K": "left"}

Keys = Callable[[float], str]
"""Waits so many seconds; returns the key that was pressed, such as "a" or "up", "" for none."""


@contextmanager
def reading_keys() -> Iterator[Keys]:
    """Read keys without Enter; the terminal is as before afterwards."""
    if os.name == "nt":
        yield _read_on_windows
        return
    import select
    import termios
    import tty

    number = sys.stdin.fileno()
    before = termios.tcgetattr(number)

    def read(seconds: float) -> str:
        if not select.select([number], [], [], seconds)[0]:
            return ""
        text = os.read(number, 8).decode("utf-8", "replace")
        return ARROWS.get(text, text[:1])

    try:
        tty.setcbreak(number)
        yield read
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)


def _read_on_windows(seconds: float) -> str:
    import msvcrt
    import time

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if msvcrt.kbhit():  # type: ignore[attr-defined]
            key: str = msvcrt.getwch()  # type: ignore[attr-defined]
            return _WINDOWS.get(msvcrt.getwch(), "") if key in "\x00\xe0" else key  # type: ignore[attr-defined]
        time.sleep(0.02)
    return ""
