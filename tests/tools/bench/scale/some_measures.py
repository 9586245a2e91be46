"""What may be measured of three sets."""

from musearoo.tools.bench.scale.growth import Measured
from musearoo.tools.bench.scale.presses import Presses
from musearoo.tools.bench.scale.reading import Readings
from musearoo.tools.bench.scale.runner import SIZES
from musearoo.tools.bench.scale.sets import SetSize


def measured(size: SetSize, growth: float = 1.0, memory: float | None = 120.0) -> Measured:
    """A measurement whose times of presses are so many times as long."""
    presses = Presses(
        mirror_seconds=size.clips / 2000,
        memory_mb=memory,
        idle_ms=5.0,
        total=[14.0 * growth, 15.0 * growth, 25.0],
        composed=[5.0 * growth, 5.1 * growth, 9.0],
        live=[8.0, 9.0, 14.0],
        notes=[143, 208, 142],
    )
    return Measured(size, Readings(size.clips / 20_000, 37.0, 47.0, 180.0), presses)


def some_measures() -> list[Measured]:
    """Measurements in which nothing of a press grows."""
    return [measured(size) for size in SIZES]
