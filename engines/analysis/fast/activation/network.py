"""The activation network: small dilated convolutions in time, trained by `tools.workshop.training.activations.network`
and run as matrix products.

Each output looks 10 s to either side. Plain equivalent: pad with silence, `relu(conv(x))`, nine times
`x + relu(conv(x))` with growing dilation (the residual network of Bai, Kolter and Koltun, "An empirical evaluation of
generic convolutional and recurrent networks for sequence modeling", 2018, without its causality), two dense layers.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final
from zipfile import BadZipFile

import numpy as np

from musearoo.engines.analysis.fast.activation.evidence import BeatEvidence, DrumEvidence
from musearoo.engines.analysis.fast.activation.result import Activations
from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.activation.spectrogram import BANDS, Spectrogram
from musearoo.engines.errors import EngineError
from musearoo.engines.music.drum_map import DRUM_KINDS

OUTPUTS: Final = ("beat", "downbeat", "onset", *DRUM_KINDS)

FRAMES_AT_ONCE: Final = 8192
"""Frames per run: with 20 s of context on either side, a run takes about 30 MB, however long the sound is."""

LEAD_FRAMES: Final = 2
"""Silence prepended to a sound, so that a note on its first sample, as in loops, has an onset.

More silence would turn every cut into an onset; without any, the first kick of a break was lost.
"""


@dataclass(frozen=True, eq=False)
class Layer:
    """A temporal convolution: `weights` float32 (taps, inputs, outputs), `bias` (outputs,)."""

    weights: FloatArray
    bias: FloatArray
    dilation: int = 1
    """Frames from one tap to the next."""

    @property
    def reach(self) -> int:
        """Receptive field to either side, in frames."""
        return self.dilation * (int(self.weights.shape[0]) // 2)


@dataclass(frozen=True, eq=False)
class Weights:
    """The trained weights of the network."""

    front: Layer
    blocks: tuple[Layer, ...]
    hidden: Layer
    heads: Layer

    @property
    def reach(self) -> int:
        """Receptive field of an output to either side, in frames."""
        return self.front.reach + sum(block.reach for block in self.blocks)


def read_weights(data: bytes) -> Weights:
    """Read the weights from the bytes of `weights.npz`; raises EngineError when they belong to another network."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        dilations = arrays["dilations"].tolist()

        def layer(name: str, dilation: int = 1) -> Layer:
            weights, bias = (arrays[f"{name}_{part}"].astype(np.float32) for part in ("weight", "bias"))
            return Layer(weights, bias, dilation)

        weights = Weights(
            layer("front"),
            tuple(layer(f"block{number}", dilation) for number, dilation in enumerate(dilations)),
            layer("hidden"),
            layer("heads"),
        )
    except (KeyError, ValueError, OSError, EOFError, BadZipFile) as error:
        raise EngineError(f"The analyzer's weights cannot be read ({error}): reinstall MuseAroo.") from error
    if weights.front.weights.shape[1] != BANDS or weights.heads.bias.size != len(OUTPUTS):
        raise EngineError("The analyzer's weights belong to another version of MuseAroo: reinstall it.")
    return weights


def listen(spectrogram: Spectrogram, weights: Weights) -> Activations:
    """Return the activations of a spectrogram. `beat` includes downbeats. Silence has activations of 0.

    Long sounds are processed in blocks with full context on both sides, so block borders leave no trace.
    """
    frames = spectrogram.frames
    bands = np.concatenate([np.zeros((LEAD_FRAMES, BANDS), dtype=np.float32), spectrogram.bands])
    likelihoods = np.empty((frames, len(OUTPUTS)), dtype=np.float32)
    for first in range(0, frames, FRAMES_AT_ONCE):
        last = min(first + FRAMES_AT_ONCE, frames)
        # The positions of the frames in `bands`, and the frames they depend on.
        here, end = first + LEAD_FRAMES, last + LEAD_FRAMES
        start = max(here - weights.reach, 0)
        likelihoods[first:last] = run(bands[start : end + weights.reach], weights)[here - start : end - start]
    if not bands.any():
        likelihoods[:] = 0.0
    columns = {name: np.ascontiguousarray(likelihoods[:, index]) for index, name in enumerate(OUTPUTS[:3])}
    drum_onsets = np.ascontiguousarray(likelihoods[:, 3:])
    return Activations(spectrogram, BeatEvidence(**columns), DrumEvidence(drum_onsets))


def run(bands: FloatArray, weights: Weights) -> FloatArray:
    """Return probabilities (frames, outputs) for bands (frames, bands)."""
    state = np.maximum(convolve(bands, weights.front), np.float32(0.0))
    for block in weights.blocks:
        change = convolve(state, block)
        np.maximum(change, np.float32(0.0), out=change)
        state += change
    hidden = convolve(state, weights.hidden)
    np.maximum(hidden, np.float32(0.0), out=hidden)
    logits = convolve(hidden, weights.heads)
    np.negative(logits, out=logits)
    # Beyond this a likelihood rounds to 0 or 1 in float32; exp would overflow.
    np.clip(logits, -60.0, 60.0, out=logits)
    np.exp(logits, out=logits)
    logits += np.float32(1.0)
    return np.reciprocal(logits)


def convolve(signal: FloatArray, layer: Layer) -> FloatArray:
    """Apply a layer to a signal (frames, inputs), zero-padded at its ends: (frames, outputs)."""
    frames, inputs = signal.shape
    taps, _, outputs = layer.weights.shape
    gathered = signal
    if taps > 1:
        # The inputs of all taps, concatenated: one product instead of several sums.
        gathered = np.zeros((frames, taps * inputs), dtype=np.float32)
        for tap in range(taps):
            shift = (tap - taps // 2) * layer.dilation
            if abs(shift) < frames:
                target = gathered[max(-shift, 0) : frames - max(shift, 0), tap * inputs : (tap + 1) * inputs]
                target[:] = signal[max(shift, 0) : frames + min(shift, 0)]
    result: FloatArray = gathered @ layer.weights.reshape(taps * inputs, outputs)
    result += layer.bias
    return result
