"""Hybrid Transformer Demucs as one function from a mix to its sources, optimised for speed.

The plain equivalent is `HTDemucs.forward` of demucs. Method: Rouard, Massa, Défossez, "Hybrid Transformers for Music
Source Separation" (2023).
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch.nn import functional

from musearoo.engines.neural.demucs.attention import Transformer
from musearoo.engines.neural.demucs.convolutions import Decoder, Encoder, Linear, Numerics, Tensor
from musearoo.engines.neural.demucs.thread_pool import ThreadPool

BUILT: Final = {
    "cac": True,
    "rewrite": True,
    "context": 1,
    "context_enc": 0,
    "t_emb": "sin",
    "t_norm_in": True,
    "t_norm_in_group": False,
    "t_group_norm": False,
    "t_norm_first": True,
    "t_norm_out": True,
    "t_gelu": True,
    "t_sin_random_shift": 0,
    "t_sparse_self_attn": False,
    "t_sparse_cross_attn": False,
}
"""Options of `HTDemucs` that `Network` supports: its defaults, which the published models use."""

ALONE: Final = ThreadPool(0)
"""No pool: the calling thread does everything."""

SMALL: Final = 1e-5
"""Added to a standard deviation before dividing by it."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The network as a function."""

    numerics: Numerics
    fft: int
    window: Tensor
    encoders: tuple[Encoder, ...]
    encoders_t: tuple[Encoder, ...]
    frequencies: Tensor
    into: tuple[Linear, Linear] | None
    transformer: Transformer
    out_of: tuple[Linear, Linear] | None
    decoders: tuple[Decoder, ...]
    decoders_t: tuple[Decoder, ...]

    @classmethod
    def of(cls, model: Any, numerics: Numerics, wanted: Sequence[int]) -> Network:
        """Convert an `HTDemucs` for which `can_build` is true, restricted to the wanted sources."""
        waves = [
            source * model.audio_channels + channel for source in wanted for channel in range(model.audio_channels)
        ]
        parts = [2 * wave + part for wave in waves for part in range(2)]
        into = out_of = None
        if model.bottom_channels:
            into = Linear.of(model.channel_upsampler, numerics), Linear.of(model.channel_upsampler_t, numerics)
            out_of = Linear.of(model.channel_downsampler, numerics), Linear.of(model.channel_downsampler_t, numerics)
        return cls(
            numerics=numerics,
            fft=model.nfft,
            window=torch.hann_window(model.nfft, device=numerics.device),
            encoders=tuple(Encoder.of(layer, numerics) for layer in model.encoder),
            encoders_t=tuple(Encoder.of(layer, numerics) for layer in model.tencoder),
            frequencies=numerics.take(model.freq_emb_scale * model.freq_emb.weight.float())[:, None],
            into=into,
            transformer=Transformer.of(model.crosstransformer, numerics),
            out_of=out_of,
            decoders=_decoders(model.decoder, numerics, parts),
            decoders_t=_decoders(model.tdecoder, numerics, waves),
        )

    @property
    def shares(self) -> int:
        """How often one call shares work among the pool's threads."""
        return len(self.encoders) + 2 * len(self.decoders) + 4 * len(self.transformer.layers)

    def __call__(self, mix: Tensor, pool: ThreadPool) -> Tensor:
        """Return sources, (batch, sources, channels, samples), of a mix (batch, channels, samples), both float32."""
        _, channels, samples = mix.shape
        spectrum = self._analyse(mix)
        spread, mean = torch.std_mean(spectrum, (1, 2, 3), keepdim=True)
        spread_t, mean_t = torch.std_mean(mix, (1, 2), keepdim=True)
        values = ((spectrum - mean) / (SMALL + spread)).to(self.numerics.dtype)
        del spectrum
        values_t = ((mix - mean_t) / (SMALL + spread_t)).to(self.numerics.dtype).transpose(1, 2).unsqueeze(1)
        values, values_t = self._run(values, values_t, pool)
        values = values.float() * spread + mean
        waves = self._synthesise(values, samples).unflatten(1, (-1, channels))
        del values
        values_t = values_t.float().squeeze(1).transpose(1, 2).unflatten(1, (-1, channels))
        return waves + values_t * spread_t.unsqueeze(1) + mean_t.unsqueeze(1)

    def _run(self, values: Tensor, values_t: Tensor, pool: ThreadPool) -> tuple[Tensor, Tensor]:
        """Run both halves. The waveform's half is smaller: one thread computes it in parallel."""
        down_t = pool.start(lambda: self._go_down(self.encoders_t, values_t, ALONE))
        skips = self._go_down(self.encoders, values, pool)
        skips_t = down_t.result()
        deep, deep_t = skips[-1], skips_t[-1]
        if self.into and self.out_of:
            deep, deep_t = self.into[0](deep), self.into[1](deep_t)
        deep, deep_t = self.transformer(deep, deep_t, pool)
        if self.into and self.out_of:
            deep, deep_t = self.out_of[0](deep), self.out_of[1](deep_t)
        up_t = pool.start(lambda: self._go_up(self.decoders_t, deep_t, skips_t, ALONE))
        return self._go_up(self.decoders, deep, skips, pool), up_t.result()

    def _go_down(self, encoders: Sequence[Encoder], values: Tensor, pool: ThreadPool) -> list[Tensor]:
        """Return the input and the output of each encoder."""
        levels = [values]
        for encode in encoders:
            values = encode(values, pool)
            if encode is self.encoders[0]:
                values += self.frequencies
            levels.append(values)
        return levels

    def _go_up(self, decoders: Sequence[Decoder], values: Tensor, levels: list[Tensor], pool: ThreadPool) -> Tensor:
        for decode in decoders:
            skip = levels.pop()
            values = decode(values, skip, levels[-1].shape[2], pool)
        return values

    def _analyse(self, mix: Tensor) -> Tensor:
        """Return the STFT, (batch, frequencies, frames, 2 * channels): real and imaginary parts, hop fft // 4."""
        hop = self.fft // 4
        frames = math.ceil(mix.shape[-1] / hop)
        before = hop // 2 * 3
        padded = functional.pad(mix, (before, before + frames * hop - mix.shape[-1]), mode="reflect")
        waves = _for_bins(padded.flatten(0, 1))
        window = self.window.to(waves.device)
        bins = torch.stft(waves, self.fft, hop, window=window, normalized=True, return_complex=True)
        bins = torch.view_as_real(bins[:, :-1, 2 : 2 + frames]).unflatten(0, mix.shape[:2])
        return bins.permute(0, 2, 3, 1, 4).flatten(3).to(mix.device)

    def _synthesise(self, values: Tensor, samples: int) -> Tensor:
        """Inverse of `_analyse`: return (batch, waves, samples)."""
        hop = self.fft // 4
        batch, _, frames, parts = values.shape
        pairs = _for_bins(values).unflatten(3, (parts // 2, 2)).permute(0, 3, 2, 1, 4)
        grains = torch.fft.irfft(torch.view_as_complex(pairs.contiguous()), self.fft, norm="ortho")
        grains = grains.mul_(self.window.to(grains.device)).unflatten(3, (4, hop))
        # Four windows overlap at each sample, and their squares sum to 1.5.
        sums = grains.new_zeros(batch, parts // 2, frames + 3, hop)
        for quarter in range(4):
            sums[:, :, quarter : quarter + frames] += grains[:, :, :, quarter]
        start = self.fft // 2 - hop // 2
        return (sums.flatten(2)[..., start : start + samples] / 1.5).to(values.device)


def _for_bins(values: Tensor) -> Tensor:
    """Move values to where complex numbers are supported: from Apple's GPUs to the CPU, as Demucs does."""
    return values.cpu() if values.device.type == "mps" else values


def _decoders(layers: Sequence[Any], numerics: Numerics, wanted: Sequence[int]) -> tuple[Decoder, ...]:
    return tuple(Decoder.of(layer, numerics, wanted if layer.last else None) for layer in layers)


def can_build(model: Any) -> bool:
    """Return whether `Network` supports a model: an `HTDemucs` with the options of the published ones."""
    from demucs.htdemucs import HTDemucs

    if not isinstance(model, HTDemucs):
        return False
    given = inspect.signature(HTDemucs.__init__).bind(model, *model._init_args_kwargs[0], **model._init_args_kwargs[1])
    given.apply_defaults()
    options = given.arguments
    layers = (*model.encoder, *model.tencoder, *model.decoder, *model.tdecoder)
    return (
        all(options[name] == value for name, value in BUILT.items())
        and not options["multi_freqs"]
        and bool(options["freq_emb"])
        and options["t_layers"] > 0
        and len(model.tencoder) == len(model.encoder)
        and all(not layer.norm and not layer.empty and layer.pad for layer in layers)
    )
