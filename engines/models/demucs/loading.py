"""Models of Demucs from a folder, in the forms in which demucs 4.1 has them.

What a folder holds is told by `engines.models.demucs.recipe`. The older form of weights are pickles, which can do
anything when they are opened: one is only opened if its contents have the checksum that its name states.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any, Final, get_args

import torch

from engines.errors import EngineError
from engines.models.catalogue import HOW_TO_SET_UP
from engines.models.demucs.model import DemucsModel, Part
from engines.models.demucs.recipe import broken, read_recipe
from engines.models.device_memory import ran_out_of_memory
from engines.models.devices import choose_device, share_one_heap
from engines.music.stems import StemName

CLASS: Final = "demucs.htdemucs.HTDemucs"
"""The only class that a file of weights may ask for."""

SIZES: Final = 4
"""How often a file is in memory: once as it is, twice as large in full precision, and again in half."""

# What the libraries raise over a file that is not what it should be.
BROKEN: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    OSError,
    RuntimeError,
    SystemExit,
    TypeError,
    ValueError,
    pickle.UnpicklingError,
)


def load_demucs(folder: Path, name: str, device: str = "") -> DemucsModel:
    """The model of that name; on the fastest device where none is named.

    Raises EngineError where demucs, a file, or the device is missing, or a file is not what it should be.
    """
    share_one_heap()
    recipe = read_recipe(folder, name)
    modules = [_load_part(path, name) for path in recipe.files]
    first = modules[0]
    for path, module in zip(recipe.files, modules, strict=True):
        same = (module.sources, module.samplerate, module.segment) == (first.sources, first.samplerate, first.segment)
        if not same or module.audio_channels != 2:
            raise broken(path, name, "it does not go with the model's other parts")
    unknown = [source for source in first.sources if source not in get_args(StemName)]
    if unknown:
        raise broken(recipe.files[0], name, f"it gives {unknown[0]!r}, which is no stem that MuseAroo knows")
    weights = recipe.weights or tuple((1.0,) * len(first.sources) for _ in modules)
    if any(len(row) != len(first.sources) for row in weights) or not all(map(any, zip(*weights, strict=True))):
        raise broken(folder / f"{name}.yaml", name, f"its weights are not for {len(first.sources)} sources")
    parts = [Part(module, row) for module, row in zip(modules, weights, strict=True)]
    segment = int(first.segment * first.samplerate)
    return DemucsModel(name, parts, first.sources, segment, first.samplerate, choose_device(device))


def estimate_model_bytes(folder: Path, name: str) -> int:
    """How many bytes a model takes once it is loaded and used; raises EngineError as `load_demucs` does."""
    files = read_recipe(folder, name).files
    sizes = [path.stat().st_size for path in files]
    return sum(sizes) + (SIZES - 1) * max(sizes)


def _load_part(path: Path, name: str) -> Any:
    """The network of one file, in the precision in which the file has it."""
    try:
        from demucs.hf import load_safetensors_model
        from demucs.repo import check_checksum
        from demucs.states import load_model
        from safetensors import SafetensorError
    except ImportError as error:
        raise EngineError(f"Demucs cannot be imported ({error}): run `{HOW_TO_SET_UP}`.") from None
    try:
        if path.suffix == ".th":
            check_checksum(path, path.stem.rpartition("-")[2])
            return _keep_as_stored(load_model(path))
        _require_class(path)
        return _keep_as_stored(load_safetensors_model(path))
    except (*BROKEN, SafetensorError) as error:
        if ran_out_of_memory(error):
            raise
        raise broken(path, name, str(error).partition("\n")[0] or type(error).__name__) from error


def _require_class(path: Path) -> None:
    """Raises ValueError unless a file of weights asks for Demucs: the library would call whatever it names."""
    from safetensors import safe_open

    with safe_open(str(path), framework="pt") as file:
        asked = (file.metadata() or {}).get("klass")
    if asked != CLASS:
        raise ValueError(f"it is for {asked or 'something unnamed'}, not for {CLASS}")


def _keep_as_stored(module: Any) -> Any:
    """The network in half the memory, where that holds the very same numbers: the published files do."""
    module.eval().requires_grad_(False)
    if all(torch.equal(values.half().float(), values) for values in module.state_dict().values()):
        return module.half()
    return module
