"""The groove pool. Grooves are stored in the set; they have no effect on playback here."""

from __future__ import annotations

from musearoo.tools.live_simulator.core.checks import in_range
from musearoo.tools.live_simulator.core.objects import Context, Model, Owned, Stored


class Groove(Model):
    """One groove of the pool."""

    name = Stored("")
    base = Stored(3, check=in_range(0, 5, "base"))
    quantization_amount = Stored(0.0, check=in_range(0.0, 1.0, "quantization_amount"))
    random_amount = Stored(0.0, check=in_range(0.0, 1.0, "random_amount"))
    timing_amount = Stored(1.0, check=in_range(0.0, 1.0, "timing_amount"))
    velocity_amount = Stored(0.0, check=in_range(-1.0, 1.0, "velocity_amount"))

    def __init__(self, context: Context, pool: GroovePool, name: str) -> None:
        super().__init__(context, pool)
        self.__dict__["name"] = name


class GroovePool(Model):
    """The grooves of a set."""

    grooves: Owned[tuple[Groove, ...]] = Owned(())

    def children(self) -> tuple[Model, ...]:
        return self.grooves

    def add(self, name: str) -> Groove:
        """Add a groove to the pool, as the user does by dragging one there."""
        groove = Groove(self.context, self, name)
        self.grooves = (*self.grooves, groove)
        return groove
