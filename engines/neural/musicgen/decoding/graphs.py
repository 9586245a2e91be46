"""CUDA graphs: record the GPU's kernel launches once and replay them as one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch


class Recorder:
    """Runs a function of a length on a CUDA device: records it once per length, then replays it.

    The function must be the same at each call, use fixed memory addresses, never synchronise with the device, and draw
    only from `generator`. The first call for a length runs it directly, which sets up libraries; they may not do that
    while recording. The second call records and replays it. The plain equivalent is to call the function.
    """

    def __init__(self, device: Any, generator: torch.Generator) -> None:
        self._device = device
        self._generator = generator
        self._stream = torch.cuda.Stream(device)
        self._pool = torch.cuda.graph_pool_handle()
        self._known: set[int] = set()
        self._graphs: dict[int, torch.cuda.CUDAGraph] = {}

    def run(self, compute: Callable[[int], None], length: int) -> None:
        """Run the function with that length, in stream order with earlier and later work."""
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
        # Other threads, such as one that decodes audio, may keep using the device.
        with torch.cuda.graph(graph, pool=self._pool, stream=self._stream, capture_error_mode="thread_local"):
            compute(length)
        return graph
