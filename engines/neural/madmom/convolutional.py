"""Convolutional networks over a spectrogram as matrix products, with batch normalisation folded into the weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.madmom.stored_networks import Layer

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Convolution:
    """Zero padding, weights (frames, bins * channels, features), a bias per feature, and an activation."""

    pad: int
    bins: int
    weights: FloatArray
    bias: FloatArray
    activation: str

    def apply(self, signal: FloatArray) -> FloatArray:
        """Convolve without further padding: float32 (frames, bins, channels) in and out."""
        if self.pad:
            signal = np.pad(signal, ((self.pad, self.pad), (self.pad, self.pad), (0, 0)))
        reach, width, features = self.weights.shape
        places = signal.shape[1] - self.bins + 1
        frames = signal.shape[0] - reach + 1
        # A frame's bins are adjacent in memory: unfold them once, and shift whole rows for the kernel's frames.
        windows = np.lib.stride_tricks.sliding_window_view(signal, self.bins, axis=1)
        rows = np.ascontiguousarray(windows.transpose(0, 1, 3, 2)).reshape(-1, width)
        result = rows[: frames * places] @ self.weights[0]
        more = np.empty_like(result)
        for shift in range(1, reach):
            result += np.matmul(rows[shift * places : (shift + frames) * places], self.weights[shift], out=more)
        result += self.bias
        return _ACTIVATIONS[self.activation](result).reshape(frames, places, features)


@dataclass(frozen=True)
class Pooling:
    """Max pooling over `frames` by `bins`; incomplete windows at the ends are dropped."""

    frames: int
    bins: int

    def apply(self, signal: FloatArray) -> FloatArray:
        """Pool a signal: float32 (frames, bins, channels) in and out."""
        frames, bins = signal.shape[0] // self.frames, signal.shape[1] // self.bins
        parts = [
            signal[row : frames * self.frames : self.frames, place : bins * self.bins : self.bins]
            for row in range(self.frames)
            for place in range(self.bins)
        ]
        result = parts[0]
        for part in parts[1:]:
            result = np.maximum(result, part)
        return result


@dataclass(frozen=True, eq=False)
class ConvolutionalStack:
    """Convolutions and poolings in sequence."""

    steps: tuple[Convolution | Pooling, ...]

    def apply(self, spectrogram: FloatArray) -> FloatArray:
        """Run all steps on a spectrogram: float32 (frames, bins) in, (frames, bins, features) out."""
        signal = spectrogram[:, :, np.newaxis]
        for step in self.steps:
            signal = step.apply(signal)
        return signal


def fold_network(layers: Sequence[Layer]) -> ConvolutionalStack:
    """Convert a stored network, folding each batch normalisation into the convolution before it.

    Raises EngineError for other layers. A final global average is left to the caller.
    """
    steps: list[Convolution | Pooling] = []
    pad = 0
    waiting: Layer | None = None
    for layer in layers:
        if layer.kind == "PadLayer":
            pad = int(layer.fields["width"])
        elif layer.kind == "ConvolutionalLayer":
            waiting = layer
        elif layer.kind == "BatchNormLayer" and waiting is not None:
            steps.append(_fold(waiting, layer, pad))
            pad, waiting = 0, None
        elif layer.kind == "MaxPoolLayer":
            steps.append(Pooling(*layer.fields["size"]))
        elif layer.kind != "AverageLayer":
            raise EngineError(f"madmom's network has an unexpected {layer.kind}: reinstall madmom.")
    return ConvolutionalStack(tuple(steps))


def _fold(convolution: Layer, normalisation: Layer, pad: int) -> Convolution:
    scale = normalisation.array("gamma") * normalisation.array("inv_std")
    # Stored as (channels, features, frames, bins) and mirrored, for true convolution; here it is a correlation.
    kernel = convolution.array("weights")[:, :, ::-1, ::-1] * scale[:, np.newaxis, np.newaxis]
    channels, features, frames, bins = kernel.shape
    bias = (convolution.array("bias") - normalisation.array("mean")) * scale + normalisation.array("beta")
    return Convolution(
        pad=pad,
        bins=bins,
        weights=np.ascontiguousarray(kernel.transpose(2, 3, 0, 1).reshape(frames, bins * channels, features)),
        bias=bias.astype(np.float32),
        activation=normalisation.activation,
    )


def _relu(signal: FloatArray) -> FloatArray:
    """ReLU, in place."""
    return np.maximum(signal, 0.0, out=signal)


def _elu(signal: FloatArray) -> FloatArray:
    """ELU: exp(x) - 1 below 0."""
    return np.maximum(signal, np.expm1(np.minimum(signal, 0.0)))


_ACTIVATIONS: Final[dict[str, Callable[[FloatArray], FloatArray]]] = {"relu": _relu, "elu": _elu}
