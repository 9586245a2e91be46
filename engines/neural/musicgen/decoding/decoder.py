"""Decode one window of frames step by step, with a preallocated key-value cache."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import torch

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.musicgen.decoding.delays import count_finished, count_steps, lay_out, take_frames
from musearoo.engines.neural.musicgen.decoding.graphs import Recorder
from musearoo.engines.neural.musicgen.decoding.memory import Memory
from musearoo.engines.neural.musicgen.decoding.network import Network
from musearoo.engines.neural.musicgen.decoding.sampling import Sampling, draw, guide
from musearoo.engines.neural.musicgen.decoding.shape import Conditions, Tensor

STEPS_UNSEEN: Final = 8
"""Steps between waits for a GPU: some 10 ms on a fast one, so that cancelling stays responsive."""


class Decoder:
    """Decodes windows of up to `frames` frames after up to `lead` prepended condition steps, one window at a time.

    `begin` sets up a window; each `step` computes one step of its sequence, `steps_left` in total. A step never
    synchronises with the device. The plain equivalent is `LMModel.generate` of audiocraft.
    """

    def __init__(
        self, network: Network, sampling: Sampling, frames: int, lead: int, crossed: int, *, records: bool = False
    ) -> None:
        shape, device = network.shape, network.numerics.device
        self._network = network
        self._sampling = sampling
        rows = 1 if sampling.guidance == 1.0 else 2
        self._memory = Memory(shape, network.numerics, rows, lead + count_steps(frames, shape.delays), crossed)
        self._sequence = torch.zeros((shape.codebooks, self._memory.capacity), dtype=torch.int64, device=device)
        self._encoding = encode_positions(self._memory.capacity, network).to(device, network.numerics.stream)
        self._step = torch.zeros(1, dtype=torch.int64, device=device)
        self._position = torch.zeros(1, dtype=torch.int64, device=device)
        self._is_finite = torch.ones((), dtype=torch.bool, device=device)
        self._generator = torch.Generator(device)
        self.patience = 1 if device.type == "cpu" else STEPS_UNSEEN
        """Recommended number of steps between synchronisations with the device."""
        self._recorder = Recorder(device, self._generator) if records else None
        self._lead = self._known = self._steps = 0
        self.logits = torch.zeros((shape.codebooks, shape.cardinality), device=device)
        """Guided logits of the latest step, float32 (codebooks, cardinality); the next codes are drawn from these."""

    def serves(self, sampling: Sampling, frames: int, lead: int, crossed: int) -> bool:
        """Return whether this decoder is equivalent to a new one for such windows."""
        return (
            replace(sampling, seed=self._sampling.seed) == self._sampling
            and lead + count_steps(frames, self._network.shape.delays) <= self._memory.capacity
            and crossed <= self._memory.crossing
        )

    @property
    def steps_left(self) -> int:
        """Steps still needed to complete all frames of the window."""
        return self._steps - 1 - self._known

    @property
    def finished(self) -> int:
        """Completed frames of the window."""
        return count_finished(self._known, self._network.shape.delays)

    def seed(self, seed: int) -> None:
        """Seed the following draws."""
        self._generator.manual_seed(seed)

    def begin(
        self, conditions: Conditions, known: Tensor, frames: int, tick: Callable[[], None] = lambda: None
    ) -> None:
        """Begin a window of `frames` frames, the first of which are known: int64 (codebooks, n).

        Calls `tick` regularly while processing them, which may raise.
        """
        shape, device = self._network.shape, self._network.numerics.device
        with torch.inference_mode():
            sequence = lay_out(known, frames, shape.delays, shape.cardinality).to(device)
            self._sequence[:, : sequence.shape[1]] = sequence
            self._is_finite.fill_(True)
            self._steps, self._known, self._lead = sequence.shape[1], known.shape[1], conditions.lead
            crossed = conditions.cross
            self._memory.begin([] if crossed is None else self._network.cross(crossed[: self._memory.rows]))
            self._step.fill_(self._known)
            self._position.fill_(self._lead + self._known)
            if before := self._lead + self._known:
                self._network.fill(self._embed_prefix(conditions.prepend, before), self._memory, tick)

    def step(self) -> None:
        """Compute the next step."""
        with torch.inference_mode():
            length = self._memory.choose_length(self._lead + self._known + 1)
            if self._recorder is None:
                self._compute(length)
            else:
                self._recorder.run(self._compute, length)
        self._known += 1

    def read(self, first: int, last: int) -> Tensor:
        """Return finished frames first <= t < last of the window: int64 (codebooks, n) on the CPU.

        Waits for the device. Raises EngineError if the model's output was not finite.
        """
        frames = take_frames(self._sequence, first, last, self._network.shape.delays)
        if not bool(self._is_finite):
            raise EngineError(
                "The language model left the range of half precision: run it in full precision."
                if self._network.numerics.is_half
                else "The language model computes values that are not finite, so its file is damaged: fetch it again."
            )
        return frames

    def _embed_prefix(self, prepended: Tensor | None, count: int) -> Tensor:
        """Return the first steps of the sequence with conditions prepended: (rows, count, dim)."""
        rows, numerics = self._memory.rows, self._network.numerics
        values = self._network.embed(self._sequence[:, : count - self._lead]).expand(rows, -1, -1)
        if prepended is not None:
            values = torch.cat([prepended[:rows].to(numerics.device, numerics.stream), values], dim=1)
        return values + self._encoding[:count]

    def _compute(self, length: int) -> None:
        """Compute one step; all state that changes between steps is on the device."""
        network, sequence = self._network, self._sequence
        stream = network.embed(sequence.index_select(1, self._step)) + self._encoding.index_select(0, self._position)
        logits = network.step(stream.repeat(self._memory.rows, 1), self._position, length, self._memory)
        self._is_finite.logical_and_(logits.isfinite().all())
        self.logits.copy_(guide(logits, self._sampling.guidance))
        drawn = draw(self.logits, self._sampling, self._generator)
        self._step.add_(1)
        self._position.add_(1)
        wanted = sequence.index_select(1, self._step)
        sequence.index_copy_(1, self._step, torch.where(wanted < 0, drawn[:, None], wanted))


def encode_positions(count: int, network: Network) -> Tensor:
    """Return the positional encoding: cosines, then sines, float32 (count, dim), periods from 2 pi to the longest."""
    shape = network.shape
    half = shape.dim // 2
    periods = torch.full((), shape.max_period) ** (torch.arange(half, dtype=torch.float32) / (half - 1))
    phases = torch.arange(count, dtype=torch.float32)[:, None] / periods
    return shape.positional_scale * torch.cat([phases.cos(), phases.sin()], dim=-1)
