"""The control surface that Live loads: a thin wrapper around the script.

Live's base class has many attributes, so all of ours are in one.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Callable

from .host.config import user_library
from .script import Script

if TYPE_CHECKING:
    from .host.live import CInstance, ControlSurface
else:
    try:
        from ableton.v2.control_surface import ControlSurface
    except ImportError:
        from _Framework.ControlSurface import ControlSurface


class MuseAroo(ControlSurface):
    """MuseAroo in the list of control surfaces."""

    def __init__(
        self,
        c_instance: CInstance,
        clock: Callable[[], float] = time.perf_counter,
        wall_clock: Callable[[], float] = time.time,
        library: str = user_library(os.path.abspath(__file__)),
    ) -> None:
        super().__init__(c_instance)
        self.musearoo = Script(c_instance, self.schedule_message, clock, wall_clock, library)
        self.musearoo.start()

    def disconnect(self) -> None:
        """Called by Live to release the surface."""
        self.musearoo.stop()
        super().disconnect()
