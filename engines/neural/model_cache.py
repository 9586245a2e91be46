"""A cache of loaded models with a memory budget per device; evicts the least recently used."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.device_memory import CPU, free_bytes, machine_bytes

Model = TypeVar("Model")

LEAST_BUDGET: Final = 4_000_000_000
"""Bytes of main memory that models and one job may always use: half of a small machine."""

HEADROOM: Final = 1_000_000_000
"""Bytes of a GPU kept free for the screen, Live and the libraries' own use."""


class NoRoomError(EngineError):
    """A model or job is larger than the memory budget of its device."""


@dataclass(frozen=True, slots=True, eq=False)
class _CachedModel:
    model: Any
    bytes: int


class ModelCache:
    """Models by name and device ("cpu", "cuda", "cuda:1", "mps"). Only the thread that runs jobs uses it.

    `budget` limits main memory in bytes; None is half of it. A GPU's limit is the free memory that
    `ask_free(device)` reports, less HEADROOM; there is no limit if that is None.

    >>> cache = ModelCache(budget=100)
    >>> [cache.take(name, lambda: name.upper(), 60) for name in ("keys", "chords")], cache.names
    (['KEYS', 'CHORDS'], ('chords',))
    """

    def __init__(
        self, budget: int | None = None, ask_free: Callable[[str], int | None] = free_bytes, headroom: int = HEADROOM
    ) -> None:
        self.budget = budget
        self._ask_free = ask_free
        self._headroom = headroom
        self._kept: OrderedDict[tuple[str, str], _CachedModel] = OrderedDict()

    @property
    def names(self) -> tuple[str, ...]:
        """The loaded models on all devices, least recently used first."""
        return tuple(name for name, _ in self._kept)

    def bytes_on(self, device: str = CPU) -> int:
        """Return the bytes of the models loaded on a device."""
        return sum(kept.bytes for (_, there), kept in self._kept.items() if there == device)

    def take(self, name: str, load: Callable[[], Model], size: int, device: str = CPU) -> Model:
        """Return the model of that name, loading it if needed; `size` is its size in bytes on the device.

        Raises NoRoomError if the model alone exceeds the device's budget.
        """
        key = name, device
        if key not in self._kept:
            self.make_room(size, f"The model {name}", device)
            self._kept[key] = _CachedModel(load(), size)
        self._kept.move_to_end(key)
        return cast(Model, self._kept[key].model)

    def make_room(self, size: int, what: str, device: str = CPU) -> None:
        """Unload models on the device until `size` more bytes fit.

        Raises NoRoomError, naming `what`, if they can never fit; then nothing is unloaded.
        """
        budget = self._measure(device)
        if budget is None:
            return
        if size > budget:
            raise NoRoomError(_explain(what, size, budget, device))
        for key in [key for key in self._kept if key[1] == device]:
            if self.bytes_on(device) + size <= budget:
                break
            del self._kept[key]

    def clear(self) -> None:
        """Unload all models."""
        self._kept.clear()

    def _measure(self, device: str) -> int | None:
        """Return the current memory budget in bytes for models and jobs on a device, including what is loaded."""
        if device == CPU:
            return find_budget() if self.budget is None else self.budget
        free = self._ask_free(device)
        return None if free is None else max(free + self.bytes_on(device) - self._headroom, 0)


def _explain(what: str, size: int, budget: int, device: str) -> str:
    needs = f"{what} needs {size / 1e9:.1f} GB of memory"
    if device == CPU:
        return (
            f"{needs}, and {budget / 1e9:.1f} GB is what models and jobs may take: "
            "give it a shorter piece of audio, or take a smaller model."
        )
    return (
        f"{needs} on the GPU ({device}), and {budget / 1e9:.1f} GB of it can be had: "
        "close what else uses the GPU, or have models run on the CPU."
    )


def find_budget() -> int:
    """Return half of the machine's memory in bytes, at least LEAST_BUDGET; LEAST_BUDGET if it is unknown."""
    memory = machine_bytes()
    return LEAST_BUDGET if memory is None else max(LEAST_BUDGET, memory // 2)


CACHE: Final = ModelCache()
"""The cache of this process."""
