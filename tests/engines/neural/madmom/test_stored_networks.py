"""Stored networks are read as plain arrays; files that name anything else are refused."""

import collections
import pickle
from pathlib import Path

import pytest

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.madmom.stored_networks import read_model, read_network


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        (b"", "cannot be read"),
        (b"no pickle", "cannot be read"),
        (pickle.dumps([1.0]), "holds no NeuralNetwork"),
        (pickle.dumps(print), r"names builtins\.print"),
        (pickle.dumps(collections.Counter), r"names collections\.Counter"),
        (b"cposix\nsystem\n(S'true'\ntR.", r"names posix\.system"),
    ],
)
def test_a_file_without_a_network_is_refused(tmp_path: Path, stored: bytes, message: str) -> None:
    path = tmp_path / "network.pkl"
    path.write_bytes(stored)
    with pytest.raises(EngineError, match=message):
        read_network(path)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"gone\.pkl cannot be read"):
        read_model(tmp_path / "gone.pkl", "NeuralNetwork")
