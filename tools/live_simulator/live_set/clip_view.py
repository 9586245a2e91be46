"""The view of a clip: its grid and its envelope box."""

from __future__ import annotations

from typing import Any

from musearoo.tools.live_simulator.core.checks import in_range
from musearoo.tools.live_simulator.core.objects import Model, Stored


class ClipView(Model):
    """What the clip's detail view shows. None of it is undoable."""

    grid_quantization = Stored(6, check=in_range(0, 10, "grid_quantization"), undoable=False)
    grid_is_triplet = Stored(False, undoable=False)
    _shows_envelope = Stored(False, undoable=False)
    _envelope_parameter: Stored[Any] = Stored(None, undoable=False)

    def show_envelope(self) -> None:
        """Show the envelope box."""
        self._shows_envelope = True

    def hide_envelope(self) -> None:
        """Hide the envelope box."""
        self._shows_envelope = False

    def select_envelope_parameter(self, parameter: Any) -> None:
        """Show the envelope of a parameter."""
        self._envelope_parameter = parameter

    def show_loop(self) -> None:
        """Scroll to the loop: there is nothing to scroll."""
