"""A sound from codes that come bit by bit, each sample as soon as nothing that is to come can change it.

The plain equivalent is decoding all codes at once. What remembers is carried on; what looks around is given the frames
around again, and only what lies far enough from where they were cut is kept. So there are no seams.
"""

from __future__ import annotations

from typing import Final

import torch

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.encodec.layers import State, Tensor
from musearoo.engines.neural.encodec.network import Half, Margin
from musearoo.engines.neural.encodec.quantiser import Quantiser

TOGETHER: Final = 50
"""How many frames a processor computes together: a second, of which the widest layer takes 8 MB a channel."""

TOGETHER_ON_GPU: Final = 200
"""The same elsewhere: 33 MB."""


def count_together(device: torch.device) -> int:
    """How many frames at most are computed together on a device; it changes nothing that can be heard."""
    return TOGETHER if device.type == "cpu" else TOGETHER_ON_GPU


class StreamingDecoder:
    """Takes codes (codes of a frame, any number of frames), and gives their sound, float32 (channels, samples).

    `hop`: samples of a frame. `behind`: codes that come first and are heard already: what comes out begins after them.
    """

    def __init__(self, quantiser: Quantiser, decoder: Half, hop: int, behind: Tensor | None = None) -> None:
        self._quantiser = quantiser
        self._decoder = decoder
        self._hop = hop
        device = quantiser.codebooks.device
        self._together = count_together(device)
        self._nothing = torch.zeros(quantiser.channels, 0, device=device)
        self._vectors = _Frames()
        self._remembered = _Frames()
        self._memory: State | None = None
        self._given = 0
        self._is_finished = False
        if behind is not None:
            vectors = quantiser.look_up(behind)
            self._given = vectors.shape[1]
            self._take(vectors)

    @property
    def lookahead(self) -> int:
        """How many frames more must have come before the sound of one does."""
        return self._decoder.before.margin.after + self._decoder.after.margin.after

    def feed(self, codes: Tensor) -> Tensor:
        """What is final by now and was not given yet, maybe nothing; raises EngineError for what are no codes of this
        codec, and after the end."""
        if self._is_finished:
            raise EngineError("This sound is at its end: begin another stream for more codes.")
        return self._take(self._quantiser.look_up(codes))

    def finish(self) -> Tensor:
        """The rest: in all, `hop` samples for each frame."""
        self._is_finished = True
        if not self._vectors.stop:
            return self._nothing
        with torch.inference_mode():
            return self._advance(is_end=True)

    def _take(self, vectors: Tensor) -> Tensor:
        parts = [self._nothing]
        with torch.inference_mode():
            for part in vectors.split(self._together, dim=1):
                self._vectors.append(part)
                parts.append(self._advance(is_end=False))
            return torch.cat(parts, dim=1)

    def _advance(self, is_end: bool) -> Tensor:
        self._remember(is_end)
        return self._sound(is_end)

    def _remember(self, is_end: bool) -> None:
        """Takes what frames it can through the layers up to the one that remembers."""
        chain = self._decoder.before
        start, stop = self._remembered.stop, self._vectors.stop - (0 if is_end else chain.margin.after)
        if stop > start:
            around, ahead = self._vectors.take(start, stop, chain.margin)
            values = chain(around)[:, ahead : ahead + stop - start]
            values, self._memory = self._decoder.remember(values, self._memory)
            self._remembered.append(values)
            self._vectors.forget(stop - chain.margin.before)

    def _sound(self, is_end: bool) -> Tensor:
        """The sound of the frames that have come so far and were not heard yet."""
        chain, hop = self._decoder.after, self._hop
        start, stop = self._given, self._remembered.stop - (0 if is_end else chain.margin.after)
        if stop <= start:
            return self._nothing
        around, ahead = self._remembered.take(start, stop, chain.margin)
        self._given = stop
        self._remembered.forget(stop - chain.margin.before)
        return chain(around)[:, ahead * hop : (ahead + stop - start) * hop, 0].float()


class _Frames:
    """The latest frames of a stream, (channels, frames, width), of which the first may be forgotten."""

    def __init__(self) -> None:
        self._values: Tensor | None = None
        self._start = 0

    @property
    def stop(self) -> int:
        """How many there have been."""
        return self._start + (0 if self._values is None else self._values.shape[1])

    def append(self, values: Tensor) -> None:
        self._values = values if self._values is None else torch.cat((self._values, values), dim=1)

    def take(self, start: int, stop: int, margin: Margin) -> tuple[Tensor, int]:
        """Those from `start` to `stop` with a margin, as far as it is there, and how many of them lie ahead."""
        if self._values is None:
            raise IndexError(f"no frames to take {start} to {stop} of")
        first = max(start - margin.before, 0)
        return self._values[:, first - self._start : stop + margin.after - self._start], start - first

    def forget(self, stop: int) -> None:
        """Lets go of those before `stop`."""
        drop = min(max(0, stop - self._start), self.stop - self._start)
        if self._values is not None and drop:
            # A copy, so that the rest does not hold on to all of them.
            self._values = self._values[:, drop:].clone()
            self._start += drop
