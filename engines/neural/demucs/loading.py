"""Load Demucs models from a folder, in the forms of demucs 4.1.

What a folder holds is told by `engines.neural.cards.demucs_recipe`, and `engines.neural.demucs.stored` opens its files.
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
"""How often a file is in memory: once as it is, twice as large in full precision, and again in half."""

# What the libraries raise over a file that is not what it should be.
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
    """The network that a file describes, with its tensors; raises ValueError where they do not go together."""
    known = inspect.signature(kind).parameters
    # Without memory for its own values, so that a file makes none larger than it is itself.
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
    """The network in half the memory, where that holds the very same numbers: the published files do."""
    module.eval().requires_grad_(False)
    if all(torch.equal(values.half().float(), values) for values in module.state_dict().values()):
        return module.half()
    return module
