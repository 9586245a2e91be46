"""madmom runs on today's Python and NumPy, gives what its documentation says, and leaves NumPy as it was."""

import collections
import importlib
import subprocess
import sys

import numpy as np
import pytest

from musearoo.engines.neural.madmom.package import find_madmom
from musearoo.tools.bench.analysis.plain_madmom import import_madmom

pytestmark = pytest.mark.skipif(find_madmom() is None, reason="madmom is not installed")


def test_numpy_and_python_stay_as_they_were() -> None:
    import_madmom()
    assert not any(hasattr(np, name) for name in ("float", "int", "in1d"))
    assert isinstance(np.True_, np.bool)
    assert not hasattr(collections, "MutableSequence")
    assert "pkg_resources" not in sys.modules or "setuptools" in str(sys.modules["pkg_resources"].__file__)


def test_a_small_network_gives_what_its_documentation_says() -> None:
    import_madmom()
    layers = importlib.import_module("madmom.ml.nn.layers")
    activations = importlib.import_module("madmom.ml.nn.activations")
    networks = importlib.import_module("madmom.ml.nn")
    first = layers.FeedForwardLayer(
        np.array([[0.5, -1.0, -0.3, -0.2]]), np.array([0.05, 0.0, 0.8, -0.5]), activation_fn=activations.tanh
    )
    second = layers.FeedForwardLayer(np.array([-1, 0.9, -0.2, 0.4]), np.array([0.5]), activation_fn=activations.sigmoid)
    output = networks.NeuralNetwork([first, second])(np.array([[0], [0.5], [1], [0], [1], [2], [0]]))
    assert np.allclose(output, [0.53305, 0.36903, 0.265, 0.53305, 0.265, 0.18612, 0.53305], atol=1e-5)


def test_beats_and_bars_are_decoded() -> None:
    """The way through its ragged rows, its compiled Viterbi and its old names of types."""
    import_madmom()
    downbeats = importlib.import_module("madmom.features.downbeats")
    activations = np.full((600, 2), 0.01)
    activations[::50, 0] = 0.9
    activations[::150] = (0.05, 0.9)
    found = downbeats.DBNDownBeatTrackingProcessor(beats_per_bar=[3, 4], fps=100)(activations)
    assert np.allclose(np.diff(found[:, 0]), 0.5, atol=0.02)
    assert found[:6, 1].tolist() == [1.0, 2.0, 3.0, 1.0, 2.0, 3.0]


def test_tempo_is_estimated() -> None:
    import_madmom()
    tempo = importlib.import_module("madmom.features.tempo")
    activations = np.zeros(1000)
    activations[::50] = 1.0
    assert tempo.TempoEstimationProcessor(fps=100)(activations)[0, 0] == pytest.approx(120.0, abs=1.0)


def test_it_is_imported_without_a_word() -> None:
    ask = "from musearoo.tools.bench.analysis.plain_madmom import import_madmom; print(import_madmom().__version__)"
    done = subprocess.run([sys.executable, "-W", "default", "-c", ask], capture_output=True, text=True, check=False)
    package = find_madmom()
    assert package is not None
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, package.version, "")
