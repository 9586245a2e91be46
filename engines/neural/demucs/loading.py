"""Load Demucs models from a folder, in the formats of demucs 4.1.

`engines.neural.cards.demucs_recipe` reads the recipe, `engines.neural.demucs.stored` the network files.
"""

from __future__ import annotations

import inspect
import pickle
from pathlib import Path
from typing import Any, Final, get_args

import torch

from musearoo.engines.errors import EngineError
from musearoo.engines.music.stems import StemName
from musearoo.engines.neural.cards.catalogue import HOW_TO_SET_UP
from musearoo.engines.neural.cards.demucs_recipe import broken, read_recipe
from musearoo.engines.neural.demucs.model import DemucsModel, Part
from musearoo.engines.neural.demucs.stored import StoredNetwork, read_pickle, read_safetensors
from musearoo.engines.neural.device_memory import ran_out_of_memory
from musearoo.engines.neural.devices import choose_device, share_one_heap

SIZES: Final = 4
"""Peak memory in file sizes: once as stored, twice in full precision, and once more in half precision."""

# Exceptions that the libraries raise for a malformed file.
BROKEN: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    pickle.UnpicklingError,
)


def load_demucs(folder: Path, name: str, device: str = "") -> DemucsModel:
    """Load the model of that name, by default on the fastest device.

    Raises EngineError if demucs, a file, or the device is missing, or a file is malformed.
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
        raise broken(recipe.files[0], name, f"it has the unknown stem {unknown[0]!r}")
    weights = recipe.weights or tuple((1.0,) * len(first.sources) for _ in modules)
    if any(len(row) != len(first.sources) for row in weights) or not all(map(any, zip(*weights, strict=True))):
        raise broken(folder / f"{name}.yaml", name, f"its weights are not for {len(first.sources)} sources")
    parts = [Part(module, row) for module, row in zip(modules, weights, strict=True)]
    segment = int(first.segment * first.samplerate)
    return DemucsModel(name, parts, first.sources, segment, first.samplerate, choose_device(device))


def estimate_model_bytes(folder: Path, name: str) -> int:
    """Return the memory of a loaded and running model in bytes; raises EngineError as `load_demucs` does."""
    files = read_recipe(folder, name).files
    sizes = [path.stat().st_size for path in files]
    return sum(sizes) + (SIZES - 1) * max(sizes)


def _load_part(path: Path, name: str) -> Any:
    """Load the network of one file in its stored precision."""
    try:
        from demucs.htdemucs import HTDemucs
        from safetensors import SafetensorError
    except ImportError as error:
        raise EngineError(f"Demucs cannot be imported ({error}): run `{HOW_TO_SET_UP}`.") from None
    try:
        stored = read_pickle(path, name) if path.suffix == ".th" else read_safetensors(path)
        return _keep_as_stored(_build(HTDemucs, stored))
    except (*BROKEN, SafetensorError) as error:
        if ran_out_of_memory(error):
            raise
        raise broken(path, name, str(error).partition("\n")[0] or type(error).__name__) from error


def _build(kind: Any, stored: StoredNetwork) -> Any:
    """Build the network that a file describes, with its tensors; raises ValueError if they do not match."""
    known = inspect.signature(kind).parameters
    # On the meta device, so that a file cannot allocate more memory than its own tensors.
    with torch.device("meta"):
        module = kind(*stored.args, **{key: value for key, value in stored.kwargs.items() if key in known})
    shapes = {key: values.shape for key, values in module.state_dict().items()}
    for key, shape in shapes.items():
        if key not in stored.state:
            raise ValueError(f"it lacks {key}")
        if stored.state[key].shape != shape:
            raise ValueError(f"its {key} is of another size than it says")
    full = {key: values.float() if values.is_floating_point() else values for key, values in stored.state.items()}
    module.load_state_dict(full, assign=True)
    return module


def _keep_as_stored(module: Any) -> Any:
    """Return the network in half precision if that is lossless, as it is for the published files."""
    module.eval().requires_grad_(False)
    if all(torch.equal(values.half().float(), values) for values in module.state_dict().values()):
        return module.half()
    return module
