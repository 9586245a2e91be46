"""Streaming decoder: audio from codes as they arrive, each sample as soon as no later code can change it.

The plain equivalent is decoding all codes at once. Recurrent state is carried on. Convolutions are recomputed with the
surrounding frames, and only output beyond their receptive field from a cut is kept, so there are no seams.
"""

from __future__ import annotations

from typing import Final

import torch

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.encodec.layers import State, Tensor
from musearoo.engines.neural.encodec.network import Half, Margin
from musearoo.engines.neural.encodec.quantiser import Quantiser

TOGETHER: Final = 50
"""Frames that a CPU computes at once: one second, 8 MB a channel in the widest layer."""

TOGETHER_ON_GPU: Final = 200
"""The same for other devices: 33 MB."""


def count_together(device: torch.device) -> int:
    """Return the number of frames to compute at once on a device; it does not affect the audio."""
    return TOGETHER if device.type == "cpu" else TOGETHER_ON_GPU


class StreamingDecoder:
    """Decodes codes (codes per frame, any number of frames) to audio, float32 (channels, samples).

    `hop`: samples per frame. `behind`: preceding codes whose audio exists already: output begins after them.
    """

    def __init__(self, quantiser: Quantiser, decoder: Half, hop: int, behind: Tensor | None = None) -> None:
        self._quantiser = quantiser
        self._decoder = decoder
        self._hop = hop
        device = quantiser.codebooks.device
        self._together = count_together(device)
        self._nothing = torch.zeros(quantiser.channels, 0, device=device)
        self._vectors = _Frames()
        self._recurred = _Frames()
        self._memory: State | None = None
        self._given = 0
        self._is_finished = False
        if behind is not None:
            vectors = quantiser.look_up(behind)
            self._given = vectors.shape[1]
            self._take(vectors)

    @property
    def lookahead(self) -> int:
        """Number of further frames needed before a frame's audio is final."""
        return self._decoder.before.margin.after + self._decoder.after.margin.after

    def feed(self, codes: Tensor) -> Tensor:
        """Return the audio that became final, maybe none. Raises EngineError for invalid codes, and after `finish`."""
        if self._is_finished:
            raise EngineError("This sound is at its end: begin another stream for more codes.")
        return self._take(self._quantiser.look_up(codes))

    def finish(self) -> Tensor:
        """Return the remaining audio: in total, `hop` samples per frame."""
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
        self._recur(is_end)
        return self._decode_complete(is_end)

    def _recur(self, is_end: bool) -> None:
        """Run the layers up to the recurrent one on all frames whose context is complete."""
        chain = self._decoder.before
        start, stop = self._recurred.stop, self._vectors.stop - (0 if is_end else chain.margin.after)
        if stop > start:
            around, ahead = self._vectors.take(start, stop, chain.margin)
            values = chain(around)[:, ahead : ahead + stop - start]
            values, self._memory = self._decoder.recur(values, self._memory)
            self._recurred.append(values)
            self._vectors.forget(stop - chain.margin.before)

    def _decode_complete(self, is_end: bool) -> Tensor:
        """Return the audio of the frames that are complete and were not output yet."""
        chain, hop = self._decoder.after, self._hop
        start, stop = self._given, self._recurred.stop - (0 if is_end else chain.margin.after)
        if stop <= start:
            return self._nothing
        around, ahead = self._recurred.take(start, stop, chain.margin)
        self._given = stop
        self._recurred.forget(stop - chain.margin.before)
        return chain(around)[:, ahead * hop : (ahead + stop - start) * hop, 0].float()


class _Frames:
    """The latest frames of a stream, (channels, frames, width); the oldest can be dropped."""

    def __init__(self) -> None:
        self._values: Tensor | None = None
        self._start = 0

    @property
    def stop(self) -> int:
        """Number of frames appended so far."""
        return self._start + (0 if self._values is None else self._values.shape[1])

    def append(self, values: Tensor) -> None:
        self._values = values if self._values is None else torch.cat((self._values, values), dim=1)

    def take(self, start: int, stop: int, margin: Margin) -> tuple[Tensor, int]:
        """Return frames `start` to `stop` with the available margin, and the number of margin frames before."""
        if self._values is None:
            raise IndexError(f"no frames to take {start} to {stop} of")
        first = max(start - margin.before, 0)
        return self._values[:, first - self._start : stop + margin.after - self._start], start - first

    def forget(self, stop: int) -> None:
        """Drop the frames before `stop`."""
        drop = min(max(0, stop - self._start), self.stop - self._start)
        if self._values is not None and drop:
            # A copy, so that the old buffer can be freed.
            self._values = self._values[:, drop:].clone()
            self._start += drop
