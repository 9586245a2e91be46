"""`ableton.v2.control_surface`: the surface and component classes that scripts build on."""

from __future__ import annotations

from musearoo.tools.live_simulator.surfaces.ableton.v2.control_surface.component import Component
from musearoo.tools.live_simulator.surfaces.ableton.v2.control_surface.control_surface import ControlSurface

__all__ = ["Component", "ControlSurface"]
