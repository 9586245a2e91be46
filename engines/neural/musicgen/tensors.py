"""Open tensor files without executing code in them: torch's ZIP archives and safetensors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from musearoo.engines.foundation.parsing import parse_json
from musearoo.engines.neural.cards.archives import find_break
from musearoo.engines.neural.musicgen.faults import UnfitError, missing, naming_file
from musearoo.engines.regular_files import read_bounded

Tensors = Mapping[str, Any]
"""torch tensors by name."""

WEIGHTS: Final = "model.safetensors"
CONFIG: Final = "config.json"
INDEX: Final = "model.safetensors.index.json"
"""Maps each tensor of a split model to its file."""


class _Index(msgspec.Struct, frozen=True):
    weight_map: dict[str, str]


def open_package(path: Path, name: str) -> dict[str, Any]:
    """Open an audiocraft `.bin` file with memory-mapped tensors.

    Only tensors and plain data are unpickled, so no code can run. Raises EngineError.
    """
    import torch

    with naming_file(path, name):
        if flaw := find_break(path):
            raise UnfitError(f"it {flaw}")
        package = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
        if not isinstance(package, dict):
            raise UnfitError("it is no model")
        return package


def take_state(package: Mapping[str, Any]) -> Tensors:
    """Return the tensors of a package; raises UnfitError if it has none."""
    import torch

    state = package.get("best_state")
    if not isinstance(state, dict) or not state or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise UnfitError("it has no weights")
    return state


def read_safetensors(folder: Path, name: str, wanted: Callable[[str], bool] = lambda _name: True) -> Tensors:
    """Return the wanted tensors of a transformers folder, memory-mapped.

    Raises EngineError if a file is missing or broken.
    """
    from safetensors import SafetensorError, safe_open

    found: dict[str, Any] = {}
    for path in list_weight_files(folder, name):
        with naming_file(path, name):
            try:
                with safe_open(str(path), framework="pt") as file:
                    found |= {tensor: file.get_tensor(tensor) for tensor in file.keys() if wanted(tensor)}  # noqa: SIM118
            except SafetensorError as error:
                raise UnfitError("it is broken or not whole") from error
    return found


def list_weight_files(folder: Path, name: str) -> tuple[Path, ...]:
    """Return the weight files of a transformers folder; raises EngineError if one is missing."""
    index = folder / INDEX
    if (folder / WEIGHTS).is_file() or not index.is_file():
        files = [folder / WEIGHTS]
    else:
        with naming_file(index, name):
            places = parse_json(read_bounded(index), INDEX, _Index).weight_map.values()
            files = [folder / Path(place).name for place in sorted(set(places))]
    for path in files:
        if not path.is_file():
            raise missing(path, name)
    return tuple(files)


def read_config(folder: Path, name: str) -> dict[str, Any]:
    """Read the `config.json` of a transformers folder; raises EngineError."""
    path = folder / CONFIG
    with naming_file(path, name):
        return parse_json(read_bounded(path), CONFIG, dict[str, Any])
