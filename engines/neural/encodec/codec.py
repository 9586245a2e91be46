"""EnCodec: encode audio to codes, and decode codes to audio, at once or as a stream.

The plain equivalents are `audiocraft.models.encodec.EncodecModel` and transformers' `EncodecModel`; codes and audio
match theirs up to rounding.
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
    """A codec in full precision, as in both libraries. Works in chunks, so that audio may have any length."""

    shape: CodecShape
    quantiser: Quantiser
    encoder: Half
    decoder: Half

    @classmethod
    def of(cls, shape: CodecShape, channels: int, weights: Weights) -> Codec:
        """Return the codec for weights that `gather_weights` returned, on their device."""
        quantiser = Quantiser.of(shape, channels, weights)
        return cls(shape, quantiser, Half.encoder(shape, weights), Half.decoder(shape, weights))

    @property
    def rate(self) -> int:
        """Sample rate, Hz."""
        return self.shape.rate

    @property
    def channels(self) -> int:
        """Audio channels: 1 or 2."""
        return self.quantiser.channels

    @property
    def codebooks(self) -> int:
        """Codes of a frame, over all channels."""
        return self.quantiser.rows

    @property
    def cardinality(self) -> int:
        """Number of distinct codes: a code is below this."""
        return self.shape.cardinality

    @property
    def hop(self) -> int:
        """Samples per frame."""
        return self.shape.hop

    @property
    def device(self) -> Any:
        """The torch device of its computations and results."""
        return self.quantiser.codebooks.device

    def decode(self, codes: Tensor) -> Tensor:
        """Decode codes, integers (codebooks, frames), to audio, float32 (channels, frames * hop).

        Raises EngineError for codes of another type or shape.
        """
        stream = self.stream()
        return torch.cat((stream.feed(codes), stream.finish()), dim=1)

    def stream(self, behind: Tensor | None = None) -> StreamingDecoder:
        """Return a streaming decoder. `behind`: preceding codes whose audio exists already."""
        return StreamingDecoder(self.quantiser, self.decoder, self.hop, behind)

    def encode(self, sound: Tensor) -> Tensor:
        """Encode audio, floats (channels, samples) at the codec's rate, to codes, int64 (codebooks, frames).

        The last frame is padded from the end of the audio. Raises EngineError for other types or shapes, and for
        no samples.
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
                part, memory = self._encode_chunk(samples, start, min(start + together, frames), memory)
                parts.append(part)
            return self.quantiser.find_codes(self.encoder.after(torch.cat(parts, dim=1)))

    def _encode_chunk(
        self, samples: Tensor, start: int, stop: int, memory: State | None
    ) -> tuple[Tensor, State | None]:
        """Return the encoder's output up to and including the recurrent layer, for frames `start` to `stop`."""
        chain = self.encoder.before
        first = max(start - chain.margin.before, 0)
        around = samples[:, first * self.hop : (stop + chain.margin.after) * self.hop]
        return self.encoder.recur(chain(around)[:, start - first : stop - first], memory)


def to_channels(sound: Tensor, channels: int) -> Tensor:
    """Convert audio (channels, samples) to a number of channels: mono is copied to both, stereo is averaged.

    >>> to_channels(torch.tensor([[1.0, 2.0], [3.0, 2.0]]), 1).tolist()
    [[2.0, 2.0]]
    """
    if sound.shape[0] == channels:
        return sound
    return sound.mean(dim=0, keepdim=True).expand(channels, -1)
