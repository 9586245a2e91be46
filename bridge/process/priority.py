"""A process ahead of ordinary programs, short of real time: for what must not fall silent but computes a lot.

What only sends a few bytes in time has `bridge.midi.urgency`.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from typing import Final

NICENESS: Final = -5
_ABOVE_NORMAL: Final = 0x8000
"""Windows' ABOVE_NORMAL_PRIORITY_CLASS, which needs no rights."""
_USER_INTERACTIVE: Final = 0x21
"""macOS's QOS_CLASS_USER_INTERACTIVE of a thread, which needs none either."""


def raise_priority() -> None:
    """Put the calling thread, or its process, ahead of others as far as the system permits. Never fails."""
    if sys.platform == "win32":
        ctypes.windll.kernel32.SetPriorityClass(ctypes.windll.kernel32.GetCurrentProcess(), _ABOVE_NORMAL)
    elif sys.platform == "darwin":
        ctypes.CDLL(None).pthread_set_qos_class_self_np(_USER_INTERACTIVE, 0)
    else:
        # Permitted to root, and where an audio group has the right.
        with contextlib.suppress(OSError):
            os.nice(NICENESS)
