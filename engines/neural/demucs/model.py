"""A Demucs model in memory: its networks, and inference in full or half precision."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import torch

from musearoo.engines.audio.separation.contract import FloatArray
from musearoo.engines.music.stems import StemName
from musearoo.engines.neural.demucs.convolutions import Numerics, Tensor
from musearoo.engines.neural.demucs.network import Network, can_build
from musearoo.engines.neural.demucs.thread_pool import ThreadPool
from musearoo.engines.neural.devices import count_threads, find_half_precision, return_memory

KEPT_NETWORKS: Final = 2
"""Networks that stay built on a CPU: both precisions of a model with one part.

Others are rebuilt when needed: a tenth of a second, before seconds of inference.
"""

NetworkFunction = Callable[[Tensor, ThreadPool], Tensor]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One network of a model, as loaded.

    weights: this network's weight for each of the model's sources.
    """

    module: Any
    weights: tuple[float, ...]

    @property
    def wanted(self) -> tuple[int, ...]:
        """Indices of the sources that it is computed for."""
        return tuple(number for number, weight in enumerate(self.weights) if weight)


class DemucsModel:
    """A model on a device: one network, or several that are averaged with weights per source.

    sources: in the model's own order. segment: samples per inference. rate: Hz.
    """

    def __init__(
        self, name: str, parts: Sequence[Part], sources: Sequence[StemName], segment: int, rate: int, device: str
    ) -> None:
        self.name = name
        self.sources = tuple(sources)
        self.segment = segment
        self.rate = rate
        self.device = torch.device(device)
        self._parts = tuple(parts)
        self._built: OrderedDict[tuple[int, Any], NetworkFunction] = OrderedDict()
        self._half = find_half_precision(device) if all(can_build(part.module) for part in parts) else None

    @property
    def half(self) -> Any | None:
        """The half-precision type it can be computed in, or None."""
        return self._half

    def separate(self, mixes: FloatArray, precision: Any, on_step: Callable[[float], None]) -> FloatArray:
        """Return the sources, (batch, sources, 2, samples), of mixes (batch, 2, samples), all float32.

        Mixes must have mean 0 and standard deviation 1 and be one segment long; shorter if `half` is not None. A CPU
        computes them one by one, a GPU as one batch. `on_step` is called between layers with the fraction done,
        0..1.
        """
        given = torch.from_numpy(mixes).to(self.device)
        batches = given.split(1) if self.device.type == "cpu" else (given,)
        totals = [sum(part.weights[number] for part in self._parts) for number in range(len(self.sources))]
        runs = len(batches) * len(self._parts)
        sums = given.new_zeros(given.shape[0], len(self.sources), *given.shape[1:])
        for index, part in enumerate(self._parts):
            network = self._network(index, precision)
            for number, batch in enumerate(batches):
                done = (index * len(batches) + number) / runs
                found = self._run(network, batch, partial(_report_share, on_step, done, 1 / runs))
                rows = slice(number * len(batch), (number + 1) * len(batch))
                for own, source in enumerate(part.wanted):
                    sums[rows, source].add_(found[:, own], alpha=part.weights[source] / totals[source])
        on_step(1.0)
        return np.asarray(sums.cpu().numpy())

    def _run(self, network: NetworkFunction, mix: Tensor, on_step: Callable[[float], None]) -> Tensor:
        shares = itertools.count()
        of_all, threads = 1, 0
        # The library's own network does not use the pool: torch keeps its threads.
        if isinstance(network, Network):
            of_all, threads = network.shares, count_threads() if self.device.type == "cpu" else 0
        try:
            with torch.inference_mode(), ThreadPool(threads, lambda: on_step(next(shares) / of_all)) as pool:
                return network(mix, pool)
        finally:
            return_memory()

    def _network(self, number: int, precision: Any) -> NetworkFunction:
        key = number, precision
        if key not in self._built:
            while self.device.type == "cpu" and len(self._built) >= KEPT_NETWORKS:
                self._built.popitem(last=False)
            part = self._parts[number]
            if can_build(part.module):
                self._built[key] = Network.of(part.module, Numerics(self.device, precision), part.wanted)
            else:
                self._built[key] = _wrap_original(part, self.device)
        self._built.move_to_end(key)
        return self._built[key]


def _report_share(on_step: Callable[[float], None], done: float, share: float, part: float) -> None:
    on_step(done + part * share)


def _wrap_original(part: Part, device: Any) -> NetworkFunction:
    """Wrap the library's own network, for models with options that `Network` does not support."""
    module = part.module.float().to(device).eval()
    return lambda mix, _pool: module(mix)[:, list(part.wanted)]
