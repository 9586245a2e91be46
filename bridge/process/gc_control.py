"""Keep Python's garbage collector off the request path."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

NEW_OBJECTS: Final = 100_000
"""Collection threshold of the youngest generation, in new objects: more than 64 bars of drums allocate. At Python's
default of 700 the collector ran some forty times per take, and the slowest take of 64 bars took 41 ms instead of 28."""
NEW_OBJECTS_OF_CLIENTS: Final = 2_000
"""The same for a process in which many clients' objects live long: a pass over 100,000 of them took 32 ms."""


def calm_collector(new_objects: int = NEW_OBJECTS) -> None:
    """Freeze the objects that exist now (modules, presets, caches), and make collections rarer.

    Reference counting still frees everything but cycles, so memory hardly grows. Nothing is collected first: after the
    warm-up that stopped all threads for 57 ms, and found nothing.
    """
    gc.freeze()
    gc.set_threshold(new_objects, 20, 50)


@contextmanager
def calmed_collector() -> Iterator[None]:
    """Calm the collector within a `with` block, for benchmarks."""
    before = gc.get_threshold()
    calm_collector()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
