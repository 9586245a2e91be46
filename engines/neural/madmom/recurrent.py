"""Ensembles of recurrent networks run as one batch: all networks and both directions advance together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.madmom.stored_networks import Layer

FloatArray = npt.NDArray[np.float32]

_GATES: Final = ("input_gate", "forget_gate", "cell", "output_gate")

_STEPS_AT_ONCE: Final = 256
"""Frames whose inputs are multiplied at once: 2 MB of intermediate values, independent of the sound's length."""


@dataclass(frozen=True, eq=False)
class RecurrentLayer:
    """One bidirectional layer of all networks. Sequence s is network s // 2, forwards in time if s is even.

    `weights`: (2, networks, inputs, units * gates), `recurrent`: (sequences, units, units * gates), `bias`:
    (sequences, units * gates). Gates are ordered input, forget, cell, output; a plain layer has one.
    `peepholes`: (3, sequences, units) for input, forget and output, or None for plain layers.
    """

    weights: FloatArray
    recurrent: FloatArray
    bias: FloatArray
    peepholes: FloatArray | None


@dataclass(frozen=True, eq=False)
class RecurrentEnsemble:
    """Networks of the same shape whose outputs are averaged. `output`: (networks, inputs, classes) and its bias."""

    layers: tuple[RecurrentLayer, ...]
    output: FloatArray
    output_bias: FloatArray
    output_activation: str

    def run(self, features: FloatArray) -> FloatArray:
        """Return the networks' mean output per frame, float32 (frames, classes), for float32 (frames, inputs)."""
        signal = features[np.newaxis]
        for layer in self.layers:
            signal = _run_layer(layer, signal)
        outputs = np.matmul(signal, self.output) + self.output_bias[:, np.newaxis]
        mean: FloatArray = _ACTIVATIONS[self.output_activation](outputs).mean(axis=0, dtype=np.float32)
        return mean


def join_networks(networks: Sequence[tuple[Layer, ...]]) -> RecurrentEnsemble:
    """Join stored networks into an ensemble; raises EngineError if their layers are not as expected."""
    kinds = {tuple(layer.kind for layer in network) for network in networks}
    recurrent, last = next(iter(kinds))[:-1], next(iter(kinds))[-1]
    if len(kinds) != 1 or set(recurrent) != {"BidirectionalLayer"} or last != "FeedForwardLayer":
        raise EngineError(f"madmom's networks have other layers than expected ({sorted(kinds)}): reinstall madmom.")
    outputs = [network[-1] for network in networks]
    return RecurrentEnsemble(
        layers=tuple(_join_layers([network[depth] for network in networks]) for depth in range(len(recurrent))),
        output=np.stack([layer.array("weights") for layer in outputs]),
        output_bias=np.stack([layer.array("bias") for layer in outputs]),
        output_activation=outputs[0].activation,
    )


def _join_layers(layers: Sequence[Layer]) -> RecurrentLayer:
    directions = [layer.layer(side) for layer in layers for side in ("fwd_layer", "bwd_layer")]
    gated = directions[0].kind == "LSTMLayer"
    gates = [[each.layer(name) for name in _GATES] if gated else [each] for each in directions]
    weights, bias, recurrent = (
        np.stack([np.hstack([_halve(gate, name) for gate in row]) for row in gates])
        for name in ("weights", "bias", "recurrent_weights")
    )
    peepholes = [[_halve(row[place], "peephole_weights") for row in gates] for place in (0, 1, 3)] if gated else None
    return RecurrentLayer(
        weights=np.stack((weights[::2], weights[1::2])),
        recurrent=recurrent,
        bias=bias,
        peepholes=None if peepholes is None else np.array(peepholes, dtype=np.float32),
    )


def _halve(gate: Layer, name: str) -> FloatArray:
    """Return a gate's array, halved if the gate is a sigmoid, since that is (1 + tanh(x / 2)) / 2."""
    array = gate.array(name)
    return array * np.float32(0.5) if gate.activation == "sigmoid" else array


def _run_layer(layer: RecurrentLayer, signal: FloatArray) -> FloatArray:
    """Run a layer on (networks or 1, frames, inputs); return float32 (networks, frames, 2 * units)."""
    sequences, units, width = layer.recurrent.shape
    frames = signal.shape[1]
    outputs = np.empty((sequences // 2, frames, 2 * units), dtype=np.float32)
    memory = np.zeros((2, sequences, 1, units), dtype=np.float32)
    for start in range(0, frames, _STEPS_AT_ONCE):
        stop = min(start + _STEPS_AT_ONCE, frames)
        ahead, behind = slice(start, stop), slice(frames - stop, frames - start)
        # (steps, sequences, units * gates): each step reads one contiguous block.
        drive = np.empty((stop - start, sequences, width), dtype=np.float32)
        drive[:, ::2] = np.matmul(signal[:, ahead], layer.weights[0]).transpose(1, 0, 2)
        drive[:, 1::2] = np.matmul(signal[:, behind], layer.weights[1])[:, ::-1].transpose(1, 0, 2)
        drive += layer.bias
        hidden = (
            _step_plainly(layer.recurrent, drive, memory)
            if layer.peepholes is None
            else _step_gated(layer.recurrent, layer.peepholes, drive, memory)
        )
        outputs[:, ahead, :units] = hidden[:, ::2].transpose(1, 0, 2)
        outputs[:, behind, units:] = hidden[::-1, 1::2].transpose(1, 0, 2)
    return outputs


def _step_plainly(recurrent: FloatArray, drive: FloatArray, memory: FloatArray) -> FloatArray:
    """Run tanh units; return float32 (steps, sequences, units) and set `memory[0]` to the last output."""
    hidden = np.empty((len(drive), *memory.shape[1:]), dtype=np.float32)
    before = memory[0]
    weighted = np.empty_like(before)
    for given, out in zip(drive[:, :, np.newaxis], hidden, strict=True):
        np.matmul(before, recurrent, out=weighted)
        weighted += given
        np.tanh(weighted, out=out)
        before = out
    memory[0] = before
    return hidden[:, :, 0]


def _step_gated(recurrent: FloatArray, peepholes: FloatArray, drive: FloatArray, memory: FloatArray) -> FloatArray:
    """Run LSTM units with peepholes; return float32 (steps, sequences, units).

    `memory` is the last output and the cell state, and is updated in place. Gers, Schraudolph and Schmidhuber,
    "Learning precise timing with LSTM recurrent networks" (2002).
    """
    sequences, width = drive.shape[1:]
    units = width // 4
    hidden = np.empty((len(drive), *memory.shape[1:]), dtype=np.float32)
    before, state = memory[0], memory[1, :, 0]
    gates = np.empty((sequences, 1, width), dtype=np.float32)
    flat = gates[:, 0]
    entry, keep, cell, exit_ = (flat[:, place * units : (place + 1) * units] for place in range(4))
    first_three = flat[:, : 3 * units]
    both = flat[:, : 2 * units].reshape(sequences, 2, units)
    into, through = np.ascontiguousarray(peepholes[:2].transpose(1, 0, 2)), peepholes[2]
    looked = np.empty_like(into)
    glimpse = np.empty_like(state)
    for given, out in zip(drive, hidden, strict=True):
        np.matmul(before, recurrent, out=gates)
        flat += given
        np.multiply(into, state[:, np.newaxis], out=looked)
        both += looked
        np.tanh(first_three, out=first_three)
        # A sigmoid is (1 + tanh) / 2; the halves of both products are applied together.
        entry += 1.0
        keep += 1.0
        entry *= cell
        state *= keep
        state += entry
        state *= 0.5
        np.multiply(through, state, out=glimpse)
        exit_ += glimpse
        np.tanh(exit_, out=exit_)
        exit_ += 1.0
        exit_ *= 0.5
        np.tanh(state, out=glimpse)
        np.multiply(glimpse, exit_, out=out[:, 0])
        before = out
    memory[0] = before
    return hidden[:, :, 0]


def _softmax(outputs: FloatArray) -> FloatArray:
    """Softmax over the last axis."""
    powers: FloatArray = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
    powers /= powers.sum(axis=-1, keepdims=True)
    return powers


def _sigmoid(outputs: FloatArray) -> FloatArray:
    """Apply the logistic function."""
    half: FloatArray = np.tanh(outputs * np.float32(0.5)) * np.float32(0.5)
    return half + np.float32(0.5)


_ACTIVATIONS: Final[dict[str, Callable[[FloatArray], FloatArray]]] = {"softmax": _softmax, "sigmoid": _sigmoid}
