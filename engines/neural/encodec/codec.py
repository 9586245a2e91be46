"""A codec: sounds to codes, and codes to sounds, at once or in a stream.

The plain equivalents are `audiocraft.models.encodec.EncodecModel` and transformers' `EncodecModel`, whose codes and
sounds these are, up to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.encodec.layers import State, Tensor, Weights
from musearoo.engines.neural.encodec.network import Half
from musearoo.engines.neural.encodec.quantiser import Quantiser
from musearoo.engines.neural.encodec.shape import CodecShape
from musearoo.engines.neural.encodec.streaming import StreamingDecoder, count_together


@dataclass(frozen=True, slots=True, eq=False)
class Codec:
    """Computes in full precision, as both libraries do, and a stretch at a time, however long a sound is."""

    shape: CodecShape
    quantiser: Quantiser
    encoder: Half
    decoder: Half

    @classmethod
    def of(cls, shape: CodecShape, channels: int, weights: Weights) -> Codec:
        """That of weights that `gather_weights` gave, on the device where they are."""
        quantiser = Quantiser.of(shape, channels, weights)
        return cls(shape, quantiser, Half.encoder(shape, weights), Half.decoder(shape, weights))

    @property
    def rate(self) -> int:
        """Of its sounds, Hz."""
        return self.shape.rate

    @property
    def channels(self) -> int:
        """Of its sounds: 1 or 2."""
        return self.quantiser.channels

    @property
    def codebooks(self) -> int:
        """Codes of a frame, those of both channels counted."""
        return self.quantiser.rows

    @property
    def cardinality(self) -> int:
        """A code is below this."""
        return self.shape.cardinality

    @property
    def hop(self) -> int:
        """Samples of a frame."""
        return self.shape.hop

    @property
    def device(self) -> Any:
        """Where it computes, and what it gives is."""
        return self.quantiser.codebooks.device

    def decode(self, codes: Tensor) -> Tensor:
        """The sound, float32 (channels, frames * hop), of codes, whole numbers (codebooks, frames).

        Raises EngineError for codes of another form.
        """
        stream = self.stream()
        return torch.cat((stream.feed(codes), stream.finish()), dim=1)

    def stream(self, behind: Tensor | None = None) -> StreamingDecoder:
        """Decodes codes as they come. `behind`: codes after which they come, whose sound is there already."""
        return StreamingDecoder(self.quantiser, self.decoder, self.hop, behind)

    def encode(self, sound: Tensor) -> Tensor:
        """The codes, int64 (codebooks, frames), of a sound, floats (channels, samples) at the codec's rate.

        There are as many frames as it takes to hold all samples; what the last lacks is made up from the end.
        Raises EngineError for sounds of another form, and for one of no samples.
        """
        if sound.dim() != 2 or sound.shape[0] != self.channels or not sound.shape[1] or not sound.is_floating_point():
            kind = str(sound.dtype).removeprefix("torch.")
            raise EngineError(
                f"The codec takes sounds as floats ({self.channels}, samples), not {kind} {tuple(sound.shape)}."
            )
        with torch.inference_mode():
            samples = sound.to(self.device, torch.float32).unsqueeze(2)
            frames, together = -(-samples.shape[1] // self.hop), count_together(self.device)
            parts, memory = [], None
            for start in range(0, frames, together):
                part, memory = self._look(samples, start, min(start + together, frames), memory)
                parts.append(part)
            return self.quantiser.find_codes(self.encoder.after(torch.cat(parts, dim=1)))

    def _look(self, samples: Tensor, start: int, stop: int, memory: State | None) -> tuple[Tensor, State | None]:
        """What the encoder's layers up to the one that remembers make of the frames from `start` to `stop`."""
        chain = self.encoder.before
        first = max(start - chain.margin.before, 0)
        around = samples[:, first * self.hop : (stop + chain.margin.after) * self.hop]
        return self.encoder.remember(chain(around)[:, start - first : stop - first], memory)


def to_channels(sound: Tensor, channels: int) -> Tensor:
    """A sound (channels, samples) with so many channels: one becomes both, two become their mean.

    >>> to_channels(torch.tensor([[1.0, 2.0], [3.0, 2.0]]), 1).tolist()
    [[2.0, 2.0]]
    """
    if sound.shape[0] == channels:
        return sound
    return sound.mean(dim=0, keepdim=True).expand(channels, -1)
