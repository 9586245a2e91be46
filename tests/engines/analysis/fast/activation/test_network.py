import io

import numpy as np
import pytest

from musearoo.engines.analysis.fast.activation import network
from musearoo.engines.analysis.fast.activation.network import (
    OUTPUTS,
    Layer,
    Weights,
    convolve,
    listen,
    read_weights,
    run,
)
from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound
from musearoo.engines.analysis.fast.activation.spectrogram import BANDS, Spectrogram, compute_spectrogram
from musearoo.engines.errors import EngineError
from tests.each_case import each_case

CHANNELS = 6


def make_arrays(dilations: tuple[int, ...] = (1, 2, 4)) -> dict[str, np.ndarray]:
    chance = np.random.default_rng(5)
    shapes = {"front": (5, BANDS, CHANNELS), "hidden": (1, CHANNELS, CHANNELS), "heads": (1, CHANNELS, len(OUTPUTS))}
    shapes |= {f"block{number}": (5, CHANNELS, CHANNELS) for number in range(len(dilations))}
    arrays: dict[str, np.ndarray] = {"dilations": np.array(dilations)}
    for name, (taps, inputs, outputs) in shapes.items():
        arrays[f"{name}_weight"] = chance.normal(0.0, 1.0 / np.sqrt(taps * inputs), (taps, inputs, outputs))
        arrays[f"{name}_bias"] = chance.normal(0.0, 0.3, outputs)
    return arrays


def as_bytes(arrays: dict[str, np.ndarray]) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


@pytest.fixture
def weights() -> Weights:
    return read_weights(as_bytes(make_arrays()))


def noise(frames: int) -> Spectrogram:
    sound = Sound.of(np.random.default_rng(2).standard_normal(frames * 441), 44_100)
    return compute_spectrogram(sound)


def convolve_plainly(signal: FloatArray, layer: Layer) -> FloatArray:
    """Sample by sample, as the definition of a convolution has it."""
    result = np.tile(layer.bias, (signal.shape[0], 1))
    taps = layer.weights.shape[0]
    for frame in range(signal.shape[0]):
        for tap in range(taps):
            source = frame + (tap - taps // 2) * layer.dilation
            if 0 <= source < signal.shape[0]:
                result[frame] += signal[source] @ layer.weights[tap]
    return result


@each_case("dilation", [1, 3, 8, 40])
@each_case("frames", [1, 2, 7, 30])
def test_a_layer_is_a_convolution(frames: int, dilation: int) -> None:
    chance = np.random.default_rng(4)
    layer = Layer(
        chance.standard_normal((5, 3, 4)).astype(np.float32), chance.standard_normal(4).astype(np.float32), dilation
    )
    signal = chance.standard_normal((frames, 3)).astype(np.float32)

    np.testing.assert_allclose(convolve(signal, layer), convolve_plainly(signal, layer), atol=1e-4)


def test_the_network_is_what_its_docstring_says(weights: Weights) -> None:
    bands = noise(60).bands
    state = np.maximum(convolve_plainly(bands, weights.front), 0.0)
    for block in weights.blocks:
        state = state + np.maximum(convolve_plainly(state, block), 0.0)
    hidden = np.maximum(convolve_plainly(state, weights.hidden), 0.0)
    expected = 1.0 / (1.0 + np.exp(-convolve_plainly(hidden, weights.heads)))

    np.testing.assert_allclose(run(bands, weights), expected, atol=1e-5)


def test_pieces_leave_no_trace(weights: Weights, monkeypatch: pytest.MonkeyPatch) -> None:
    spectrogram = noise(500)
    whole = listen(spectrogram, weights)
    monkeypatch.setattr(network, "FRAMES_AT_ONCE", 64)

    pieces = listen(spectrogram, weights)

    assert weights.reach == 2 + 2 * (1 + 2 + 4)
    np.testing.assert_allclose(pieces.beats.beat, whole.beats.beat, atol=1e-6)
    np.testing.assert_allclose(pieces.beats.downbeat, whole.beats.downbeat, atol=1e-6)
    np.testing.assert_allclose(pieces.beats.onset, whole.beats.onset, atol=1e-6)
    np.testing.assert_allclose(pieces.drums.onsets, whole.drums.onsets, atol=1e-6)


def test_silence_gives_no_evidence(weights: Weights) -> None:
    activations = listen(compute_spectrogram(Sound.of(np.zeros(44_100), 44_100)), weights)

    assert not activations.beats.beat.any()
    assert not activations.drums.onsets.any()
    assert activations.drums.onsets.shape == (100, 5)


@each_case("data", [b"", b"PK\x03\x04 and then nothing", b"no archive at all" * 50])
def test_bytes_that_are_no_weights_are_refused(data: bytes) -> None:
    with pytest.raises(EngineError, match="cannot be read"):
        read_weights(data)


def test_a_cut_file_is_refused() -> None:
    data = as_bytes(make_arrays())
    with pytest.raises(EngineError, match="cannot be read"):
        read_weights(data[: len(data) // 2])


def test_a_missing_layer_is_refused() -> None:
    arrays = make_arrays()
    del arrays["block1_weight"]
    with pytest.raises(EngineError, match="block1_weight"):
        read_weights(as_bytes(arrays))


def test_weights_for_other_bands_are_refused() -> None:
    arrays = make_arrays()
    arrays["front_weight"] = arrays["front_weight"][:, :-1]
    with pytest.raises(EngineError, match="another version"):
        read_weights(as_bytes(arrays))
