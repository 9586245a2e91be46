"""madmom's trained networks as plain arrays, read from its files without importing madmom or running their code."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt

from musearoo.engines.errors import EngineError

FloatArray = npt.NDArray[np.float32]

_OF_NUMPY: Final = {("numpy", "dtype"), ("numpy", "ndarray"), ("numpy.core.multiarray", "_reconstruct")}
_OF_MADMOM: Final = ("madmom.ml.nn", "madmom.ml.nn.layers", "madmom.ml.crf")


class Layer:
    """A layer, a gate of a layer, or a model, with its stored fields."""

    fields: dict[str, Any]

    def __setstate__(self, fields: dict[str, Any]) -> None:
        self.fields = fields

    @property
    def kind(self) -> str:
        """madmom's class name, such as `LSTMLayer`."""
        return type(self).__name__

    @property
    def activation(self) -> str:
        """The name of its activation function."""
        return cast(str, self.fields["activation_fn"])

    def array(self, name: str) -> FloatArray:
        """Return one of its arrays as float32."""
        return np.asarray(self.fields[name], dtype=np.float32)

    def layer(self, name: str) -> Layer:
        """Return a nested layer or gate."""
        return cast(Layer, self.fields[name])


def read_network(path: Path) -> tuple[Layer, ...]:
    """Read the layers of a network; raises EngineError for a file without one, or that names other code."""
    return tuple(read_model(path, "NeuralNetwork").fields["layers"])


def read_model(path: Path, kind: str) -> Layer:
    """Read the model in a file; raises EngineError unless it is of this kind and made of plain layers."""
    try:
        with path.open("rb") as stream:
            model = _LayerReader(stream, encoding="latin1").load()
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ValueError, TypeError, IndexError) as error:
        raise EngineError(f"{path} cannot be read ({error}): reinstall madmom.") from error
    if not isinstance(model, Layer) or model.kind != kind:
        raise EngineError(f"{path} holds no {kind}: reinstall madmom.")
    return model


class _LayerReader(pickle.Unpickler):
    """Unpickles layers, function names and arrays; refuses everything else, since a pickle can name any code."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _OF_NUMPY:
            return super().find_class(module, name)
        if module == "madmom.ml.nn.activations":
            return name
        if module in _OF_MADMOM:
            return type(name, (Layer,), {})
        raise pickle.UnpicklingError(f"it names {module}.{name}")
