"""CUDA graphs: record the GPU's kernel launches once and replay them as one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch


class Recorder:
    """Plays a function of a length on a CUDA device: recorded once for each length, played back ever after.

    The function must find all that it reads and writes at places that do not move, ask the device nothing, and draw
    from `generator` alone; it is the same at each call. The first time that a length comes it is called as it is: that
    sets up what libraries need, which they may not do while they are recorded. The second time it is recorded and
    played. The plain equivalent is to call it.
    """

    def __init__(self, device: Any, generator: torch.Generator) -> None:
        self._device = device
        self._generator = generator
        self._stream = torch.cuda.Stream(device)
        self._pool = torch.cuda.graph_pool_handle()
        self._known: set[int] = set()
        self._graphs: dict[int, torch.cuda.CUDAGraph] = {}

    def run(self, compute: Callable[[int], None], length: int) -> None:
        """Does what the function does with that length, in order with what the device was told before and after."""
        if length not in self._known:
            self._known.add(length)
            self._warm_up(compute, length)
            return
        if length not in self._graphs:
            self._graphs[length] = self._record(compute, length)
        self._graphs[length].replay()

    def _warm_up(self, compute: Callable[[int], None], length: int) -> None:
        current = torch.cuda.current_stream(self._device)
        self._stream.wait_stream(current)
        with torch.cuda.stream(self._stream):
            compute(length)
        current.wait_stream(self._stream)

    def _record(self, compute: Callable[[int], None], length: int) -> torch.cuda.CUDAGraph:
        graph = torch.cuda.CUDAGraph()
        graph.register_generator_state(self._generator)
        # Other threads, such as one that decodes sound, may go on using the device.
        with torch.cuda.graph(graph, pool=self._pool, stream=self._stream, capture_error_mode="thread_local"):
            compute(length)
        return graph
